"""Granularities of one's own: a period is what the time spine says of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from calendars.shop import MODEL, REFUNDS, SALES, TABLES, by
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.times.calendar import Calendar, CustomGranularity, TimeSpine
from support.databases import Database, Table

# Periods of 36 days that begin on 2 March 2023, some days of them missing; the first has no name.
FIRST = date(2023, 3, 2)
DAYS = [FIRST + timedelta(n) for n in range(420) if n % 90 != 60]
SPINE: dict[str, Any] = {
    "name": "days",
    "table": "calendar",
    "grain": ["day"],
    "columns": [
        {"name": "day", "type": "time"},
        {"name": "period", "type": "string"},
        {"name": "number", "type": "number"},
    ],
}
CALENDAR = Calendar(
    time_spine=TimeSpine(
        source="days",
        column="day",
        custom_granularities=[
            CustomGranularity(name="Retail_Period", column="period"),
            CustomGranularity(name="number_of_period", column="number"),
        ],
    )
)
Row = tuple[Any, ...]


def number_of(day: date | None) -> int | None:
    """What the table says of a day; nothing of one that it has not."""
    return (day - FIRST).days // 36 if day is not None and day in DAYS else None


def name_of(day: date | None) -> str | None:
    number = number_of(day)
    return f"P{number:02}" if number else None


SPINE_TABLE: Table = (
    "day DATE, period TEXT, number INT",
    # Each day twice: a row is in one period once.
    [(str(day), name_of(day), number_of(day)) for day in [*DAYS, *DAYS]] + [(None, "P99", 99)],
)


def ask(database: Database, query: dict[str, Any], model: Mapping[str, Any] = MODEL) -> list[Row]:
    engine = SemanticEngine.from_sources({**model, "days": SPINE}, database.dialect)
    result = engine.query({"include_empty": False, **query}, calendar=CALENDAR)
    database.load({**TABLES, "calendar": SPINE_TABLE})
    return [tuple(row) for row in database.rows(result.sql)]


def grouped(rows: list[Row], *keys: Any) -> dict[Row, list[Row]]:
    """Rows by what the functions say of them."""
    found: dict[Row, list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(key(row) for key in keys), []).append(row)
    return found


def nulls_last(row: Row) -> list[tuple[bool, str]]:
    return [(value is None, str(value)) for value in row]


def day_of(row: Row) -> date | None:
    return date.fromisoformat(row[1]) if row[1] else None


def period(row: Row) -> str | None:
    return name_of(day_of(row))


def number(row: Row) -> int | None:
    return number_of(day_of(row))


def month(row: Row) -> str | None:
    return f"{row[1][:7]}-01" if row[1] else None


def total(rows: list[Row]) -> int:
    return sum(row[2] for row in rows)


RETAIL = by("retail_period")


def test_of_one_fact(every_database: list[Database]) -> None:
    groups = grouped(SALES, period)
    expected = sorted(((*key, total(rows)) for key, rows in groups.items()), key=nulls_last)
    assert len(expected) == 4
    query = {"measures": ["sales.revenue"], "dimensions": [RETAIL]}
    for database in every_database:
        assert ask(database, query) == expected, database.dialect


def test_by_the_column_itself_beside_other_dimensions(every_database: list[Database]) -> None:
    groups = grouped(SALES, number, lambda row: row[3])
    expected = sorted(((*key, len(rows)) for key, rows in groups.items()), key=nulls_last)
    query = {
        "measures": ["sales.n"],
        "dimensions": [by("number_of_period", "sales.sold_on"), "sales.region"],
    }
    for database in every_database:
        assert sorted(ask(database, query), key=nulls_last) == expected, database.dialect


def test_facts_meet_in_a_period(every_database: list[Database]) -> None:
    sales, refunds = grouped(SALES, period), grouped([(*row, "") for row in REFUNDS], period)
    expected = [
        (*key, len(sales.get(key, [])), total(refunds[key]) if key in refunds else None)
        for key in sorted({*sales, *refunds}, key=nulls_last)
    ]
    query = {"measures": ["sales.n", "refunds.paid"], "dimensions": [RETAIL]}
    for database in every_database:
        assert ask(database, query) == expected, database.dialect


def test_several_granularities_of_one_time(every_database: list[Database]) -> None:
    groups = grouped(SALES, period, number, month)
    expected = sorted(((*key, len(rows)) for key, rows in groups.items()), key=nulls_last)
    query = {"measures": ["sales.n"], "dimensions": [RETAIL, by("number_of_period"), by("month")]}
    for database in every_database:
        assert sorted(ask(database, query), key=nulls_last) == expected, database.dialect


def test_the_last_day_of_each_period(every_database: list[Database]) -> None:
    """A stock is taken within each period that the question has."""
    expected = []
    for key, rows in grouped([row for row in SALES if row[1]], period).items():
        last = max(row[1] for row in rows)
        expected.append((*key, total([row for row in rows if row[1] == last])))
    query = {"measures": ["sales.latest"], "dimensions": [RETAIL]}
    for database in every_database:
        found = [row for row in ask(database, query) if row[1] is not None]
        assert sorted(found, key=nulls_last) == sorted(expected, key=nulls_last), database.dialect


def test_with_the_rest_of_a_question(every_database: list[Database]) -> None:
    groups = grouped([row for row in SALES if row[3] == "north"], period)
    totals = {key: total(rows) for key, rows in groups.items()}
    best = sorted(totals.items(), key=lambda item: -item[1])[:2]
    expected = [(*key, value, sum(totals.values())) for key, value in best]
    query = {
        "measures": ["sales.revenue", "total(sales.revenue)"],
        "dimensions": [RETAIL],
        "filters": ["sales.region = 'north'", "sales.revenue > 1"],
        "order_by": [{"field": "sales.revenue", "direction": "desc"}],
        "limit": 2,
    }
    for database in every_database:
        assert ask(database, query) == expected, database.dialect


def test_without_measures(every_database: list[Database]) -> None:
    query = {"measures": [], "dimensions": [by("retail_period", "sales.sold_on")]}
    expected = sorted(grouped(SALES, period), key=nulls_last)
    for database in every_database:
        assert ask(database, query) == expected, database.dialect


def refusal(calendar: Calendar | None = CALENDAR, **query: Any) -> SemanticError:
    engine = SemanticEngine.from_sources({**MODEL, "days": SPINE}, "duckdb")
    asked = {"measures": ["sales.n"], "dimensions": [RETAIL], **query}
    with pytest.raises(SemanticError) as caught:
        engine.query(asked, calendar=calendar)
    return caught.value


@pytest.mark.parametrize(
    "query",
    [
        {"measures": ["cumulative(sales.revenue)"]},
        {"measures": ["offset(sales.revenue, '1 month')"], "dimensions": [RETAIL, by("month")]},
        {"measures": ["sales.ytd"], "dimensions": [RETAIL, by("day", "sales.sold_on")]},
    ],
    ids=["cumulative", "offset", "to date"],
)
def test_what_looks_at_another_time(query: dict[str, Any]) -> None:
    stated = CALENDAR.model_dump() | {"fiscal_year_start": "april"}
    error = refusal(Calendar.model_validate(stated), **query)
    assert "'Retail_Period' is a period of your own" in error.message
    assert error.fix == "Ask for it by day, week, month, quarter or year."


def test_what_needs_every_period() -> None:
    error = refusal(fill=True)
    assert error.message == "fill: periods of your own are not made: metric_time:Retail_Period."


def test_names() -> None:
    error = refusal(dimensions=[by("retail_perod")])
    assert "'retail_perod' is not a granularity." in error.message
    assert error.message.endswith("quarter, year, Retail_Period, number_of_period.")
    assert error.suggestions == ["Retail_Period"]
    assert "needs a time column" in refusal(dimensions=[by("retail_period", "sales.price")]).message
    assert "not a granularity" in refusal(None).message


def test_a_column_that_is_not_there() -> None:
    stated = CALENDAR.model_dump()
    stated["time_spine"]["custom_granularities"][0]["column"] = "perod"
    calendar = Calendar.model_validate(stated)
    error = refusal(calendar)
    assert error.message.startswith("granularity 'Retail_Period' in ktx.yaml: Column 'perod'")
    assert "period" in error.suggestions
    engine = SemanticEngine.from_sources({**MODEL, "days": SPINE}, "duckdb")
    report = engine.validate(calendar=calendar)
    assert "time_spine" in [item.code for item in report.findings]


@pytest.mark.parametrize("names", [("month",), ("Hour",), ("a", "A")])
def test_names_that_mean_something_else(names: tuple[str, ...]) -> None:
    stated = [{"name": name, "column": "period"} for name in names]
    spine = {"source": "days", "column": "day", "custom_granularities": stated}
    with pytest.raises(ValidationError):
        Calendar.model_validate({"time_spine": spine})


def test_explained() -> None:
    engine = SemanticEngine.from_sources({**MODEL, "days": SPINE}, "duckdb")
    query = {"measures": ["sales.n"], "dimensions": [RETAIL]}
    text = str(engine.explain(query, calendar=CALENDAR))
    assert "Retail_Period is what days.period has for the day of a row (time_spine)" in text
