"""What every `ktx runtime` command prints in every state: golden files and JSON schemas.

A new command: its name in `READING`, or a test of its own that calls `expect_views`; a schema in
docs/schema; then run this file once with KTX_UPDATE_GOLDEN=1 and read what it wrote to
tests/golden/runtime.
"""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest
from golden import expect_golden
from harness import Ktx
from json_schema import SCHEMAS, conforms, read_schema
from runtime_states import STATES, enter

# Commands that change nothing.
READING = ("status", "doctor", "verify")


@pytest.fixture
def ready(fresh: Ktx, installed_once: Ktx) -> Ktx:
    """A user of a small package, whose runtime these tests only read and copy."""
    fresh.binary, fresh.runtime_root = installed_once.binary, installed_once.runtime_root
    return fresh


def expect_views(user: Ktx, name: str, command: str, *options: str) -> list[int]:
    """Checks text and JSON of a command against golden files; returns the exit codes."""
    text = user.run("runtime", command, *options)
    document = user.run("runtime", command, *options, "--json")
    assert (text.stderr, document.stderr) == ("", "")
    expect_golden(user, f"{name}.{command}.txt", text.stdout)
    expect_golden(user, f"{name}.{command}.json", document.stdout)
    schema = read_schema(SCHEMAS / f"runtime-{command}.schema.json")
    assert conforms(json.loads(document.stdout), schema), document.stdout
    return [text.returncode, document.returncode]


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("state", ["missing", *STATES])
def test_every_state_is_shown(ready: Ktx, tmp_path: Path, state: str, command: str) -> None:
    """`status` succeeds whatever it has to say; the others only with a sound runtime."""
    enter(ready, state, tmp_path / "root")
    failing = command != "status" and state != "ready"
    assert expect_views(ready, state, command) == [int(failing)] * 2


def test_install_shows_what_is_there(ready: Ktx, tmp_path: Path) -> None:
    """Nothing is done for a runtime that is ready."""
    enter(ready, "ready", tmp_path / "root")
    assert expect_views(ready, "ready", "install") == [0, 0]


def test_repair_shows_that_nothing_is_wrong(ready: Ktx, tmp_path: Path) -> None:
    """Nothing is done for a sound runtime."""
    enter(ready, "ready", tmp_path / "root")
    assert expect_views(ready, "ready", "repair") == [0, 0]


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_repair_shows_what_it_mended(ready: Ktx, tmp_path: Path, form: list[str]) -> None:
    """The damage that it found, then the runtime that it made."""
    enter(ready, "missing-daemon", tmp_path / "root")
    out = ready.ok("runtime", "repair", *form)
    expect_golden(ready, f"repaired.repair.{'json' if form else 'txt'}", out)
    if form:
        schema = read_schema(SCHEMAS / "runtime-repair.schema.json")
        assert conforms(json.loads(out), schema), out


def test_install_shows_what_it_made(ready: Ktx, tmp_path: Path) -> None:
    """Each of the two installs anew."""
    ready.runtime_root = tmp_path / "root"
    assert expect_views(ready, "installed", "install", "--force") == [0, 0]


def test_prune_shows_what_is_stale_removed_and_kept(ready: Ktx, tmp_path: Path) -> None:
    """Nothing stale; a preview; in use by another process."""
    enter(ready, "ready", tmp_path / "root")
    assert expect_views(ready, "nothing-stale", "prune", "--yes") == [0, 0]
    for version in ("0.0.1", "0.0.2"):
        (ready.runtime_root / version).mkdir()
    assert expect_views(ready, "stale", "prune", "--dry-run") == [0, 0]
    locks = ready.runtime_root / ".ktx" / "locks"
    locks.mkdir(parents=True)
    with (locks / "0.0.1.use").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert expect_views(ready, "in-use", "prune", "--dry-run") == [0, 0]


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_prune_shows_what_it_removed(ready: Ktx, tmp_path: Path, form: list[str]) -> None:
    """One is removed, one is kept because a process uses it."""
    enter(ready, "ready", tmp_path / "root")
    for version in ("0.0.1", "0.0.2"):
        (ready.runtime_root / version).mkdir()
    locks = ready.runtime_root / ".ktx" / "locks"
    locks.mkdir(parents=True)
    with (locks / "0.0.1.use").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        out = ready.ok("runtime", "prune", "--yes", *form)
    expect_golden(ready, f"removed.prune.{'json' if form else 'txt'}", out)
    if form:
        schema = read_schema(SCHEMAS / "runtime-prune.schema.json")
        assert conforms(json.loads(out), schema), out


def test_the_schemas_refuse_what_is_not_said(ready: Ktx) -> None:
    """A schema that accepts everything would prove nothing."""
    schema = read_schema(SCHEMAS / "runtime-status.schema.json")
    document = ready.json("runtime", "status", "--json")
    assert conforms(document, schema)
    assert not conforms(document | {"kind": "perfect"}, schema)
    assert not conforms(document | {"more": 1}, schema)
    assert not conforms({key: document[key] for key in ("kind", "detail")}, schema)
    document["manifest"]["interpreter"]["libpython"]["inode"] = "7"
    assert not conforms(document, schema)
