"""Every operator and function of each engine, as it stands and through the planner: equal rows.

The expressions are in the text files beside: `…_operators.txt` by hand, `…_calls.txt` one call or
two of every function that the engine lists and that a sample of arguments was found for. What says
the time, a random number or who asks is not among them, and neither is division, which the planner
makes real and safe by intention. Run with sqlglot 30.30.0, SQLite 3.40.1, DuckDB 1.5.5, PostgreSQL
15.18 and MariaDB 10.11.19.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pymysql  # type: ignore[import-untyped]
import pytest

from fidelity import tables
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError

HERE = Path(__file__).parent
COLUMNS = {
    "id": "number",
    "i": "number",
    "s": "string",
    "u": "string",
    "x": "number",
    "d": "time",
    "ts": "time",
    "b": "boolean",
    "l": "string",
    "js": "string",
}
TEXT = {"sqlite": "TEXT", "duckdb": "VARCHAR", "postgres": "TEXT", "mysql": "CHAR"}
# Which of the forms the parser does not read; they are refused, and so never change.
REFUSED = {
    "sqlite": {"json_extract(t.i)", "json_remove(t.i)", "json_set(t.i)"},
    "duckdb": {
        *("abs(t.i)!", "x'41'::VARCHAR", "0x1F + t.i", "array_cat()", "array_concat()"),
        *("list_concat()", "[x + 1 for x in t.l]", "[x for x in t.l if x > 1]"),
    },
    "postgres": {
        "overlaps(TIME '10:11:12', INTERVAL '1 day', TIME '10:11:12', INTERVAL '1 day')",
        "overlaps(TIME '10:11:12', INTERVAL '1 day', TIME '10:11:12', TIME '10:11:12')",
    },
    "mysql": {"atan2(t.s)"},
}
Run = Callable[[str], list[tuple[Any, ...]]]


def corpus(dialect: str) -> list[tuple[str, str]]:
    """Return each expression of an engine with its kind: S, A or F."""
    found = []
    for name in ("operators", "calls"):
        lines = (HERE / f"{dialect}_{name}.txt").read_text(encoding="utf-8").splitlines()
        found += [(line[0], line[2:]) for line in lines if line and line[0] != "#"]
    return found


@contextmanager
def opened(dialect: str, request: pytest.FixtureRequest) -> Iterator[Run]:
    """Open an engine with the table in it."""
    connection: Any
    if dialect == "sqlite":
        connection = sqlite3.connect(":memory:")
        tables.load_sqlite(connection)
    elif dialect == "duckdb":
        connection = duckdb.connect()
        connection.execute("SET threads = 1; SET TimeZone = 'UTC'")
        tables.load_duckdb(connection)
    elif dialect == "postgres":
        connection = psycopg.connect(request.getfixturevalue("postgres"), autocommit=True)
        tables.load_postgres(connection)
    else:
        socket = str(request.getfixturevalue("mariadb"))
        connection = pymysql.connect(unix_socket=socket, user="root", charset="utf8mb4")
        tables.load_mysql(connection.cursor())

    def run(sql: str) -> list[tuple[Any, ...]]:
        cursor = connection.cursor()
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]

    yield run
    connection.close()


def as_it_stands(kind: str, text: str, dialect: str) -> str:
    """Return the statement that a person would write."""
    if kind == "F":
        return f"SELECT COUNT(*), SUM(t.id) FROM t WHERE {text}"
    shown = f"CAST({text} AS {TEXT[dialect]})"
    return f"SELECT {shown if kind == 'A' else f'MIN({shown}), MAX({shown})'} FROM t"


def planned(kind: str, text: str, dialect: str) -> str:
    """Return the statement of the planner for the same expression in a model."""
    shown = f"CAST({text} AS {TEXT[dialect]})"
    measures = [shown] if kind == "A" else [f"MIN({shown})", f"MAX({shown})"]
    if kind == "F":
        measures = ["COUNT(*)", "SUM(t.id)"]
    model = {
        "t": {
            "name": "t",
            "table": "t",
            "grain": ["id"],
            "columns": [{"name": name, "type": type_} for name, type_ in COLUMNS.items()],
            "measures": [{"name": f"m{n}", "expr": expr} for n, expr in enumerate(measures)],
        }
    }
    query: dict[str, Any] = {"measures": [f"t.m{n}" for n in range(len(measures))]}
    if kind == "F":
        query["filters"] = [text]
    return SemanticEngine.from_sources(model, dialect).query(query).sql


@pytest.mark.parametrize("dialect", list(TEXT))
def test_what_is_written_is_what_runs(dialect: str, request: pytest.FixtureRequest) -> None:
    different, refused, compared = [], [], 0
    with opened(dialect, request) as run:
        for kind, text in corpus(dialect):
            try:
                sql = planned(kind, text, dialect)
            except SemanticError as error:
                refused.append((text, error.message))
                continue
            try:
                right = run(as_it_stands(kind, text, dialect))
            except Exception as error:
                different.append((text, "", f"does not run as it stands: {error}"))
                continue
            try:
                found = run(sql)
            except Exception as error:
                found = [(str(error),)]
            compared += 1
            if found != right:
                different.append((text, sql, f"{found} for {right}"))
    assert different == []
    assert [item for item in refused if item[0] not in REFUSED[dialect]] == []
    assert compared > 140
