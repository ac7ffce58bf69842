"""Describe the running interpreter as the receipt does, in a JSON file.

Run by the Python of a virtual environment. Arguments: the file, and folders to search besides.
"""

import json
import os
import sys
import sysconfig


def libpython_path() -> str:
    """Return the shared library of the interpreter that the environment was made from."""
    name = sysconfig.get_config_var("INSTSONAME")
    folders = [os.path.join(sys.base_prefix, "lib"), sysconfig.get_config_var("LIBDIR")]
    folders.append(os.path.join("/usr/lib", sysconfig.get_config_var("MULTIARCH") or ""))
    for folder in folders:
        path = os.path.realpath(os.path.join(folder, name))
        if os.path.isfile(path):
            return path
    sys.exit(f"No shared library {name} in {folders}")


def identity(path: str) -> dict[str, object]:
    """Return the file's identity as it is now."""
    status = os.stat(path)
    return {
        "path": path,
        "inode": status.st_ino,
        "size": status.st_size,
        "mtimeNs": status.st_mtime_ns,
    }


def main() -> None:
    """Write the description."""
    target, *search_paths = sys.argv[1:]
    paths = sysconfig.get_paths()
    stdlib = paths["stdlib"]
    description = {
        "version": sysconfig.get_config_var("py_version"),
        "tag": f"cp{sys.version_info[0]}{sys.version_info[1]}",
        "soabi": sysconfig.get_config_var("SOABI"),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "baseExecutable": sys._base_executable,
        "basePrefix": sys.base_prefix,
        "libpython": identity(libpython_path()),
        "searchPaths": [
            stdlib,
            os.path.join(stdlib, "lib-dynload"),
            paths["purelib"],
            *search_paths,
        ],
    }
    with open(target, "w", encoding="utf-8") as file:
        json.dump(description, file, indent=2)


if __name__ == "__main__":
    main()
