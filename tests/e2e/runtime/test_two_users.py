"""One machine, two users: one runtime, a daemon for each, files that stay whose they are."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from harness import Ktx, make_warehouse, query
from mounts import ROOT_USER
from second_user import (
    NOBODY,
    PYTHON,
    administrator,
    give,
    make_home,
    other_user,
    public_folder,
    run_as_other,
)

pytestmark = pytest.mark.skipif(os.geteuid() != ROOT_USER, reason="only root can be two users")


@dataclass
class Machine:
    """Root, who installed, the other user, and the folder that both see."""

    root: Ktx
    other: Ktx
    folder: Path

    def fails(self, *words: str | Path) -> tuple[str, str]:
        """The error and the fix that the other user gets."""
        result = run_as_other(self.other, *words)
        assert (result.returncode, result.stdout) == (1, ""), result
        error, fix = result.stderr.splitlines()
        return error, fix


@pytest.fixture(scope="module")
def installed_machine() -> Iterator[Machine]:
    """A runtime with a Python that all may read, installed once."""
    with public_folder() as folder:
        root = administrator(folder)
        root.ok("runtime", "install", "--yes", "--python", PYTHON)
        yield Machine(root, other_user(root, make_home(folder)), folder)


@pytest.fixture
def machine(installed_machine: Machine) -> Iterator[Machine]:
    """The same; no daemon stays."""
    yield installed_machine
    installed_machine.root.ok("runtime", "stop")
    run_as_other(installed_machine.other, "runtime", "stop")


@pytest.fixture
def project(machine: Machine) -> Iterator[Path]:
    """A project of the other user."""
    folder = make_warehouse(machine.folder / "project")
    give(folder)
    yield folder
    shutil.rmtree(folder)


def test_both_use_the_runtime_and_have_a_daemon_each(machine: Machine, project: Path) -> None:
    """Neither is told of the other's, and neither takes it away."""
    first = machine.root.json("runtime", "start", "--json")
    status = run_as_other(machine.other, "runtime", "status")
    assert "status: ready\n" in status.stdout
    assert "daemon process" not in status.stdout, "none of this user's runs"
    started = run_as_other(machine.other, "runtime", "start", "--json")
    assert started.returncode == 0, started.stderr
    second = json.loads(started.stdout)
    assert Path(second["stateFile"]).is_relative_to(machine.other.home)
    assert second["pid"] != first["pid"]
    answered = run_as_other(machine.other, *query(project, "--execute"))
    assert json.loads(answered.stdout)["rows"] == [[3]], answered.stderr
    assert run_as_other(machine.other, "runtime", "stop").stdout.startswith("Stopped ")
    assert machine.root.json("runtime", "status", "--json")["daemon"]["state"] == "running"


def test_a_daemon_of_another_user_is_called_theirs(machine: Machine) -> None:
    """As when the folder was given away: whether it runs cannot be told."""
    state_file = Path(machine.root.json("runtime", "start", "--json")["stateFile"])
    os.chown(state_file.parent, NOBODY, NOBODY)
    text = machine.root.ok("runtime", "status")
    assert f"daemon process: not known ({state_file.parent} belongs to user nobody)\n" in text
    assert machine.root.json("runtime", "status", "--json")["daemon"]["state"] == "unknown"
    error = machine.root.fails("runtime", "start")
    assert "belongs to user nobody" in error
    os.chown(state_file.parent, ROOT_USER, ROOT_USER)


def test_a_copy_that_cannot_be_remembered_works_all_the_same(
    machine: Machine, project: Path
) -> None:
    """The receipt is root's: it is read, and left as it is."""
    path = Path(machine.root.json("runtime", "status", "--json")["layout"]["manifestPath"])
    text = path.read_text()
    receipt = json.loads(text)
    receipt["interpreter"]["libpython"]["inode"] += 1
    path.write_text(json.dumps(receipt))
    result = run_as_other(machine.other, *query(project, "--execute"))
    assert (result.returncode, result.stderr) == (0, "")
    assert path.read_text() == json.dumps(receipt)
    path.write_text(text)


