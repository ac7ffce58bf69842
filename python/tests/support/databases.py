"""Running SQL where the tests check rows: a class for each engine, with the same tables in each."""

from __future__ import annotations

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from pymysql.constants import CLIENT  # type: ignore[import-untyped]

from support.mariadb_server import connect as connect_mariadb

Row = tuple[Any, ...]
Table = tuple[str, Sequence[Row]]
"""Column definitions as in CREATE TABLE, and the rows."""

DIALECTS = ("sqlite", "duckdb", "postgres")


class EngineError(RuntimeError):
    """What an engine in another process said of a statement."""


ERRORS: tuple[type[Exception], ...] = (duckdb.Error, psycopg.Error, EngineError)
"""What engines raise for a statement that they refuse."""

_BACKTICKS = ("mysql", "spark")
_STANDARD_NAME = re.compile(r'"((?:[^"]|"")*)"')


class Database(ABC):
    """An engine with the same tables as the others, under its dialect."""

    dialect: str
    has_zones = True
    """Whether a session has a time zone."""
    words_sql: str
    """What it is asked for the words that its grammar knows."""
    as_standard = ""
    """What follows a SELECT of a test's own, for joins and sums to be NULL as the standard says."""

    def __init__(self) -> None:
        self._loaded: dict[str, Table] = {}

    @abstractmethod
    def raw_rows(self, sql: str) -> tuple[list[str], list[Row]]:
        """Return the names of the result's columns, and its rows as the driver gives them."""

    def named_rows(self, sql: str) -> tuple[list[str], list[Row]]:
        """Return the names of the result's columns, and its rows as `plain` has the values."""
        names, rows = self.raw_rows(sql)
        return names, [tuple(map(plain, row)) for row in rows]

    @abstractmethod
    def run(self, statements: Sequence[str]) -> None:
        """Execute statements without results, all or none of them where the engine can."""

    @abstractmethod
    def close(self) -> None:
        """End the connection, and the engine if it is the test's own."""

    def load(self, tables: Mapping[str, Table]) -> None:
        """Make the tables hold the rows; those that are the same already stay."""
        changed = {name: item for name, item in tables.items() if self._loaded.get(name) != item}
        statements = [part for item in changed.items() for part in self._statements(*item)]
        if not statements:
            return
        for name in changed:
            self._loaded.pop(name, None)
        self.run(statements)
        self._loaded.update(changed)

    def rows(self, sql: str) -> list[Row]:
        """Return the result's rows, numbers as plain int or float, times as ISO text."""
        return self.named_rows(sql)[1]

    def records(self, sql: str) -> list[dict[str, Any]]:
        """Return the result's rows by column name."""
        names, rows = self.named_rows(sql)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def words(self) -> list[str]:
        """Return the single words that its grammar knows, in small letters."""
        found = {str(row[0]).lower() for row in self.rows(self.words_sql)}
        return sorted(word for word in found if word.isidentifier())

    def quoted(self, name: str) -> str:
        """Return a name as this database quotes it."""
        return quoted(name, self.dialect)

    def literal(self, value: Any) -> str:
        """Return a value as this database writes it."""
        return literal(value)

    def set_zone(self, zone: str) -> None:
        """Let the session be in a time zone, as the drivers do."""
        self.run([f"SET TimeZone = '{zone}'"])

    def created(self, name: str, columns: str, rows: Sequence[Row]) -> list[str]:
        """Return the SQL that makes a table anew for such rows, without them.

        It is a temporary one, so that nobody's tables are touched.
        """
        quoted_name = self.quoted(name)
        return [
            f"DROP TABLE IF EXISTS {quoted_name}",
            f"CREATE TEMPORARY TABLE {quoted_name} ({columns})",
        ]

    def _statements(self, name: str, table: Table) -> list[str]:
        """Return the SQL that fills a table."""
        columns, rows = table
        if name in self._loaded and self._loaded[name][0] == columns:
            # Emptying a table costs much less than making one.
            statements = [f"DELETE FROM {self.quoted(name)}"]
        else:
            statements = self.created(name, columns, rows)
        if rows:
            values = ", ".join(f"({', '.join(map(self.literal, row))})" for row in rows)
            statements.append(f"INSERT INTO {self.quoted(name)} VALUES {values}")
        return statements


