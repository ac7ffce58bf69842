"""The driver for SQL Server against a local stand-in that speaks TDS."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from database_query import tds_values as tds
from database_query.asking import answer_of, cells_by_type, interrupt, refusal_of, reply_of
from database_query.stand_in import Endless
from database_query.tds_stand_in import Refusal, Service, serving
from database_query.tds_values import Table

_MOMENT = datetime(2024, 1, 2, 3, 4, 5, 250000)
_EVERY: list[tuple[tds.Type, Any, tuple[str, str, Any]]] = [
    (tds.integer(1), 255, ("number", "tinyint", 255)),
    (tds.integer(2), -2, ("number", "smallint", -2)),
    (tds.integer(4), 2**31 - 1, ("number", "int", 2**31 - 1)),
    (tds.integer(8), -(2**63), ("number", "bigint", -(2**63))),
    (tds.BIT, True, ("boolean", "bit", True)),
    (tds.decimal(9, 2), Decimal("-12.30"), ("number", "decimal(9,2)", {"decimal": "-12.30"})),
    (
        tds.decimal(38, 0),
        Decimal("12345678901234567890123456789012345678"),
        ("number", "decimal(38,0)", {"decimal": "12345678901234567890123456789012345678"}),
    ),
    (tds.MONEY, Decimal("-1.5"), ("number", "money", {"decimal": "-1.5000"})),
    (tds.floating(4), 0.5, ("number", "real", 0.5)),
    (tds.floating(4), 0.1, ("number", "real", 0.1)),
    (tds.floating(8), 0.1, ("number", "float", 0.1)),
    (tds.nvarchar(20), "Zürich 東京", ("text", "nvarchar(20)", "Zürich 東京")),
    (tds.varchar(8000), "Zürich", ("text", "varchar(8000)", "Zürich")),
    (tds.NVARCHAR_MAX, "ö" * 9000, ("text", "nvarchar(max)", "ö" * 9000)),
    (tds.varbinary(9), b"\xaa\x00", ("binary", "varbinary(9)", {"hex": "aa00"})),
    (tds.VARBINARY_MAX, b"\xbb", ("binary", "varbinary(max)", {"hex": "bb"})),
    (tds.XML, "<a/>", ("text", "xml", "<a/>")),
    (tds.DATE, date(1, 1, 1), ("time", "date", "0001-01-01")),
    (tds.clock(3), time(23, 59, 59, 123000), ("time", "time(3)", "23:59:59.123000")),
    (tds.moment(7), _MOMENT, ("time", "datetime2(7)", "2024-01-02T03:04:05.250000")),
    (tds.moment(0), datetime(9999, 12, 31), ("time", "datetime2(0)", "9999-12-31T00:00:00")),
    (tds.DATETIME, datetime(1753, 1, 1, 12), ("time", "datetime", "1753-01-01T12:00:00")),
    (
        tds.moment_with_zone(7),
        _MOMENT,
        ("time", "datetimeoffset(7)", "2024-01-02T03:04:05.250000+00:00"),
    ),
    (
        tds.UNIQUEIDENTIFIER,
        UUID("1b4e28ba-2fa1-11d2-883f-0016d3cca427"),
        ("text", "uniqueidentifier", "1b4e28ba-2fa1-11d2-883f-0016d3cca427"),
    ),
]
_COLUMNS = [(f"c{place}", type_) for place, (type_, _, _) in enumerate(_EVERY)]
_NAMES = [("name", tds.nvarchar(128))]
_N = [("n", tds.integer(4))]
_ANSWERS: dict[str, Table | Refusal] = {
    "SELECT * FROM every": Table(_COLUMNS, [[value for _, value, _ in _EVERY]]),
    "SELECT * FROM nothing": Table(_COLUMNS, [[None] * len(_EVERY)]),
    "SELECT n, s FROM half": Table([*_N, ("s", tds.nvarchar(9))], [[None, "x"], [2, None]]),
    "SELECT n FROM t": Table(_N, [[n] for n in range(5)]),
    "SELECT n FROM many": Table(_N, [[n] for n in range(20_000)]),
    "SELECT n FROM t WHERE 1 = 0": Table(_N, []),
    "SELECT n, n FROM t": Table(_N * 2, [[1, 1]]),
    "SELECT * FROM gone": Refusal(208, "Invalid object name 'gone'."),
    "SELECT gone FROM t": Refusal(207, "Invalid column name 'gone'."),
    "SELECT n, SUM(n) FROM t": Refusal(8120, "Column 't.n' is invalid in the select list."),
    "SELECT * FROM secret": Refusal(229, "The SELECT permission was denied on 'secret'.", 14),
    "SELECT 1 / 0": Refusal(8134, "Divide by zero error encountered."),
    "SELECT writes()": Refusal(3906, "Failed to update database because it is read-only."),
    "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), DB_NAME()": Table(
        [("", tds.nvarchar(128)), ("", tds.nvarchar(128))], [["16.0.4135.4", "shop"]]
    ),
    "SELECT name FROM sys.schemas WHERE schema_id < 16384 AND name NOT IN "
    "('sys', 'INFORMATION_SCHEMA', 'guest')": Table(_NAMES, [["sales"], ["dbo"]]),
    "SELECT TABLE_SCHEMA FROM INFORMATION_SCHEMA.TABLES": Table(
        _NAMES, [["dbo"], ["dbo"], ["sales"], ["other"]]
    ),
    "use [shop]": Table(_N, []),
}


@pytest.fixture
def service() -> Service:
    return Service(_ANSWERS)


@pytest.fixture
def shop(service: Service) -> Iterator[dict[str, Any]]:
    with serving(service) as port:
        yield {
            "driver": "sqlserver",
            "host": "127.0.0.1",
            "port": port,
            "user": "reader",
            "password": "s3cret",
            "database": "shop",
            "encrypt": False,
        }


def test_every_type_of_value(shop: dict[str, Any]) -> None:
    expected = [cell for _, _, cell in _EVERY]
    assert cells_by_type(answer_of(shop, "SELECT * FROM every")) == expected
    nothing = cells_by_type(answer_of(shop, "SELECT * FROM nothing"))
    assert nothing == [(type_, word, None) for type_, word, _ in expected]


def test_a_row_with_one_null_comes_uncompressed(shop: dict[str, Any]) -> None:
    assert answer_of(shop, "SELECT n, s FROM half")["rows"] == [[None, "x"], [2, None]]


@pytest.mark.parametrize(
    ("most", "rows", "truncated"), [(0, 0, True), (4, 4, True), (5, 5, False), (None, 5, False)]
)
def test_rows_are_capped(
    shop: dict[str, Any], most: int | None, rows: int, truncated: bool
) -> None:
    answer = answer_of(shop, "SELECT n FROM t", max_rows=most)
    assert answer["rows"] == [[n] for n in range(rows)]
    assert answer["truncated"] is truncated


def test_rows_in_many_packets(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n FROM many")
    assert answer["rows"] == [[n] for n in range(20_000)]
    assert answer_of(shop, "SELECT n FROM many", max_rows=2)["rows"] == [[0], [1]]


def test_an_answer_without_rows_has_columns(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n FROM t WHERE 1 = 0")
    assert answer["columns"] == [{"name": "n", "type": "number", "database_type": "int"}]
    assert (answer["rows"], answer["truncated"]) == ([], False)


def test_two_columns_of_one_name_stay_two(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n, n FROM t")
    assert [column["name"] for column in answer["columns"]] == ["n", "n"]


def test_a_statement_runs_in_a_transaction_that_is_never_committed(
    shop: dict[str, Any], service: Service
) -> None:
    answer_of(shop, "SELECT n FROM t; -- the end")
    assert service.statements == ["use [shop]", "SELECT n FROM t"]
    # Begun, and with the connection's end the server rolls it back.
    assert service.transactions == [5]
    # TypeFlags of the log-in: the bit of ApplicationIntent=ReadOnly.
    assert service.login[26] & 0x20
    assert "ktx".encode("utf-16-le") in service.login


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM gone", "does not have what is named: SQL Server message 208"),
        ("SELECT gone FROM t", "does not have what is named"),
        ("SELECT n, SUM(n) FROM t", "refused the SQL"),
        ("SELECT * FROM secret", "does not allow it"),
        ("SELECT writes()", "The database refused to write"),
        ("SELECT 1 / 0", "could not compute a value"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, message: str) -> None:
    error = refusal_of(shop, sql)
    refusal = _ANSWERS[sql]
    assert isinstance(refusal, Refusal)
    assert error["kind"] == "database"
    assert message in error["message"]
    assert refusal.message.rstrip(".") in error["message"]


def test_a_statement_that_takes_too_long_is_ended_on_the_server(
    shop: dict[str, Any], service: Service
) -> None:
    error = refusal_of(shop, Endless.SQL, timeout_ms=200)
    assert error["message"].startswith("The database took too long")
    assert service.endless.cancelled.wait(20)


def test_an_interrupted_statement_is_ended_on_the_server(
    shop: dict[str, Any], service: Service
) -> None:
    interrupt(shop, Endless.SQL, service.endless.running)
    assert service.endless.cancelled.wait(20)


def test_what_is_there(shop: dict[str, Any]) -> None:
    found = reply_of("database-test", shop)["ok"]
    assert found["server_version"] == "16.0.4135.4"
    assert (found["database"], found["schemas"]) == ("shop", ["dbo", "sales"])
    assert found["tables"] == 3
    assert found["read_only"]["enforced"] is False
    only = reply_of("database-test", shop | {"schemas": ["sales"]})["ok"]
    assert only["tables"] == 1


@pytest.mark.parametrize(
    ("number", "message", "beginning"),
    [
        (18456, "Login failed for user 'reader'.", "The database refused the log-in"),
        (18488, "Login failed. The password must be changed.", "The database refused the log-in"),
        (4060, 'Cannot open database "shop".', "The database does not have what is named"),
    ],
)
def test_a_login_that_is_refused(
    shop: dict[str, Any], service: Service, number: int, message: str, beginning: str
) -> None:
    service.login_refusal = Refusal(number, message, 14)
    error = refusal_of(shop, "SELECT 1", connection_timeout_seconds=1)
    assert error["message"].startswith(beginning)
    assert message.rstrip(".") in error["message"]
    assert "s3cret" not in str(error)


def test_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = {"driver": "sqlserver", "host": "127.0.0.1", "user": "u", "encrypt": False}
        connection["port"] = listener.getsockname()[1]
        error = refusal_of(connection, "SELECT 1", connection_timeout_seconds=1)
    assert error["message"].startswith("The database could not be reached: no answer to the log-in")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 DROP TABLE t",
        "SELECT * INTO x FROM t",
        "EXEC sp_who",
        "SELECT * FROM OPENROWSET('x', 'y', 'z')",
        "SELECT * FROM t WITH (UPDLOCK)",
        "WAITFOR DELAY '1'",
    ],
)
def test_what_is_written_is_not_sent(sql: str) -> None:
    # Nothing listens there: a statement that is refused connects to nowhere.
    error = refusal_of({"driver": "sqlserver", "host": "127.0.0.1", "port": 1, "user": "u"}, sql)
    assert error["message"].startswith("The SQL is not run.")


@pytest.mark.parametrize("encrypt", [True, False])
def test_a_server_that_is_not_there(encrypt: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"sqlserver://reader:s3cret@127.0.0.1:{port}/shop"
    connection = {"driver": "sqlserver", "url": url, "encrypt": encrypt}
    error = refusal_of(connection, "SELECT 1", connection_timeout_seconds=1)
    assert error["message"].startswith("The database could not be reached")
    assert "s3cret" not in str(error)
    assert "reader" not in str(error)


def test_a_user_is_needed() -> None:
    connection = {"driver": "sqlserver", "host": "127.0.0.1"}
    error = refusal_of(connection, "SELECT 1")
    assert error["fix"] == "Write `user: reader` under connections.shop in ktx.yaml."
