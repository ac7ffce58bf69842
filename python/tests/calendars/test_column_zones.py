"""Times without a zone that mean UTC, and local ones: on days of 23 and of 25 hours too."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calendars.shop import by
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.models import SourceColumn
from semantic_layer.times.calendar import Calendar
from support.databases import Database, Table, of_dialect
from verify.asking import verified

ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"]
GRAINS = ["hour", "day", "week", "month", "fiscal_year"]
CALENDAR = Calendar(week_start="sunday", fiscal_year_start="april")
# The first and last half hours of the days on which New York, Berlin and Lord Howe turn their
# clocks, in March, April, October and November, and of a leap day and a new year.
_DAYS = [
    *("2024-02-29", "2024-03-10", "2024-03-31", "2024-04-07", "2024-10-06", "2024-10-27"),
    *("2024-11-03", "2024-12-31", "2025-01-01"),
]
CLOCKS = sorted(
    datetime.fromisoformat(day) + timedelta(hours=hours, minutes=minutes)
    for day in _DAYS
    for hours in (-8, -5, -1, 0, 1, 2, 3, 4, 5, 9, 18, 23, 28)
    for minutes in (0, 30)
)
ROWS = [(n, str(clock), n) for n, clock in enumerate(CLOCKS)] + [(999, None, 7)]
TABLE: Table = ("id INT, seen TIMESTAMP, v INT", ROWS)


def model(means: str | None, **more: Any) -> dict[str, Any]:
    seen = {"name": "seen", "type": "time", "zone": means, **more}
    columns = [{"name": "id", "type": "number"}, seen, {"name": "v", "type": "number"}]
    source = {"name": "events", "table": "events", "grain": ["id"], "columns": columns}
    measures = [
        {"name": "total", "expr": "sum(v)"},
        {"name": "mtd", "cumulative": {"of": "total", "to_grain": "month"}},
    ]
    return {"events": {**source, "measures": measures, "default_time_dimension": "seen"}}


@pytest.fixture
def zoned(databases: list[Database]) -> Iterator[list[Database]]:
    """Give the databases that have zones; their sessions are in UTC again after the test."""
    yield [database for database in databases if database.has_zones]
    for database in databases:
        database.set_zone("UTC")


def rows(database: Database, zone: str, sources: dict[str, Any], **query: Any) -> list[Any]:
    engine = SemanticEngine.from_sources(sources, database.dialect)
    asked = {"measures": ["events.total"], "timezone": zone, **query}
    result = engine.query(asked, calendar=CALENDAR)
    database.load({"events": TABLE})
    database.set_zone(zone)
    return [tuple(map(_short, row)) for row in database.rows(result.sql)]


def _short(value: Any) -> Any:
    return value.removesuffix(" 00:00:00") if isinstance(value, str) else value


def start(clock: datetime, grain: str) -> str:
    """Return the start of a period, as a calendar on a wall and a clock beside it have it."""
    if grain == "hour":
        return str(clock.replace(minute=0)).removesuffix(" 00:00:00")
    day = clock.replace(hour=0, minute=0)
    while not (
        grain == "day"
        or (grain == "week" and day.strftime("%a") == "Sun")
        or (grain == "month" and day.day == 1)
        or (grain == "fiscal_year" and (day.month, day.day) == (4, 1))
    ):
        day -= timedelta(days=1)
    return str(day.date())


def shown(clock: datetime, zone: str) -> datetime:
    """Return what a clock in the zone shows when one in UTC shows this."""
    return clock.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def totals(clocks: list[datetime], grain: str) -> list[tuple[str | None, int]]:
    found: dict[str | None, int] = {}
    for n, clock in enumerate(clocks):
        found[start(clock, grain)] = found.get(start(clock, grain), 0) + n
    return [*sorted(found.items(), key=lambda item: str(item[0])), (None, 7)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("grain", GRAINS)
def test_what_means_utc_is_cut_in_the_zone_of_the_question(
    zoned: list[Database], zone: str, grain: str
) -> None:
    expected = totals([shown(clock, zone) for clock in CLOCKS], grain)
    for database in zoned:
        found = rows(database, zone, model("utc"), dimensions=[by(grain, "events.seen")])
        assert found == expected, database.dialect


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("grain", GRAINS)
def test_what_is_local_is_never_converted(zoned: list[Database], zone: str, grain: str) -> None:
    expected = totals(CLOCKS, grain)
    for database in zoned:
        if database.dialect != "clickhouse":
            found = rows(database, zone, model("local"), dimensions=[by(grain, "events.seen")])
            assert found == expected, database.dialect


@pytest.mark.parametrize("zone", ZONES)
def test_a_filter_is_read_in_the_zone_too(zoned: list[Database], zone: str) -> None:
    bound = datetime(2024, 11, 3)
    within = "events.seen >= '2024-11-03' AND events.seen < '2024-11-04'"
    for means in ("utc", "local"):
        clocks = [shown(c, zone) if means == "utc" else c for c in CLOCKS]
        expected = sum(n for n, c in enumerate(clocks) if bound <= c < bound + timedelta(1))
        for database in zoned:
            if (database.dialect, means) != ("clickhouse", "local"):
                found = rows(database, zone, model(means), filters=[within])
                assert found == [(expected,)], (database.dialect, means)


def test_a_day_of_any_length_is_one_day_of_a_window(zoned: list[Database]) -> None:
    zone = "America/New_York"
    days = [shown(clock, zone).date() for clock in CLOCKS]
    november = [day for day in days if (day.year, day.month) == (2024, 11)]
    expected = []
    for number in range((max(november) - min(november)).days + 1):
        day = min(november) + timedelta(days=number)
        own = [n for n, other in enumerate(days) if other == day]
        so_far = sum(
            n for n, other in enumerate(days) if november[0].replace(day=1) <= other <= day
        )
        expected.append((str(day), sum(own) if own else None, so_far))
    within = f"metric_time >= '{min(november)}' AND metric_time < '{max(november) + timedelta(1)}'"
    for database in zoned:
        found = rows(
            database, zone, model("utc"), measures=["events.total", "events.mtd"],
            dimensions=[by("day")], filters=[within], fill=True,
        )  # fmt: skip
        assert found == expected, database.dialect


@pytest.mark.parametrize("means", ["utc", "local"])
def test_in_utc_both_are_as_they_stand_on_every_database(
    every_database: list[Database], means: str
) -> None:
    for database in every_database:
        if (database.dialect, means) != ("clickhouse", "local"):
            sources = model(means)
            engine = SemanticEngine.from_sources(sources, database.dialect)
            query = {"measures": ["events.total"], "dimensions": [by("day", "events.seen")]}
            database.load({"events": TABLE})
            found = [tuple(map(_short, row)) for row in database.rows(engine.query(query).sql)]
            assert found == totals(CLOCKS, "day"), database.dialect


def test_it_is_verified(zoned: list[Database]) -> None:
    query = {"measures": ["events.total"], "dimensions": [by("day", "events.seen")]}
    for database in zoned:
        if database.dialect not in ("duckdb", "postgres"):
            continue
        database.load({"events": TABLE})
        database.set_zone("Asia/Kolkata")
        for means in ("utc", "local"):
            verdict = verified(database, model(means), query, timezone="Asia/Kolkata")
            assert (verdict.outcome, verdict.reason) == ("equal", None), (database, verdict)


def test_nothing_stated_is_as_it_was() -> None:
    query = {"measures": ["events.total"], "dimensions": [by("day", "events.seen")]}
    for dialect in ("postgres", "mysql", "trino", "spark", "snowflake", "clickhouse"):
        engine = SemanticEngine.from_sources(model(None), dialect)
        sql = engine.query({**query, "timezone": "Asia/Kolkata"}).sql
        assert "UTC" not in sql
        assert "Kolkata" not in sql or dialect in ("trino", "clickhouse")


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        ("postgres", "events.seen AT TIME ZONE 'UTC'"),
        ("redshift", "events.seen AT TIME ZONE 'UTC'"),
        ("mysql", "CONVERT_TZ(events.seen, '+00:00', 'Asia/Kolkata')"),
        ("snowflake", "CONVERT_TIMEZONE('UTC', 'Asia/Kolkata', events.seen)"),
        ("databricks", "CONVERT_TIMEZONE('UTC', 'Asia/Kolkata', events.seen)"),
        ("trino", "AT_TIMEZONE(WITH_TIMEZONE(events.seen, 'UTC'), 'Asia/Kolkata')"),
    ],
)
def test_how_it_is_written(dialect: str, written: str) -> None:
    query = {"measures": ["events.total"], "dimensions": [by("day", "events.seen")]}
    engine = SemanticEngine.from_sources(model("utc"), dialect)
    assert written in engine.query({**query, "timezone": "Asia/Kolkata"}).sql


@pytest.mark.parametrize("dialect", ["sqlite", "bigquery", "tsql"])
def test_databases_without_zones_refuse_the_zone(dialect: str) -> None:
    query = {"measures": ["events.total"], "dimensions": [by("day", "events.seen")]}
    with pytest.raises(SemanticError, match="so times are not cut in Asia/Kolkata"):
        SemanticEngine.from_sources(model("utc"), dialect).query(
            {**query, "timezone": "Asia/Kolkata"}
        )


def test_clickhouse_has_no_local_times() -> None:
    query = {"measures": ["events.total"], "dimensions": [by("day", "events.seen")]}
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(model("local"), "clickhouse").query(query)
    assert "each time of ClickHouse is an instant" in caught.value.message
    assert caught.value.path == ["columns", 1, "zone"]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"type": "number", "zone": "utc"}, "'zone' is of times"),
        ({"type": "time", "zone": "utc", "storage": "unix"}, "has 'storage' and 'zone'"),
        ({"type": "time", "zone": "Europe/Berlin"}, "zone"),
    ],
)
def test_a_zone_that_a_column_cannot_have(column: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SourceColumn.model_validate({"name": "at", **column})


@pytest.mark.parametrize(
    ("means", "words"), [("utc", "its times are of UTC, read in Asia/Kolkata"), ("local", "local")]
)
def test_an_explanation_says_what_times_mean(means: str, words: str) -> None:
    engine = SemanticEngine.from_sources(model(means), "postgres")
    query = {"measures": ["events.total"], "dimensions": [by("day", "events.seen")]}
    plan = engine.plan_only({**query, "timezone": "Asia/Kolkata"})
    assert words in json.dumps(engine.explain_plan(plan).as_json())


@pytest.fixture
def mariadb_with_zones(every_database: list[Database]) -> Iterator[Database]:
    """Give MariaDB with its tables of zones, which a server has when they were loaded."""
    database = of_dialect(every_database, "mysql")
    database.run(["USE mysql"])
    for zone in ZONES[1:]:
        database.run([f"DELETE FROM time_zone_name WHERE Name = '{zone}'"])
        command = ["mysql_tzinfo_to_sql", f"/usr/share/zoneinfo/{zone}", zone]
        script = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = script[script.index("INSERT INTO time_zone (") :].split(";\n")
        database.run([part for part in rows if part.startswith(("INSERT", "SET @time_zone_id"))])
    database.run(["USE rows_checked"])
    yield database
    database.run(["SET time_zone = '+00:00'"])


@pytest.mark.parametrize("means", ["utc", "local"])
def test_mysql_with_its_tables_of_zones(mariadb_with_zones: Database, means: str) -> None:
    database = mariadb_with_zones
    for zone in ZONES[1:]:
        clocks = [shown(c, zone) if means == "utc" else c for c in CLOCKS]
        # Its TIMESTAMP is a moment, its DATETIME has no zone.
        database.load({"events": (TABLE[0].replace("TIMESTAMP", "DATETIME"), ROWS)})
        database.run([f"SET time_zone = '{zone}'"])
        engine = SemanticEngine.from_sources(model(means), "mysql")
        for grain in GRAINS:
            query = {"measures": ["events.total"], "dimensions": [by(grain, "events.seen")]}
            result = engine.query({**query, "timezone": zone}, calendar=CALENDAR)
            found = [tuple(map(_short, row)) for row in database.rows(result.sql)]
            assert found == totals(clocks, grain), (zone, grain)
