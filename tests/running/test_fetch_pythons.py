"""The Pythons that a machine has not are fetched once, checked, and never needed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

CMAKE = Path(__file__).parents[2] / "cmake"
INSIDE = "org/bytedeco/cpython/linux-x86_64"
FILES = {
    f"{INSIDE}/bin/python3": "#!/bin/sh\nexit 0\n",
    f"{INSIDE}/bin/pip3": "of no use",
    f"{INSIDE}/libpython3.98.so.1.0": "the library",
    f"{INSIDE}/include/python3.98/Python.h": "the header",
    f"{INSIDE}/lib/python3.98/os.py": "the standard library",
    f"{INSIDE}/lib/python3.98/test/test_os.py": "about itself",
    "META-INF/MANIFEST.MF": "of Java",
}


@dataclass
class Machine:
    """A copy of the script with a list of its own, a Maven that notes when it is asked, and what
    the machine has already.
    """

    folder: Path

    def __post_init__(self) -> None:
        """One Python is on the list: 3.98, of the archive that Maven brings."""
        (self.folder / "cmake").mkdir()
        for name in ("fetch-pythons.sh", "unpack_python.py"):
            shutil.copy(CMAKE / name, self.folder / "cmake")
        self.has("")
        self.archive = self.folder / "cpython.jar"
        with zipfile.ZipFile(self.archive, "w") as archive:
            for name, text in FILES.items():
                archive.writestr(name, text)
        self.pin(hashlib.sha256(self.archive.read_bytes()).hexdigest())
        self.asked = self.folder / "asked"
        self.maven(
            f'echo asked >> "{self.asked}"\n'
            "for word; do case $word in -DoutputDirectory=*) to=${word#*=} ;; esac; done\n"
            f'cp "{self.archive}" "$to/cpython.jar"'
        )
        tools = self.folder / "tools" / "venv" / "bin"
        tools.mkdir(parents=True)
        (tools / "python").symlink_to(sys.executable)

    def pin(self, sha256: str) -> None:
        """Writes the list, with a second line that is not wanted where 3.97 is there."""
        lines = ["# a comment", f"3.98 org.example:cpython:3.98:jar {sha256}"]
        (self.folder / "cmake" / "fetched-pythons.txt").write_text("\n".join(lines) + "\n")

    def has(self, python: str) -> None:
        """What find-pythons.sh finds."""
        script(self.folder / "cmake" / "find-pythons.sh", f"echo {python}")

    def maven(self, body: str) -> None:
        """Its program, first on PATH."""
        script(self.folder / "bin" / "mvn", body)

    def fetch(self, path: str = "/usr/bin:/bin") -> subprocess.CompletedProcess[str]:
        """Runs the script."""
        return subprocess.run(
            [self.folder / "cmake" / "fetch-pythons.sh", self.folder / "tools"],
            env=os.environ | {"PATH": f"{self.folder / 'bin'}:{path}"},
            capture_output=True,
            text=True,
            check=False,
        )

    def fetched(self) -> list[Path]:
        """Everything in the folder of fetched Pythons, what is hidden too."""
        folder = self.folder / "tools" / "pythons"
        return list(folder.iterdir()) if folder.exists() else []


def script(path: Path, body: str) -> None:
    """An executable shell script."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One that has no Python of the list."""
    if os.uname().sysname != "Linux" or os.uname().machine != "x86_64":
        pytest.skip("none is known for this machine")
    return Machine(tmp_path)


def test_fetched_once_and_laid_out(machine: Machine) -> None:
    """As an installation: the library in lib, what is about Python itself left out."""
    first = machine.fetch()
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("Fetching CPython 3.98 into ")
    (python,) = machine.fetched()
    held = {str(path.relative_to(python)) for path in python.rglob("*") if path.is_file()}
    assert held == {
        "bin/python3",
        "include/python3.98/Python.h",
        "lib/libpython3.98.so.1.0",
        "lib/python3.98/os.py",
    }
    assert os.access(python / "bin" / "python3", os.X_OK)
    again = machine.fetch()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert machine.asked.read_text() == "asked\n"


def test_a_machine_that_has_it_fetches_nothing(machine: Machine) -> None:
    """Of whatever micro version."""
    machine.has("/opt/pyenv/versions/3.98.2/bin/python3.98")
    assert machine.fetch().stdout == ""
    assert machine.fetched() == []
    assert not machine.asked.exists()


def test_other_bytes_are_refused(machine: Machine) -> None:
    """They end the build, and nothing of them stays."""
    machine.pin("0" * 64)
    result = machine.fetch()
    assert result.returncode != 0
    assert "is not the pinned one: its SHA-256 is " in result.stderr
    assert machine.fetched() == []


def test_without_one_the_build_goes_on(machine: Machine) -> None:
    """No Maven, one that fails, an archive for another machine: each is said."""
    machine.maven("echo 'no such artifact' >&2; exit 1")
    failed = machine.fetch()
    assert failed.returncode == 0
    assert failed.stderr == (
        "Going on without CPython 3.98, which packages need: "
        "Maven does not bring org.example:cpython:3.98:jar.\n  no such artifact\n"
    )
    (machine.folder / "bin" / "mvn").unlink()
    programs = machine.folder / "programs"
    programs.mkdir()
    for name in ("sh", "cat", "dirname", "grep", "uname", "printf"):
        (programs / name).symlink_to(shutil.which(name) or name)
    without = machine.fetch(path=str(programs))
    assert without.returncode == 0
    assert without.stderr == (
        "Going on without CPython 3.98, which packages need: "
        "install one, or Maven (mvn), which brings it.\n"
    )
    assert machine.fetched() == []


def test_one_that_does_not_run_is_not_kept(machine: Machine) -> None:
    """As on a machine with an older C library."""
    with zipfile.ZipFile(machine.archive, "w") as archive:
        archive.writestr(
            f"{INSIDE}/bin/python3", "#!/bin/sh\necho 'GLIBC_2.99 not found' >&2; exit 1\n"
        )
    machine.pin(hashlib.sha256(machine.archive.read_bytes()).hexdigest())
    result = machine.fetch()
    assert result.returncode == 0
    assert "does not run on this machine.\n  GLIBC_2.99 not found\n" in result.stderr
    assert machine.fetched() == []
