"""The driver for Spark against a real Spark Connect server."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from database_query.asking import (
    Connection,
    answer_of,
    cells_by_type,
    interrupt,
    refusal_of,
    reply_of,
)
from database_query.tls_in_front import tls_in_front
from ktx_daemon.database_query import spark_connect
from ktx_daemon.database_query.driver import Limits
from ktx_daemon.database_query.settings import Settings
from ktx_daemon.database_query.spark import connect
from ktx_daemon.database_query.spark_connect import Failed
from support.spark_server import TOKEN, SparkServer, spark_server
from support.worker import NoEngine

ENDLESS = "SELECT COUNT(*) FROM RANGE(1000000000000000)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkServer]:
    with ExitStack() as stack:
        try:
            found = stack.enter_context(spark_server(tmp_path_factory.mktemp("spark")))
        except NoEngine as missing:
            pytest.exit(str(missing), returncode=77)
        yield found


@pytest.fixture
def connection(server: SparkServer) -> Connection:
    return {"driver": "spark", "url": server.url}


def test_values_keep_what_they_are(connection: Connection) -> None:
    sql = """SELECT CAST(1 AS TINYINT), 9223372036854775807, CAST(1.50 AS DECIMAL(10, 2)),
      CAST('12345678901234567890123456789012345678' AS DECIMAL(38, 0)), CAST(0.1 AS FLOAT),
      DOUBLE('NaN'), true, 'O''Zürich', X'00ff', DATE '2026-01-31',
      TIMESTAMP '2026-01-31 13:05:00.123456', TIMESTAMP_NTZ '2026-01-31 13:05:00',
      NULL, CAST(NULL AS INT), INTERVAL '1 02:03:04' DAY TO SECOND, INTERVAL '-1-2' YEAR TO MONTH"""
    assert cells_by_type(answer_of(connection, sql, timezone="Europe/Berlin")) == [
        ("number", "tinyint", 1),
        ("number", "bigint", 9223372036854775807),
        ("number", "decimal(10,2)", {"decimal": "1.50"}),
        ("number", "decimal(38,0)", {"decimal": "12345678901234567890123456789012345678"}),
        ("number", "float", 0.1),
        ("number", "double", {"float": "NaN"}),
        ("boolean", "boolean", True),
        ("text", "string", "O'Zürich"),
        ("binary", "binary", {"hex": "00ff"}),
        ("time", "date", "2026-01-31"),
        ("time", "timestamp", "2026-01-31T13:05:00.123456+01:00"),
        ("time", "timestamp_ntz", "2026-01-31T13:05:00"),
        ("text", "void", None),
        ("number", "int", None),
        ("text", "interval day to second", "26:03:04"),
        ("text", "interval year to month", "-1-2"),
    ]


def test_structures_are_json(connection: Connection) -> None:
    sql = """SELECT ARRAY(1, NULL), MAP('a', 1),
      MAP(1, NAMED_STRUCT('z', CAST(1.1 AS DECIMAL(5, 2)))),
      NAMED_STRUCT('x', 1, 'y', ARRAY('q')), ARRAY(MAP('a', X'00')), CAST(NULL AS MAP<STRING, INT>),
      MAP(ARRAY(1), 2)"""
    assert cells_by_type(answer_of(connection, sql)) == [
        ("text", "array<int>", "[1, null]"),
        ("text", "map<string,int>", '{"a": 1}'),
        ("text", "map<int,struct<z:decimal(5,2)>>", '{"1": {"z": "1.10"}}'),
        ("text", "struct<x:int,y:array<string>>", '{"x": 1, "y": ["q"]}'),
        ("text", "array<map<string,binary>>", '[{"a": "00"}]'),
        ("text", "map<string,int>", None),
        ("text", "map<array<int>,int>", '[{"key": [1], "value": 2}]'),
    ]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT PARSE_JSON('{}') AS v", "`v` is a VARIANT; TO_JSON(…) shows it"),
        ("SELECT DATE '12345-01-01' AS d", "`d` has a date before the year 1 or after 9999"),
    ],
)
def test_what_cannot_be_shown_is_named(connection: Connection, sql: str, said: str) -> None:
    assert said in refusal_of(connection, sql)["message"]


def test_of_many_rows_the_first_are_fetched_in_their_order(connection: Connection) -> None:
    sql = "SELECT id, id AS id FROM RANGE(100000) ORDER BY id DESC"
    answer = answer_of(connection, sql, max_rows=2)
    assert answer["rows"] == [[99999, 99999], [99998, 99998]]
    assert answer["truncated"]
    assert answer_of(connection, f"{sql} LIMIT 2 -- two", max_rows=2)["truncated"] is False
    assert answer_of(connection, "SELECT 1 AS a WHERE false")["rows"] == []


def test_a_session_is_in_the_zone_of_the_answer(connection: Connection) -> None:
    sql = "SELECT CURRENT_TIMEZONE()"
    assert answer_of(connection, sql, timezone="Asia/Tokyo")["rows"] == [["Asia/Tokyo"]]
    assert answer_of(connection, sql)["rows"] == [["UTC"]]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * FROM gone", "does not have what is named: [TABLE_OR_VIEW_NOT_FOUND]"),
        ("SELECT gone FROM RANGE(1)", "does not have what is named: [UNRESOLVED_COLUMN"),
        ("SELECT no_such(1)", "does not have what is named: [UNRESOLVED_ROUTINE]"),
        ("SELECT 1 + ", "The SQL is not run. The text is not spark SQL"),
        ("SELECT 1 / 0", "could not compute a value: [DIVIDE_BY_ZERO]"),
        ("SELECT 'a' + 1", "could not compute a value: [CAST_INVALID_INPUT]"),
        ("SELECT SUM(id), id FROM RANGE(2)", "refused the SQL: [MISSING_GROUP_BY]"),
    ],
)
def test_errors_are_sorted(connection: Connection, sql: str, said: str) -> None:
    message = refusal_of(connection, sql)["message"]
    assert said in message
    assert "SQL ==" not in message
    assert TOKEN not in message


WRITING = ["CREATE TABLE w (a INT)", "INSERT INTO w VALUES (1)", "DROP VIEW v", "SET a.b = 1"]


@pytest.mark.parametrize("sql", WRITING)
def test_only_reading_is_let_through(connection: Connection, sql: str) -> None:
    assert refusal_of(connection, sql)["message"].startswith("The SQL is not run.")


@pytest.mark.parametrize("sql", WRITING)
def test_the_server_takes_nothing_but_a_query(server: SparkServer, sql: str) -> None:
    settings = Settings("c", {"url": server.url}, "")
    session = connect(settings, Limits(60_000, 5))
    try:
        with pytest.raises(Failed, match="PARSE_SYNTAX_ERROR"):
            session.rows(sql, 1)
    finally:
        session.close()


def test_a_connection_is_described(server: SparkServer, connection: Connection) -> None:
    found = reply_of("database-test", connection)["ok"]
    assert found["server_version"].startswith("4.")
    assert (found["database"], found["schemas"], found["tables"]) == (
        "spark_catalog",
        ["default"],
        0,
    )
    assert found["read_only"]["enforced"] is False
    chosen = {**connection, "catalog": "spark_catalog", "schema": "default"}
    assert answer_of(chosen, "SELECT CURRENT_SCHEMA()")["rows"] == [["default"]]
    missing = refusal_of({**connection, "schema": "gone"}, "SELECT 1")
    assert "does not have what is named: [SCHEMA_NOT_FOUND]" in missing["message"]


def _wait_until(condition: Any) -> None:
    while not condition():
        pass


def test_an_interrupted_statement_ends_on_the_server(
    server: SparkServer, connection: Connection
) -> None:
    running = threading.Event()

    def watch() -> None:
        _wait_until(server.running_jobs)
        running.set()

    threading.Thread(target=watch, daemon=True).start()
    interrupt(connection, ENDLESS, running)
    _wait_until(lambda: not server.running_jobs())
    assert answer_of(connection, "SELECT COUNT(*) FROM RANGE(9)")["rows"] == [[9]]


def test_a_statement_that_takes_too_long_ends_on_the_server(
    server: SparkServer, connection: Connection
) -> None:
    message = refusal_of(connection, ENDLESS, timeout_ms=3000)["message"]
    assert message == "The database took too long: no answer within 3 seconds."
    _wait_until(lambda: not server.running_jobs())
    assert answer_of(connection, "SELECT COUNT(*) FROM RANGE(9)")["rows"] == [[9]]


@pytest.mark.parametrize("token", [None, "an0ther-Token"])
def test_a_token_is_asked_for(server: SparkServer, token: str | None) -> None:
    settings = {"driver": "spark", "host": "127.0.0.1", "port": server.port, "token": token}
    error = refusal_of(settings, "SELECT 1")
    assert error["message"].startswith("The database refused the log-in:")
    assert str(token) not in error["message"]


def test_tls(server: SparkServer, tmp_path: Path) -> None:
    certificate, key = tmp_path / "ca.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate), "-days", "2", *subject]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files], check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    with tls_in_front(server.port, context) as port:
        url = f"sc://localhost:{port}/;token={TOKEN}"
        trusting = {"driver": "spark", "url": url, "ca_file": str(certificate)}
        assert answer_of(trusting, "SELECT 7")["rows"] == [[7]]
        doubting = {"driver": "spark", "url": f"{url};use_ssl=true"}
        assert "certificate" in refusal_of(doubting, "SELECT 1")["message"].lower()
        plain = {"driver": "spark", "url": url}
        assert "could not be reached" in refusal_of(plain, "SELECT 1")["message"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"host": "127.0.0.1", "port": 1}, "could not be reached: failed to connect"),
        ({}, "has no `host`"),
        ({"url": "http://127.0.0.1"}, "is no address that begins with sc://"),
        (
            {"host": "spark.example.com", "token": "t0psecret", "use_ssl": False},
            "`use_ssl` of connection 'shop' would send the token unencrypted",
        ),
        ({"host": "h", "ca_file": "/no/such.pem"}, "`ca_file` of connection 'shop' cannot be read"),
    ],
)
def test_settings_that_lead_nowhere(settings: dict[str, Any], said: str) -> None:
    message = refusal_of({"driver": "spark", **settings}, "SELECT 1")["message"]
    assert said in message
    assert "t0psecret" not in message


def test_the_messages_are_those_of_spark(server: SparkServer) -> None:
    """Each field has the number and the kind that Spark's released definitions give it."""
    released = server.released_messages()
    of_google = {"Any", "Status", "ErrorInfo"}
    ours = {name: fields for name, fields in spark_connect.MESSAGES.items() if fields}
    for name in ours.keys() - of_google:
        wanted = {
            (field, number, kind.lstrip("*") if isinstance(kind, str) else kind)
            for field, (number, kind) in ours[name].items()
        }
        assert any(wanted <= there for there in released[name]), (name, wanted, released[name])
