"""The installed-package smoke of the runtime contract, §16.2, in its order, against the packed npm
packages.

The commands are `npx ktx …` in a clean project. No Python is started here, no wheel is
installed and no environment is made: what ktx needs beyond node, npm and uv it brings or finds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import query
from installed import Person, described, make_database, packed


@pytest.fixture
def npx(person: Person) -> Iterator[Person]:
    """The clean project; a daemon that a broken run leaves is stopped."""
    person.does("npm", "install", *packed("npm"))
    person.command = ("npx", "ktx")
    yield person
    person.run("runtime", "stop")


def quiet(person: Person, *arguments: str | Path) -> str:
    """What ktx prints; it must succeed with an empty stderr."""
    result = person.run(*arguments)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout + result.stderr
    return result.stdout


def test_from_a_clean_project_to_a_pruned_root(npx: Person, warehouse: Path) -> None:
    """Steps 2 to 16; each stands on the ones before."""
    check_missing(npx)
    make_database(npx, warehouse)
    check_first_query(npx, warehouse)
    check_second_query(npx, warehouse)
    check_doctor(npx)
    check_daemon(npx)
    check_prune(npx)


def check_missing(npx: Person) -> None:
    """Steps 2 and 3."""
    assert quiet(npx, "--version").strip() == described()["version"]
    status = json.loads(quiet(npx, "runtime", "status", "--json"))
    assert status["kind"] == "missing"
    assert status["layout"]["runtimeRoot"] == str(npx.runtime_root)
    assert status["layout"]["assetDir"].startswith(str(npx.folder / "node_modules"))
    assert not npx.runtime_root.exists()
    print("ktx managed runtime starts missing in isolated root")


def check_first_query(npx: Person, warehouse: Path) -> None:
    """Steps 5 and 6: the first query installs, and says so."""
    first = npx.run(*query(warehouse, "--format", "json", "--yes"))
    assert first.returncode == 0, first.stderr
    installs = r"Installing KTX Python runtime \(core\) with uv[\s\S]*KTX Python runtime ready:"
    assert re.search(installs, first.stderr)
    assert '"mode": "compile_only"' in first.stdout
    assert "orders" in json.loads(first.stdout)["sql"]
    status = json.loads(quiet(npx, "runtime", "status", "--json"))
    assert (status["kind"], status["manifest"]["features"]) == ("ready", ["core"])
    assert status["layout"]["runtimeRoot"] == str(npx.runtime_root)
    print("ktx managed runtime lazy install verified")


def check_second_query(npx: Person, warehouse: Path) -> None:
    """Step 7: ktx sl query sqlite execute."""
    executed = json.loads(quiet(npx, *query(warehouse, "--format", "json", "--execute")))
    assert executed["rows"] == [[3]]


def check_doctor(npx: Person) -> None:
    """Step 8."""
    doctor = quiet(npx, "runtime", "doctor")
    for label in ("uv", "Bundled Python wheel", "Managed Python runtime"):
        assert f"PASS {label}" in doctor
    assert "FAIL" not in doctor
    print("ktx runtime doctor verified")


def check_daemon(npx: Person) -> None:
    """Steps 9 to 11."""
    started = quiet(npx, "runtime", "start")
    assert "Started KTX Python daemon" in started
    assert re.search(r"url: http://127\.0\.0\.1:\d+$", started, re.MULTILINE)
    assert "features: core" in started
    again = quiet(npx, "runtime", "start")
    assert "Using existing KTX Python daemon" in again
    assert "features: core" in again
    assert "Stopped KTX Python daemon" in quiet(npx, "runtime", "stop")
    print("ktx runtime daemon lifecycle verified")


def check_prune(npx: Person) -> None:
    """Steps 12 to 16."""
    stale = npx.runtime_root / "0.0.0"
    stale.mkdir()
    preview = quiet(npx, "runtime", "prune", "--dry-run")
    assert "Stale KTX Python runtimes" in preview
    assert "0.0.0" in preview
    assert stale.is_dir()
    assert "Refusing to prune without --yes" in npx.fails("runtime", "prune")
    removed = quiet(npx, "runtime", "prune", "--yes")
    assert "Removed stale KTX Python runtimes" in removed
    assert "0.0.0" in removed
    assert not stale.exists()
    print("ktx runtime prune verified")
