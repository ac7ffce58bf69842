"""Rule 25: an aggregate that counts gives 0 for no rows, on every path of the planner."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from support.asking import Asker
from support.databases import Table

STALLS = {
    "count(*)": 1,
    "count(weight)": 1,
    "count_distinct(weight)": 1,
    "count(DISTINCT weight)": 1,
    "count_if(weight > 1)": 1,
    "count(*) FILTER (WHERE weight > 1)": 1,
    "count_if(weight > 1) FILTER (WHERE weight > 2)": 1,
    "count(*) + count_if(weight > 1)": 2,
    "count_if(weight > 1) - count(*)": 0,
}
FULL: dict[str, Table] = {
    "catch": ("id INTEGER, boat_id INTEGER, weight INTEGER", [(1, 1, 5)]),
    "trips": ("id INTEGER, boat_id INTEGER", [(1, 1), (2, 2)]),
    "boats": ("id INTEGER, name TEXT", [(1, "a"), (2, "b")]),
}
EMPTY = {**FULL, "catch": (FULL["catch"][0], [])}


def source(name: str, columns: str, measures: dict[str, str], **rest: Any) -> dict[str, Any]:
    return {
        "name": name,
        "table": name,
        "grain": ["id"],
        "columns": [{"name": column, "type": "number"} for column in columns.split()],
        "measures": [{"name": key, "expr": text, **rest} for key, text in measures.items()],
        "joins": [{"to": "boats", "on": "boat_id = boats.id", "relationship": "many_to_one"}]
        if name != "boats"
        else [],
    }


def model(text: str, **rest: Any) -> dict[str, Any]:
    """Return the model with one measure of this text beside a median of the same rows."""
    measures = {"asked": text}
    catch = source("catch", "id boat_id weight", measures, **rest)
    catch["measures"].append({"name": "middle", "expr": "median(weight)"})
    return {
        "catch": catch,
        "trips": source("trips", "id boat_id", {"n": "count(*)"}),
        "boats": source("boats", "id name", {}),
    }


@pytest.fixture(params=STALLS)
def text(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_without_rows_and_without_dimensions(ask: Asker, text: str) -> None:
    asked = model(text)
    assert ask("catch.asked", model=asked, tables=EMPTY) == [(0,)]
    assert ask("catch.asked", "catch.middle", model=asked, tables=EMPTY) == [(0, None)]
    assert ask("catch.asked", "trips.n", model=asked, tables=EMPTY) == [(0, 2)]
    filters = ["catch.weight > 99"]
    assert ask("catch.asked", model=asked, tables=FULL, filters=filters) == [(0,)]
    assert ask("catch.asked", model=asked, tables=EMPTY, filters=["catch.asked = 0"]) == [(0,)]


@pytest.mark.parametrize("include_empty", [True, False])
def test_groups_without_rows(ask: Asker, text: str, include_empty: bool) -> None:
    rest: dict[str, Any] = {
        "model": model(text),
        "by": ("boats.name",),
        "include_empty": include_empty,
    }
    one = STALLS[text]
    found = ask("catch.asked", "trips.n", tables=FULL, **rest)
    assert found == [("a", one, 1), ("b", 0, 1)]
    found = ask("trips.n", "catch.asked", "catch.middle", tables=EMPTY, **rest)
    assert found == [("a", 1, 0, None), ("b", 1, 0, None)]
    found = ask("catch.asked", tables=FULL, **rest)
    assert found == [("a", one), ("b", 0)][: 2 if include_empty else 1]
    found = ask("catch.asked", "catch.middle", tables=FULL, **rest)
    assert found == [("a", one, 5), ("b", 0, None)][: 2 if include_empty else 1]


def test_a_filter_of_the_model_that_no_row_passes(ask: Asker, text: str) -> None:
    asked = model(text, filter="weight > 99")
    assert ask("catch.asked", model=asked, tables=FULL) == [(0,)]
    found = ask("catch.asked", by=("boats.name",), model=asked, tables=FULL, include_empty=False)
    assert found == [("a", 0)]


def test_a_sum_is_no_count(ask: Asker) -> None:
    asked = model("sum(CASE WHEN weight > 1 THEN 1 ELSE 0 END)")
    assert ask("catch.asked", model=asked, tables=EMPTY) == [(None,)]


def test_counts_of_other_dialects_are_counts_in_a_merge() -> None:
    for dialect, text in (
        ("clickhouse", "countIf(weight > 1)"),
        ("clickhouse", "uniqExactIf(id, weight > 1)"),
        ("clickhouse", "count()"),
        ("duckdb", "approx_count_distinct(weight)"),
        ("snowflake", "hll(weight)"),
        ("postgres", "regr_count(id, weight)"),
    ):
        engine = SemanticEngine.from_sources(model(text), dialect)
        sql = engine.query({"measures": ["catch.asked", "trips.n"]}).sql
        assert sql.lower().count("coalesce(") == 2, dialect
