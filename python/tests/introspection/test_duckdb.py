"""Introspection of DuckDB files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from introspection.asking import columns_of, keys_of, reply_of, tables_of

SHOP = '''
    CREATE TABLE customers (id INTEGER PRIMARY KEY, "Full ""Name""" VARCHAR NOT NULL);
    CREATE TABLE orders (
        id BIGINT, line INTEGER, customer_id INTEGER REFERENCES customers (id),
        price DECIMAL(10, 2), gross DECIMAL(12, 2) GENERATED ALWAYS AS (price * 2),
        PRIMARY KEY (id, line));
    CREATE SCHEMA "Odd Schema";
    CREATE TABLE "Odd Schema".returns (order_id BIGINT, line INTEGER, returned TIMESTAMP);
    CREATE TABLE returns (order_id BIGINT, line INTEGER,
        FOREIGN KEY (order_id, line) REFERENCES orders (id, line));
    CREATE VIEW big AS SELECT id AS who FROM customers;
    COMMENT ON TABLE customers IS 'Who buys';
    COMMENT ON COLUMN customers.id IS 'Their number';
    COMMENT ON VIEW big IS 'A view';
'''


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = str(tmp_path / "shop.duckdb")
    with duckdb.connect(path) as connection:
        connection.execute(SHOP)
    return path


def test_tables_columns_and_keys(shop: str) -> None:
    tables = tables_of("duckdb", f"duckdb:///{shop}")
    assert list(tables) == ["big", "customers", "orders", "returns"]
    assert (tables["orders"]["catalog"], tables["orders"]["db"]) == ("shop", "main")
    assert columns_of(tables["orders"]) == [
        ("id", "BIGINT", False, True),
        ("line", "INTEGER", False, True),
        ("customer_id", "INTEGER", True, False),
        ("price", "DECIMAL(10,2)", True, False),
        ("gross", "DECIMAL(12,2)", True, False),
    ]
    assert columns_of(tables["customers"])[1] == ('Full "Name"', "VARCHAR", False, False)
    assert keys_of(tables["orders"]) == [("customer_id", "customers", "id")]
    assert keys_of(tables["returns"]) == [("order_id", "orders", "id"), ("line", "orders", "line")]
    assert len({key["constraint_name"] for key in tables["returns"]["foreign_keys"]}) == 1
    assert tables["customers"]["comment"] == "Who buys"
    assert tables["customers"]["columns"][0]["comment"] == "Their number"
    assert tables["big"]["comment"] == "A view"
    assert columns_of(tables["big"]) == [("who", "INTEGER", True, False)]


def test_other_schemas(shop: str) -> None:
    assert list(tables_of("duckdb", shop, schemas=["Odd Schema"])) == ["returns"]
    error = reply_of("duckdb", shop, schemas=["odd_schema"])["error"]
    assert (error["kind"], error["suggestions"]) == ("database", ["Odd Schema"])


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(b"no database" * 1000)
    error = reply_of("duckdb", str(path))["error"]
    assert error["kind"] == "database"
    assert "is no DuckDB database." in error["message"]
    assert reply_of("duckdb", "md:shared")["error"]["kind"] == "database"


def test_the_session_may_neither_write_nor_read_other_files(
    shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ktx_daemon.database_introspection import duckdb_reader

    (tmp_path / "x.csv").write_text("a\n1\n")
    for statement in ("CREATE TABLE x (a INT)", f"SELECT * FROM '{tmp_path}/x.csv'"):
        monkeypatch.setattr(duckdb_reader, "_TABLES", statement)
        assert reply_of("duckdb", shop)["error"]["kind"] == "database"


def test_a_statement_that_takes_too_long_is_ended(
    shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ktx_daemon.database_introspection import duckdb_reader

    endless = "SELECT sum(a.range + b.range) FROM range(10000000) a, range(10000000) b"
    monkeypatch.setattr(duckdb_reader, "_CONSTRAINTS", endless)
    error = reply_of("duckdb", shop, statement_timeout_ms=100)["error"]
    assert error["kind"] == "database"
    assert "interrupted" in error["message"].lower()
