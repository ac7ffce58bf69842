"""The .deb: by dpkg into a root of its own, by apt as a plan, and by unpacking alone."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from harness import query
from installed import Person, described, make_database, packed


@pytest.fixture
def deb() -> Path:
    """The package; there is none outside Debian's family."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("no dpkg-deb")
    return packed("deb")[0]


def test_unpacked_into_a_root(shared_runtime: Person, warehouse: Path, deb: Path) -> None:
    """/usr/bin/ktx finds what lies in /usr/lib/ktx, and answers a query."""
    person, root = shared_runtime, shared_runtime.folder / "root"
    person.does("dpkg-deb", "-x", deb, root)
    person.command = (str(root / "usr" / "bin" / "ktx"),)
    assert person.ok("--version").strip() == described()["version"]
    layout = person.json("runtime", "status", "--json")["layout"]
    assert layout["assetDir"] == str(root / "usr" / "lib" / "ktx" / "assets" / "python")
    make_database(person, warehouse)
    assert person.json(*query(warehouse, "--format", "json", "--execute"))["rows"] == [[3]]


@pytest.mark.skipif(os.geteuid() != 0, reason="dpkg installs as root only")
def test_installed_checked_and_removed(person: Person, deb: Path) -> None:
    """dpkg knows its files, finds none changed, and removes them all."""
    root = person.folder / "root"
    (root / "var" / "lib" / "dpkg").mkdir(parents=True)
    dpkg = ("dpkg", f"--root={root}", "--force-script-chrootless")
    person.extra["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
    person.does(*dpkg, "--force-depends", "--install", deb)  # this root has no libc6 to depend on
    person.command = (str(root / "usr" / "bin" / "ktx"),)
    assert person.ok("--version").strip() == described()["version"]
    assert person.does(*dpkg, "--verify", "ktx") == ""
    person.does(*dpkg, "--remove", "ktx")
    left = [path for path in root.rglob("*") if "ktx" in path.name and "dpkg" not in path.parts]
    assert left == []


def test_what_it_depends_on(deb: Path) -> None:
    """The C library that its programs were checked against, and apt would install it here."""
    fields = subprocess.run(
        ["dpkg-deb", "--field", deb, "Depends", "Version"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    floor = described()["glibc"]
    assert fields == [f"Depends: libc6 (>= {floor})", f"Version: {described()['version']}"]
    plan = subprocess.run(
        ["apt-get", "install", "--simulate", "--no-install-recommends", deb],
        check=False,
        capture_output=True,
        text=True,
    )
    assert plan.returncode == 0, plan.stderr
    assert "Inst ktx (" in plan.stdout


def test_manual_pages_and_completions(person: Person, deb: Path) -> None:
    """Every one of the build is there: manual pages compressed, completions as they are."""
    root = person.folder / "root"
    person.does("dpkg-deb", "-x", deb, root)
    share = Path(os.environ["KTX_TEST_BUILD"]) / "share"
    for path in share.rglob("*"):
        if path.is_file():
            copy = root / "usr" / "share" / path.relative_to(share)
            if "man" in path.relative_to(share).parts:
                packed_page = copy.with_name(copy.name + ".gz").read_bytes()
                assert gzip.decompress(packed_page) == path.read_bytes()
            else:
                assert copy.read_bytes() == path.read_bytes()


def test_lintian_finds_nothing(deb: Path) -> None:
    """No error and no warning."""
    command = ["lintian", "--allow-root", "--fail-on", "error,warning"]
    result = subprocess.run([*command, deb], check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
