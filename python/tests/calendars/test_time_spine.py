"""Periods that are taken from the rows of a table, and not made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from calendars.shop import EMPTY, MODEL, TABLES, by
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.times.calendar import Calendar, TimeSpine
from support.databases import Database, Table

DAYS = [date(2023, 1, 1) + timedelta(n) for n in range(731)]
SPINE: dict[str, Any] = {
    "name": "days",
    "table": "calendar",
    "grain": ["day"],
    "columns": [{"name": "day", "type": "time"}, {"name": "number", "type": "number"}],
}
OF_SQL = {**SPINE, "table": None, "sql": "SELECT day, number FROM calendar WHERE number >= 0"}
CALENDAR = Calendar(
    week_start="sunday",
    fiscal_year_start="april",
    time_spine=TimeSpine(source="days", column="day"),
)
MADE = Calendar(week_start="sunday", fiscal_year_start="april")
QUESTIONS: list[dict[str, Any]] = [
    {"measures": ["sales.n", "sales.ytd"], "dimensions": [by("month")], "fill": True},
    {"measures": ["sales.n", "refunds.paid"], "dimensions": [by("week")], "fill": True},
    {"measures": ["sales.revenue"], "dimensions": [by("fiscal_quarter")], "compare": "1 year"},
    {"measures": ["cumulative(sales.revenue, '2 months')"], "dimensions": [by("day")]},
    {"measures": ["offset(sales.revenue, '1 month')"], "dimensions": [by("day"), "sales.region"]},
    {
        "measures": ["sales.n", "to_date(refunds.paid, 'fiscal_year')"],
        "dimensions": [by("month"), by("fiscal_year")],
        "filters": ["metric_time >= '2023-12-15' AND metric_time < '2024-08-01'"],
        "fill": True,
    },
    {"measures": ["sales.n"], "dimensions": [by("day", "sales.sold_on")], "fill": True},
    {"measures": ["total(sales.ytd, metric_time)"], "dimensions": [by("month"), "sales.region"]},
]  # fmt: skip


def table(days: Sequence[date | None]) -> Table:
    # Each day twice, and NULL: a period is there once.
    rows = [(day and str(day), n) for n, day in enumerate([*days, *days[::-1], None])]
    return ("day DATE, number INT", rows)


def rows(
    database: Database, query: dict[str, Any], calendar: Calendar, **more: Any
) -> list[tuple[Any, ...]]:
    tables = {**TABLES, "calendar": table(DAYS), **more.get("tables", {})}
    sources = {**MODEL, "days": more.get("spine", SPINE)}
    engine = SemanticEngine.from_sources(sources, database.dialect)
    result = engine.query({"include_empty": False, **query}, calendar=calendar)
    database.load(tables)
    return database.rows(result.sql)


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: str(query["measures"][-1]))
def test_of_a_whole_calendar_they_are_those_that_are_made(
    every_database: list[Database], query: dict[str, Any]
) -> None:
    # Made periods go on as far as an offset does; the table ends with the year 2024.
    bound = {**query, "filters": query.get("filters", ["metric_time < '2025-01-01'"])}
    if "sales.sold_on" in str(query):
        bound = query
    for database in every_database:
        made = rows(database, bound, MADE)
        assert made, database.dialect
        for spine in (SPINE, OF_SQL):
            assert rows(database, bound, CALENDAR, spine=spine) == made, database.dialect


def test_periods_that_it_lacks_are_not_filled(every_database: list[Database]) -> None:
    weekdays = [day for day in DAYS if day.weekday() < 5]
    query = {
        "measures": ["sales.n"],
        "dimensions": [by("day")],
        "filters": ["metric_time >= '2023-12-28' AND metric_time < '2024-01-04'"],
        "fill": True,
    }
    for database in every_database:
        found = rows(database, query, CALENDAR, tables={"calendar": table(weekdays)})
        # The Saturday and the Sunday have rows of their own.
        assert [(str(row[0])[:10], *row[1:]) for row in found] == [
            ("2023-12-28", 0), ("2023-12-29", 1), ("2023-12-30", 1), ("2023-12-31", 1),
            ("2024-01-01", 1), ("2024-01-02", 0), ("2024-01-03", 0),
        ], database.dialect  # fmt: skip


def test_an_empty_calendar_fills_nothing(every_database: list[Database]) -> None:
    query = {"measures": ["sales.n"], "dimensions": [by("month")], "fill": True}
    for database in every_database:
        found = rows(database, query, CALENDAR, tables={"calendar": table([])})
        assert len(found) == 8, database.dialect
        none = {**EMPTY, "calendar": table(DAYS)}
        assert rows(database, query, CALENDAR, tables=none) == [], database.dialect


def test_other_questions_do_not_read_it() -> None:
    query = {"measures": ["sales.n"], "dimensions": [by("month")]}
    engine = SemanticEngine.from_sources({**MODEL, "days": SPINE}, "duckdb")
    assert engine.query(query, calendar=CALENDAR).sql == engine.query(query).sql
    wrong = Calendar(time_spine=TimeSpine(source="nowhere", column="day"))
    assert engine.query(query, calendar=wrong).sql == engine.query(query).sql


def test_an_explanation_names_it() -> None:
    engine = SemanticEngine.from_sources({**MODEL, "days": SPINE}, "duckdb")
    explained = json.dumps(engine.explain(QUESTIONS[0], CALENDAR).as_json())
    assert "Periods are those that days.day has rows of (time_spine)" in explained


@pytest.mark.parametrize(
    ("source", "column", "message", "suggestions"),
    [
        ("dayz", "day", "there is no source 'dayz'", ["days"]),
        ("days", "dy", "Column 'dy' does not exist in source 'days'", ["day"]),
        ("days", "number", "column 'number' of source 'days' is of type number", []),
    ],
)
def test_a_spine_that_is_none(
    source: str, column: str, message: str, suggestions: list[str]
) -> None:
    calendar = Calendar(
        fiscal_year_start="april", time_spine=TimeSpine(source=source, column=column)
    )
    engine = SemanticEngine.from_sources({**MODEL, "days": SPINE}, "duckdb")
    with pytest.raises(SemanticError) as caught:
        engine.query(QUESTIONS[0], calendar=calendar)
    assert f"time_spine in ktx.yaml: {message}" in caught.value.message
    assert caught.value.suggestions == suggestions
    [finding] = engine.validate(calendar=calendar).errors
    assert message in str(finding)


def test_a_spine_needs_no_joins_and_no_measures() -> None:
    engine = SemanticEngine.from_sources({**MODEL, "days": SPINE}, "duckdb")
    assert "days" in str(engine.validate().warnings)
    report = engine.validate(calendar=CALENDAR)
    assert not report.errors
    assert "days" not in str(report.warnings)


def test_a_spine_of_months_has_no_days() -> None:
    months = {**SPINE, "columns": [{**SPINE["columns"][0], "natural_granularity": "month"}]}
    engine = SemanticEngine.from_sources({**MODEL, "days": months}, "duckdb")
    with pytest.raises(SemanticError, match="has a row for each month, and not for each day"):
        engine.query(QUESTIONS[0], calendar=CALENDAR)


@pytest.mark.parametrize("name", ["period_range", "answer_range", "periods", "spans", "made"])
def test_a_spine_may_have_any_name(every_database: list[Database], name: str) -> None:
    calendar = Calendar(time_spine=TimeSpine(source=name, column="day"))
    query = {
        "measures": ["sales.n", "cumulative(sales.n)"],
        "dimensions": [by("month")],
        "fill": True,
    }
    for database in every_database:
        sources = {**MODEL, name: {**SPINE, "name": name}}
        engine = SemanticEngine.from_sources(sources, database.dialect)
        database.load({**TABLES, "calendar": table(DAYS)})
        found = database.rows(engine.query(query, calendar=calendar).sql)
        assert found == rows(database, query, Calendar()), database.dialect