def test_a_python_out_of_reach_is_named(machine: Machine, project: Path) -> None:
    """It is not missing, and an install by this user would not help."""
    version = Path(machine.root.json("runtime", "status", "--json")["layout"]["versionDir"])
    link = next(version.glob("env-*/bin/python"))
    former = link.readlink()
    closed = machine.folder / "closed"
    closed.mkdir(mode=0o700)
    (closed / "python3").symlink_to(PYTHON)
    link.unlink()
    link.symlink_to(closed / "python3")
    error, fix = machine.fails(*query(project))
    python = f"{version}/.venv/bin/python"
    assert error == (
        "The KTX Python runtime cannot be used: The Python executable cannot be reached: "
        f"{python} leads to {closed}/python3, which you may not read"
    )
    assert fix.startswith("Fix: Have user root install it with a Python that all may read")
    assert machine.fails(*query(project, "--yes")) == (error, fix), "nothing is tried in vain"
    doctor = run_as_other(machine.other, "runtime", "doctor").stdout
    assert (
        f"FAIL Python of the environment: The Python executable cannot be reached: {python}"
        in doctor
    )
    link.unlink()
    link.symlink_to(former)


def test_a_runtime_that_may_not_be_read_is_not_invalid(machine: Machine, project: Path) -> None:
    """No right to look is another thing than damage."""
    version = Path(machine.root.json("runtime", "status", "--json")["layout"]["versionDir"])
    version.chmod(0o700)
    error, fix = machine.fails(*query(project))
    manifest = version / "manifest.json"
    assert error == (
        "The KTX Python runtime cannot be used: Runtime manifest cannot be read: "
        f"{manifest}: Permission denied"
    )
    assert fix.startswith("Fix: Have user root run: chmod -R go+rX ")
    version.chmod(0o755)


def owners(folder: Path) -> dict[str, int]:
    """What in the folder is not the other user's."""
    entries = (folder, *folder.rglob("*"))
    return {
        str(entry.relative_to(folder)): entry.lstat().st_uid
        for entry in entries
        if entry.lstat().st_uid != NOBODY and ".git/" not in f"{entry}/"
    }


def test_what_root_writes_in_a_project_stays_the_users(machine: Machine, project: Path) -> None:
    """As under sudo: the owner, the group and the mode of the file that is replaced."""
    config = project / "ktx.yaml"
    config.chmod(0o640)
    (project / "n.db").touch()
    (project / "AGENTS.md").write_text("# Ours\n")
    give(project)
    there = ("--project-dir", project)
    machine.root.ok("connection", "add", "sqlite", "n3", "--path", "n.db", *there)
    machine.root.ok("wiki", "write", "new", "--summary", "x", "--content", "Text", *there)
    machine.root.ok("sl", "search", "orders", *there)
    assert "n3" in config.read_text()
    assert owners(project) == {}
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    listed = run_as_other(machine.other, "sl", "list", *there)
    assert listed.returncode == 0, listed.stderr
    added = run_as_other(
        machine.other, "connection", "add", "sqlite", "n4", "--path", "n.db", *there
    )
    assert added.returncode == 0, added.stderr


def test_a_project_that_may_not_be_read_says_whose_it_is(machine: Machine, project: Path) -> None:
    """An error without a way out would leave them where they are."""
    config = project / "ktx.yaml"
    os.chown(config, ROOT_USER, ROOT_USER)
    config.chmod(0o600)
    error, fix = machine.fails("sl", "list", "--project-dir", project)
    assert error == f"Cannot read {config}: Permission denied"
    assert fix == (
        f"Fix: '{config}' belongs to user root: "
        "ask for the right to use it, or run ktx as that user"
    )


def test_an_install_for_all_warns_of_a_python_for_one(machine: Machine) -> None:
    """Into a root that all may enter, with a Python that they may not."""
    closed = machine.folder / "private"
    closed.mkdir(mode=0o700)
    python = Path(shutil.copy(PYTHON, closed / "python3"))
    # A copy of a Python does not always find its modules: what counts is what is said before.
    said = machine.root.run("runtime", "install", "--yes", "--python", python).stderr
    assert f"Other users may not read {python}, so this runtime is of no use to them" in said
    assert f"--python {PYTHON}\n" in said
    shutil.rmtree(closed)
    mended = machine.root.run("runtime", "install", "--yes", "--force", "--python", PYTHON)
    assert (mended.returncode, mended.stderr) == (0, "")
