"""The files of a package: what `cmake --install` laid out, in an order, with modes and times that
never vary.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

PROGRAM = 0o755
FILE = 0o644


@dataclass(frozen=True)
class Entry:
    """One file. `name` is its path inside the package; `link` is where a link points."""

    name: str
    data: bytes = b""
    mode: int = FILE
    link: str = ""


def source_date() -> int:
    """The time that every file of a package has, in seconds since 1970."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", "1577836800"))


def read_tree(root: Path) -> list[Entry]:
    """Every file below the folder, sorted. Only whether a file is executable is taken from its
    mode.
    """
    entries = []
    for path in sorted(root.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        if path.is_symlink() or not path.is_file():
            raise SystemExit(f"{path} is no ordinary file: a package holds nothing else")
        executable = path.stat().st_mode & stat.S_IXUSR
        mode = PROGRAM if executable else FILE
        entries.append(Entry(path.relative_to(root).as_posix(), path.read_bytes(), mode))
    return entries


def below(entries: Iterable[Entry], folder: str) -> list[Entry]:
    """The entries inside the folder of that name."""
    return [entry for entry in entries if entry.name.startswith(folder + "/")]


def moved(entries: Iterable[Entry], folder: str) -> list[Entry]:
    """The same entries, below the folder."""
    return [replace(entry, name=f"{folder}/{entry.name}") for entry in entries]


def pythons_of(tree: Iterable[Entry]) -> list[str]:
    """The minor versions of CPython that the tree has a plugin for, the oldest first: "3.11"."""
    names = (re.fullmatch(r"plugins/ktx-plugin-cp3(\d+)\.so", entry.name) for entry in tree)
    return [f"3.{minor}" for minor in sorted(int(name[1]) for name in names if name)]


def folders_of(entries: Iterable[Entry]) -> list[str]:
    """Every folder that the entries need, parents first."""
    found = {str(parent) for entry in entries for parent in PurePosixPath(entry.name).parents}
    return sorted(found - {"."})


def write_tree(entries: list[Entry], root: Path) -> None:
    """Lays the entries out below the folder, which is made, whatever the umask is."""
    for folder in [root, *(root / name for name in folders_of(entries))]:
        folder.mkdir(exist_ok=True)
        folder.chmod(PROGRAM)
    for entry in entries:
        target = root / entry.name
        if entry.link:
            target.symlink_to(entry.link)
            continue
        target.write_bytes(entry.data)
        target.chmod(entry.mode)
    for path in _deepest_first(root):
        os.utime(path, (source_date(), source_date()), follow_symlinks=False)


def _deepest_first(root: Path) -> Iterator[Path]:
    yield from sorted(root.rglob("*"), reverse=True)
    yield root
