"""ktx_<version>_amd64.deb, built by dpkg-deb.

The program's tree is /usr/lib/ktx, with a link to it in /usr/bin; manual pages and completions
are where Debian looks for them.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from elf_needs import Version
from package_tree import Entry, below, moved, pythons_of, source_date, write_tree

HERE = Path(__file__).parent / "debian"
DOCUMENTS = "usr/share/doc/ktx"


def make_debian_package(tree: list[Entry], version: str, glibc: Version, out: Path) -> Path | None:
    """Builds the package. None where there is no dpkg-deb, as outside Debian's family."""
    if shutil.which("dpkg-deb") is None:
        return None
    entries = _contents(tree, version)
    target = out / f"ktx_{version}_amd64.deb"
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        write_tree([*entries, *_control(entries, version, glibc, pythons_of(tree))], root)
        reproducible = {"SOURCE_DATE_EPOCH": str(source_date()), "DPKG_DEB_THREADS_MAX": "1"}
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", root, target],
            env=os.environ | reproducible,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return target


def _contents(tree: list[Entry], version: str) -> list[Entry]:
    """The package's files."""
    program = [entry for part in ("bin", "plugins", "assets") for entry in below(tree, part)]
    shared = [entry for entry in below(tree, "share") if entry.name != "share/doc/ktx/LICENSE"]
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(source_date()))
    changes = (HERE / "changelog.in").read_text()
    changes = changes.replace("@VERSION@", version).replace("@DATE@", date)
    return [
        *moved(program, "usr/lib/ktx"),
        *(_zipped(entry) for entry in moved(shared, "usr")),
        Entry("usr/bin/ktx", link="../lib/ktx/bin/ktx"),
        Entry(f"{DOCUMENTS}/changelog.gz", _gzip(changes.encode())),
        Entry("usr/share/lintian/overrides/ktx", (HERE / "lintian-overrides").read_bytes()),
    ]


def _zipped(entry: Entry) -> Entry:
    """Debian has manual pages compressed."""
    if "/man/" not in entry.name:
        return entry
    return replace(entry, name=entry.name + ".gz", data=_gzip(entry.data))


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _control(entries: list[Entry], version: str, glibc: Version, pythons: list[str]) -> list[Entry]:
    size = sum(len(entry.data) // 1024 + 1 for entry in entries)
    values = {
        "VERSION": version,
        "GLIBC": ".".join(str(part) for part in glibc),
        "SIZE": str(size),
        "LIBPYTHONS": " | ".join(f"libpython{minor}" for minor in reversed(pythons)),
        "PYTHONS": f"{pythons[0]} to {pythons[-1]}",
    }
    control = (HERE / "control.in").read_text()
    for name, value in values.items():
        control = control.replace(f"@{name}@", value)
    sums = [
        f"{hashlib.md5(entry.data, usedforsecurity=False).hexdigest()}  {entry.name}\n"
        for entry in sorted(entries, key=lambda entry: entry.name)
        if not entry.link
    ]
    return [
        Entry("DEBIAN/control", control.encode()),
        Entry("DEBIAN/md5sums", "".join(sums).encode()),
    ]
