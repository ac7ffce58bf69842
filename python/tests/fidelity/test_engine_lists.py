"""The list of the engines' own functions says what the engines say."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import duckdb
import psycopg
import pytest

from semantic_layer.syntax.engine_functions import argument_counts, functions

PURE_WINDOW = set(
    "cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank "
    "rank_dense row_number".split()
)
# Of the shell and of extensions that the SQLite inside ktx does not have.
NOT_INSIDE = {"load_extension", "match"}


def test_sqlite() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        rows = connection.execute("PRAGMA function_list").fetchall()
    aggregates = {row[0] for row in rows if row[2] in ("a", "w")} - PURE_WINDOW
    assert aggregates <= functions("sqlite aggregates")
    known = argument_counts("sqlite functions")
    extensions = ("fts", "rtree", "bm25", "highlight", "snippet", "matchinfo", "offsets", "sqlite_")
    for name, _, _, _, count, _ in rows:
        if name.isidentifier() and name not in NOT_INSIDE and not name.startswith(extensions):
            if name == "optimize":
                continue
            assert not known[name] or count in known[name], name


def test_duckdb() -> None:
    connection = duckdb.connect()
    query = (
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'"
    )
    found = {name for (name,) in connection.execute(query).fetchall()} - PURE_WINDOW
    assert found <= functions("duckdb aggregates")


def test_postgres(postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        rows = connection.execute("SELECT DISTINCT proname FROM pg_proc WHERE prokind = 'a'")
        assert {name for (name,) in rows} <= functions("postgres aggregates")


@pytest.mark.parametrize("dialect", ["bigquery", "snowflake", "trino"])
def test_other_dialects_have_no_list(dialect: str) -> None:
    assert functions(f"{dialect} aggregates") == frozenset()
