"""Statements that are wrong in one place each: the cases tell every one of them."""

from __future__ import annotations

from typing import Any

import pytest

from data_checks import asking, test_keys, test_windows
from ktx_daemon.data_checks import semantic_data_checks
from support.databases import Database, of_dialect

BUGS = {
    "the_end_is_part_of_the_window": (
        "ktx_begins < ktx_latest_end",
        "ktx_begins <= ktx_latest_end",
    ),
    "an_open_end_is_no_end": ("ktx_endless = 1 OR ", ""),
    "an_open_beginning_is_none": ("ktx_begins IS NULL OR ", ""),
    "open_beginnings_last": (
        "ktx_begins IS NULL THEN 0 ELSE 1",
        "ktx_begins IS NULL THEN 1 ELSE 0",
    ),
    "windows_that_never_hold": ("history.since < history.until", "1 = 1"),
    "empty_windows_hold": ("history.since < history.until", "history.since <= history.until"),
    "rows_without_a_key": ("history.k IS NOT NULL", "1 = 1"),
    "windows_of_all_keys": ("PARTITION BY ktx_key_1", "PARTITION BY 1"),
    "empty_windows_are_backwards": (
        "history.until < history.since",
        "history.until <= history.since",
    ),
    "three_are_several": ("COUNT(*) > 1", "COUNT(*) > 2"),
    "rows_and_not_keys": ("COUNT(*) OVER ()", "COUNT(*) OVER () + 1"),
    "a_part_of_the_grain": ("lines.line AS ktx_key_2", "1 AS ktx_key_2"),
    "nulls_repeat": ("lines.line IS NOT NULL", "1 = 1"),
}


def differences(database: Database) -> int:
    """Return how many of the cases are not answered as they should be."""
    wrong = 0
    for rows, wanted in test_windows.CASES.values():
        asking.load(database, **test_windows.history(rows))
        wrong += asking.faults(database, asking.sources(), "orders") != wanted
    for pairs, wanted in test_keys.GRAINS.values():
        asking.load(database, lines=test_keys.rows_of(pairs))
        wrong += asking.faults(database, [test_keys.lines()]) != wanted
    return wrong


@pytest.mark.parametrize("bug", BUGS)
def test_the_cases_tell(
    databases: list[Database], bug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = of_dialect(databases, "duckdb")
    old, new = BUGS[bug]
    planted = 0

    def wrong(request: dict[str, Any]) -> dict[str, Any]:
        nonlocal planted
        reply = semantic_data_checks(request)
        for check in reply["checks"]:
            planted += old in check["sql"]
            check["sql"] = check["sql"].replace(old, new)
        return reply

    monkeypatch.setattr(asking, "semantic_data_checks", wrong)
    found = differences(database)
    assert planted
    assert found


def test_without_a_bug_there_is_nothing_to_tell(databases: list[Database]) -> None:
    assert differences(of_dialect(databases, "duckdb")) == 0
