"""Rule 24: instants are cut in a stated zone, and a DATE stays a date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database, Row, Table

EVENTS: dict[str, Any] = {
    "name": "events",
    "table": "events",
    "grain": ["id"],
    "columns": [
        {"name": "id", "type": "number"},
        {"name": "place", "type": "number"},
        {"name": "tz", "type": "time"},
        {"name": "d", "type": "time"},
        {"name": "s", "type": "time", "storage": "unix"},
        {"name": "iso", "type": "time", "storage": "text"},
        {"name": "v", "type": "number"},
    ],
    "joins": [{"to": "places", "on": "place = places.id", "relationship": "many_to_one"}],
    "measures": [{"name": "total", "expr": "sum(v)"}],
}
PLACES: dict[str, Any] = {
    "name": "places",
    "table": "places",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number"}, {"name": "name", "type": "string"}],
}
MODEL = {"events": EVENTS, "places": PLACES}
# 1 February 12:00, 1 March 2:00 and 31 March 20:00, all of UTC; the dates are what they are.
TABLE: Table = (
    "id INT, place INT, tz TIMESTAMPTZ, d DATE, s BIGINT, iso TEXT, v INT",
    [
        (1, 1, "2026-02-01 12:00:00+00", "2026-02-01", 1769947200, "2026-02-01T12:00:00Z", 2),
        (2, 1, "2026-03-01 02:00:00+00", "2026-03-01", 1772330400, "2026-03-01T02:00:00Z", 1),
        (3, 1, "2026-03-31 20:00:00+00", "2026-03-31", 1774987200, "2026-03-31T20:00:00Z", 4),
    ],
)
UTC_MONTHS = [("2026-02-01", 2), ("2026-03-01", 5)]
MONTHS = {
    "UTC": UTC_MONTHS,
    "America/New_York": [("2026-02-01", 3), ("2026-03-01", 4)],
    "Asia/Tokyo": [("2026-02-01", 2), ("2026-03-01", 1), ("2026-04-01", 4)],
}


@pytest.fixture
def zoned(databases: list[Database]) -> Iterator[list[Database]]:
    """Give the databases that have time zones; their sessions are in UTC again after the test."""
    yield [database for database in databases if database.has_zones]
    for database in databases:
        database.set_zone("UTC")


def answers(
    databases: list[Database], query: dict[str, Any], connection: str | None = None
) -> list[Row]:
    """Return the rows that all databases give, each in a session of the zone that the plan says."""
    found = []
    for database in databases:
        database.load({"events": TABLE, "places": ("id INT, name TEXT", [(1, "here")])})
        result = SemanticEngine.from_sources(MODEL, database.dialect).query(query, connection)
        database.set_zone(result.timezone)
        found.append(database.rows(result.sql))
    assert all(rows == found[0] for rows in found), found
    return found[0]


@pytest.mark.parametrize("zone", MONTHS)
@pytest.mark.parametrize("column", ["tz", "s", "iso"])
def test_a_month_is_one_of_the_stated_zone(zoned: list[Database], zone: str, column: str) -> None:
    by = [{"field": f"events.{column}", "granularity": "month"}]
    query = {"measures": ["events.total"], "dimensions": by, "timezone": zone}
    assert answers(zoned, query) == MONTHS[zone]


@pytest.mark.parametrize("zone", MONTHS)
def test_a_date_is_the_same_in_every_zone(zoned: list[Database], zone: str) -> None:
    for granularity, rows in (
        ("month", UTC_MONTHS),
        ("day", [("2026-02-01", 2), ("2026-03-01", 1), ("2026-03-31", 4)]),
    ):
        by = [{"field": "events.d", "granularity": granularity}]
        query = {"measures": ["events.total"], "dimensions": by, "timezone": zone}
        assert answers(zoned, query) == rows


def test_hours_are_those_of_the_zone_and_have_none_themselves(zoned: list[Database]) -> None:
    by = [{"field": "events.tz", "granularity": "hour"}]
    query = {"measures": ["events.total"], "dimensions": by, "timezone": "Asia/Tokyo"}
    rows = answers(zoned, query)
    assert [row[0] for row in rows] == [
        "2026-02-01 21:00:00",
        "2026-03-01 11:00:00",
        "2026-04-01 05:00:00",
    ]


@pytest.mark.parametrize(
    ("granularity", "start"),
    [
        ("second", "2026-03-29 02:30:15"),
        ("minute", "2026-03-29 02:30:00"),
        ("hour", "2026-03-29 02:00:00"),
        ("day", "2026-03-29"),
    ],
)
def test_a_time_without_a_zone_keeps_an_hour_that_the_zone_skips(
    zoned: list[Database], granularity: str, start: str
) -> None:
    model = {**EVENTS, "columns": [{"name": "id", "type": "number"}, {"name": "t", "type": "time"}]}
    model |= {"joins": [], "measures": [{"name": "n", "expr": "count(*)"}]}
    table: Table = ("id INT, t TIMESTAMP", [(1, "2026-03-29 02:30:15.25")])
    by = [{"field": "events.t", "granularity": granularity}]
    query = {"measures": ["events.n"], "dimensions": by, "timezone": "Europe/Berlin"}
    for database in zoned:
        if database.dialect in ("duckdb", "postgres", "spark"):
            database.load({"events": table})
            planned = SemanticEngine.from_sources({"events": model}, database.dialect)
            database.set_zone("Europe/Berlin")
            assert database.rows(planned.query(query).sql) == [(start, 1)], database.dialect


@pytest.mark.parametrize(("zone", "total"), [("UTC", 5), ("America/New_York", 4)])
def test_a_filter_s_text_is_read_in_the_zone(zoned: list[Database], zone: str, total: int) -> None:
    for column in ("tz", "s", "iso"):
        filters = [f"events.{column} >= '2026-03-01'"]
        query = {"measures": ["events.total"], "filters": filters, "timezone": zone}
        assert answers(zoned, query) == [(total,)]


def zone_of(model: dict[str, Any], connection: str | None = None, **rest: Any) -> str:
    query = {"measures": ["events.total"], "dimensions": ["places.name"], **rest}
    return SemanticEngine.from_sources(model, "postgres").query(query, connection).timezone


def stating(events: str | None, places: str | None) -> dict[str, Any]:
    return {"events": EVENTS | {"timezone": events}, "places": PLACES | {"timezone": places}}


def test_the_question_comes_first_then_the_sources_then_the_connection() -> None:
    berlin, tokyo = "Europe/Berlin", "Asia/Tokyo"
    assert zone_of(MODEL) == "UTC"
    assert zone_of(MODEL, tokyo) == tokyo
    assert zone_of(stating(berlin, None), tokyo) == berlin
    assert zone_of(stating(None, berlin), tokyo) == berlin
    assert zone_of(stating(berlin, berlin), tokyo, timezone="Etc/UTC") == "UTC"


def test_sources_of_different_zones_need_a_question_that_decides() -> None:
    model = stating("Europe/Berlin", "Asia/Tokyo")
    with pytest.raises(
        SemanticError, match="different time zones: 'events' Europe/Berlin"
    ) as caught:
        zone_of(model)
    assert "--timezone" in str(caught.value.fix)
    assert zone_of(model, timezone="Asia/Tokyo") == "Asia/Tokyo"


@pytest.mark.parametrize("name", ["Europe/Berln", "CET'; DROP TABLE x", "+02:00", "", "../etc/x"])
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(SemanticError, match="is not a time zone"):
        zone_of(MODEL, timezone=name)


def test_a_zone_s_name_is_suggested() -> None:
    with pytest.raises(SemanticError) as caught:
        zone_of(MODEL, timezone="europe/berln")
    assert "Europe/Berlin" in caught.value.suggestions


@pytest.mark.parametrize("dialect", ["sqlite", "bigquery", "tsql"])
def test_a_database_without_zones_says_so(dialect: str) -> None:
    query = {"measures": ["events.total"], "timezone": "Asia/Tokyo"}
    engine = SemanticEngine.from_sources(MODEL, dialect)
    with pytest.raises(SemanticError, match="so times are not cut in Asia/Tokyo") as caught:
        engine.query(query)
    assert caught.value.kind == "unsupported"
    assert engine.query(query | {"timezone": "utc"}).timezone == "UTC"
