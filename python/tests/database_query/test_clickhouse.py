"""The driver for ClickHouse against a local stand-in of a server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from database_query.asking import answer_of, cells_by_type, interrupt, refusal_of, reply_of
from database_query.clickhouse_stand_in import Server
from database_query.stand_in import Endless, serving

CELLS = [
    ("number", "Nullable(Int32)", None),
    ("number", "UInt64", {"decimal": str(2**64 - 1)}),
    ("number", "Int256", {"decimal": str(-(2**200))}),
    ("number", "Decimal(9, 2)", {"decimal": "12.30"}),
    ("number", "Float64", {"float": "NaN"}),
    ("number", "Nullable(Float32)", 0.1),
    ("boolean", "Bool", True),
    ("text", "String", "Zürich"),
    ("time", "Date", "2024-02-29"),
    ("time", "DateTime64(9, 'UTC')", "2024-01-02T03:04:05.123456"),  # the driver ends here
    ("text", "Array(Int32)", "[1, 3]"),
    ("text", "UUID", "4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11"),
]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def shop(server: Server) -> Iterator[dict[str, Any]]:
    with serving(server.answer) as port:
        yield {"driver": "clickhouse", "host": "127.0.0.1", "port": port, "user": "reader"}


def test_every_type_of_value(shop: dict[str, Any]) -> None:
    assert cells_by_type(answer_of(shop, "SELECT * FROM every")) == CELLS


def test_every_statement_is_read_only_and_limited(shop: dict[str, Any], server: Server) -> None:
    answer = answer_of(shop, "SELECT n FROM t", timeout_ms=6500)
    assert [row[0] for row in answer["rows"]] == [0, 1, 2, 3, 4, 5]
    ((_, options),) = server.asked
    assert (options["readonly"], options["max_execution_time"]) == ("1", "7")


def test_rows_are_capped(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n FROM t", max_rows=2)
    assert (answer["rows"], answer["truncated"]) == ([[0], [1]], True)
    answer = answer_of(shop, "SELECT n FROM t WHERE 0", max_rows=2)
    assert (len(answer["columns"]), answer["rows"]) == (1, [])


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM gone", "does not have what is named"),
        ("SELECT a()", "refused the SQL"),
        ("SELECT secret FROM t", "does not allow it"),
        ("SELECT slow()", "took too long"),
        ("SELECT writing()", "refused to write"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, message: str) -> None:
    error = refusal_of(shop, sql)
    assert message in error["message"]
    assert "DB::Exception" in error["message"]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t SELECT 1",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT * FROM url('http://x/', CSV)",
        "SELECT * FROM file('x.csv')",
        "SELECT 1 INTO OUTFILE 'x'",
        "SYSTEM SHUTDOWN",
        "KILL QUERY WHERE 1",
    ],
)
def test_what_is_written_is_not_sent(shop: dict[str, Any], server: Server, sql: str) -> None:
    assert refusal_of(shop, sql)["message"].startswith("The SQL is not run.")
    assert server.asked == []


def test_an_interrupted_statement_is_ended_on_the_server(
    shop: dict[str, Any], server: Server
) -> None:
    interrupt(shop, Endless.SQL, server.endless.running)
    (running,) = [options for sql, options in server.asked if sql == Endless.SQL]
    assert server.killed == f"KILL QUERY WHERE query_id = '{running['query_id']}' ASYNC"


def test_what_is_there(shop: dict[str, Any]) -> None:
    assert reply_of("database-test", shop)["ok"] == {
        "driver": "clickhouse",
        "server_version": "26.3.1.1",
        "tables": 2,
        "schemas": ["default", "sales"],
        "database": "sales",
        "read_only": {"enforced": True, "how": "the setting readonly = 1 with every statement"},
    }


def test_a_wrong_password_is_said_and_not_shown(shop: dict[str, Any]) -> None:
    url = f"clickhouse://reader:wrong@127.0.0.1:{shop['port']}/sales"
    error = refusal_of({"driver": "clickhouse", "url": url}, "SELECT n FROM t")
    assert error["message"].startswith("The database refused the log-in")
    assert "wrong" not in error["message"]
    assert "reader" not in error["message"]


def test_a_server_that_is_not_there(shop: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = refusal_of(shop | {"port": port, "password": "s3cret"}, "SELECT 1")
    assert error["message"].startswith("The database could not be reached")
    assert "s3cret" not in str(error)
