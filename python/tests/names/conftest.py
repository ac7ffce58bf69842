"""The engines that names are tried on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from names.engines import ENGINES, Engine, asked, opened


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try them on each engine of every test, or on the one that was asked for."""
    if "engine" in metafunc.fixturenames:
        named = metafunc.config.getoption("--engine")
        wanted = [named] if named else ENGINES
        metafunc.parametrize("engine", wanted, indirect=True, scope="session")


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param not in ENGINES:
        yield asked(request.getfixturevalue("databases")[0])
        return
    with opened(request.param, request) as found:
        yield found
