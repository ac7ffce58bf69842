"""Options of the test suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.asking import DIALECTS, Asker
from support.databases import Database


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--oracle-examples",
        type=int,
        default=300,
        help="how many random questions to compare with the naive evaluator",
    )
    parser.addoption(
        "--postgres",
        metavar="DSN",
        help="also check rows on this PostgreSQL database, whose tables the tests replace",
    )


@pytest.fixture(scope="session")
def oracle_examples(request: pytest.FixtureRequest) -> int:
    count: int = request.config.getoption("--oracle-examples")
    return count


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[list[Database]]:
    opened = [Database(dialect) for dialect in DIALECTS]
    address = request.config.getoption("--postgres")
    if address:
        opened.append(Database("postgres", address))
    yield opened
    for database in opened:
        database.close()


@pytest.fixture
def ask(databases: list[Database]) -> Asker:
    return Asker(databases)
