"""Options of the test suite, and the databases that it checks rows on."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from oracle.compare import OUTCOMES
from oracle.search import Search
from support.asking import Asker
from support.databases import Database, DuckDB, MariaDB, Postgres, Sqlite
from support.engines import ENGINES
from support.mariadb_server import mariadb_server
from support.postgres_server import postgres_server
from support.worker import NoEngine

SKIPPED = 77
"""The exit code by which CTest knows that nothing was tried."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--oracle-examples",
        type=int,
        default=3600,
        help="how many random questions to compare with the naive evaluator",
    )
    parser.addoption(
        "--oracle-seed",
        type=int,
        default=0,
        help="another number gives other random questions",
    )
    parser.addoption(
        "--oracle-shard",
        metavar="I/N",
        default="1/1",
        help="ask the I-th part of N of the random questions, to use several processes",
    )
    parser.addoption(
        "--oracle-collect",
        action="store_true",
        help="go on after a wrong answer, and report one shrunk example of each kind at the end",
    )
    parser.addoption(
        "--engine",
        choices=sorted(ENGINES),
        help="check rows on this engine alone; leave with 77 where it cannot be had",
    )
    parser.addoption(
        "--postgres",
        metavar="DSN",
        help="check rows on this PostgreSQL database, in temporary tables, "
        "instead of on a server that the tests start",
    )


@pytest.fixture(scope="session")
def oracle_examples(request: pytest.FixtureRequest) -> int:
    count: int = request.config.getoption("--oracle-examples")
    return count


@pytest.fixture(scope="session")
def search(request: pytest.FixtureRequest) -> Search:
    """How the random search was asked for on the command line."""
    option = request.config.getoption
    return Search.parse(
        option("--oracle-examples"),
        option("--oracle-seed"),
        option("--oracle-shard"),
        option("--oracle-collect"),
    )


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest, search: Search) -> Iterator[Counter[str]]:
    """What came of the random questions; afterwards a line about it goes to KTX_ORACLE_COUNTS."""
    found: Counter[str] = Counter()
    yield found
    folder = os.environ.get("KTX_ORACLE_COUNTS")
    if not folder or not found:
        return
    engine = request.config.getoption("--engine") or "SQLite, DuckDB, PostgreSQL, MariaDB"
    text = ", ".join(f"{found[outcome]} {outcome}" for outcome in OUTCOMES)
    file = Path(folder) / f"{request.config.getoption('--engine') or 'own'}-{search.shard}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"Random questions on {engine}: {text}, 0 wrong\n")


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a PostgreSQL database."""
    given = request.config.getoption("--postgres")
    if given:
        yield given
    else:
        with postgres_server() as address:
            yield address


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Path]:
    """The socket of a MariaDB server where root needs no password."""
    with mariadb_server() as socket:
        yield socket


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[list[Database]]:
    """One database for each dialect that rows are checked on, or the engine that was asked for."""
    engine = request.config.getoption("--engine")
    with ExitStack() as stack:
        if engine:
            try:
                opened = [stack.enter_context(ENGINES[engine]())]
            except NoEngine as missing:
                pytest.exit(f"{engine}: {missing}", returncode=SKIPPED)
        else:
            opened = [Sqlite(), DuckDB(), Postgres(request.getfixturevalue("postgres"))]
            for database in opened:
                stack.callback(database.close)
        yield opened


@pytest.fixture(scope="session")
def every_database(
    request: pytest.FixtureRequest, databases: list[Database]
) -> Iterator[list[Database]]:
    """The databases that rows are checked on, and MariaDB; or the engine that was asked for."""
    if request.config.getoption("--engine"):
        yield databases
        return
    server = MariaDB(request.getfixturevalue("mariadb"))
    yield [*databases, server]
    server.close()


@pytest.fixture
def ask(databases: list[Database]) -> Asker:
    return Asker(databases)
