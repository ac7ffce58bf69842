"""Rule 24: a value that cannot be read as a time is found, with an example."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.models import TimeCheck
from support import mariadb_server

COLUMNS = [
    {"name": "id", "type": "number"},
    {"name": "at", "type": "time"},
    {"name": "s", "type": "time", "storage": "unix"},
    {"name": "iso", "type": "time", "storage": "text"},
    {"name": "day", "type": "time", "expr": "date(at)"},
    {"name": "v", "type": "number"},
]
EVENTS = {
    "name": "events",
    "table": "events",
    "grain": ["id"],
    "columns": COLUMNS,
    "measures": [{"name": "total", "expr": "sum(v)"}],
}


def checks(dialect: str, model: dict[str, Any] = EVENTS, **rest: Any) -> list[TimeCheck]:
    engine = SemanticEngine.from_sources({"events": model}, dialect)
    return engine.query({"measures": ["events.total"], **rest}).checks


def by(column: str) -> dict[str, Any]:
    return {"dimensions": [{"field": f"events.{column}", "granularity": "month"}]}


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE events (id INT, at, s, iso, v INT)")
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "value",
    [
        *(1767225600, 1767225600000, 2461000.5, 2026, "1767225600", b"2026-01-01"),
        *("01/15/2026", "2026-01-15 10:00:00+00", "12:00", "now", "2026-02-30", "2026-01", ""),
    ],
)
def test_sqlite_finds_what_is_no_time(database: sqlite3.Connection, value: Any) -> None:
    database.execute("INSERT INTO events VALUES (1, '2026-01-01', 0, NULL, 1)")
    database.execute("INSERT INTO events VALUES (2, ?, 0, ?, 1)", (value, value))
    for column in ("at", "iso"):
        (check,) = checks("sqlite", **by(column))
        assert check.use == "grouped"
        assert database.execute(check.sql).fetchall() == [(value,)]


@pytest.mark.parametrize(
    "value", [None, "2026-01-01", "2026-01-01T10:00", "2026-01-01 10:00:00.123456+02:00"]
)
def test_sqlite_finds_nothing_where_all_are_times(database: sqlite3.Connection, value: Any) -> None:
    database.execute("INSERT INTO events VALUES (2, ?, 1767225600, ?, 1)", (value, value))
    for column in ("at", "s", "iso", "day"):
        for check in checks("sqlite", **by(column)):
            assert database.execute(check.sql).fetchall() == []


def test_sqlite_finds_milliseconds_that_are_said_to_be_seconds(
    database: sqlite3.Connection,
) -> None:
    database.execute("INSERT INTO events VALUES (1, NULL, 1767225600000, NULL, 1)")
    (check,) = checks("sqlite", **by("s"))
    assert (check.column, check.storage) == ("s", "unix")
    assert database.execute(check.sql).fetchall() == [(1767225600000,)]


@pytest.mark.parametrize(
    ("rest", "use"),
    [
        ({"filters": ["events.at >= '2026-01-01'"]}, "compared"),
        ({"filters": ["events.day = '2026-01-01'"]}, "compared"),
        ({"filters": ["events.v > 1", "strftime('%Y', events.at) = '2026'"]}, "compared"),
        ({"dimensions": ["events.day"]}, "grouped"),
        ({"measures": ["max(events.at)"]}, "compared"),
        ({**by("at"), "filters": ["events.at > '2026-01-01'"]}, "compared"),
    ],
)
def test_whatever_reads_a_time_is_checked(rest: dict[str, Any], use: str) -> None:
    found = {check.column: check.use for check in checks("sqlite", **rest)}
    assert found["at"] == use


@pytest.mark.parametrize(
    "rest", [{}, {"filters": ["events.at IS NULL"]}, {"dimensions": ["events.at"]}]
)
def test_what_reads_no_time_is_not_checked(rest: dict[str, Any]) -> None:
    assert checks("sqlite", **rest) == []


@pytest.mark.parametrize("dialect", ["postgres", "duckdb", "snowflake"])
def test_other_databases_refuse_such_values_themselves(dialect: str) -> None:
    assert checks(dialect, **by("at")) == []


def test_an_sql_source_is_checked_too(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO events VALUES (1, 5, 0, NULL, 1)")
    model = {key: value for key, value in EVENTS.items() if key != "table"}
    (check,) = checks("sqlite", model | {"sql": "SELECT * FROM events"}, **by("at"))
    assert database.execute(check.sql).fetchall() == [(5,)]


@pytest.fixture(scope="module")
def mysql(mariadb: Path) -> Iterator[Any]:
    connection = mariadb_server.connect(mariadb)
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE IF NOT EXISTS times")
        cursor.execute("USE times")
        yield cursor
    connection.close()


@pytest.mark.parametrize(
    ("type_", "value", "found"),
    [
        ("BIGINT", 1767225600, True),
        ("BIGINT", 20260101, True),
        ("VARCHAR(40)", "01/15/2026", True),
        ("VARCHAR(40)", "2026-01-15T10:00:00", True),
        ("VARCHAR(40)", "2026-01-15 10:00:00.5+02:00", True),
        ("VARCHAR(40)", "2026-02-30", True),
        ("VARCHAR(40)", "2026-01-15 10:00:00", False),
        ("VARCHAR(40)", "2026-01-15", False),
        ("DATE", "2026-01-15", False),
        ("DATETIME(6)", "2026-01-15 10:00:00.5", False),
    ],
)
def test_mysql_finds_what_is_no_time(mysql: Any, type_: str, value: Any, found: bool) -> None:
    mysql.execute("DROP TABLE IF EXISTS events")
    mysql.execute(f"CREATE TABLE events (id INT, at {type_}, s BIGINT, iso TEXT, v INT)")
    mysql.execute("INSERT INTO events VALUES (1, %s, 0, NULL, 1)", (value,))
    (check,) = checks("mysql", **by("at"))
    mysql.execute(check.sql)
    assert bool(mysql.fetchall()) is found
    assert check.probe is not None
    mysql.execute(check.probe)
    assert mysql.fetchall() == ()


def test_mysql_reads_stored_times(mysql: Any) -> None:
    mysql.execute("DROP TABLE IF EXISTS events")
    mysql.execute("CREATE TABLE events (id INT, at DATETIME, s BIGINT, iso TEXT, v INT)")
    for row in [
        (1, 1769903999, "2026-01-31T23:59:59Z", 1),
        (2, -1, "1969-12-31", 2),
        (3, 4102444800, "2100-01-01 01:00:00.000+01:00", 4),
    ]:
        mysql.execute("INSERT INTO events VALUES (%s, NULL, %s, %s, %s)", row)
    engine = SemanticEngine.from_sources({"events": EVENTS}, "mysql")
    for column in ("s", "iso"):
        result = engine.query({"measures": ["events.total"], **by(column)})
        mysql.execute(result.sql)
        rows = [(str(month), int(total)) for month, total in mysql.fetchall()]
        assert rows == [("1969-12-01", 2), ("2026-01-01", 1), ("2100-01-01", 4)]
        mysql.execute(result.checks[0].sql)
        assert mysql.fetchall() == ()
