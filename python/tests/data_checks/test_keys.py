"""Grains that several rows share, and joins that find several rows: counts worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from data_checks.asking import columns, faults, load
from support.databases import Database

DUPLICATE, NULL = "lines.grain_duplicate", "lines.grain_null"
GRAINS: dict[str, tuple[list[tuple[Any, Any]], dict[str, tuple[Any, ...]]]] = {
    "no_rows": ([], {}),
    "each_once": ([(1, 1), (1, 2), (2, 1)], {}),
    "one_twice": ([(1, 1), (1, 2), (2, 1), (1, 2)], {DUPLICATE: (1, 1, 2)}),
    "one_three_times": ([(1, 2), (1, 2), (1, 2)], {DUPLICATE: (1, 1, 2)}),
    "two": ([(2, 7), (2, 7), (1, 9), (1, 9), (1, 8)], {DUPLICATE: (2, 1, 9)}),
    "nulls_are_no_duplicates": ([(1, None), (1, None), (None, None)], {NULL: (3,)}),
    "both": ([(None, 1), (3, 3), (3, 3)], {DUPLICATE: (1, 3, 3), NULL: (1,)}),
}


def lines(**more: Any) -> dict[str, Any]:
    """Return a source with a grain of two columns."""
    grain = ["order_id", "line"]
    listed = columns(order_id="number", line="number", region="string")
    return {"name": "lines", "table": "dc_lines", "grain": grain, "columns": listed, **more}


def rows_of(rows: list[tuple[Any, Any]]) -> tuple[str, list[tuple[Any, ...]]]:
    return "order_id INT, line INT, region TEXT", [(*row, "eu") for row in rows]


@pytest.mark.parametrize("case", GRAINS)
def test_grains(every_database: list[Database], case: str) -> None:
    rows, wanted = GRAINS[case]
    for database in every_database:
        load(database, lines=rows_of(rows))
        assert faults(database, [lines()]) == wanted, database.dialect


def test_a_select(every_database: list[Database]) -> None:
    model = lines(sql="SELECT order_id, line, region FROM dc_lines WHERE line < 5")
    del model["table"]
    for database in every_database:
        load(database, lines=rows_of([(1, 1), (1, 1), (2, 9), (2, 9)]))
        assert faults(database, [model]) == {DUPLICATE: (1, 1, 1)}, database.dialect


def test_a_computed_column(every_database: list[Database]) -> None:
    model = lines(grain=["half"])
    model["columns"].append({"name": "half", "type": "number", "expr": "line - order_id"})
    for database in every_database:
        load(database, lines=rows_of([(1, 1), (2, 2), (2, 5)]))
        assert faults(database, [model]) == {DUPLICATE: (1, 0)}, database.dialect


def test_a_time_in_two_forms(databases: list[Database]) -> None:
    """One moment is one grain, however SQLite has it written; it is shown as it is written."""
    model = lines(columns=columns(order_id="number", line="time"))
    rows = [(1, "2024-02-01"), (1, "2024-02-01 00:00:00"), (1, "2024-02-02")]
    for database in databases:
        if database.dialect == "sqlite":
            load(database, lines=("order_id INT, line TEXT", rows))
            assert faults(database, [model]) == {DUPLICATE: (1, 1, "2024-02-01")}


def joined(on: str, relationship: str = "many_to_one") -> list[dict[str, Any]]:
    """Return lines that look up regions by something else than their grain."""
    join = {"to": "regions", "on": on, "relationship": relationship}
    regions = {
        "name": "regions",
        "table": "dc_regions",
        "grain": ["id"],
        "columns": columns(id="number", code="string", kind="string"),
    }
    return [lines(joins=[join]), regions]


REGIONS = [(1, "eu", "a"), (2, "us", "a"), (3, "eu", "b"), (4, None, "a"), (5, None, "a")]
FOUND = "lines.join_duplicate"
JOINS: dict[str, tuple[list[dict[str, Any]], dict[str, tuple[Any, ...]]]] = {
    "a_code_that_two_have": (joined("region = regions.code"), {FOUND: (1, "eu")}),
    "told_apart_by_a_constant": (joined("region = regions.code AND regions.kind = 'a'"), {}),
    "covered_by_the_grain": (joined("order_id = regions.id"), {}),
    "compared_in_another_way_too": (
        joined("region = regions.code AND order_id < regions.id"),
        {},
    ),
    "by_an_expression": (
        joined("lower(region) = lower(regions.code)"),
        {FOUND: (1, "eu")},
    ),
    "many_are_allowed": (joined("region = regions.code", "one_to_many"), {}),
}


@pytest.mark.parametrize("case", JOINS)
def test_joins(every_database: list[Database], case: str) -> None:
    model, wanted = JOINS[case]
    for database in every_database:
        load(
            database,
            lines=rows_of([(1, 1)]),
            regions=("id INT, code VARCHAR(9), kind VARCHAR(9)", list(REGIONS)),
        )
        found = faults(database, model, "lines")
        assert found == wanted, database.dialect


def test_a_join_declared_at_its_other_end(every_database: list[Database]) -> None:
    """Of one to many it is the declaring source that has no duplicates."""
    model = joined("region = regions.code")
    back = {"to": "lines", "on": "code = lines.region", "relationship": "one_to_many"}
    model[0]["joins"], model[1]["joins"] = [], [back]
    for database in every_database:
        load(
            database,
            lines=rows_of([]),
            regions=("id INT, code VARCHAR(9), kind VARCHAR(9)", list(REGIONS)),
        )
        assert faults(database, model) == {"regions.join_duplicate": (1, "eu")}, database.dialect
