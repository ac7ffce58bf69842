"""What is in the packages: the same bytes each time, the same files in each kind, nothing beyond
the floor.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from elf_needs import GLIBC, elf_files, faults_of, is_elf, needs_of
from harness import BUILD
from installed import PACKAGES, described, packed
from npm_registry import package_json

TREE = BUILD / "package" / "tree"
FLOOR = os.environ["KTX_TEST_GLIBC_FLOOR"]


def unpack(file: Path, folder: Path) -> Path:
    """The files of any kind of package."""
    folder.mkdir()
    if file.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", file, folder], check=True)
    elif file.suffix == ".whl":
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)
    else:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
    return folder


def test_the_same_tree_gives_the_same_bytes(tmp_path: Path) -> None:
    """On another day, in another time zone, with another umask and another order of the files on
    the disk.
    """
    tree = tmp_path / "tree"
    for path in sorted(TREE.rglob("*"), reverse=True):
        target = tree / path.relative_to(TREE)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
            target.chmod(0o700 if os.access(path, os.X_OK) else 0o600)
    maker = Path(sys.modules["npm_packages"].__file__ or "").with_name("make_packages.py")
    command = [sys.executable, maker, "--tree", tree, "--version", described()["version"]]
    subprocess.run(
        [*command, "--glibc-floor", FLOOR, "--out", tmp_path / "out"],
        check=True,
        umask=0o077,
        env=os.environ | {"TZ": "Pacific/Chatham", "LC_ALL": "C"},
    )
    again = json.loads((tmp_path / "out" / "packages.json").read_text())
    assert again == described()


@pytest.mark.parametrize("kind", ["npm", "wheel", "deb", "tarball"])
def test_each_kind_holds_the_tree(kind: str, tmp_path: Path) -> None:
    """The program, its plugins and its assets are those of the tree; programs are executable."""
    roots = [unpack(file, tmp_path / file.name) for file in packed(kind)]
    candidates = [path for root in roots for path in root.rglob("bin/ktx")]
    program = next(path for path in candidates if not path.is_symlink() and is_elf(path))
    held = program.parent.parent
    for part in ("bin", "plugins", "assets"):
        for path in (TREE / part).rglob("*"):
            if path.is_file():
                copy = held / path.relative_to(TREE)
                assert copy.read_bytes() == path.read_bytes(), copy
    if kind != "wheel":  # zipfile drops modes; test_wheel installs it
        assert os.access(program, os.X_OK)


@pytest.mark.parametrize("kind", ["npm", "wheel", "deb", "tarball"])
def test_what_the_programs_need(kind: str, tmp_path: Path) -> None:
    """Parts of glibc alone, not newer than the floor that the documents name."""
    floor = tuple(int(part) for part in FLOOR.split("."))
    found = []
    for file in packed(kind):
        found += elf_files(unpack(file, tmp_path / file.name))
    plugins = list((BUILD / "plugins").glob("*.so"))
    assert len(found) == 1 + len(plugins), "the program and a plugin for each Python"
    for path in found:
        assert faults_of(path, floor) == []
        print(path.name, *sorted(needs_of(path).libraries), needs_of(path).versions)


def test_what_was_not_linked_for_the_floor_is_refused(tmp_path: Path) -> None:
    """The program of the build folder asks this machine's glibc for its newest; no package may hold
    it.
    """
    tree = tmp_path / "tree"
    shutil.copytree(TREE, tree)
    shutil.copy(BUILD / "bin" / "ktx", tree / "bin" / "ktx")
    needs = needs_of(tree / "bin" / "ktx")
    assert needs.libraries <= GLIBC
    faults = faults_of(tree / "bin" / "ktx", (2, 28))
    assert len(faults) == 1
    assert faults[0].endswith("above the floor")


def test_the_documents_name_the_floor() -> None:
    """docs/installation.md promises what is checked."""
    text = Path(os.environ["KTX_TEST_DOCS"], "installation.md").read_text()
    assert f"glibc {FLOOR}" in text
    assert described()["glibc"] <= FLOOR


def test_the_bundled_wheel() -> None:
    """The line of the packaging acceptance, from the npm package's own manifest."""
    platform = packed("npm")[1]
    with tarfile.open(platform) as archive:
        member = archive.extractfile("package/assets/python/manifest.json")
        assert member is not None
        manifest = json.load(member)
        names = archive.getnames()
    wheel = manifest["wheel"]
    fields = (manifest["distributionName"], manifest["version"], wheel["file"])
    line = " ".join([*fields, str(len(wheel["sha256"]))])
    assert line == "kaelio-ktx 0.1.0 kaelio_ktx-0.1.0-py3-none-any.whl 64"
    assert f"package/assets/python/{wheel['file']}" in names


def test_npm_runs_nothing_at_install() -> None:
    """Neither package has scripts; the launcher asks for exactly its own version of the other."""
    launcher, platform = (package_json(file) for file in packed("npm"))
    assert "scripts" not in launcher
    assert "scripts" not in platform
    assert launcher["bin"] == {"ktx": "bin/ktx"}
    assert launcher["optionalDependencies"] == {platform["name"]: launcher["version"]}
    fits = (platform["os"], platform["cpu"], platform["libc"])
    assert fits == (["linux"], ["x64"], ["glibc"])


def test_the_record_of_the_wheel() -> None:
    """Every file is in RECORD with its digest, and the tag says what the programs need."""
    wheel = packed("wheel")[0]
    major, minor = described()["glibc"].split(".")
    tag = f"py3-none-manylinux_{major}_{minor}_x86_64"
    assert wheel.name.endswith(f"-{tag}.whl")
    with zipfile.ZipFile(wheel) as archive:
        information = next(name for name in archive.namelist() if name.endswith("/RECORD"))
        rows = {
            row[0]: row[1:] for row in csv.reader(archive.read(information).decode().splitlines())
        }
        assert sorted(rows) == sorted(archive.namelist())
        for name, (digest, size) in rows.items():
            data = archive.read(name)
            hashed = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            assert name == information or (digest, size) == (f"sha256={hashed}", str(len(data)))
        assert f"Tag: {tag}" in archive.read(information.replace("RECORD", "WHEEL")).decode()


def test_no_path_of_the_builder() -> None:
    """What is shipped speaks of no folder of the machine that built it."""
    source = str(Path(os.environ["KTX_TEST_DOCS"]).parent).encode()
    for path in TREE.rglob("*"):
        if path.is_file():
            assert source not in path.read_bytes(), path


def test_packages_json_describes_what_is_there() -> None:
    """Nothing else lies in the folder."""
    files = {entry["file"]: entry for entry in described()["packages"]}
    assert {path.name for path in PACKAGES.iterdir()} == {*files, "packages.json"}
    for name, entry in files.items():
        data = (PACKAGES / name).read_bytes()
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
