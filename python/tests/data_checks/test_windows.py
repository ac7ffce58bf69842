"""Windows of one key that overlap or end before they begin: counts worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from data_checks.asking import columns, faults, load, sources
from support.databases import Database

JAN, FEB, MAR, APR, MAY = (f"2024-0{month}-01 00:00:00" for month in range(1, 6))
NOON = "2024-02-01 12:00:00"
OVERLAP, BACKWARDS = "orders.window_overlap", "orders.window_backwards"

Version = tuple[Any, Any, Any]
CASES: dict[str, tuple[list[Version], dict[str, tuple[Any, ...]]]] = {
    "no_rows": ([], {}),
    "one_row_that_holds_always": ([(1, None, None)], {}),
    "adjacent_windows": ([(1, None, FEB), (1, FEB, MAR), (1, MAR, None)], {}),
    "a_gap": ([(1, JAN, FEB), (1, MAR, None)], {}),
    "windows_of_two_keys": ([(1, JAN, MAR), (2, FEB, APR)], {}),
    "one_overlapping_pair": ([(1, JAN, MAR), (1, FEB, APR), (2, JAN, FEB)], {OVERLAP: (1, 1)}),
    "by_half_a_day": ([(1, JAN, NOON), (1, FEB, MAR)], {OVERLAP: (1, 1)}),
    "a_long_one_with_two_short_ones": (
        [(3, JAN, APR), (3, JAN.replace("01 0", "02 0"), FEB), (3, MAR, "2024-03-05 00:00:00")],
        {OVERLAP: (1, 3)},
    ),
    # The second ends before the third begins; only the first holds then too.
    "a_long_one_around_one_that_ended": (
        [(4, JAN, MAY), (4, APR, MAY), (5, JAN, FEB), (5, FEB, MAR)],
        {OVERLAP: (1, 4)},
    ),
    "two_without_an_end": ([(1, JAN, None), (1, FEB, None)], {OVERLAP: (1, 1)}),
    "one_without_an_end_before_another": ([(1, JAN, None), (1, FEB, MAR)], {OVERLAP: (1, 1)}),
    "one_without_an_end_is_the_last": ([(1, JAN, FEB), (1, FEB, None)], {}),
    "two_since_ever": ([(1, None, FEB), (1, None, MAR)], {OVERLAP: (1, 1)}),
    "since_ever_into_another": ([(1, None, MAR), (1, FEB, APR)], {OVERLAP: (1, 1)}),
    "always_beside_another": ([(1, None, None), (1, FEB, MAR)], {OVERLAP: (1, 1)}),
    "before_1970": (
        [(1, "1960-01-01 00:00:00", "1961-01-01 00:00:00"), (1, "1961-01-01 00:00:00", None)],
        {},
    ),
    "an_empty_window_within_another": ([(1, JAN, MAR), (1, FEB, FEB)], {}),
    "two_empty_windows": ([(1, FEB, FEB), (1, FEB, FEB)], {}),
    "one_window_twice": ([(1, JAN, FEB), (1, JAN, FEB)], {OVERLAP: (1, 1)}),
    "without_a_key": ([(None, JAN, MAR), (None, FEB, APR), (None, MAR, JAN)], {}),
    "backwards": ([(1, MAR, JAN), (1, JAN, FEB), (2, APR, MAR)], {BACKWARDS: (2,)}),
    "backwards_around_nothing": ([(1, MAY, JAN), (1, FEB, MAR), (1, MAR, APR)], {BACKWARDS: (1,)}),
    "several_keys": (
        [(2, JAN, MAR), (2, FEB, APR), (1, JAN, MAR), (1, JAN, FEB), (3, JAN, FEB), (4, APR, JAN)],
        {OVERLAP: (2, 1), BACKWARDS: (1,)},
    ),
}


def history(rows: list[Version], kind: str = "TIMESTAMP") -> dict[str, Any]:
    """Return the tables: no orders, and a history."""
    named = [(*row, f"n{number}") for number, row in enumerate(rows)]
    return {
        "orders": ("id INT, k INT, placed TIMESTAMP", []),
        "history": (f"k INT, since {kind}, until {kind}, name TEXT", named),
    }


@pytest.mark.parametrize("case", CASES)
def test_windows(every_database: list[Database], case: str) -> None:
    rows, wanted = CASES[case]
    for database in every_database:
        load(database, **history(rows))
        # A grain of its own row: what is tested here are windows.
        found = faults(database, sources(), "orders")
        assert found == wanted, database.dialect


def test_a_select(every_database: list[Database]) -> None:
    select = "SELECT k, since, until, name FROM dc_history WHERE name <> 'n2'"
    model = sources(sql=select)
    del model[1]["table"]
    for database in every_database:
        load(database, **history([(1, JAN, MAR), (1, FEB, APR), (2, JAN, MAR), (2, FEB, APR)]))
        assert faults(database, model, "orders") == {OVERLAP: (1, 1)}, database.dialect


def test_texts_are_read_as_times(every_database: list[Database]) -> None:
    """Written in another form, a text sorts otherwise than its time."""
    listed = columns(k="number", since="time", until="time")
    for column in listed[1:]:
        column["storage"] = "text"
    rows = [(1, "2024-01-01", FEB), (1, "2024-02-01T00:00:00", None), (2, JAN, NOON), (2, FEB, MAR)]
    for database in every_database:
        load(database, **history(rows, "VARCHAR(40)"))
        found = faults(database, sources(columns=listed), "orders")
        assert found == {OVERLAP: (1, 2)}, database.dialect


def test_seconds_are_read_as_times(every_database: list[Database]) -> None:
    """As texts, 900 would be after 1000."""
    listed = columns(k="number", since="time", until="time")
    for column in listed[1:]:
        column["storage"] = "unix"
    rows = [(1, 900, 1000), (1, 1000, None), (2, 0, 1001), (2, 1000, 2000), (3, 5, 4)]
    for database in every_database:
        load(database, **history(rows, "BIGINT"))
        found = faults(database, sources(columns=listed), "orders")
        assert found == {OVERLAP: (1, 2), BACKWARDS: (1,)}, database.dialect


def test_one_key_among_conditions_on_the_history(every_database: list[Database]) -> None:
    """Rows that the join never finds have no part in it."""
    model = sources()
    model[0]["joins"][0]["on"] = "k = history.k AND history.name <> 'n1'"
    for database in every_database:
        load(database, **history([(1, JAN, MAR), (1, FEB, APR), (2, JAN, MAR), (2, FEB, APR)]))
        assert faults(database, model, "orders") == {OVERLAP: (1, 2)}, database.dialect


def test_since_ever_is_no_gap_in_the_grain(every_database: list[Database]) -> None:
    """The grain of a history may be NULL where a window begins, and nowhere else."""
    for database in every_database:
        load(database, **history([(1, None, FEB), (1, FEB, None), (None, FEB, None)]))
        assert faults(database, sources()) == {"history.grain_null": (1,)}, database.dialect


def test_a_hidden_key_is_not_shown(every_database: list[Database]) -> None:
    listed = columns(k="number", since="time", until="time")
    listed[0]["visibility"] = "hidden"
    for database in every_database:
        load(database, **history([(1, JAN, MAR), (1, FEB, APR)]))
        found = faults(database, sources(columns=listed), "orders")
        assert found == {OVERLAP: (1,)}, database.dialect
