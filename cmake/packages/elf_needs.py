"""What the programs and libraries of a package ask of the system that they start on."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

# The parts of glibc; the loader itself is named by what uses thread-local variables.
GLIBC = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "ld-linux-x86-64.so.2"}

Version = tuple[int, ...]


@dataclass(frozen=True)
class Needs:
    """The libraries that a file names, and the newest version of each kind of its symbols."""

    libraries: frozenset[str]
    versions: dict[str, Version]


def is_elf(path: Path) -> bool:
    """Whether the file is a program or a library."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def needs_of(path: Path) -> Needs:
    """Reads the dynamic section and the version needs of one file, by binutils."""
    command = ["readelf", "--wide", "--dynamic", "--version-info", str(path)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    libraries = frozenset(re.findall(r"\(NEEDED\).*\[(.+)\]", text))
    required = text.partition("Version needs section")[2]
    versions: dict[str, Version] = {}
    for kind, number in re.findall(r"Name: ([A-Z]+)_([0-9.]+)\b", required):
        version = tuple(int(part) for part in number.split("."))
        versions[kind] = max(version, versions.get(kind, version))
    return Needs(libraries, versions)


def faults_of(path: Path, floor: Version | None) -> list[str]:
    """Why the file must not be shipped: a library beyond glibc, a symbol newer than the floor."""
    needs = needs_of(path)
    faults = [f"{path} needs {name}" for name in sorted(needs.libraries - GLIBC)]
    for kind, version in sorted(needs.versions.items()):
        number = ".".join(str(part) for part in version)
        if kind != "GLIBC":
            faults.append(f"{path} needs {kind}_{number}")
        elif floor is not None and version > floor:
            faults.append(f"{path} needs {kind}_{number}, above the floor")
    return faults


def newest_glibc(root: Path) -> Version:
    """The newest glibc that any file below the folder needs."""
    versions = [needs_of(path).versions.get("GLIBC") for path in elf_files(root)]
    return max(version for version in versions if version is not None)


def elf_files(root: Path) -> list[Path]:
    """The programs and libraries below the folder."""
    found = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(path for path in found if is_elf(path))
