"""Options of the test suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--oracle-examples",
        type=int,
        default=300,
        help="how many random questions to compare with the naive evaluator",
    )


@pytest.fixture(scope="session")
def oracle_examples(request: pytest.FixtureRequest) -> int:
    count: int = request.config.getoption("--oracle-examples")
    return count
