"""Introspection of PostgreSQL, on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from introspection.asking import columns_of, keys_of, reply_of, tables_of

SCHEMAS = ["ktx_shop", "ktx Odd"]
SHOP = '''
    CREATE SCHEMA ktx_shop;
    CREATE SCHEMA "ktx Odd";
    CREATE TABLE "ktx Odd"."Regions" (code char(2) PRIMARY KEY, "Full ""Name""" text NOT NULL);
    CREATE TABLE ktx_shop.customers (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, gone text,
        region char(2) REFERENCES "ktx Odd"."Regions");
    ALTER TABLE ktx_shop.customers DROP COLUMN gone;
    CREATE TABLE ktx_shop.orders (
        id bigint, line integer, customer_id integer, price numeric(10, 2), tags text[],
        gross numeric GENERATED ALWAYS AS (price * 1.2) STORED,
        placed timestamptz NOT NULL,
        PRIMARY KEY (line, id),
        CONSTRAINT "Who ordered" FOREIGN KEY (customer_id) REFERENCES ktx_shop.customers (id));
    CREATE TABLE ktx_shop.returns (order_id bigint, order_line integer,
        FOREIGN KEY (order_line, order_id) REFERENCES ktx_shop.orders (line, id));
    CREATE TABLE ktx_shop.visits (day date NOT NULL) PARTITION BY RANGE (day);
    CREATE TABLE ktx_shop.visits_2024 PARTITION OF ktx_shop.visits
        FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE VIEW ktx_shop.big AS SELECT id AS who FROM ktx_shop.customers;
    CREATE MATERIALIZED VIEW ktx_shop.kept AS SELECT 1 AS one;
    COMMENT ON TABLE ktx_shop.customers IS 'Who buys';
    COMMENT ON COLUMN ktx_shop.customers.id IS 'Their number';
    COMMENT ON VIEW ktx_shop.big IS 'A view';
'''


@pytest.fixture(scope="module")
def shop(postgres: str) -> Iterator[str]:
    drop = 'DROP SCHEMA IF EXISTS ktx_shop, "ktx Odd" CASCADE'
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("SET client_min_messages = error")
        connection.execute(drop)
        connection.execute(SHOP)
        yield postgres
        connection.execute(drop)


def test_tables_columns_and_keys(shop: str) -> None:
    tables = tables_of("postgres", shop, schemas=SCHEMAS)
    names = ["big", "customers", "kept", "orders", "returns", "visits", "Regions"]
    assert list(tables) == names
    assert tables["Regions"]["db"] == "ktx Odd"
    assert tables["orders"]["catalog"] is not None
    assert columns_of(tables["orders"]) == [
        ("id", "bigint", False, True),
        ("line", "integer", False, True),
        ("customer_id", "integer", True, False),
        ("price", "numeric(10,2)", True, False),
        ("tags", "text[]", True, False),
        ("gross", "numeric", True, False),
        ("placed", "timestamp with time zone", False, False),
    ]
    assert columns_of(tables["Regions"])[1] == ('Full "Name"', "text", False, False)
    assert [column[0] for column in columns_of(tables["customers"])] == ["id", "region"]
    assert keys_of(tables["customers"]) == [("region", "ktx Odd.Regions", "code")]
    assert keys_of(tables["orders"]) == [("customer_id", "customers", "id")]
    assert tables["orders"]["foreign_keys"][0]["constraint_name"] == "Who ordered"
    assert keys_of(tables["returns"]) == [
        ("order_line", "orders", "line"),
        ("order_id", "orders", "id"),
    ]
    assert tables["customers"]["comment"] == "Who buys"
    assert tables["customers"]["columns"][0]["comment"] == "Their number"
    assert tables["big"]["comment"] == "A view"
    assert columns_of(tables["big"]) == [("who", "integer", True, False)]
    assert columns_of(tables["kept"]) == [("one", "integer", True, False)]


def test_address_as_a_url(shop: str) -> None:
    parts = conninfo_to_dict(shop)
    host, user = quote(str(parts.pop("host")), safe=""), quote(str(parts.pop("user")))
    name = parts.pop("dbname")
    rest = "&".join(f"{key}={quote(str(value))}" for key, value in parts.items())
    url = f"postgresql://{user}@/{name}?host={host}&{rest}".rstrip("&")
    assert "customers" in tables_of("postgresql", url, schemas=["ktx_shop"])


def test_the_default_schema_is_public(shop: str) -> None:
    assert reply_of("postgres", shop)["ok"]["metadata"]["schemas"] == ["public"]


def test_an_unknown_schema(shop: str) -> None:
    error = reply_of("postgres", shop, schemas=["ktx_shops"])["error"]
    assert (error["kind"], error["suggestions"]) == ("database", ["ktx_shop"])


def test_tables_that_the_user_may_not_read_are_left_out(shop: str) -> None:
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS ktx_reader")
        connection.execute("CREATE ROLE ktx_reader LOGIN PASSWORD 's3cret'")
        try:
            connection.execute("GRANT USAGE ON SCHEMA ktx_shop TO ktx_reader")
            connection.execute("GRANT SELECT ON ktx_shop.returns TO ktx_reader")
            address = psycopg.conninfo.make_conninfo(shop, user="ktx_reader", password="s3cret")
            assert list(tables_of("postgres", address, schemas=["ktx_shop"])) == ["returns"]
        finally:
            connection.execute("DROP OWNED BY ktx_reader; DROP ROLE ktx_reader")


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE ktx_shop.x AS SELECT 1 AS a,", "SELECT pg_sleep(600),"]
)
def test_the_session_may_not_write_nor_take_long(
    shop: str, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    from ktx_daemon.database_introspection import postgres_reader

    monkeypatch.setattr(postgres_reader, "_TABLES", f"{statement} %s::text[], %s::text[]")
    error = reply_of("postgres", shop, schemas=["ktx_shop"], statement_timeout_ms=200)["error"]
    assert error["kind"] == "database"
    expected = "read-only transaction" if "CREATE" in statement else "statement timeout"
    assert expected in error["message"]


def test_names_of_a_database_without_an_encoding(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS ktx_ascii")
        connection.execute(
            "CREATE DATABASE ktx_ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
        )
        try:
            address = psycopg.conninfo.make_conninfo(postgres, dbname="ktx_ascii")
            with psycopg.connect(address, autocommit=True, client_encoding="SQL_ASCII") as ascii_:
                ascii_.execute(b'CREATE TABLE "caf\xe9" ("cl\xff" int)')
            table = tables_of("postgres", address)["caf\\xe9"]
            assert columns_of(table) == [("cl\\xff", "integer", True, False)]
        finally:
            connection.execute("DROP DATABASE ktx_ascii")
