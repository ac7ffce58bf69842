"""Unpacks the CPython of one of Bytedeco's archives as an ordinary installation.

    unpack_python.py cpython.jar SHA256 FOLDER

Left out is what is about itself: its tests, IDLE, Tk, static libraries, pip, what Java needs.
"""

from __future__ import annotations

import hashlib
import re
import sys
import zipfile
from pathlib import Path

PLACE = re.compile(r"org/bytedeco/cpython/[^/]+/(?P<name>.+)")
LIBRARY = re.compile(r"lib[^/]+\.so(\.[0-9.]+)?")
LEFT_OUT = re.compile(
    r"(share|lib/cmake|lib/engines-3|lib/ossl-modules|lib/pkgconfig"
    r"|lib/python3\.\d+/(test|idlelib|tkinter|turtledemo|site-packages|config-[^/]+))/"
    r"|bin/(?!python3(\.\d+)?$)|libjnipython|python3"
)


def place_of(name: str) -> str | None:
    """Where a file of the archive belongs below the folder; None for what is left out."""
    match = PLACE.fullmatch(name)
    if match is None or name.endswith("/"):
        return None
    inner = match["name"]
    if LEFT_OUT.match(inner):
        return None
    return f"lib/{inner}" if LIBRARY.fullmatch(inner) else inner


def unpack(archive: Path, folder: Path) -> None:
    """Lays the files out; a program and a shared library can be executed."""
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            place = place_of(name)
            if place is None:
                continue
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(packed.read(name))
            if place.startswith("bin/") or LIBRARY.fullmatch(target.name):
                target.chmod(0o755)


def main() -> None:
    """Refuses an archive that is not the pinned one."""
    archive, expected, folder = sys.argv[1:]
    actual = hashlib.sha256(Path(archive).read_bytes()).hexdigest()
    if actual != expected:
        raise SystemExit(
            f"{archive} is not the pinned one: its SHA-256 is {actual}, not {expected}"
        )
    unpack(Path(archive), Path(folder))


if __name__ == "__main__":
    main()
