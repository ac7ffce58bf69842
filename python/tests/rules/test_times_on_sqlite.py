"""Rule 24 on SQLite, where a time is a text of one of several forms."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.models import QueryResult

CALLS: dict[str, Any] = {
    "name": "calls",
    "table": "calls",
    "grain": ["id"],
    "columns": [
        {"name": "id", "type": "number"},
        {"name": "at", "type": "time"},
        {"name": "until", "type": "time"},
        {"name": "day", "type": "time", "expr": "date(at)"},
        {"name": "is_late", "type": "boolean", "expr": "at > '2026-03-05 12:00:00'"},
        {"name": "note", "type": "string"},
        {"name": "v", "type": "number"},
    ],
    "joins": [{"to": "plans", "on": "at = plans.at", "relationship": "many_to_one"}],
    "measures": [
        {"name": "total", "expr": "sum(v)"},
        {"name": "late", "expr": "sum(v)", "filter": "at > TIMESTAMP '2026-03-05 12:00:00'"},
        {"name": "inner", "expr": "sum(CASE WHEN at < '2026-03-05 12:00' THEN v END)"},
    ],
    "segments": [{"name": "noon", "expr": "at = '2026-03-05 12:00:00+00:00'"}],
}
PLANS: dict[str, Any] = {
    "name": "plans",
    "table": "plans",
    "grain": ["at"],
    "columns": [{"name": "at", "type": "time"}, {"name": "title", "type": "string"}],
}
MODEL = {"calls": CALLS, "plans": PLANS}
# 8:00, 12:00 (at +02:00), 18:30:00.5 and midnight, in four forms.
ROWS = [
    (1, "2026-03-05T08:00:00", "2026-03-05 09:00", "2026-03-05T", 1),
    (2, "2026-03-05 14:00:00+02:00", "2026-03-05 12:30", "b", 2),
    (3, "2026-03-05T18:30:00.500Z", None, "c", 4),
    (4, "2026-03-06", "2026-03-06T01:00Z", "d", 8),
]
SCRIPT = """
    CREATE TABLE calls (id INT, at TEXT, until TEXT, note TEXT, v INT);
    CREATE TABLE plans (at TEXT, title TEXT);
    INSERT INTO plans VALUES ('2026-03-05 12:00:00', 'lunch'), ('2026-03-06 00:00', 'party');
