"""Running SQL where the tests check rows: SQLite and DuckDB in memory, PostgreSQL on request."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb

Row = tuple[Any, ...]
Table = tuple[str, Sequence[Row]]
"""Column definitions as in CREATE TABLE, and the rows."""


class Database:
    """A database with the same tables under one dialect."""

    def __init__(self, dialect: str, address: str = "") -> None:
        self.dialect = dialect
        self._mark = "%s" if dialect == "postgres" else "?"
        self._connection: Any = _connection(dialect, address)

    def load(self, tables: Mapping[str, Table]) -> None:
        """Create the tables anew with the rows."""
        for name, (columns, rows) in tables.items():
            self._connection.execute(f'DROP TABLE IF EXISTS "{name}"')
            self._connection.execute(f'CREATE TABLE "{name}" ({columns})')
            if rows:
                marks = ", ".join([self._mark] * len(rows[0]))
                insert = f'INSERT INTO "{name}" VALUES ({marks})'
                self._connection.cursor().executemany(insert, list(rows))

    def rows(self, sql: str) -> list[Row]:
        """Return the result's rows, numbers as plain int or float, times as ISO text."""
        found = self._connection.execute(sql).fetchall()
        return [tuple(plain(value) for value in row) for row in found]

    def records(self, sql: str) -> list[dict[str, Any]]:
        """Return the result's rows by column name."""
        cursor = self._connection.execute(sql)
        names = [item[0] for item in cursor.description]
        return [dict(zip(names, map(plain, row), strict=True)) for row in cursor.fetchall()]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _connection(dialect: str, address: str) -> Any:
    if dialect == "postgres":
        import psycopg

        connection = psycopg.connect(address, autocommit=True)
        connection.execute("SET client_min_messages = error")
        return connection
    return sqlite3.connect(":memory:") if dialect == "sqlite" else duckdb.connect()


def plain(value: Any) -> Any:
    """Return a database value in the form that is the same for every database."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if hasattr(value, "isoformat"):
        return value.isoformat(sep=" ") if hasattr(value, "hour") else value.isoformat()
    return value
