"""Fixtures: a person, the two npm packages, and those of the next version."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import BUILD, SHARED_RUNTIME, make_warehouse
from installed import Person, described, new_person, packed
from npm_packages import make_npm_packages
from npm_registry import npm_registry
from package_tree import read_tree


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Someone who has never used ktx."""
    return new_person(tmp_path)


@pytest.fixture
def locally(person: Person) -> Person:
    """Someone whose project has ktx as a dependency, from the packed packages."""
    person.does("npm", "install", *packed("npm"))
    person.command = (str(person.folder / "node_modules" / ".bin" / "ktx"),)
    return person


@pytest.fixture
def warehouse(person: Person) -> Path:
    """A project with one SQLite connection and one source of three rows."""
    return make_warehouse(person.folder / "warehouse project")


@pytest.fixture
def shared_runtime(person: Person) -> Person:
    """The runtime that CTest's `e2e.shared_runtime` made; tests with it only read."""
    receipts = list(SHARED_RUNTIME.glob("*/manifest.json"))
    assert receipts, "run the test e2e.shared_runtime first"
    person.runtime_root = SHARED_RUNTIME
    return person


@pytest.fixture(scope="session")
def next_version() -> str:
    """The version of build/next."""
    program = BUILD / "next" / "bin" / "ktx"
    answer = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return answer.stdout.strip()


@pytest.fixture(scope="session")
def next_packages(tmp_path_factory: pytest.TempPathFactory, next_version: str) -> list[Path]:
    """The npm packages of the next version: the same tree with the program of build/next."""
    out = tmp_path_factory.mktemp("next")
    tree = out / "tree"
    shutil.copytree(BUILD / "package" / "tree", tree)
    subprocess.run(
        ["strip", "-o", tree / "bin" / "ktx", BUILD / "next" / "bin" / "ktx"], check=True
    )
    return make_npm_packages(read_tree(tree), next_version, described()["glibc"], out)


@pytest.fixture
def registry() -> Iterator[str]:
    """A registry with this version."""
    with npm_registry(*packed("npm")) as address:
        yield address


def has(path: Path) -> str:
    """The version of an installed package of npm."""
    return str(json.loads((path / "package.json").read_text())["version"])
