"""The wheel wherever an installer of Python puts it, and the words by which ktx can be started from
there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import UV, query
from installed import Person, described, packed
from managers import PROGRAMS

PIPX = PROGRAMS / "python" / "bin" / "pipx"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
INSTALL = (*PIP, "install", "--quiet", "--no-index", "--no-deps", "--no-warn-script-location")
# The Python of the tests is in an environment of its own, in which `--user` may not be.
USER_PYTHON = str(Path(sys.executable).resolve())
WHEEL = packed("wheel")[0]


def target(person: Person) -> str:
    """`pip install --target`, as for a function without a server; returns what starts it."""
    person.does(*INSTALL, "--target", person.folder / "vendored", WHEEL)
    return "vendored/bin/ktx"


def target_of_uv(person: Person) -> str:
    """The same by uv."""
    folder = person.folder / "vendored"
    install = (UV, "pip", "install", "--no-config", "--offline", "--python", sys.executable)
    person.does(*install, "--target", folder, WHEEL)
    return "vendored/bin/ktx"


def module_of_target(person: Person) -> str:
    """By the module, which a variable leads to."""
    target(person)
    return "PYTHONPATH=vendored python3 -m kaelio_ktx_cli"


def module_alone(person: Person) -> str:
    """Where somebody copies only the module."""
    target(person)
    (person.folder / "copied").mkdir()
    (person.folder / "vendored" / "kaelio_ktx_cli").rename(
        person.folder / "copied" / "kaelio_ktx_cli"
    )
    return "PYTHONPATH=copied python3 -m kaelio_ktx_cli"


def prefix(person: Person) -> str:
    """`pip install --prefix`."""
    person.does(*INSTALL, "--ignore-installed", "--prefix", person.folder / "prefix", WHEEL)
    return "prefix/bin/ktx"


def user(person: Person) -> str:
    """`pip install --user`, whose programs are not on this person's PATH."""
    person.extra |= {
        "PYTHONUSERBASE": str(person.folder / "base"),
        "PIP_BREAK_SYSTEM_PACKAGES": "1",
    }
    person.does(*PIP, "--python", USER_PYTHON, *INSTALL[len(PIP) :], "--user", WHEEL)
    return "base/bin/ktx"


def environment(person: Person) -> str:
    """A virtual environment that is not active."""
    person.does(sys.executable, "-m", "venv", "--without-pip", person.folder / ".venv")
    python = person.folder / ".venv" / "bin" / "python"
    person.does(*PIP, "--python", python, *INSTALL[len(PIP) :], WHEEL)
    return ".venv/bin/ktx"


def active_environment(person: Person) -> str:
    """One that is."""
    environment(person)
    person.extra["PATH"] = f"{person.folder}/.venv/bin:/usr/bin:/bin"
    return "ktx"


def installed_by_pipx(person: Person) -> str:
    """`pipx install`, whose programs are on the PATH."""
    _use_pipx(person)
    person.does(PIPX, "install", "--quiet", WHEEL)
    return "ktx"


def _use_pipx(person: Person) -> None:
    programs = person.home / "programs"
    person.extra |= {
        "PATH": f"{person.tools}:{programs}:/usr/bin:/bin",
        "PIPX_BIN_DIR": str(programs),
        "PIPX_DEFAULT_BACKEND": "uv",  # pip would fetch itself from an index first
        "PIPX_DEFAULT_PYTHON": sys.executable,
        "PIPX_HOME": str(person.home / ".local" / "pipx"),
        "UV_OFFLINE": "1",
    }
    (person.tools / "pipx").symlink_to(PIPX)


WAYS = [
    target,
    target_of_uv,
    module_of_target,
    module_alone,
    prefix,
    user,
    environment,
    active_environment,
    installed_by_pipx,
]


@pytest.mark.parametrize("install", WAYS)
def test_it_starts_and_says_how(person: Person, install: Callable[[Person], str]) -> None:
    """The program finds what it carries; what it advises begins with a command that works there."""
    (person.tools / "python3").symlink_to(sys.executable)
    command = install(person)
    assert person.does("/bin/sh", "-c", f"{command} --version").strip() == described()["version"]
    doctor = person.does("/bin/sh", "-c", f"{command} runtime doctor || true")
    assert "PASS Bundled Python wheel" in doctor
    advised = re.search(r"Fix: Run: (.*) runtime install --yes$", doctor, re.MULTILINE)
    assert advised, doctor
    assert advised[1].replace("'", "").replace(f"{person.folder}/", "") == command
    assert person.does("/bin/sh", "-c", f"{advised[1]} --version").strip() == described()["version"]


def test_for_once(person: Person, warehouse: Path) -> None:
    """uvx and pipx run keep it in a cache: the same words bring it again."""
    once = (str(UV), "tool", "run", "--offline", "--from", str(WHEEL), "ktx")
    person.command = once
    words = person.run(*query(warehouse, "--no-input")).stderr
    assert "Run: uvx --from kaelio-ktx-cli ktx runtime install --yes" in words
    _use_pipx(person)
    person.command = ("pipx", "run", "--spec", str(WHEEL), "ktx")
    words = person.run(*query(warehouse, "--no-input")).stderr
    assert "Run: pipx run --spec kaelio-ktx-cli ktx runtime install --yes" in words


def test_two_pythons_in_one_home(person: Person) -> None:
    """The launcher starts the program of its own version, whichever Python installed it."""
    user(person)
    packages = next((person.folder / "base").glob("lib/python*/site-packages"))
    older = packages.parents[1] / "python3.0" / "site-packages"
    (older / "kaelio_ktx_cli" / "ktx" / "bin").mkdir(parents=True)
    (older / "kaelio_ktx_cli-0.0.9.dist-info").mkdir()
    program = older / "kaelio_ktx_cli" / "ktx" / "bin" / "ktx"
    program.write_text("#!/bin/sh\necho the older one\n")
    program.chmod(0o755)
    person.command = (str(person.folder / "base" / "bin" / "ktx"),)
    assert person.ok("--version").strip() == described()["version"]
