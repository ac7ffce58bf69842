"""Running SQL where the tests check rows: SQLite and DuckDB in memory, and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import psycopg

Row = tuple[Any, ...]
Table = tuple[str, Sequence[Row]]
"""Column definitions as in CREATE TABLE, and the rows."""

DIALECTS = ("sqlite", "duckdb", "postgres")


class Database:
    """A database with the same tables under one dialect."""

    def __init__(self, dialect: str, address: str = "") -> None:
        self.dialect = dialect
        self._connection: Any = _connection(dialect, address)
        self._loaded: dict[str, Table] = {}

    def load(self, tables: Mapping[str, Table]) -> None:
        """Create the tables anew with the rows; those that are the same already stay."""
        changed = {name: item for name, item in tables.items() if self._loaded.get(name) != item}
        statements = [part for item in changed.items() for part in _statements(*item)]
        if not statements:
            return
        # One round trip for everything: thousands of small tables are loaded.
        script = ";\n".join(["BEGIN", *statements, "COMMIT"])
        connection = self._connection
        try:
            run = connection.executescript if self.dialect == "sqlite" else connection.execute
            run(script)
        except Exception:
            connection.execute("ROLLBACK")  # The tests that follow use the same connection.
            raise
        self._loaded.update(changed)

    def rows(self, sql: str) -> list[Row]:
        """Return the result's rows, numbers as plain int or float, times as ISO text."""
        found = self._connection.execute(sql).fetchall()
        return [tuple(plain(value) for value in row) for row in found]

    def records(self, sql: str) -> list[dict[str, Any]]:
        """Return the result's rows by column name."""
        cursor = self._connection.execute(sql)
        names = [item[0] for item in cursor.description]
        return [dict(zip(names, map(plain, row), strict=True)) for row in cursor.fetchall()]

    def set_zone(self, zone: str) -> None:
        """Let the session be in a time zone, as the drivers do; SQLite has none."""
        if self.dialect != "sqlite":
            self._connection.execute(f"SET TimeZone = '{zone}'")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _connection(dialect: str, address: str) -> Any:
    if dialect == "postgres":
        connection = psycopg.connect(address, autocommit=True)
        connection.execute("SET client_min_messages = error; SET timezone = 'UTC'")
        return connection
    return sqlite3.connect(":memory:") if dialect == "sqlite" else duckdb.connect()


def _statements(name: str, table: Table) -> list[str]:
    """Return the SQL that replaces a table; temporary, so that nobody's tables are touched."""
    columns, rows = table
    statements = [f'DROP TABLE IF EXISTS "{name}"', f'CREATE TEMPORARY TABLE "{name}" ({columns})']
    if rows:
        values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
        statements.append(f'INSERT INTO "{name}" VALUES {values}')
    return statements


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def plain(value: Any) -> Any:
    """Return a database value in the form that is the same for every database."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime):
        # The session's zone is UTC; PostgreSQL truncates a date to a time with a zone.
        return value.replace(tzinfo=None).isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value
