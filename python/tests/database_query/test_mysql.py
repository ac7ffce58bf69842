"""Queries of the driver for MySQL, on a real MariaDB server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from database_query.asking import answer_of, cells_by_type, refusal_of, reply_of
from support.mariadb_server import connect

SHOP = """
    CREATE DATABASE ktx_query;
    CREATE TABLE ktx_query.t (n INT);
    INSERT INTO ktx_query.t VALUES (0), (1), (2), (3), (4);
    CREATE VIEW ktx_query.v AS SELECT 1 AS one;
    CREATE TABLE ktx_query.every (
        u BIGINT UNSIGNED, d DECIMAL(9, 2), f DOUBLE, day DATE, at DATETIME(2), clock TIME,
        year YEAR, yes TINYINT(1), bits BIT(10), bytes VARBINARY(9), big BLOB, note TEXT,
        mood ENUM('sad', 'happy'), tags SET('a', 'b'), doc JSON, nothing INT);
    INSERT INTO ktx_query.every VALUES (
        18446744073709551615, 12.30, 0.1, '2024-02-29', '2024-01-02 03:04:05.25', '-100:00:01',
        2024, 1, b'1000000001', x'aa00', x'00ff', 'Zürich', 'happy', 'a,b', '{"a":  1}', NULL);
    CREATE FUNCTION ktx_query.harmless() RETURNS INT MODIFIES SQL DATA
    BEGIN INSERT INTO ktx_query.t VALUES (99)~ RETURN 1~ END;
    CREATE USER ktx_reader IDENTIFIED BY 'h@rd p4ss';
    GRANT SELECT ON ktx_query.t TO ktx_reader
