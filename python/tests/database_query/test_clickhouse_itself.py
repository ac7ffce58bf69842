"""The driver for ClickHouse against the engine itself, behind an HTTP server of the tests' own.

What the engine in a process cannot do (log-ins, privileges, ending a statement of somebody else) is
with the stand-in, in `test_clickhouse`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from database_query.asking import answer_of, cells_by_type, refusal_of, reply_of
from ktx_daemon.database_query import clickhouse
from ktx_daemon.database_query.driver import Limits
from ktx_daemon.database_query.failures import WRITES
from ktx_daemon.database_query.settings import Settings
from semantic_layer import SemanticEngine
from support.engines import python_of
from support.servers import TESTS_ROOT
from support.worker import NoEngine

_PROGRAM = Path(TESTS_ROOT) / "support" / "clickhouse_http.py"
CREATED = [
    """CREATE TABLE every (
        n Nullable(Int32), u UInt64, big Int256, d Decimal(10, 2), wide Nullable(Decimal(38, 3)),
        f Float64, yes Bool, s String, low LowCardinality(Nullable(String)), day Date, old Date32,
        at DateTime, berlin DateTime64(3, 'Europe/Berlin'), list Array(Nullable(Int32)),
        texts Array(LowCardinality(String)), pair Tuple(a Int8, b String), named Map(String, UInt8),
        id UUID, kind Enum8('a' = 1), ip IPv4
    ) ENGINE = Memory""",
    """INSERT INTO every VALUES (
        NULL, 18446744073709551615, -5, 12.30, 0.125, inf, true, 'Zürich', NULL, '2024-02-29',
        '1960-02-15', '2024-01-02 03:04:05', '2024-01-02 03:04:05.678', [1, NULL], ['a', 'it''s'],
        (1, 'x'), {'k': 2}, '4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11', 'a', '10.0.0.1')""",
    "CREATE TABLE sales (id UInt32, shop UInt32, net Decimal(10, 2), at DateTime) ENGINE = Memory",
    """INSERT INTO sales VALUES
        (1, 1, 1.00, '2026-03-05 23:30:00'), (2, 9, 1.01, '2026-03-06 00:30:00')""",
    "CREATE TABLE shops (id UInt32, name String) ENGINE = Memory",
    "INSERT INTO shops VALUES (1, 'north')",
]
CELLS = [
    ("number", "Nullable(Int32)", None),
    ("number", "UInt64", {"decimal": str(2**64 - 1)}),
    ("number", "Int256", -5),
    ("number", "Decimal(10, 2)", {"decimal": "12.30"}),
    ("number", "Nullable(Decimal(38, 3))", {"decimal": "0.125"}),
    ("number", "Float64", {"float": "Infinity"}),
    ("boolean", "Bool", True),
    ("text", "String", "Zürich"),
    ("text", "LowCardinality(Nullable(String))", None),
    ("time", "Date", "2024-02-29"),
    ("time", "Date32", "1960-02-15"),
    ("time", "DateTime", "2024-01-02T03:04:05"),
    ("time", "DateTime64(3, 'Europe/Berlin')", "2024-01-02T03:04:05.678000+01:00"),
    ("text", "Array(Nullable(Int32))", "[1, null]"),
    ("text", "Array(LowCardinality(String))", '["a", "it\'s"]'),
    ("text", "Tuple(`a` Int8, `b` String)", '{"a": 1, "b": "x"}'),
    ("text", "Map(String, UInt8)", '{"k": 2}'),
    ("text", "UUID", "4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11"),
    ("text", "Enum8('a' = 1)", "a"),
    ("text", "IPv4", "10.0.0.1"),
]


@contextmanager
def served(*statements: str) -> Iterator[dict[str, Any]]:
    """Start the engine with the tables, and what else is to be executed; its connection."""
    try:
        python = python_of("KTX_CLICKHOUSE", "clickhouse-engine")
    except NoEngine as missing:
        pytest.skip(str(missing))
    process = subprocess.Popen(
        [python, str(_PROGRAM), json.dumps([*CREATED, *statements])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(TESTS_ROOT), "TZ": "UTC"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())
        yield {"driver": "clickhouse", "host": "127.0.0.1", "port": port}
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


@pytest.fixture
def shop() -> Iterator[dict[str, Any]]:
    with served() as connection:
        yield connection


def test_every_type_of_value(shop: dict[str, Any]) -> None:
    assert cells_by_type(answer_of(shop, "SELECT * FROM every")) == CELLS


def test_an_answer_of_the_planner_is_executed(shop: dict[str, Any]) -> None:
    columns = [{"name": name, "type": "number"} for name in ("id", "shop", "net")]
    sales = {
        "name": "sales",
        "table": "sales",
        "grain": ["id"],
        "columns": [*columns, {"name": "at", "type": "time"}],
        "joins": [{"to": "shops", "on": "shop = shops.id", "relationship": "many_to_one"}],
        "measures": [{"name": "mean", "expr": "sum(net) / count(*)"}],
    }
    shops = {
        "name": "shops",
        "table": "shops",
        "grain": ["id"],
        "columns": [{"name": "id", "type": "number"}, {"name": "name", "type": "string"}],
    }
    query = {
        "measures": ["sales.mean"],
        "dimensions": ["shops.name", {"field": "sales.at", "granularity": "day"}],
        "filters": ["sales.at >= '2026-03-05 12:00'"],
    }
    engine = SemanticEngine.from_sources({"sales": sales, "shops": shops}, "clickhouse")
    answer = answer_of(shop, engine.query(query).sql)
    rows = [["north", "2026-03-05", 1.0], [None, "2026-03-06", 1.01]]
    assert sorted(answer["rows"], key=lambda row: row[1]) == rows


def test_rows_are_capped(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT number FROM numbers(1000000)", max_rows=2)
    assert (answer["rows"], answer["truncated"]) == ([[0], [1]], True)
    answer = answer_of(shop, "SELECT id FROM sales WHERE 0 ;\n", max_rows=2)
    assert (len(answer["columns"]), answer["rows"], answer["truncated"]) == (1, [], False)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM gone", "does not have what is named"),
        ("SELECT gone FROM sales", "does not have what is named"),
        ("SELECT sum(s) FROM every", "refused the SQL"),
        ("SELECT toDate('x' || toString(id)) FROM sales", "could not compute a value"),
        ("SELECT count() FROM numbers(1e12) WHERE sin(number) > 2", "took too long"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, message: str) -> None:
    error = refusal_of(shop, sql, timeout_ms=1000)
    assert message in error["message"]


def test_the_server_itself_refuses_to_write(shop: dict[str, Any]) -> None:
    assert refusal_of(shop, "INSERT INTO shops VALUES (2, 'x')")["message"].startswith(
        "The SQL is not run."
    )
    session = clickhouse.connect(Settings("shop", shop, "/"), Limits(5000, 5))
    with pytest.raises(clickhouse.ERRORS, match="readonly") as caught:
        session.rows("INSERT INTO shops VALUES (2, 'x')", None)
    session.close()
    assert clickhouse.category_of(caught.value) == WRITES
    assert answer_of(shop, "SELECT count() FROM shops")["rows"] == [[1]]


@pytest.mark.parametrize(
    "profile", [["SET readonly = 1"], ["SET readonly = 2"], ["SET max_execution_time = 5"]]
)
def test_a_user_who_may_only_read_can_ask(profile: list[str]) -> None:
    with served(*profile) as connection:
        assert answer_of(connection, "SELECT count() FROM sales")["rows"] == [[2]]


def test_a_session_is_in_the_zone_of_the_answer() -> None:
    sql = "SELECT toString(toDateTime('2026-03-05 23:30:00', 'UTC')), timezone()"
    with served() as connection:
        assert answer_of(connection, sql)["rows"] == [["2026-03-05 23:30:00", "UTC"]]
    sql = "SELECT at FROM sales WHERE at = '2026-03-05 18:30:00'"
    with served() as connection:
        answer = answer_of(connection, sql, timezone="America/New_York")
        assert len(answer["rows"]) == 1


def test_what_is_there(shop: dict[str, Any]) -> None:
    found = reply_of("database-test", shop)["ok"]
    assert found["server_version"].startswith("26.9.")
    assert (found["database"], found["tables"]) == ("default", 3)
    assert "default" in found["schemas"]
    assert found["read_only"]["enforced"]
