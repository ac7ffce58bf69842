"""The tarball: unpacked anywhere, moved, called through links."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from harness import query
from installed import Person, described, make_database, packed


@pytest.fixture
def unpacked(person: Person) -> Path:
    """The folder of the archive; its name says what it is."""
    person.does("tar", "xzf", packed("tarball")[0])
    return person.folder / f"ktx-{described()['version']}-linux-x86_64"


def test_moved_and_linked(shared_runtime: Person, warehouse: Path, unpacked: Path) -> None:
    """A move between folders, a link, a link to it: the assets are those beside the program."""
    person = shared_runtime
    moved = person.folder / "opt" / "käse und ktx"
    moved.parent.mkdir()
    unpacked.rename(moved)
    first, second = person.folder / "first", person.folder / "second"
    first.symlink_to(moved / "bin" / "ktx")
    second.symlink_to("first")
    make_database(person, warehouse)
    for program in (moved / "bin" / "ktx", first, second):
        person.command = (str(program),)
        layout = person.json("runtime", "status", "--json")["layout"]
        assert layout["assetDir"] == str(moved / "assets" / "python")
        assert person.json(*query(warehouse, "--format", "json", "--execute"))["rows"] == [[3]]


def test_on_the_path(person: Person, unpacked: Path) -> None:
    """Found by its bare name."""
    person.extra["PATH"] = f"{unpacked / 'bin'}:/usr/bin:/bin"
    person.command = ("ktx",)
    assert person.ok("--version").strip() == described()["version"]


def test_files_of_root_with_the_usual_modes() -> None:
    """Readable by all, writable by the owner; programs executable."""
    listing = subprocess.run(
        ["tar", "tvzf", packed("tarball")[0]], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for line in listing:
        mode, owner = line.split()[:2]
        assert owner == "root/root"
        assert mode in ("drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--"), line
    programs = [line for line in listing if line.startswith("-rwx")]
    assert programs
    assert any(line.endswith("/bin/ktx") for line in programs)
