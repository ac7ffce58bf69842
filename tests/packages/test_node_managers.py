"""@kaelio/ktx under every package manager of Node.js: it starts, it advises commands that work
there, and what says that its program is missing names the command that brings it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import make_warehouse, query
from installed import Person, described, packed
from managers import MANAGERS, Manager, user_of, write
from npm_registry import npm_registry

MISSING = (
    "The package @kaelio/ktx-linux-x64-gnu, which holds ktx for this machine, is not installed."
)


@pytest.fixture(scope="module")
def shared_registry() -> Iterator[str]:
    """A registry with this version."""
    with npm_registry(*packed("npm")) as address:
        yield address


@pytest.fixture(scope="module", params=MANAGERS, ids=[manager.name for manager in MANAGERS])
def manager(request: pytest.FixtureRequest) -> Manager:
    """One after the other."""
    found: Manager = request.param
    return found


@pytest.fixture(scope="module")
def user(
    manager: Manager, tmp_path_factory: pytest.TempPathFactory, shared_registry: str
) -> Person:
    """Someone whose project has ktx as a dependency, with no scripts allowed at install."""
    person = user_of(manager, tmp_path_factory.mktemp(manager.name), shared_registry)
    person.extra["npm_config_ignore_scripts"] = "true"
    shell(person, manager.add)
    make_warehouse(person.folder / "warehouse")
    person.command = tuple(manager.run.split())
    return person


def shell(person: Person, line: str) -> str:
    """What a command line prints, which must succeed."""
    return person.does("/bin/sh", "-c", line)


def test_it_starts(user: Person, manager: Manager) -> None:
    """By its name, in a script of package.json, and in a folder below; arguments and exit codes are
    exact.
    """
    version = described()["version"]
    assert user.ok("--version").strip() == version
    assert shell(user, f"{manager.script} which-ktx").strip() == version
    below = manager.run_below or manager.run
    assert shell(user, f"cd warehouse && {below} --version").strip() == version
    odd = 'an option\'s  value with $HOME "quotes" and * stars'
    refused = user.run(odd)
    assert refused.returncode == 2
    assert odd in refused.stderr


def test_what_it_advises_works(user: Person, manager: Manager) -> None:
    """An error's Fix, a help's example and an agent's instructions begin with a command that there
    is.
    """
    project = user.folder / "warehouse"
    refused = user.run(*query(project, "--no-input"))
    fix = re.search(r"Run: (.*) runtime install --yes$", refused.stderr, re.MULTILINE)
    assert fix, refused.stderr
    assert fix[1] == manager.run
    assert f"  {manager.run} sl list\n" in user.ok("sl", "list", "--help")
    user.ok(
        "setup", "--agents", "--target", "universal", "--no-input", "--project-dir", str(project)
    )
    told = (project / "AGENTS.md").read_text()
    commands = re.findall(r"`([^`]*\bktx) sl validate`", told)
    assert commands == [manager.run_below or manager.run]
    assert shell(user, f"cd warehouse && {commands[0]} --version").strip() == described()["version"]


def test_the_fix_brings_the_program(manager: Manager, tmp_path: Path, shared_registry: str) -> None:
    """Where the settings leave optional packages out, or leave this machine out."""
    person = user_of(manager, tmp_path, shared_registry)
    write(person, manager.without)
    shell(person, manager.add_without or manager.add)
    person.command = tuple(manager.run.split())
    refused = person.run("--version")
    assert refused.returncode != 0
    assert MISSING in refused.stderr
    assert refused.stderr.count("Fix: ") == 1
    fix = re.search(r"[Rr]un: (.*)$", refused.stderr, re.MULTILINE)
    assert fix, refused.stderr
    if "supportedArchitectures" in refused.stderr:
        write(person, manager.settings | {"yarn.lock": (person.folder / "yarn.lock").read_text()})
    shell(person, fix[1])
    assert person.ok("--version").strip() == described()["version"]
