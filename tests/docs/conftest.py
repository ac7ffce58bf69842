"""Fixtures: the user of the shared runtime, the sandboxes that pages ask for, and the site."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "e2e"))

from harness import BUILD, SHARED_RUNTIME, Ktx
from pages import ROOT
from sandbox import Sandbox

MakeSandbox = Callable[..., Sandbox]


@pytest.fixture(scope="session")
def user(tmp_path_factory: pytest.TempPathFactory) -> Ktx:
    """A user of the runtime that CTest's `e2e.shared_runtime` made; nothing here changes it."""
    shared = Ktx(home=tmp_path_factory.mktemp("home"), runtime_root=SHARED_RUNTIME)
    status = shared.json("runtime", "status", "--json")
    assert status["kind"] == "ready", "run the test e2e.shared_runtime first"
    return shared


@pytest.fixture
def make_sandbox(user: Ktx, tmp_path: Path) -> Iterator[MakeSandbox]:
    """Makes sandboxes, which are gone after the test."""
    made: list[Sandbox] = []

    def make(kind: str, changes_runtime: bool = False) -> Sandbox:
        made.append(Sandbox(kind, tmp_path / f"sandbox-{len(made)}", user, changes_runtime))
        return made[-1]

    yield make
    for sandbox in made:
        sandbox.close()


@pytest.fixture(scope="session")
def site() -> Path:
    """The site, built as `make docs` builds it."""
    target = BUILD / "site"
    command = ["make", "--no-print-directory", "-C", str(ROOT), f"BUILD={BUILD}", "site"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return target
