"""Queries on DuckDB files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from database_query.asking import answer_of, cells_by_type, refusal_of, reply_of

VALUES: list[tuple[str, str, str, Any]] = [
    ("NULL", "number", "INTEGER", None),
    ("true", "boolean", "BOOLEAN", True),
    ("9223372036854775807", "number", "BIGINT", 2**63 - 1),
    ("18446744073709551615::UBIGINT", "number", "UBIGINT", {"decimal": str(2**64 - 1)}),
    (
        "-170141183460469231731687303715884105727",
        "number",
        "HUGEINT",
        {"decimal": f"-{2**127 - 1}"},
    ),
    ("12.30", "number", "DECIMAL(4,2)", {"decimal": "12.30"}),
    ("0.1::DOUBLE", "number", "DOUBLE", 0.1),
    ("'NaN'::DOUBLE", "number", "DOUBLE", {"float": "NaN"}),
    ("0.1::FLOAT", "number", "FLOAT", 0.1),
    ("16777217::FLOAT", "number", "FLOAT", 16777216.0),
    ("'-Infinity'::FLOAT", "number", "FLOAT", {"float": "-Infinity"}),
    (
        "'99999999999999999999999999999999999999999'::BIGNUM",
        "number",
        "BIGNUM",
        {"decimal": "9" * 41},
    ),
    ("'Zürich'", "text", "VARCHAR", "Zürich"),
    ("'\\xAA\\x00'::BLOB", "binary", "BLOB", {"hex": "aa00"}),
    ("DATE '2024-02-29'", "time", "DATE", "2024-02-29"),
    ("DATE '0044-03-15 (BC)'", "time", "DATE", "0044-03-15 (BC)"),
    ("TIME '03:04:05.5'", "time", "TIME", "03:04:05.5"),
    ("TIMESTAMP '2024-01-02 03:04:05'", "time", "TIMESTAMP", "2024-01-02T03:04:05"),
    ("'infinity'::TIMESTAMP", "time", "TIMESTAMP", "infinity"),
    (
        "TIMESTAMP_NS '2024-01-02 03:04:05.123456789'",
        "time",
        "TIMESTAMP_NS",
        "2024-01-02T03:04:05.123456789",
    ),
    ("INTERVAL '1 month 2 days'", "text", "INTERVAL", "1 month 2 days"),
    (
        "'4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11'::UUID",
        "text",
        "UUID",
        "4d1c94a1-9c7b-4cf1-8a9e-2c7f1a1c1e11",
    ),
    ("'{\"a\": [1]}'::JSON", "text", "JSON", '{"a": [1]}'),
    ("[1, NULL, 3]", "text", "INTEGER[]", "[1,null,3]"),
    (
        "{'a': 1, 'b': DATE '2024-01-02'}",
        "text",
        "STRUCT(a INTEGER, b DATE)",
        '{"a":1,"b":"2024-01-02"}',
    ),
    ("MAP {'k': 1}", "text", "MAP(VARCHAR, INTEGER)", '{"k":1}'),
    ("'small'::ENUM ('small', 'big')", "text", "ENUM('small', 'big')", "small"),
    ("'101'::BIT", "text", "BIT", "101"),
]
READING = "SELECT * FROM t"
WRITING = [
    "INSERT INTO t VALUES (9)",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
    "SELECT 1; DROP TABLE t",
    "COPY t TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "ATTACH '{folder}/other.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "PRAGMA enable_profiling",
    "PRAGMA show_tables",
    "SET threads = 1",
    "CALL pragma_version()",
    "CHECKPOINT",
    "EXPORT DATABASE '{folder}/all'",
    "CREATE TABLE x AS SELECT 1",
    "SELECT * FROM read_csv('{folder}/x.csv')",
    "SELECT * FROM '{folder}/x.csv'",
    "SELECT * FROM read_text('{folder}/x.csv')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT getenv('HOME')",
    "SELECT nextval('s')",
]
# What would be done if it were only for the parser.
BREAKING = [
    sql
    for sql in WRITING
    if sql.startswith(("INSERT", "COPY", "ATTACH", "INSTALL", "EXPORT", "CREATE", "SET"))
    or "{folder}/x.csv" in sql
    or "nextval" in sql
]


@pytest.fixture
def shop(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "x.csv").write_text("a\n1\n")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS n FROM range(5)")
        connection.execute(
            "CREATE VIEW v AS SELECT 1 AS one; CREATE SCHEMA more; CREATE SEQUENCE s"
        )
        connection.execute("CREATE TABLE more.u (a INTEGER)")
    return {"driver": "duckdb", "path": str(tmp_path / "shop.duckdb"), "readonly": True}


@pytest.mark.parametrize(("sql", "kind", "word", "cell"), VALUES, ids=lambda value: str(value)[:30])
def test_every_type_of_value(
    shop: dict[str, Any], sql: str, kind: str, word: str, cell: Any
) -> None:
    assert cells_by_type(answer_of(shop, f"SELECT {sql} AS value")) == [(kind, word, cell)]


def test_a_moment_in_a_time_zone_is_the_same_moment(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT TIMESTAMPTZ '2024-01-02 03:04:05.25+02'")
    ((_, word, cell),) = cells_by_type(answer)
    assert word == "TIMESTAMP WITH TIME ZONE"
    assert datetime.fromisoformat(cell) == datetime(2024, 1, 2, 1, 4, 5, 250000, UTC)


def test_the_session_is_in_the_stated_zone(
    shop: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    sql = "SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' AS at"
    tokyo = "2026-01-01T09:00:00+09:00"
    assert answer_of(shop, sql)["rows"] == [["2026-01-01T00:00:00+00:00"]]
    assert answer_of(shop, sql, timezone="Asia/Tokyo")["rows"] == [[tokyo]]
    stated = shop | {"timezone": "Asia/Tokyo"}
    assert answer_of(stated, sql)["rows"] == [[tokyo]]
    assert answer_of(stated, sql, timezone="UTC")["rows"] == [["2026-01-01T00:00:00+00:00"]]
    refusal = refusal_of(shop, sql, timezone="Asia/Tokio'; DROP TABLE t; --")
    assert "is not a time zone" in refusal["message"]


def test_order_and_names_are_those_of_the_statement(shop: dict[str, Any]) -> None:
    sql = 'SELECT n, n AS n, 1 AS "a ""b" FROM t ORDER BY n DESC; -- the end'
    answer = answer_of(shop, sql)
    assert [column["name"] for column in answer["columns"]] == ["n", "n", 'a "b']
    assert [row[0] for row in answer["rows"]] == [4, 3, 2, 1, 0]
    assert answer["truncated"] is False


@pytest.mark.parametrize(
    ("most", "rows", "truncated"), [(0, 0, True), (4, 4, True), (5, 5, False), (None, 5, False)]
)
def test_rows_are_capped(
    shop: dict[str, Any], most: int | None, rows: int, truncated: bool
) -> None:
    answer = answer_of(shop, READING, max_rows=most)
    assert (len(answer["rows"]), answer["truncated"]) == (rows, truncated)


def test_an_answer_without_rows_has_columns(shop: dict[str, Any]) -> None:
    answer = answer_of(shop, "SELECT n FROM t WHERE n > 99")
    assert answer == {
        "columns": [{"name": "n", "type": "number", "database_type": "BIGINT"}],
        "rows": [],
        "truncated": False,
    }


@pytest.mark.parametrize("sql", WRITING)
def test_nothing_but_reading_is_run(shop: dict[str, Any], tmp_path: Path, sql: str) -> None:
    before = Path(shop["path"]).read_bytes()
    error = refusal_of(shop, sql.format(folder=tmp_path))
    assert error["kind"] == "database"
    assert error["message"].startswith("The SQL is not run.")
    assert Path(shop["path"]).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop.duckdb", "x.csv"]


@pytest.mark.parametrize("sql", BREAKING)
def test_the_session_refuses_it_as_well(
    shop: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    from ktx_daemon import database_query

    monkeypatch.setattr(database_query, "reading_statement", lambda sql, *_, **__: sql)
    before = Path(shop["path"]).read_bytes()
    assert refusal_of(shop, sql.format(folder=tmp_path))["kind"] == "database"
    assert Path(shop["path"]).read_bytes() == before


@pytest.mark.parametrize(
    ("sql", "beginning"),
    [
        ("SELECT * FROM gone", "The database does not have what is named: Catalog Error"),
        ("SELECT gone FROM t", "The database refused the SQL: Binder Error"),
        ("SELECT n FROM t WHERE n = $1", "The database refused the SQL: "),
        ("SELECT no_such(n) FROM t", "The database does not have what is named: Catalog Error"),
        ("SELECT 'x'::INTEGER", "The database could not compute a value: Conversion Error"),
        ("SELECT 2147483647 + 1::INTEGER", "The database could not compute a value: Out of Range"),
        ("SELECT (SELECT n FROM t)", "The database refused the SQL: Invalid Input Error"),
    ],
)
def test_the_database_speaks_for_itself(shop: dict[str, Any], sql: str, beginning: str) -> None:
    error = refusal_of(shop, sql)
    assert (error["kind"], error["message"][: len(beginning)]) == ("database", beginning)


@pytest.mark.parametrize("compiled", [False, True])
def test_unsigned_numbers_have_none_below_zero(shop: dict[str, Any], compiled: bool) -> None:
    error = refusal_of(shop, "SELECT 1::UINTEGER - 2::UINTEGER", compiled=compiled)
    assert error["message"].startswith("The database could not compute a value: Out of Range")
    assert error["fix"].startswith(
        "Unsigned numbers have none below zero: write `CAST(a AS BIGINT)"
    )
    assert answer_of(shop, "SELECT CAST(1::UINTEGER AS BIGINT) - 2::UINTEGER")["rows"] == [[-1]]


def test_of_sql_that_ktx_compiled_the_question_is_to_correct(shop: dict[str, Any]) -> None:
    error = refusal_of(shop, "SELECT n FROM t WHERE n = $1", compiled=True)
    assert error["fix"].startswith("Correct the expression of the question or the model")
    assert "`--format sql` shows it" in error["fix"]


def test_a_statement_that_takes_too_long_is_ended(shop: dict[str, Any]) -> None:
    endless = "SELECT sum(a.range + b.range) FROM range(10000000) a, range(10000000) b"
    error = refusal_of(shop, endless, timeout_ms=100)
    assert error["message"].startswith("The database took too long")


def test_what_is_there(shop: dict[str, Any]) -> None:
    assert reply_of("database-test", shop)["ok"] == {
        "driver": "duckdb",
        "server_version": f"v{duckdb.__version__}",
        "tables": 3,
        "schemas": ["main", "more"],
        "database": "shop",
        "read_only": {
            "enforced": True,
            "how": "the file is opened READ_ONLY, without access to other files",
        },
    }
    assert reply_of("database-test", shop | {"schemas": ["more"]})["ok"]["tables"] == 1


@pytest.mark.parametrize("key", ["path", "url"])
def test_a_path_may_be_relative_to_the_project(
    shop: dict[str, Any], tmp_path: Path, key: str
) -> None:
    path = "shop.duckdb" if key == "path" else "duckdb:///shop.duckdb"
    answer = answer_of({"driver": "DuckDB", key: path}, READING, project_directory=str(tmp_path))
    assert len(answer["rows"]) == 5


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    error = refusal_of({"driver": "duckdb", "path": str(tmp_path / "no.duckdb")}, "SELECT 1")
    assert error["message"] == f"There is no database file `{tmp_path}/no.duckdb`."
    assert not (tmp_path / "no.duckdb").exists()
    error = refusal_of({"driver": "duckdb"}, "SELECT 1")
    assert error["fix"] == "Write `path: warehouse.duckdb` under connections.shop in ktx.yaml."
