"""Every measure that setup suggests is computed by the database that it is suggested for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import psycopg
import pytest

from introspection.asking import tables_of
from ktx_daemon.dispatch import dispatch
from ktx_daemon.duckdb_file import opened
from semantic_layer import SemanticEngine
from support.mariadb_server import connect

# Types that look like numbers, and numbers that look like none. NULL in every row: what a database
# refuses it refuses for the type.
POSTGRES = """
    hours int4range, spans int8multirange, price numrange, tags int[], prices numeric(9, 2)[],
    m ktx_farm.mint, n ktx_farm."number", r ktx_farm.real_point, place point, bits bit(8),
    flags bit varying, took interval, price_paid money, small smallint, large bigint, n2 numeric,
    n3 numeric(9, 2), f4 real, f8 double precision, amount ktx_farm.amount,
    nested ktx_farm.large_amount, whole ktx_farm.whole, day date, moment timestamptz, ok boolean,
    doc jsonb, u uuid, oid_ oid
"""
POSTGRES_TYPES = """
    CREATE SCHEMA ktx_farm;
    CREATE TYPE ktx_farm.mint AS ENUM ('hint', 'tint');
    CREATE TYPE ktx_farm."number" AS ENUM ('one');
    CREATE TYPE ktx_farm.real_point AS (x real, y real);
    CREATE DOMAIN ktx_farm.amount AS numeric(9, 2) CHECK (VALUE >= 0);
    CREATE DOMAIN ktx_farm.large_amount AS ktx_farm.amount CHECK (VALUE > 100);
    CREATE DOMAIN ktx_farm.whole AS int[];
"""
DUCKDB = """
    kind ENUM('mint', 'int'), list INTEGER[], three INTEGER[3], pair STRUCT(a INTEGER, b DATE),
    counts MAP(VARCHAR, INTEGER), either UNION(n INTEGER, s VARCHAR), bits BIT, took INTERVAL,
    tiny UTINYINT, large HUGEINT, larger UHUGEINT, price DECIMAL(18, 3), f FLOAT, d DOUBLE,
    day DATE, moment TIMESTAMP_NS, tz TIMESTAMPTZ, ok BOOLEAN, u UUID, raw BLOB, huge BIGNUM
"""
MARIADB = """
    kind ENUM('int', 'real'), kinds SET('int', 'real'), place POINT, bits BIT(8), flag BIT(1),
    y YEAR, tiny TINYINT(1), u INT UNSIGNED, z INT(9) UNSIGNED ZEROFILL,
    price DECIMAL(9, 2) UNSIGNED, f FLOAT, d DOUBLE, doc JSON, day DATE,
    moment DATETIME(6), t TIME, raw VARBINARY(9)
"""
SQLITE = """
    kind MINT, place POINT, big UNSIGNED BIG INT, price NUMERIC(9, 2), d DOUBLE PRECISION,
    day DATE, moment DATETIME, ok BOOLEAN, list "INTEGER[]", plain
"""
ADDABLE = {
    "postgres": "price_paid small large n2 n3 f4 f8 amount nested",
    "duckdb": "tiny large larger price f d",
    "mysql": "tiny u z price f d",
    "sqlite": "big price d",
}


def _in_postgres(_: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    address: str = request.getfixturevalue("postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET client_min_messages = error")
        connection.execute("DROP SCHEMA IF EXISTS ktx_farm CASCADE")
        connection.execute(POSTGRES_TYPES)
        connection.execute(f"CREATE TABLE ktx_farm.farm (id integer PRIMARY KEY, {POSTGRES})")
        connection.execute("INSERT INTO ktx_farm.farm (id) VALUES (1)")
        yield address, connection.execute
        connection.execute("DROP SCHEMA ktx_farm CASCADE")


def _in_duckdb(folder: Path, _: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    path = str(folder / "farm.duckdb")
    with duckdb.connect(path) as connection:
        connection.execute(f"CREATE TABLE farm (id INTEGER PRIMARY KEY, {DUCKDB})")
        connection.execute("INSERT INTO farm (id) VALUES (1)")
    with closing(opened(Path(path), "the path")) as reader:
        yield path, reader.execute


def _in_mariadb(_: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    socket: Path = request.getfixturevalue("mariadb")
    with closing(connect(socket)) as connection, connection.cursor() as cursor:
        for statement in ("DROP DATABASE IF EXISTS farm", "CREATE DATABASE farm", "USE farm"):
            cursor.execute(statement)
        cursor.execute(f"CREATE TABLE farm (id INTEGER PRIMARY KEY, {MARIADB})")
        cursor.execute("INSERT INTO farm (id) VALUES (1)")
        connection.commit()
        yield f"mysql://root@localhost/farm?unix_socket={quote(str(socket))}", cursor.execute


def _in_sqlite(folder: Path, _: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    path = folder / "farm.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE farm (id INTEGER PRIMARY KEY, {SQLITE})")
        connection.execute("INSERT INTO farm (id) VALUES (1)")
        connection.commit()
        yield str(path), connection.execute


ENGINES: dict[str, Callable[[Path, pytest.FixtureRequest], Iterator[tuple[str, Any]]]] = {
    "postgres": _in_postgres,
    "duckdb": _in_duckdb,
    "mysql": _in_mariadb,
    "sqlite": _in_sqlite,
}


@pytest.fixture(params=list(ENGINES))
def farm(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[str, dict[str, Any], Callable[[str], Any]]]:
    """The dialect, the generated source, and what runs SQL on the database."""
    dialect: str = request.param
    for address, execute in ENGINES[dialect](tmp_path, request):
        schemas = {"schemas": ["ktx_farm"]} if dialect == "postgres" else {}
        table = tables_of(dialect, address, **schemas)["farm"]
        del table["foreign_keys"]
        asked = {"tables": [table], "dialect": dialect}
        reply = json.loads(dispatch("semantic-generate-sources", json.dumps(asked).encode()))
        assert "ok" in reply, reply
        (source,) = reply["ok"]["sources"]
        yield dialect, source, execute


def test_every_measure_is_computed(
    farm: tuple[str, dict[str, Any], Callable[[str], Any]],
) -> None:
    dialect, source, execute = farm
    engine = SemanticEngine.from_sources({"farm": source}, dialect=dialect)
    names = [measure["name"] for measure in source["measures"]]
    assert engine.validate().valid
    for name in names:
        execute(engine.query({"measures": [f"farm.{name}"]}).sql)
    addable = ADDABLE[dialect].split()
    averages = [column for column in addable if column != "price_paid"]
    expected = {f"total_{column}" for column in addable} | {f"avg_{name}" for name in averages}
    assert set(names) == {"record_count"} | expected
