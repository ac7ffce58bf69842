"""Fixtures: a fresh user, a user with a ready runtime, and the smallest project."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon import state_file
from databases import (
    Servers,
    fill_mariadb,
    fill_postgres,
    make_project,
    mariadb_server,
    postgres_server,
)
from harness import SHARED_RUNTIME, Ktx, make_warehouse
from small_package import SERVER_PACKAGES, small_package

DEAD = "http://127.0.0.1:9/index"


@pytest.fixture
def fresh(tmp_path: Path) -> Ktx:
    """A user who has never run ktx: an empty home, no runtime."""
    home = tmp_path / "home"
    home.mkdir()
    return Ktx(home=home, runtime_root=tmp_path / "managed-runtime")


@pytest.fixture
def user(fresh: Ktx, tmp_path: Path) -> Ktx:
    """A fresh user of a package of their own, to be damaged, that installs quickly."""
    fresh.binary = small_package(tmp_path / "package")
    return fresh


@pytest.fixture(scope="session")
def installed_once(tmp_path_factory: pytest.TempPathFactory) -> Ktx:
    """A user whose runtime, of a small package, is installed; `root.kept` has it as it was then."""
    folder = tmp_path_factory.mktemp("once")
    (folder / "home").mkdir()
    root = folder / "root"
    user = Ktx(home=folder / "home", runtime_root=root, binary=small_package(folder / "package"))
    user.ok("runtime", "install", "--yes")
    shutil.copytree(root, root.with_suffix(".kept"), symlinks=True)
    return user


@pytest.fixture
def restored(installed_once: Ktx, tmp_path: Path) -> Ktx:
    """A user with a home of their own and that runtime, to be damaged: as installed, and there."""
    root = installed_once.runtime_root
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(root.with_suffix(".kept"), root, symlinks=True)
    (tmp_path / "home").mkdir(exist_ok=True)
    return Ktx(home=tmp_path / "home", runtime_root=root, binary=installed_once.binary)


@pytest.fixture
def ready(fresh: Ktx) -> Ktx:
    """A user of the runtime that CTest's `e2e.shared_runtime` made; these tests only read it."""
    fresh.runtime_root = SHARED_RUNTIME
    status = fresh.json("runtime", "status", "--json")
    assert status["kind"] == "ready", "run the test e2e.shared_runtime first"
    return fresh


@pytest.fixture
def isolated(fresh: Ktx, tmp_path: Path) -> Ktx:
    """A user without uv, with empty caches, whose every index is a closed port."""
    (tmp_path / "empty").mkdir()
    fresh.extra |= {
        "HTTPS_PROXY": "",
        "KTX_UV": "",
        "PATH": str(tmp_path / "empty"),
        "PIP_CACHE_DIR": str(tmp_path / "pip-cache"),
        "PIP_INDEX_URL": DEAD,
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
        "UV_DEFAULT_INDEX": DEAD,
        "UV_INDEX_URL": "",
    }
    return fresh


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Ktx:
    """A user with a runtime that can serve; made once."""
    folder = tmp_path_factory.mktemp("daemon")
    (folder / "home").mkdir()
    binary = small_package(folder / "package", SERVER_PACKAGES)
    user = Ktx(home=folder / "home", runtime_root=folder / "root", binary=binary)
    user.ok("runtime", "install", "--yes")
    return user


@pytest.fixture
def serving(installed: Ktx) -> Iterator[Ktx]:
    """The same user with an empty log; the daemon that a test leaves is stopped."""
    state_file(installed).with_name("daemon.log").unlink(missing_ok=True)
    yield installed
    installed.ok("runtime", "stop")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A project with one SQLite connection and one source of three rows."""
    return make_warehouse(tmp_path / "project")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and MariaDB with the shop in them."""
    with postgres_server() as address, mariadb_server() as socket:
        fill_postgres(address)
        fill_mariadb(socket)
        folder = dict(part.split("=") for part in address.split())["host"]
        yield Servers(folder, socket)


@pytest.fixture
def shop(tmp_path: Path, servers: Servers) -> Path:
    """A project with the shop in SQLite, DuckDB, PostgreSQL and MariaDB."""
    return make_project(tmp_path / "shop", servers)
