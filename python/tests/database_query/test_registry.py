"""The drivers are those of the host, in the same dialects and features (semantic::drivers)."""

import json
from pathlib import Path

import pytest

from ktx_daemon.database_introspection import _READERS
from ktx_daemon.database_query.driver import _DRIVERS, driver_entry

KNOWN = json.loads((Path(__file__).parents[3] / "tests/golden/drivers.json").read_text())
# The host runs SQLite itself.
REACHED = {row["name"]: row for row in KNOWN if row["feature"]}


def test_names_are_those_of_the_host() -> None:
    assert set(_DRIVERS) == set(REACHED)


@pytest.mark.parametrize("name", REACHED)
def test_a_driver_has_the_dialect_and_the_feature_of_the_host(name: str) -> None:
    entry = driver_entry(name.upper())
    assert entry.dialect == REACHED[name]["dialect"]
    assert (entry.feature or "core") == REACHED[name]["feature"]


def test_readers_of_tables_are_known_to_the_host() -> None:
    assert set(_READERS) <= {row["name"] for row in KNOWN}
