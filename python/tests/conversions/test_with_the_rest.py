"""Conversions beside what else a model and a question can say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from conversions.hand import WORLD, asked, conversion
from conversions.measures import MONTH
from conversions.world import model, tables
from semantic_layer import SemanticEngine
from semantic_layer.verify.verification import UNCHECKED
from support.asking import Asker
from support.databases import Database, Table
from support.explaining import explain
from verify.asking import verified

CHANNEL = ("visits.channel",)
MONTHLY = {"field": "metric_time", "granularity": "month"}
COUNT = {
    "base": "visit_count",
    "conversion": "orders.order_count",
    "window": "7 days",
    "entity": {"base": "person_id", "conversion": "buyer_id"},
    "calculate": "count",
}
RATE = {**COUNT, "calculate": "rate"}


def sources(*measures: dict[str, Any]) -> dict[str, Any]:
    """Return the model with the rate and the count of orders within 7 days, and more measures."""
    found = model(asked(conversion()))
    found["visits"]["measures"] = [
        {"name": "visit_count", "expr": "count(*)"},
        {"name": "rate", "conversion": RATE},
        {"name": "n", "conversion": COUNT},
        *measures,
    ]
    return found


class Conversions:
    """Asks every database, and says the rows that all of them give."""

    def __init__(self, databases: list[Database]) -> None:
        self._each = [Asker([database]) for database in databases]

    def __call__(self, *names: Any, by: Any = CHANNEL, **rest: Any) -> Any:
        options = {"include_empty": False, "model": sources(), **rest}
        answers = []
        for ask in self._each:
            # Each has its own types of times.
            loaded = tables(WORLD, ask.databases[0].dialect)
            rows = ask(*names, by=by, tables=loaded, **options)
            answers.append([tuple(map(_shown, row)) for row in rows])
        assert all(answer == answers[0] for answer in answers), answers
        return answers[0]

    @property
    def warnings(self) -> list[str]:
        """The codes of the warnings of the last answer."""
        return self._each[0].warnings


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return value.removesuffix(" 00:00:00")
    return round(value, 6) if isinstance(value, float) else value


@pytest.fixture
def converted(every_database: list[Database]) -> Conversions:
    return Conversions(every_database)


def test_a_filter_that_only_another_fact_sees_is_told(converted: Conversions) -> None:
    found = converted("visits.n", "orders.order_count", by=("people.region",),
                      filters=["orders.status = 'paid'"])  # fmt: skip
    assert found == [("east", 0, 1), ("north", 2, 2), ("south", 2, 3), (None, 0, 3)]
    assert converted.warnings == ["filter_partial"]


def test_segments_of_the_question_are_of_both_measures(converted: Conversions) -> None:
    found = sources()
    found["orders"]["segments"] = [{"name": "dear", "expr": "amount >= 20"}]
    found["visits"]["segments"] = [{"name": "deep", "expr": "pages > 3"}]
    assert converted("visits.n", model=found, segments=["orders.dear"]) == [
        ("ads", 1), ("mail", 1), (None, 0)
    ]  # fmt: skip
    both = ["orders.dear", "visits.deep"]
    assert converted("visits.n", "visits.rate", model=found, segments=both) == [
        ("ads", 1, 0.5), ("mail", 1, 0.5), (None, 0, None)
    ]  # fmt: skip


def test_what_is_made_of_it(converted: Conversions) -> None:
    found = sources(
        {"name": "percent", "expr": "100 * rate"},
        {"name": "of_ads", "expr": "n * 1", "filter": "channel = 'ads'"},
        {"name": "left_over", "expr": "visit_count - n"},
        {"name": "filled", "conversion": RATE, "filter": "pages > 4", "fill_nulls_with": -1},
    )
    percent = [round(100 * value, 6) for value in (0.2, 2 / 3, 1)]
    rates = [round(value, 6) for value in (0.2, 2 / 3, 1)]
    assert converted("visits.percent", model=found) == [
        *zip(("ads", "mail", None), rates, percent, strict=True)
    ]
    # A filter of the model decides before: without visits by mail, ads have orders 1, 4 and 5.
    assert converted("visits.of_ads", model=found) == [("ads", 3), ("mail", 0), (None, 0)]
    assert converted("visits.left_over", model=found) == [
        ("ads", 5, 1, 4), ("mail", 3, 2, 1), (None, 1, 1, 0)
    ]  # fmt: skip
    assert converted("visits.filled", model=found) == [("ads", 0), ("mail", 1), (None, -1)]


def test_it_may_be_declared_beside_the_conversion_or_anywhere(converted: Conversions) -> None:
    found = sources()
    stated = {**COUNT, "base": "visits.visit_count"}
    of_ads = {"name": "n", "conversion": stated, "filter": "channel = 'ads'", "segments": ["deep"]}
    found["visits"]["segments"] = [{"name": "deep", "expr": "pages > 3"}]
    for source, conversion_ in (("orders", "order_count"), ("people", "orders.order_count")):
        found[source]["measures"].append(
            {**of_ads, "conversion": {**stated, "conversion": conversion_}}
        )
        # Filter and segments are those of base rows: of the deep visits by ads, the visit 4.
        assert converted(f"{source}.n", model=found) == [("ads", 2), ("mail", 0), (None, 0)]


def test_order_limit_top_and_arithmetic_of_the_question(converted: Conversions) -> None:
    best = {"order_by": [{"field": "visits.rate", "direction": "desc"}]}
    assert converted("visits.rate", **best, limit=2) == [(None, 1), ("mail", round(2 / 3, 6))]
    assert converted("visits.n", top=1) == [("mail", 2)]
    share = {"expr": "visits.n / total(visits.n)", "name": "share"}
    assert converted(share) == [("ads", 0.25), ("mail", 0.5), (None, 0.25)]
    assert converted("visits.n", filters=["visits.n > 1"]) == [("mail", 2)]


def test_every_period_is_shown(converted: Conversions) -> None:
    found = sources({"name": "filled", "conversion": RATE, "fill_nulls_with": 0})
    wanted = ["metric_time >= '2024-02-01'", "metric_time < '2024-07-01'"]
    rows = converted("visits.n", "visits.rate", by=(MONTHLY,), fill=True, filters=wanted,
                     model=found)  # fmt: skip
    two_of_three = round(2 / 3, 6)
    assert rows == [
        ("2024-02-01", 2, two_of_three), ("2024-03-01", 0, 0), ("2024-04-01", 0, 0),
        ("2024-05-01", 0, None), ("2024-06-01", 0, None),
    ]  # fmt: skip
    assert converted("visits.n", by=(MONTHLY,), fill=True, filters=wanted) == [
        row[:2] for row in rows
    ]


def test_beside_measures_over_time(converted: Conversions) -> None:
    rows = converted("visits.n", "cumulative(visits.visit_count)", by=(MONTHLY,))
    assert rows == [
        ("2024-01-01", 2, 3), ("2024-02-01", 2, 6), ("2024-03-01", 0, 7), ("2024-04-01", 0, 8),
        (None, 0, 0),
    ]  # fmt: skip


def test_rows_of_the_many_side_in_filters(converted: Conversions) -> None:
    found = sources({"name": "of_buyers", "conversion": {**COUNT, "conversion": "orders.packed"},
                     "filter": "any(visit_notes)"})  # fmt: skip
    found["orders"]["measures"].append(
        {"name": "packed", "expr": "count(*)", "filter": "any(items, quantity > 2)"}
    )
    found["visit_notes"] = {
        "name": "visit_notes", "table": "items", "grain": ["id"],
        "columns": [{"name": "id", "type": "number"}, {"name": "quantity", "type": "number"}],
        "joins": [{"to": "visits", "on": "quantity = visits.id", "relationship": "many_to_one"}],
    }  # fmt: skip
    # Noted are the visits 2, 3, 4, 5, 6 and 9; packed are the orders 2, 5 and 7.
    assert converted("visits.of_buyers", model=found) == [("ads", 1), ("mail", 1), (None, 0)]
    # Asked in the question, it decides after.
    noted = ["any(visit_notes, visit_notes.quantity < 5)"]
    assert converted("visits.n", model=found, filters=noted) == [("ads", 1), ("mail", 2)]


@pytest.mark.parametrize(
    "name", ["orders_to_give", "visits_before_orders", "visits_converted", "entity", "place"]
)
def test_a_source_or_a_column_called_like_a_part_of_it(converted: Conversions, name: str) -> None:
    found = sources()
    lookup = {**found.pop("people"), "name": name}
    for source, key in (("visits", "person_id"), ("orders", "buyer_id")):
        on = f"{key} = {name}.id"
        found[source]["joins"] = [{"to": name, "on": on, "relationship": "many_to_one"}]
    found[name] = lookup
    for computed in (name, "passes", "row_of_entity", "converted_at"):
        column = {"name": computed, "type": "string", "expr": "channel"}
        found["visits"]["columns"].append(column)
    found["orders"]["columns"].append({"name": "place", "type": "number", "expr": "amount"})
    found["orders"]["measures"].append({"name": "sum_of_place", "expr": "sum(place)"})
    stated = {**COUNT, "conversion": "orders.sum_of_place"}
    found["visits"]["measures"].append({"name": "places", "conversion": stated})
    rows = converted("visits.n", "visits.places", by=(f"visits.{name}", "visits.passes"),
                     model=found, filters=[f"{name}.region = 'north'"])  # fmt: skip
    assert rows == [("ads", "ads", 0, None), ("mail", "mail", 2, 30)]


def test_times_that_are_kept_as_numbers(every_database: list[Database]) -> None:
    columns = [{"name": "id", "type": "number"}, {"name": "who", "type": "number"}]
    number = {"name": "moment", "type": "time", "storage": "unix"}
    text = {"name": "moment", "type": "time", "storage": "text"}
    found: dict[str, Any] = {
        name: {"name": name, "table": name, "grain": ["id"], "columns": [*columns, time],
               "default_time_dimension": "moment", "measures": [{"name": "n", "expr": "count(*)"}]}
        for name, time in (("seen", number), ("bought", text))
    }  # fmt: skip
    for name, window in (("days", "1 day"), ("months", "1 month")):
        stated = {"base": "n", "conversion": "bought.n", "entity": "who", "window": window}
        measure = {"name": name, "conversion": {**stated, "calculate": "count"}}
        found["seen"]["measures"].append(measure)
    start = 1706659200  # 2024-01-31 00:00:00 in UTC
    loaded: dict[str, Table] = {
        "seen": ("id INT, who INT, moment BIGINT", [(1, 1, start), (2, 2, start - 86400)]),
        "bought": ("id INT, who INT, moment VARCHAR(30)", [
            (1, 1, "2024-01-31 23:59:59"), (2, 1, "2024-02-01 00:00:00"),
            (3, 1, "2024-02-28 23:59:59"), (4, 1, "2024-02-29 00:00:00"),
            (5, 2, "2024-02-28 23:59:59.5"), (6, 2, "2024-01-30 00:00:00"),
        ]),
    }  # fmt: skip
    ask = Asker(every_database)
    answer = ask("seen.days", "seen.months", by=("seen.id",), model=found, tables=loaded,
                 include_empty=False)  # fmt: skip
    assert answer == [(1, 1, 3), (2, 1, 2)]


@pytest.fixture
def zoned(databases: list[Database]) -> Iterator[list[Database]]:
    """Give the databases that have time zones; their sessions are in UTC again after the test."""
    yield [database for database in databases if database.has_zones]
    for database in databases:
        database.set_zone("UTC")


@pytest.mark.parametrize(("zone", "count"), [("UTC", 0), ("America/New_York", 1)])
def test_a_day_is_one_of_the_stated_zone(zoned: list[Database], zone: str, count: int) -> None:
    """In New York the night of 1 November 2026 has an hour more: a day later is 25 hours later."""
    columns = [{"name": "id", "type": "number"}, {"name": "moment", "type": "time"}]
    stated = {"base": "n", "conversion": "bought.n", "entity": "id", "window": "1 day",
              "calculate": "count"}  # fmt: skip
    found: dict[str, Any] = {
        name: {"name": name, "table": name, "grain": ["id"], "columns": columns,
               "default_time_dimension": "moment", "measures": [{"name": "n", "expr": "count(*)"}]}
        for name in ("seen", "bought")
    }  # fmt: skip
    found["seen"]["measures"].append({"name": "converted", "conversion": stated})
    loaded: dict[str, Table] = {
        "seen": ("id INT, moment TIMESTAMPTZ", [(1, "2026-11-01 03:00:00+00")]),
        "bought": ("id INT, moment TIMESTAMPTZ", [(1, "2026-11-02 03:30:00+00")]),
    }
    for database in zoned:
        asking = {"measures": ["seen.converted"], "timezone": zone}
        result = SemanticEngine.from_sources(found, database.dialect).query(asking)
        database.load(loaded)
        database.set_zone(zone)
        assert database.rows(result.sql) == [(count,)], database.dialect


def test_the_plan_says_whose_rows_are_read() -> None:
    engine = SemanticEngine.from_sources(sources(), "duckdb")
    asking = {"measures": ["visits.rate", "visits.n"], "dimensions": ["visits.channel"]}
    plan = engine.query(asking).plan
    assert plan.sources_used == ["orders", "visits"]
    assert (plan.anchor_source, plan.has_fan_out) == ("visits", False)
    assert [item.expr for item in plan.measures] == [
        "CONVERTED(COUNT(*)) / NULLIF(COUNT(*), 0)", "CONVERTED(COUNT(*))"
    ]  # fmt: skip
    assert [item.source_name for item in plan.measures] == ["visits", "visits"]


def test_it_is_explained() -> None:
    filtered = {"name": "of_ads", "conversion": RATE, "filter": "channel = 'ads'"}
    found = sources(filtered)
    found["orders"]["measures"][0]["filter"] = "people.region = 'north'"
    told = explain("visits.of_ads", by=CHANNEL, sources=found, filters=["visits.pages > 1"])
    given = told.below("Aggregate orders at the rows of visits, by visits.channel")
    assert given[:4] == [
        "each row of orders is given to the latest row of visits before or at it with "
        "visits.person_id = orders.buyer_id, less than 7 days earlier (visits.seen_at to "
        "orders.ordered_at), or to none",
        "of several at one moment, to the first by id",
        "rows of visits take part only where visits.channel = 'ads'",
        "rows of orders take part only where people.region = 'north'",
    ]
    assert "filters of the question choose rows of visits after that" in given
    assert any(line.startswith("join people on orders.buyer_id") for line in given)
    assert "row filter: visits.pages > 1" in given
    assert (
        "Merge visits (conversions) and visits: UNION ALL, then grouped again by visits.channel"
        in (told.lines())
    )
    assert told.below("visits.of_ads = conversion(visit_count, orders.order_count") == [
        "its own filter: only rows where channel = 'ads'",
        "a rate: orders.order_count, of the rows that are given to rows of visit_count, divided by "
        "visit_count; NULL where that is 0",
    ]
    assert "a number of conversions" in " ".join(explain("visits.n", sources=sources()).lines())


def test_a_model_is_checked() -> None:
    good = SemanticEngine.from_sources(sources(), "postgres").validate()
    assert (good.valid, good.errors) == (True, [])
    stated = {**RATE, "window": "7"}
    bad = SemanticEngine.from_sources(sources({"name": "bad", "conversion": stated}), "postgres")
    finding = next(item for item in bad.validate().findings if item.severity == "error")
    assert "'7' is not a duration" in finding.message
    assert finding.location is not None
    assert finding.location.path == ["measures", 3, "conversion", "window"]
    twice = SemanticEngine.from_sources(sources({"name": "again", "conversion": RATE}), "postgres")
    assert any("same expression" in item.message for item in twice.validate().findings)


@pytest.mark.parametrize(
    ("dialect", "end"),
    [
        ("bigquery", "DATETIME_ADD(CAST(visits.seen_at AS DATETIME), INTERVAL 1 MONTH)"),
        ("snowflake", "DATEADD(MONTH, 1, visits.seen_at)"),
        ("tsql", "DATEADD(MONTH, 1, visits.seen_at)"),
        ("redshift", "visits.seen_at + INTERVAL '1 MONTH'"),
        ("databricks", "visits.seen_at + INTERVAL '1' MONTH"),
        ("mysql", "DATE_ADD(visits.seen_at, INTERVAL 1 MONTH)"),
    ],
)
def test_databases_that_are_not_asked_here(dialect: str, end: str) -> None:
    question = asked(conversion(window=MONTH))
    result = SemanticEngine.from_sources(model(question), dialect).query(question.query())
    text = " ".join(result.sql.replace("`", "").replace("[", "").replace("]", "").split())
    assert end in text.replace("( ", "(").replace(" )", ")")


def test_an_answer_of_it_is_not_verified(databases: list[Database]) -> None:
    for database in databases:
        database.load(tables(WORLD, database.dialect))
        verdict = verified(database, sources(), {"measures": ["visits.rate"]})
        assert verdict.outcome == UNCHECKED
        assert "a conversion" in str(verdict)
