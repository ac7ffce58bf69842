"""ktx-<version>-linux-x86_64.tar.gz: the tree in one folder, to be unpacked anywhere."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

from package_tree import PROGRAM, Entry, folders_of, moved, source_date


def make_tarball(tree: list[Entry], version: str, out: Path) -> Path:
    """Writes the archive; its bytes follow from the tree and the version alone."""
    top = f"ktx-{version}-linux-x86_64"
    entries = moved(tree, top)
    target = out / f"{top}.tar.gz"
    with (
        target.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=source_date()) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for folder in folders_of(entries):
            member = _member(folder, PROGRAM)
            member.type = tarfile.DIRTYPE
            archive.addfile(member)
        for entry in entries:
            member = _member(entry.name, entry.mode)
            member.size = len(entry.data)
            archive.addfile(member, io.BytesIO(entry.data))
    return target


def _member(name: str, mode: int) -> tarfile.TarInfo:
    """Of root, as distributions have it."""
    member = tarfile.TarInfo(name)
    member.mode = mode
    member.mtime = source_date()
    member.uname = member.gname = "root"
    return member
