"""@kaelio/ktx and its platform package, packed by npm.

The first holds a launcher and names the second as an optional dependency; npm installs it where
`os`, `cpu` and `libc` fit. Nothing runs at install.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from launch import launcher
from package_tree import PROGRAM, Entry, below, write_tree

LAUNCHER = "@kaelio/ktx"
PLATFORM = "@kaelio/ktx-linux-x64-gnu"
PLATFORM_FIELDS = {"os": ["linux"], "cpu": ["x64"], "libc": ["glibc"]}
HERE = Path(__file__).parent / "npm"


def make_npm_packages(tree: list[Entry], version: str, floor: str, out: Path) -> list[Path]:
    """Packs both; the launcher first."""
    return [
        _pack(_launcher(tree, version, floor), out),
        _pack(_platform(tree, version), out),
    ]


def _launcher(tree: list[Entry], version: str, floor: str) -> list[Entry]:
    script = launcher(
        HERE / "launcher.sh", HERE / "launcher.js", GLIBC_FLOOR=floor, PLATFORM_PACKAGE=PLATFORM
    )
    pages = [
        Entry(entry.name.removeprefix("share/"), entry.data) for entry in below(tree, "share/man")
    ]
    fields = {
        "description": "Semantic queries to correct SQL, natively",
        "keywords": ["semantic-layer", "sql", "metrics"],
        "bin": {"ktx": "bin/ktx"},
        "man": [entry.name for entry in pages],
        "os": ["!win32"],
        "optionalDependencies": {PLATFORM: version},
    }
    return [
        *pages,
        *_licences(tree),
        Entry("bin/ktx", script, PROGRAM),
        Entry("README.md", (HERE / "launcher.md").read_bytes()),
        _package_json(LAUNCHER, version, fields),
    ]


def _platform(tree: list[Entry], version: str) -> list[Entry]:
    program = [entry for part in ("bin", "plugins", "assets") for entry in below(tree, part)]
    shared = [entry for entry in below(tree, "share") if entry not in below(tree, "share/doc")]
    fields = {"description": "ktx for Linux on x86-64 with glibc"} | PLATFORM_FIELDS
    return [
        *program,
        *shared,
        *_licences(tree),
        Entry("README.md", (HERE / "platform.md").read_bytes()),
        _package_json(PLATFORM, version, fields),
    ]


def _licences(tree: list[Entry]) -> list[Entry]:
    return [Entry(Path(entry.name).name, entry.data) for entry in below(tree, "share/doc/ktx")]


def _package_json(name: str, version: str, fields: dict[str, Any]) -> Entry:
    document = {
        "name": name,
        "version": version,
        **{key: value for key, value in fields.items() if value != []},
        "license": "Apache-2.0",
        "repository": {"type": "git", "url": "git+https://github.com/kaelio/ktx.git"},
        "preferUnplugged": True,
        "publishConfig": {"access": "public"},
    }
    return Entry("package.json", (json.dumps(document, indent=2) + "\n").encode())


def _pack(entries: list[Entry], out: Path) -> Path:
    """One package by `npm pack`, which must leave nothing out."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to pack the npm packages. Install Node.js with npm")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "package"
        write_tree(entries, folder)
        private = {
            "npm_config_cache": f"{scratch}/cache",
            "npm_config_userconfig": f"{scratch}/npmrc",
        }
        answer = subprocess.run(
            [npm, "pack", "--json", "--offline", "--ignore-scripts", "--pack-destination", scratch],
            cwd=folder,
            env=os.environ | private,
            check=True,
            capture_output=True,
            text=True,
        )
        packed = Path(scratch) / _file_name(answer.stdout)
        _check_contents(packed, entries)
        return Path(shutil.copy(packed, out))


def _file_name(answer: str) -> str:
    """npm describes what it packed: in a list, or by the package's name."""
    described = json.loads(answer)
    package = described[0] if isinstance(described, list) else next(iter(described.values()))
    return str(package["filename"]).replace("@", "").replace("/", "-")


def _check_contents(packed: Path, entries: list[Entry]) -> None:
    """npm leaves out what it takes for a user's own, as what a .gitignore names."""
    with tarfile.open(packed) as archive:
        held = {member.name.removeprefix("package/") for member in archive.getmembers()}
    if missing := sorted({entry.name for entry in entries} - held):
        raise SystemExit(f"npm pack leaves out of {packed.name}: {', '.join(missing)}")