"""
CELLS = [
    ("number", "bigint unsigned", {"decimal": str(2**64 - 1)}),
    ("number", "decimal", {"decimal": "12.30"}),
    ("number", "double", 0.1),
    ("time", "date", "2024-02-29"),
    ("time", "datetime", "2024-01-02T03:04:05.25"),
    ("time", "time", "-100:00:01"),
    ("number", "year", 2024),
    ("number", "tinyint", 1),
    ("binary", "bit", {"hex": "0201"}),
    ("binary", "varbinary", {"hex": "aa00"}),
    ("binary", "blob", {"hex": "00ff"}),
    ("text", "text", "Zürich"),
    ("text", "enum", "happy"),
    ("text", "set", "a,b"),
    ("text", "text", '{"a":  1}'),  # MariaDB keeps JSON as text
    ("number", "int", None),
]
WRITING = [
    "INSERT INTO t VALUES (9)",
    "SELECT 1; DELETE FROM t",
    "SELECT * FROM t INTO OUTFILE '/tmp/ktx_was_here'",
    "SELECT n INTO @x FROM t LIMIT 1",
    "SELECT @x := 1",
    "SELECT n FROM t FOR UPDATE",
    "SELECT n FROM t LOCK IN SHARE MODE",
    "SELECT /*! 1 */ 1",
    "SELECT LOAD_FILE('/etc/hostname')",
    "SELECT GET_LOCK('a', 1)",
    "CALL x()",
    "SET GLOBAL max_connections = 1",
    "LOAD DATA INFILE '/etc/hostname' INTO TABLE t",
    "HANDLER t OPEN",
    "REPLACE INTO t VALUES (1)",
]


@pytest.fixture(scope="module")
def shop(mariadb: Path) -> Iterator[dict[str, Any]]:
    with closing(connect(mariadb)) as connection, connection.cursor() as cursor:
        for statement in SHOP.split(";"):
            cursor.execute(statement.replace("~", ";"))
        yield {
            "driver": "mysql",
            "unix_socket": str(mariadb),
            "user": "root",
            "database": "ktx_query",
        }
        cursor.execute("DROP DATABASE ktx_query")
        cursor.execute("DROP USER ktx_reader")


def count_of(shop: dict[str, Any]) -> int:
    socket_path = Path(shop["unix_socket"])
    with closing(connect(socket_path)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM ktx_query.t")
        return int(cursor.fetchone()[0])


def test_every_type_of_value(shop: dict[str, Any]) -> None:
    assert cells_by_type(answer_of(shop, "SELECT * FROM every")) == CELLS


def test_days_that_are_none(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT CAST('0000-00-00' AS DATE), TIME '25:00:00'")
    assert answer["rows"] == [["0000-00-00", "25:00:00"]]


def test_the_session_is_in_utc_or_the_server_does_not_know_the_zone(shop: dict[str, Any]) -> None:
    sql = "SELECT FROM_UNIXTIME(0), @@session.time_zone"
    assert answer_of(shop, sql)["rows"] == [["1970-01-01T00:00:00", "+00:00"]]
    refusal = refusal_of(shop, sql, timezone="Asia/Tokyo")
    assert refusal["message"] == "The server does not know the time zone Asia/Tokyo."
    assert "mysql_tzinfo_to_sql" in refusal["fix"]


def test_order_names_and_signs_are_those_of_the_statement(shop: dict[str, Any]) -> None:
    sql = "SELECT n, n AS n, '%s' LIKE '%' AS `a %s` FROM t ORDER BY 1 DESC; -- the end"
    answer = answer_of(shop, sql)
    assert [column["name"] for column in answer["columns"]] == ["n", "n", "a %s"]
    assert [row[0] for row in answer["rows"]] == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("most", "rows", "truncated"), [(0, 0, True), (4, 4, True), (5, 5, False), (None, 5, False)]
)
def test_rows_are_capped(
    shop: dict[str, Any], most: int | None, rows: int, truncated: bool
) -> None:
    answer = answer_of(shop, "SELECT * FROM t", max_rows=most)
    assert (len(answer["rows"]), answer["truncated"]) == (rows, truncated)


def test_of_very_many_rows_only_those_asked_for_are_read(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT seq FROM seq_1_to_1000000000", max_rows=2)
    assert answer["rows"] == [[1], [2]]


def test_an_answer_without_rows_has_columns(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n FROM t WHERE n > 99")
    assert answer["columns"] == [{"name": "n", "type": "number", "database_type": "int"}]
    assert (answer["rows"], answer["truncated"]) == ([], False)


@pytest.mark.parametrize("sql", WRITING)
def test_nothing_but_reading_is_run(shop: dict[str, Any], sql: str) -> None:
    error = refusal_of(shop, sql)
    assert error["kind"] == "database"
    assert error["message"].startswith("The SQL is not run.")
    assert count_of(shop) == 5


@pytest.mark.parametrize("sql", ["INSERT INTO t VALUES (9)", "SELECT 1; DELETE FROM t"])
def test_the_session_refuses_it_as_well(
    shop: dict[str, Any], monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    from ktx_daemon import database_query

    monkeypatch.setattr(database_query, "reading_statement", lambda sql, *_, **__: sql)
    assert refusal_of(shop, sql)["kind"] == "database"
    assert count_of(shop) == 5


def test_a_function_that_writes_under_a_harmless_name_cannot(shop: dict[str, Any]) -> None:
    error = refusal_of(shop, "SELECT ktx_query.harmless()")
    assert error["message"].startswith("The database refused to write")
    assert count_of(shop) == 5


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM gone", "does not have what is named"),
        ("SELECT gone FROM t", "does not have what is named"),
        ("SELECT no_such_function(1)", "does not have what is named"),
        ("SELECT 1 FROM t a, t b WHERE n = 1", "refused the SQL: Column 'n' in"),
        ("SELECT SLEEP(60)", "took too long"),
        ("SELECT n FROM t WHERE n = ?", "refused the SQL: You have an error in your SQL syntax"),
        ("SELECT n FROM t WHERE SUM(n) > 1", "refused the SQL: Invalid use of group function"),
        ("SELECT (SELECT 1, 2)", "could not compute a value: Operand should contain 1 column"),
        ("SELECT (SELECT n FROM t)", "could not compute a value: Subquery returns more than 1"),
        ("SELECT 9223372036854775807 + 1", "could not compute a value: BIGINT value is out of"),
        ("SELECT CONV(1, 2)", "refused the SQL: Incorrect parameter count"),
        ("SELECT ROW(1, 2) + 1", "refused the SQL: Illegal parameter data types"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, message: str) -> None:
    error = refusal_of(shop, sql, timeout_ms=300)
    assert error["kind"] == "database"
    assert message in error["message"]


def test_unsigned_numbers_have_none_below_zero(shop: dict[str, Any]) -> None:
    error = refusal_of(shop, "SELECT CAST(1 AS UNSIGNED) - CAST(2 AS UNSIGNED)")
    assert error["message"].startswith("The database could not compute a value: BIGINT UNSIGNED")
    assert "`AS SIGNED`" in error["fix"]


def test_what_is_there(shop: dict[str, Any]) -> None:
    found = reply_of("database-test", shop)["ok"]
    assert "MariaDB" in found["server_version"]
    assert (found["database"], found["tables"]) == ("ktx_query", 3)
    assert "ktx_query" in found["schemas"]
    assert "mysql" not in found["schemas"]
    assert found["read_only"] == {"enforced": True, "how": "a READ ONLY transaction"}


def test_a_password_with_odd_characters(shop: dict[str, Any]) -> None:
    reader = shop | {"user": "ktx_reader", "password": "h@rd p4ss"}
    assert answer_of(reader, "SELECT COUNT(*) FROM t")["rows"] == [[5]]
    error = refusal_of(reader, "SELECT * FROM every")
    assert error["message"].startswith("The database does not allow it")
    error = refusal_of(reader | {"password": "h@rd p5ss"}, "SELECT 1")
    assert error["message"].startswith("The database refused the log-in")
    assert "p5ss" not in str(error)
    by_url = {"driver": "mariadb", "url": "mysql://ktx_reader:s3cret@localhost/ktx_query?"}
    error = refusal_of(
        by_url | {"url": by_url["url"] + f"unix_socket={shop['unix_socket']}"}, "SELECT 1"
    )
    assert error["message"].startswith("The database refused the log-in")
    assert "s3cret" not in str(error)
    assert "ktx_reader" not in str(error)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "127.0.0.1"])
def test_a_server_that_is_not_there(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    connection = {"driver": "mysql", "host": host, "port": port, "user": "u", "password": "s3cret"}
    error = refusal_of(connection, "SELECT 1")
    assert error["message"].startswith("The database could not be reached")
    assert "s3cret" not in str(error)


UNESCAPED = "`url` of connection 'shop' has one of / # in its user or password, where it ends them."


@pytest.mark.parametrize(
    ("connection", "message"),
    [
        ({}, "Connection 'shop' has no `host`."),
        ({"url": "postgres://u:s3cret@h/d"}, "The url is not an address of MySQL."),
        ({"url": "mysql://u:s3/cret@h/d"}, UNESCAPED),
        ({"url": "mysql://u:s3cret@["}, "`url` of connection 'shop' cannot be understood."),
        ({"host": "h", "port": "many"}, "`port` of connection 'shop' is no whole number above 0."),
    ],
)
def test_settings_that_make_no_sense(connection: dict[str, Any], message: str) -> None:
    error = refusal_of({"driver": "mysql", **connection}, "SELECT 1")
    assert (error["kind"], error["message"]) == ("database", message)
    assert "s3cret" not in str(error)