class _Connected(Database):
    """A database with a connection whose `execute` returns a cursor."""

    def __init__(self, connection: Any) -> None:
        super().__init__()
        self._connection = connection

    def raw_rows(self, sql: str) -> tuple[list[str], list[Row]]:
        return _answer(self._connection.execute(sql))

    def run(self, statements: Sequence[str]) -> None:
        # One round trip for everything: thousands of small tables are loaded.
        try:
            self.execute_script(";\n".join(["BEGIN", *statements, "COMMIT"]))
        except Exception:
            with suppress(Exception):  # Not every error leaves a transaction behind.
                self.execute_script("ROLLBACK")  # The tests that follow use the same connection.
            raise

    def execute_script(self, script: str) -> None:
        """Execute several statements."""
        self._connection.execute(script)

    def close(self) -> None:
        self._connection.close()


class Sqlite(_Connected):
    """SQLite in memory."""

    dialect = "sqlite"
    has_zones = False

    def __init__(self) -> None:
        super().__init__(sqlite3.connect(":memory:"))

    def execute_script(self, script: str) -> None:
        self._connection.executescript(script)

    def set_zone(self, zone: str) -> None:
        """It has none."""


class DuckDB(_Connected):
    """DuckDB in memory."""

    dialect = "duckdb"

    def __init__(self) -> None:
        super().__init__(duckdb.connect())


class Postgres(_Connected):
    """A database of a PostgreSQL server."""

    dialect = "postgres"

    def __init__(self, address: str) -> None:
        super().__init__(psycopg.connect(address, autocommit=True))
        self.execute_script("SET client_min_messages = error; SET timezone = 'UTC'")


class MariaDB(_Connected):
    """A database of a MariaDB server, which stands for MySQL."""

    dialect = "mysql"

    def __init__(self, socket: Path) -> None:
        super().__init__(connect_mariadb(socket, client_flag=CLIENT.MULTI_STATEMENTS))
        for statement in (
            # Text is ordered by code point, as on the other databases.
            "CREATE DATABASE IF NOT EXISTS rows_checked COLLATE utf8mb4_bin",
            "USE rows_checked",
            "SET time_zone = '+00:00'",
            # Averages of whole numbers have four decimals there otherwise.
            "SET div_precision_increment = 12",
        ):
            self.execute_script(statement)

    def literal(self, value: Any) -> str:
        return escaped(value)

    def raw_rows(self, sql: str) -> tuple[list[str], list[Row]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return _answer(cursor)

    def execute_script(self, script: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(script)
            while cursor.nextset():
                pass

    def created(self, name: str, columns: str, rows: Sequence[Row]) -> list[str]:
        # A key column of TEXT has no place in memory there, and 191 characters do here.
        columns = columns.replace(" TEXT", " VARCHAR(191)")
        drop, create = super().created(name, columns, rows)
        return [drop, f"{create} ENGINE=MEMORY"]


def _answer(cursor: Any) -> tuple[list[str], list[Row]]:
    found = cursor.fetchall()
    return [item[0] for item in cursor.description or []], [tuple(row) for row in found]


def of_dialect(databases: Sequence[Database], dialect: str) -> Database:
    """Return the database of a dialect; the test is skipped on an engine that has another."""
    for database in databases:
        if database.dialect == dialect:
            return database
    pytest.skip(f"only for {dialect}")


def quoted(name: str, dialect: str) -> str:
    """Return a name as a dialect quotes it."""
    mark = "`" if dialect in _BACKTICKS else '"'
    return mark + name.replace(mark, 2 * mark) + mark


def in_own_quotes(value: Any, dialect: str) -> Any:
    """Return a model, a question or a text with its names quoted as a dialect quotes them."""
    if quoted("", dialect) == '""':
        return value
    if isinstance(value, str):
        return _STANDARD_NAME.sub(lambda name: quoted(name[1].replace('""', '"'), dialect), value)
    if isinstance(value, Mapping):
        return {key: in_own_quotes(item, dialect) for key, item in value.items()}
    return [in_own_quotes(item, dialect) for item in value] if isinstance(value, list) else value


def literal(value: Any) -> str:
    """Return a value as standard SQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def escaped(value: Any) -> str:
    """Return a value as SQL in which a backslash in a text is an escape."""
    written = literal(value)
    return written.replace("\\", "\\\\") if isinstance(value, str) else written


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