"""


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCRIPT)
    connection.executemany("INSERT INTO calls VALUES (?, ?, ?, ?, ?)", ROWS)
    yield connection
    connection.close()


def planned(*measures: Any, **rest: Any) -> QueryResult:
    return SemanticEngine.from_sources(MODEL, "sqlite").query({"measures": [*measures], **rest})


def refusal(*measures: Any, **rest: Any) -> SemanticError:
    with pytest.raises(SemanticError) as caught:
        planned(*measures, **rest)
    return caught.value


@pytest.mark.parametrize(
    ("condition", "total"),
    [
        ("at >= TIMESTAMP '2026-03-05 12:00:00'", 14),
        ("at < '2026-03-05 12:00:00'", 1),
        ("at <= CAST('2026-03-05T18:30:00.500' AS TIMESTAMP)", 7),
        ("'2026-03-05 12:00Z' <= at", 14),
        ("at = DATE '2026-03-06'", 8),
        ("at <> '2026-03-05T10:00:00-02:00'", 13),
        ("at IN ('2026-03-05 08:00', '2026-03-06T00:00:00Z')", 9),
        ("at NOT BETWEEN '2026-03-05 08:00' AND '2026-03-05 12:00'", 12),
        ("at IS NOT DISTINCT FROM '2026-03-05T12:00:00'", 2),
        ("until IS DISTINCT FROM '2026-03-05 12:30:00'", 13),
        ("until IS NULL", 4),
        ("at > until", 0),
        ("until > at", 11),
        ("calls.day = '2026-03-05T00:00'", 7),
        ("DATE(at) < '2026-03-06 00:00:00'", 7),
        ("at > datetime('2026-03-05 12:00', '+1 hour')", 12),
        ("(at, v) = ('2026-03-05 12:00', 2)", 2),
        ("CASE at WHEN '2026-03-06 00:00' THEN 1 ELSE 0 END = 1", 8),
        ("is_late", 12),
        ("coalesce(until, '2026-03-05') < '2026-03-05 12:00'", 5),
        ("strftime('%H', at) = '12'", 2),
        ("note >= '2026-03-05T'", 15),
        ("note = '2026-03-05T'", 1),
    ],
)
def test_times_of_several_forms_are_compared_as_times(
    database: sqlite3.Connection, condition: str, total: int
) -> None:
    for name in ("at", "until", "note", "v", "is_late"):
        condition = f" {condition} ".replace(f" {name} ", f" calls.{name} ").strip()
    condition = condition.replace("(at", "(calls.at").replace(", at)", ", calls.at)")
    condition = condition.replace("(until", "(calls.until").replace(", v)", ", calls.v)")
    sql = planned("calls.total", filters=[condition]).sql
    assert (database.execute(sql).fetchone()[0] or 0) == total, sql


def test_times_are_compared_everywhere_in_a_model(database: sqlite3.Connection) -> None:
    sql = planned("calls.late", "calls.inner").sql
    assert database.execute(sql).fetchall() == [(12, 1)]
    sql = planned("calls.total", segments=["calls.noon"]).sql
    assert database.execute(sql).fetchall() == [(2,)]
    sql = planned("calls.total", dimensions=["plans.title"]).sql
    assert database.execute(sql).fetchall() == [("lunch", 2), ("party", 8), (None, 5)]


def test_the_first_and_the_last_time_are_found_by_time(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO calls VALUES (5, '2026-03-06T00:00:00', NULL, 'e', 16)")
    database.execute("INSERT INTO calls VALUES (6, '2026-03-05 23:59:00', NULL, 'f', 32)")
    late = {"expr": "max(calls.until)", "name": "late"}
    sql = planned("min(calls.at)", late, "count(distinct calls.at)").sql
    rows = [("2026-03-05T08:00:00", "2026-03-06T01:00Z", 5)]
    assert database.execute(sql).fetchall() == rows
    question = {"filters": ["max(calls.at) >= '2026-03-06T00:00'"], "dimensions": ["calls.note"]}
    found = database.execute(planned("calls.total", **question).sql).fetchall()
    assert found == [("d", 8), ("e", 16)]


def test_the_text_of_a_time_may_be_taken(database: sqlite3.Connection) -> None:
    rows = database.execute(planned("max(CAST(calls.at AS TEXT))").sql).fetchall()
    assert rows == [("2026-03-06",)]


def test_times_are_ordered_as_times(database: sqlite3.Connection) -> None:
    # As texts, the one with a T would come last.
    database.execute("UPDATE calls SET at = '2026-03-05T08:00:00' WHERE id = 1")
    question: dict[str, Any] = {"dimensions": ["calls.at"], "order_by": ["calls.at"]}
    question["filters"] = ["calls.id < 4"]
    ids = [row[1] for row in database.execute(planned("calls.total", **question).sql)]
    assert ids == [1, 2, 4]
    question["order_by"] = [{"field": "max(calls.at)", "direction": "desc"}]
    question["dimensions"] = ["calls.note"]
    ids = [row[1] for row in database.execute(planned("max(calls.at)", **question).sql)]
    assert ids == ["2026-03-05T18:30:00.500Z", "2026-03-05 14:00:00+02:00", "2026-03-05T08:00:00"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("calls.at >= 'yesterday'", "'yesterday' is compared with a time and is none"),
        ("calls.at >= '2026-03'", "the day is missing; its first one is '2026-03-01'"),
        ("calls.at >= '2026'", "'2026-01-01'"),
        ("calls.at = '2026-03-05 25:00'", "there is no such time of day"),
        ("calls.at > '01/15/2026'", "it has another form"),
        ("calls.at > 1767225600", "is a number and is compared with a time"),
        ("calls.at > calls.v", "is a number and is compared with a time"),
        ("calls.at > date('now') - INTERVAL '1 day'", "sqlite has no `INTERVAL`"),
        ("calls.at - calls.until > 1", "SQLite keeps times as texts"),
        ("CAST(calls.at AS DATE) = '2026-03-05'", "SQLite has no type for times"),
        ("calls.at >= strftime('%s', '2026-03-05')", "may be none"),
        ("calls.at >= strftime('%Y-%m', '2026-03-05')", "may be none"),
        ("calls.at >= '2026' || '-03-05'", "may be none"),
        ("calls.at BETWEEN '2026-03-05' AND 1772700000 + 1", "may be none"),
        ("calls.at >= cast('2026-03-05' AS TEXT)", "may be none"),
        ("calls.at >= time('10:00')", "may be none"),
    ],
)
def test_what_is_no_time_is_refused(condition: str, words: str) -> None:
    error = refusal("calls.total", filters=[condition])
    assert words in str(error)
    assert error.fix is not None


@pytest.mark.parametrize(
    "measure",
    [
        "max(calls.at - date '2025-01-01')",
        "avg(calls.until - calls.at)",
        "max(calls.at) - min(calls.at)",
        "max(date(calls.at) + 1)",
        "max(TIMESTAMP '2026-01-01 00:00:00')",
        "max(CAST(calls.at AS TIMESTAMP))",
        "max(max(calls.at, calls.until))",
        "max(calls.at * 1)",
        "sum(calls.at / 60)",
        "max(calls.at) / 60",
        "max(-calls.at)",
        "max(calls.at % 10)",
        "sum(CAST(calls.at AS INTEGER))",
        "max(abs(calls.at))",
        "max(round(calls.at))",
        "max(calls.at & 1)",
    ],
)
def test_sqlite_does_not_reckon_with_times(measure: str) -> None:
    error = refusal(measure)
    assert str(error.fix).startswith("Write ")


def test_days_between_are_written_in_sqlite_s_own_words(database: sqlite3.Connection) -> None:
    days = {"expr": "max(julianday(calls.at) - julianday('2025-01-01'))", "name": "days"}
    assert database.execute(planned(days).sql).fetchall() == [(429.0,)]


def test_two_tables_may_have_the_time_that_is_ordered_by(database: sqlite3.Connection) -> None:
    question: dict[str, Any] = {"dimensions": ["calls.at"], "filters": ["plans.title = 'lunch'"]}
    rows = database.execute(planned("calls.total", **question).sql).fetchall()
    assert rows == [("2026-03-05 14:00:00+02:00", 2)]
