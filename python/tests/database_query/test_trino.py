"""The driver for Trino against a local stand-in of a coordinator."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from database_query.asking import answer_of, cells_by_type, interrupt, refusal_of, reply_of
from database_query.stand_in import Endless, serving
from database_query.trino_stand_in import Coordinator

CELLS = [
    ("number", "integer", None),
    ("boolean", "boolean", True),
    ("number", "bigint", 2**63 - 1),
    ("number", "decimal(38,2)", {"decimal": "12345678901234567890123456789012345.30"}),
    ("number", "double", {"float": "NaN"}),
    ("number", "real", {"float": "-Infinity"}),
    ("number", "double", 0.1),
    ("text", "varchar", "Zürich"),
    ("binary", "varbinary", {"hex": "aa00"}),
    ("time", "date", "2024-02-29"),
    ("time", "time(3)", "03:04:05.500"),
    ("time", "timestamp(12)", "2024-01-02T03:04:05.123456789012"),
    ("time", "timestamp(3) with time zone", "2024-01-02T03:04:05.123Z"),
    ("time", "timestamp(3) with time zone", "2024-01-02T03:04:05.123+02:00"),
    ("text", "interval day to second", "2 00:00:00.000"),
    ("text", "uuid", "4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11"),
    ("text", "json", '{"a": [1]}'),
    ("text", "array(integer)", "[1, null, 3]"),
    ("text", "row(a integer, b varchar)", '[1, "x"]'),
    ("text", "map(varchar, integer)", '{"k": 1}'),
]


@pytest.fixture
def coordinator() -> Coordinator:
    return Coordinator()


@pytest.fixture
def shop(coordinator: Coordinator) -> Iterator[dict[str, Any]]:
    with serving(coordinator.answer) as port:
        yield {
            "driver": "trino",
            "host": "127.0.0.1",
            "port": port,
            "user": "reader",
            "catalog": "hive",
        }


def test_every_type_of_value(shop: dict[str, Any]) -> None:
    assert cells_by_type(answer_of(shop, "SELECT * FROM every")) == CELLS


def test_the_transaction_is_read_only_and_limited(
    shop: dict[str, Any], coordinator: Coordinator
) -> None:
    answer = answer_of(shop, "SELECT n, n FROM t", timeout_ms=7000)
    assert [column["name"] for column in answer["columns"]] == ["n", "n"]
    assert len(answer["rows"]) == 5
    assert coordinator.statements == [
        ("START TRANSACTION READ ONLY", "NONE"),
        ("SELECT n, n FROM t", "t-1"),
    ]
    assert "query_max_run_time=7s" in coordinator.properties


def test_rows_are_capped_and_the_rest_is_cancelled(
    shop: dict[str, Any], coordinator: Coordinator
) -> None:
    answer = answer_of(shop, "SELECT n, n FROM t", max_rows=1)
    assert (answer["rows"], answer["truncated"]) == ([[0, 0]], True)
    assert coordinator.cancelled == 1
    answer = answer_of(shop, "SELECT n FROM t WHERE false", max_rows=1)
    assert (len(answer["columns"]), answer["rows"], answer["truncated"]) == (1, [], False)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM gone", "does not have what is named: line 1:15: Table 'hive.sales.gone'"),
        ("SELECT a()", "refused the SQL: line 1:8"),
        ("SELECT secret FROM t", "does not allow it: Access Denied"),
        ("SELECT slow()", "took too long: Query exceeded"),
        ("SELECT writing()", "refused to write: Cannot execute"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, message: str) -> None:
    assert message in refusal_of(shop, sql)["message"]


def test_what_is_written_is_not_sent(shop: dict[str, Any], coordinator: Coordinator) -> None:
    error = refusal_of(shop, "INSERT INTO t SELECT 1")
    assert error["message"].startswith("The SQL is not run.")
    assert coordinator.statements == []


def test_an_interrupted_statement_is_ended_on_the_server(
    shop: dict[str, Any], coordinator: Coordinator
) -> None:
    interrupt(shop, Endless.SQL, coordinator.endless.running)
    assert coordinator.endless.cancelled.is_set()


def test_what_is_there(shop: dict[str, Any]) -> None:
    assert reply_of("database-test", shop)["ok"] == {
        "driver": "trino",
        "server_version": "480",
        "tables": 3,
        "schemas": ["hr", "sales"],
        "database": "hive",
        "read_only": {"enforced": True, "how": "START TRANSACTION READ ONLY"},
    }
    by_url = {"driver": "trino", "url": f"trino://reader@127.0.0.1:{shop['port']}/hive/sales"}
    assert reply_of("database-test", by_url)["ok"]["tables"] == 2
    assert reply_of("database-test", by_url | {"schemas": ["hr"]})["ok"]["tables"] == 1


def test_a_user_who_may_not_log_in(shop: dict[str, Any]) -> None:
    error = refusal_of(shop | {"user": "nobody"}, "SELECT n, n FROM t")
    assert error["message"].startswith("The database refused the log-in")


def test_a_password_needs_encryption_and_is_not_shown(shop: dict[str, Any]) -> None:
    # The stand-in speaks no TLS, so the driver cannot reach it and sends nothing.
    error = refusal_of(shop | {"password": "s3cret"}, "SELECT n, n FROM t")
    assert error["message"].startswith("The database could not be reached")
    error = refusal_of(shop | {"password": "s3cret", "http_scheme": "http"}, "SELECT n, n FROM t")
    assert "TLS/SSL is required" in error["message"]
    assert "s3cret" not in str(error)


def test_a_server_that_is_not_there(shop: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = refusal_of(shop | {"port": port}, "SELECT 1")
    assert error["message"].startswith("The database could not be reached")


def test_settings_that_make_no_sense(shop: dict[str, Any]) -> None:
    del shop["catalog"]
    error = refusal_of(shop, "SELECT 1")
    assert error["fix"] == "Write `catalog: hive` under connections.shop in ktx.yaml."
    error = refusal_of(shop | {"catalog": "c", "url": "mysql://u:s3cret@h"}, "SELECT 1")
    assert "begins with trino://" in error["message"]
    assert "s3cret" not in str(error)
