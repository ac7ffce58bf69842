"""Running SQL where the tests check rows: SQLite, DuckDB, PostgreSQL, and sometimes MariaDB."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from pymysql.constants import CLIENT  # type: ignore[import-untyped]

from support.mariadb_server import connect as connect_mariadb

Row = tuple[Any, ...]
Table = tuple[str, Sequence[Row]]
"""Column definitions as in CREATE TABLE, and the rows."""

DIALECTS = ("sqlite", "duckdb", "postgres")


class Database:
    """A database with the same tables under one dialect; `mysql` is a MariaDB server."""

    def __init__(self, dialect: str, address: str = "") -> None:
        self.dialect = dialect
        self._connection: Any = _connection(dialect, address)
        self._loaded: dict[str, Table] = {}

    def load(self, tables: Mapping[str, Table]) -> None:
        """Make the tables hold the rows; those that are the same already stay."""
        changed = {name: item for name, item in tables.items() if self._loaded.get(name) != item}
        statements = [part for item in changed.items() for part in self._statements(*item)]
        if not statements:
            return
        for name in changed:
            self._loaded.pop(name, None)
        # One round trip for everything: thousands of small tables are loaded.
        script = ";\n".join(["BEGIN", *statements, "COMMIT"])
        try:
            self._run(script)
        except Exception:
            with suppress(Exception):  # Not every error leaves a transaction behind.
                self._run("ROLLBACK")  # The tests that follow use the same connection.
            raise
        self._loaded.update(changed)

    def rows(self, sql: str) -> list[Row]:
        """Return the result's rows, numbers as plain int or float, times as ISO text."""
        return self.named_rows(sql)[1]

    def named_rows(self, sql: str) -> tuple[list[str], list[Row]]:
        """Return the names of the result's columns, and its rows."""
        if self.dialect == "mysql":
            with self._connection.cursor() as cursor:
                cursor.execute(sql)
                found, description = cursor.fetchall(), cursor.description
        else:
            cursor = self._connection.execute(sql)
            found, description = cursor.fetchall(), cursor.description
        names = [item[0] for item in description or []]
        return names, [tuple(map(plain, row)) for row in found]

    def records(self, sql: str) -> list[dict[str, Any]]:
        """Return the result's rows by column name."""
        names, rows = self.named_rows(sql)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def quoted(self, name: str) -> str:
        """Return a name as this database quotes it."""
        return quoted(name, self.dialect)

    def set_zone(self, zone: str) -> None:
        """Let the session be in a time zone, as the drivers do; SQLite has none."""
        if self.dialect != "sqlite":
            self._connection.execute(f"SET TimeZone = '{zone}'")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _run(self, script: str) -> None:
        if self.dialect == "mysql":
            with self._connection.cursor() as cursor:
                cursor.execute(script)
                while cursor.nextset():
                    pass
        elif self.dialect == "sqlite":
            self._connection.executescript(script)
        else:
            self._connection.execute(script)

    def _statements(self, name: str, table: Table) -> list[str]:
        """Return the SQL that fills a table; temporary, so that nobody's tables are touched."""
        columns, rows = table
        quoted_name = self.quoted(name)
        if name in self._loaded and self._loaded[name][0] == columns:
            # Emptying a table costs much less than making one.
            statements = [f"DELETE FROM {quoted_name}"]
        else:
            mysql = self.dialect == "mysql"
            engine = " ENGINE=MEMORY" if mysql else ""
            # A key column of TEXT has no place in memory there, and 191 characters do here.
            columns = columns.replace(" TEXT", " VARCHAR(191)") if mysql else columns
            statements = [
                f"DROP TABLE IF EXISTS {quoted_name}",
                f"CREATE TEMPORARY TABLE {quoted_name} ({columns}){engine}",
            ]
        if rows:
            values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
            statements.append(f"INSERT INTO {quoted_name} VALUES {values}")
        return statements


def quoted(name: str, dialect: str) -> str:
    """Return a name as a dialect quotes it."""
    mark = "`" if dialect == "mysql" else '"'
    return mark + name.replace(mark, 2 * mark) + mark


def _connection(dialect: str, address: str) -> Any:
    if dialect == "postgres":
        connection = psycopg.connect(address, autocommit=True)
        connection.execute("SET client_min_messages = error; SET timezone = 'UTC'")
        return connection
    if dialect == "mysql":
        connection = connect_mariadb(Path(address), client_flag=CLIENT.MULTI_STATEMENTS)
        with connection.cursor() as cursor:
            # Text is ordered by code point, as on the other databases.
            cursor.execute("CREATE DATABASE IF NOT EXISTS rows_checked COLLATE utf8mb4_bin")
            cursor.execute("USE rows_checked")
            cursor.execute("SET time_zone = '+00:00'")
            # Averages of whole numbers have four decimals there otherwise.
            cursor.execute("SET div_precision_increment = 12")
        return connection
    return sqlite3.connect(":memory:") if dialect == "sqlite" else duckdb.connect()


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
