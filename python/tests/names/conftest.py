"""The engines that names are tried on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from names.engines import ENGINES, Engine, opened


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with opened(request.param, request) as found:
        yield found
