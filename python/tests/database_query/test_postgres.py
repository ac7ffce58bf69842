"""Queries on a real PostgreSQL server, through the drivers `postgres` and `redshift`.

They speak the same protocol; of Redshift's own SQL and types a PostgreSQL server shows nothing.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from database_query.asking import answer_of, cells_by_type, refusal_of, reply_of

SHOP = """
    CREATE SCHEMA ktx_query;
    SET search_path = ktx_query;
    CREATE TABLE t AS SELECT n FROM generate_series(0, 4) n;
    CREATE VIEW v AS SELECT 1 AS one;
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE SEQUENCE s;
    CREATE FUNCTION harmless() RETURNS int LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO ktx_query.t VALUES (99); RETURN 1; END $$;
"""
VALUES: list[tuple[str, str, str, Any]] = [
    ("NULL::int", "number", "integer", None),
    ("true", "boolean", "boolean", True),
    ("9223372036854775807", "number", "bigint", 2**63 - 1),
    ("12.30::numeric(9,2)", "number", "numeric(9,2)", {"decimal": "12.30"}),
    ("1e30::numeric", "number", "numeric", {"decimal": f"1{'0' * 30}"}),
    ("'NaN'::numeric", "number", "numeric", {"float": "NaN"}),
    ("'-Infinity'::float8", "number", "double precision", {"float": "-Infinity"}),
    ("0.1::float8", "number", "double precision", 0.1),
    ("'Zürich'::text", "text", "text", "Zürich"),
    ("'\\xaa00'::bytea", "binary", "bytea", {"hex": "aa00"}),
    ("date '2024-02-29'", "time", "date", "2024-02-29"),
    ("date '0044-03-15 BC'", "time", "date", "0044-03-15 BC"),
    ("'infinity'::timestamp", "time", "timestamp without time zone", "infinity"),
    ("time '03:04:05.5'", "time", "time without time zone", "03:04:05.5"),
    (
        "timestamp '2024-01-02 03:04:05'",
        "time",
        "timestamp without time zone",
        "2024-01-02T03:04:05",
    ),
    ("interval '1 month 2 days'", "text", "interval", "1 mon 2 days"),
    (
        "'4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11'::uuid",
        "text",
        "uuid",
        "4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11",
    ),
    ("'{\"a\":  [1]}'::json", "text", "json", '{"a":  [1]}'),
    ("'{\"a\":[1]}'::jsonb", "text", "jsonb", '{"a": [1]}'),
    ("ARRAY[1, NULL, 3]", "text", "integer[]", "[1, null, 3]"),
    ("ARRAY[date '2024-01-02']", "text", "date[]", '["2024-01-02"]'),
    ("ARRAY[1.50]", "text", "numeric[]", '["1.50"]'),
    ("'happy'::ktx_query.mood", "text", "ktx_query.mood", "happy"),
    ("int4range(1, 5)", "text", "int4range", "[1,5)"),
    ("ROW(1, 'a')", "text", "record", "(1,a)"),
    ("inet '10.0.0.1'", "text", "inet", "10.0.0.1"),
    ("'1.50'::money", "text", "money", "$1.50"),
]
WRITING = [
    "INSERT INTO ktx_query.t VALUES (9)",
    "WITH gone AS (DELETE FROM ktx_query.t RETURNING n) SELECT * FROM gone",
    "SELECT * INTO ktx_query.x FROM ktx_query.t",
    "SELECT 1; DELETE FROM ktx_query.t",
    "SELECT n FROM ktx_query.t FOR UPDATE",
    "COPY ktx_query.t TO PROGRAM 'touch /tmp/ktx_was_here'",
    "COPY (SELECT 1) TO '/tmp/ktx_was_here'",
    "EXPLAIN ANALYZE DELETE FROM ktx_query.t",
    "DO $$ BEGIN DELETE FROM ktx_query.t; END $$",
    "CALL x()",
    "SELECT nextval('ktx_query.s')",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT pg_terminate_backend(1)",
    "SELECT lo_import('/etc/hostname')",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT pg_advisory_lock(1)",
    "BEGIN READ WRITE",
    "/* SELECT */ DROP TABLE ktx_query.t",
]


@pytest.fixture(scope="module", params=["postgres", "redshift"])
def shop(postgres: str, request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    drop = "DROP SCHEMA IF EXISTS ktx_query CASCADE"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("SET client_min_messages = error")
        connection.execute(drop)
        connection.execute(SHOP)
        # Redshift has another usual port.
        port = conninfo_to_dict(postgres).get("port", 5432)
        url = psycopg.conninfo.make_conninfo(postgres, port=port)
        yield {"driver": request.param, "url": url, "readonly": True}
        connection.execute(drop)


def count_of(shop: dict[str, Any]) -> int:
    with psycopg.connect(shop["url"]) as connection:
        row = connection.execute("SELECT count(*) FROM ktx_query.t").fetchone()
        return int(row[0]) if row else -1


@pytest.mark.parametrize(("sql", "kind", "word", "cell"), VALUES, ids=lambda value: str(value)[:30])
def test_every_type_of_value(
    shop: dict[str, Any], sql: str, kind: str, word: str, cell: Any
) -> None:
    if "mood" in sql and shop["driver"] == "redshift":
        return  # In Redshift nobody can define a type, so its SQL has no names of such.
    assert cells_by_type(answer_of(shop, f"SELECT {sql} AS value")) == [(kind, word, cell)]


def test_a_moment_has_the_zone_of_the_session(shop: dict[str, Any]) -> None:
    sql = "SELECT timestamptz '2024-01-02 03:04:05.25+02' AT TIME ZONE 'UTC', now()"
    (plain, now), words = answer_of(shop, sql)["rows"][0], answer_of(shop, sql)["columns"]
    assert plain == "2024-01-02T01:04:05.25"
    assert (words[1]["database_type"], now[10]) == ("timestamp with time zone", "T")
    assert now[-6] in "+-"


def test_the_session_is_in_the_stated_zone(
    shop: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", "America/New_York")
    sql = (
        "SELECT timestamptz '2026-01-01 00:00:00+00', date_trunc('month', date '2026-03-05')::date"
    )
    (row,) = answer_of(shop, sql)["rows"]
    assert row == ["2026-01-01T00:00:00+00:00", "2026-03-01"]
    (row,) = answer_of(shop, sql, timezone="Asia/Tokyo")["rows"]
    assert row == ["2026-01-01T09:00:00+09:00", "2026-03-01"]


def test_order_and_names_are_those_of_the_statement(shop: dict[str, Any]) -> None:
    sql = 'SELECT n, n AS n, 1 AS "a ""b", 2 AS "100%" FROM ktx_query.t ORDER BY 1 DESC; -- the end'
    answer = answer_of(shop, sql)
    assert [column["name"] for column in answer["columns"]] == ["n", "n", 'a "b', "100%"]
    assert [row[0] for row in answer["rows"]] == [4, 3, 2, 1, 0]


def test_a_per_cent_sign_is_no_parameter(shop: dict[str, Any]) -> None:
    assert answer_of(shop, "SELECT 'a' LIKE 'a%' AS \"%s\"")["rows"] == [[True]]


@pytest.mark.parametrize(
    ("most", "rows", "truncated"), [(0, 0, True), (4, 4, True), (5, 5, False), (None, 5, False)]
)
def test_rows_are_capped(
    shop: dict[str, Any], most: int | None, rows: int, truncated: bool
) -> None:
    answer = answer_of(shop, "SELECT * FROM ktx_query.t", max_rows=most)
    assert (len(answer["rows"]), answer["truncated"]) == (rows, truncated)


def test_of_endless_rows_only_those_asked_for_are_made(shop: dict[str, Any]) -> None:
    sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    assert answer_of(shop, sql, max_rows=2)["rows"] == [[1], [2]]


def test_answers_without_rows_or_columns(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n FROM ktx_query.t WHERE n > 99")
    assert answer["columns"] == [{"name": "n", "type": "number", "database_type": "integer"}]
    assert (answer["rows"], answer["truncated"]) == ([], False)
    assert answer_of(shop, "SELECT FROM ktx_query.t WHERE n = 1")["columns"] == []


@pytest.mark.parametrize("sql", WRITING)
def test_nothing_but_reading_is_run(shop: dict[str, Any], sql: str) -> None:
    error = refusal_of(shop, sql)
    assert error["kind"] == "database"
    assert error["message"].startswith("The SQL is not run.")
    assert count_of(shop) == 5


@pytest.mark.parametrize("sql", [sql for sql in WRITING if not re.search("pg_|lo_|EXPLAIN", sql)])
def test_the_session_refuses_it_as_well(
    shop: dict[str, Any], monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    from ktx_daemon import database_query

    monkeypatch.setattr(database_query, "reading_statement", lambda sql, *_, **__: sql)
    assert refusal_of(shop, sql)["kind"] == "database"
    assert count_of(shop) == 5


def test_a_function_that_writes_under_a_harmless_name_cannot(shop: dict[str, Any]) -> None:
    error = refusal_of(shop, "SELECT ktx_query.harmless()")
    assert error["message"].startswith("The database refused to write: cannot execute INSERT")
    assert count_of(shop) == 5


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM ktx_query.gone", "does not have what is named: relation"),
        ("SELECT gone FROM ktx_query.t", 'does not have what is named: column "gone"'),
        ("SELECT n FROM ktx_query.t GROUP BY 1 HAVING n", "refused the SQL: argument of HAVING"),
        ("SELECT 1 / 0", "could not compute a value: division by zero"),
        ("SELECT 'x'::int", "could not compute a value: invalid input syntax for type integer"),
        ("SELECT (SELECT n FROM ktx_query.t)", "could not compute a value: more than one row"),
        ("SELECT n FROM ktx_query.t WHERE n = $1", "refused the SQL: bind message supplies 0"),
        (
            "SELECT 1 FROM ktx_query.t a FULL JOIN ktx_query.t b ON a.n < b.n",
            "refused the SQL: FULL JOIN is only supported with",
        ),
        ("SELECT no_such_function(n) FROM ktx_query.t", "does not have what is named: function"),
        ("SELECT pg_sleep(60)", "took too long: canceling statement due to statement timeout"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, message: str) -> None:
    error = refusal_of(shop, sql, timeout_ms=1000)
    assert error["kind"] == "database"
    assert message in error["message"]


@pytest.mark.parametrize(
    ("sql", "fix"),
    [
        ("SELECT n FROM ktx_query.t WHERE n = $1", "Correct the expression of the question or the"),
        ("SELECT 1 / 0", "Correct the expression of the question or the model that computes it"),
        ("SELECT gone FROM ktx_query.t", "Compare the model's tables, columns and functions"),
        ("SELECT n FROM ktx_query.t; SELECT 1", "Correct the expression of the question or the"),
    ],
)
def test_of_sql_that_ktx_compiled_the_question_is_to_correct(
    shop: dict[str, Any], sql: str, fix: str
) -> None:
    error = refusal_of(shop, sql, compiled=True)
    assert error["fix"].startswith(fix)
    assert ("please report it" in error["fix"]) == ("n FROM ktx_query.t" in sql)


def test_a_session_that_the_server_ends(
    shop: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ktx_daemon import database_query

    # By a statement that ktx refuses to run itself.
    monkeypatch.setattr(database_query, "reading_statement", lambda sql, *_, **__: sql)
    error = refusal_of(shop, "SELECT pg_terminate_backend(pg_backend_pid())", compiled=True)
    assert error["message"].startswith("The database could not be reached: terminating connection")
    assert error["fix"].startswith("Check the address of connection 'shop'")


def test_what_is_there(shop: dict[str, Any]) -> None:
    found = reply_of("database-test", shop)["ok"]
    with psycopg.connect(shop["url"]) as connection:
        version = connection.info.parameter_status("server_version")
        database = connection.info.dbname
    assert (found["server_version"], found["database"]) == (version, database)
    assert "ktx_query" in found["schemas"]
    assert not any(name.startswith("pg_") for name in found["schemas"])
    assert found["read_only"] == {"enforced": True, "how": "a READ ONLY transaction"}
    assert reply_of("database-test", shop | {"schemas": ["ktx_query"]})["ok"]["tables"] == 2
    assert reply_of("database-test", shop | {"schemas": ["ktx_query", "x"]})["ok"]["tables"] == 2


def test_an_address_by_keys(shop: dict[str, Any]) -> None:
    parts = conninfo_to_dict(shop["url"])
    keys: dict[str, Any] = {
        "host": parts["host"],
        "user": parts["user"],
        "database": parts["dbname"],
    }
    keys["port"] = int(str(parts["port"]))
    names = {"postgres": ("PostgreSQL", "Postgres"), "redshift": ("Redshift",)}
    for name in names[shop["driver"]]:
        answer = answer_of({"driver": name, **keys}, "SELECT current_user")
        assert answer["rows"] == [[parts["user"]]]


@pytest.mark.parametrize(("driver", "port"), [("postgres", 5432), ("redshift", 5439)])
def test_the_usual_port_of_each(tmp_path: Path, driver: str, port: int) -> None:
    # The port of a server on a local socket is a part of the socket's name.
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / f".s.PGSQL.{port}"))
        listener.listen()
        listener.settimeout(20)
        heard = threading.Thread(target=lambda: listener.accept()[0].close())
        heard.start()
        connection = {"driver": driver, "host": str(tmp_path), "user": "u"}
        error = refusal_of(connection, "SELECT 1")
        heard.join()
    assert "server closed the connection" in error["message"]


def test_a_wrong_password_is_said_and_not_shown(shop: dict[str, Any]) -> None:
    # The server of the tests lets its owner in; a role of another name is not there.
    url = psycopg.conninfo.make_conninfo(shop["url"], user="walter", password="s3cret")
    error = refusal_of({"driver": "postgres", "url": url}, "SELECT 1")
    assert error["message"].startswith("The database refused the log-in")
    assert "s3cret" not in str(error)
    assert "connection 'shop'" in error["fix"]


@pytest.mark.parametrize(
    "connection",
    [
        {"url": "postgresql://walter:s3cret@no-such-host.invalid/d"},
        {"host": "no-such-host.invalid", "user": "walter", "password": "s3cret"},
        {"url": "postgresql://walter:s3cret@127.0.0.1:{port}/d"},
    ],
)
def test_a_server_that_is_not_there(connection: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    filled = {key: value.format(port=port) for key, value in connection.items()}
    error = refusal_of({"driver": "postgres", **filled}, "SELECT 1")
    assert error["message"].startswith("The database could not be reached")
    assert "s3cret" not in str(error)


def test_a_database_that_is_not_there(shop: dict[str, Any]) -> None:
    url = psycopg.conninfo.make_conninfo(shop["url"], dbname="gone")
    error = refusal_of({"driver": "postgres", "url": url}, "SELECT 1")
    assert error["message"].startswith("The database does not have what is named")


UNESCAPED = (
    "`url` of connection 'shop' has one of @ / # in its user or password, where it ends them."
)


@pytest.mark.parametrize(
    ("connection", "message"),
    [
        ({}, "Connection 'shop' has no `host`."),
        ({"url": "postgresql://u:s3@cret@h/d"}, UNESCAPED),
        ({"url": "postgresql://u:s3/cret@h/d"}, UNESCAPED),
        ({"url": "postgresql://u:s3cret@["}, "`url` of connection 'shop' cannot be understood."),
        ({"host": ["a"]}, "`host` of connection 'shop' is no plain value."),
    ],
)
def test_settings_that_make_no_sense(connection: dict[str, Any], message: str) -> None:
    error = refusal_of({"driver": "postgres", **connection}, "SELECT 1")
    assert (error["kind"], error["message"]) == ("database", message)
    assert error["fix"]
    assert "s3cret" not in str(error)
