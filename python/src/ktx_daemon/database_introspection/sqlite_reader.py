"""Reading the tables of a SQLite file, opened read-only."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import Any
from urllib.parse import quote

from ktx_daemon.database_introspection.sqlite_values import sampled
from ktx_daemon.database_introspection.tables import (
    Collector,
    DatabaseIntrospectionRows,
    optional_text,
    plain_text,
)
from ktx_daemon.database_introspection.target import Target

ERRORS: tuple[type[Exception], ...] = (sqlite3.Error,)
_SCHEMA = "main"
# How many instructions of SQLite's machine run between two looks at the clock.
_INSTRUCTIONS = 10_000
_TABLES = """
    SELECT CAST(name AS BLOB), type, wr FROM pragma_table_list
    WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY name"""
# Names go in and out as bytes: they need not be UTF-8. 1 is a virtual table's hidden column.
_COLUMNS = """
    SELECT CAST(name AS BLOB), CAST(type AS BLOB), "notnull", pk
    FROM pragma_table_xinfo(CAST(? AS TEXT)) WHERE hidden <> 1 ORDER BY cid"""
_FOREIGN_KEYS = """
    SELECT id, seq, CAST("table" AS BLOB), CAST("from" AS BLOB), CAST("to" AS BLOB)
    FROM pragma_foreign_key_list(CAST(? AS TEXT)) ORDER BY id, seq"""


def read_database(target: Target) -> DatabaseIntrospectionRows:
    """Return the tables and views of the file."""
    schemas = target.schemas_or([_SCHEMA])
    uri = f"file:{quote(str(target.file('sqlite').absolute()))}?mode=ro"
    with closing(
        sqlite3.connect(
            uri, uri=True, timeout=target.connection_timeout_seconds, isolation_level=None
        )
    ) as connection:
        session = _Session(connection, target.statement_timeout_seconds)
        for setting in ("query_only = 1", "trusted_schema = 0"):
            session.rows(f"PRAGMA {setting}")
        session.rows("BEGIN")  # One snapshot for all that follows.
        target.require_schemas(schemas, [_SCHEMA])
        return _read(session, schemas)


def _read(session: _Session, schemas: list[str]) -> DatabaseIntrospectionRows:
    found, warnings = Collector(), []
    tables = session.rows(_TABLES)
    keys: dict[bytes, list[str]] = {}
    for raw, kind, without_rowid in tables:
        name = plain_text(raw)
        try:
            columns = session.rows(_COLUMNS, raw)
        except sqlite3.OperationalError as error:
            if kind != "view" or "interrupted" in str(error):
                raise
            warnings.append(f"View '{name}' is left out, for it cannot be read: {error}.")
            continue
        found.add_table(raw, None, _SCHEMA, name, None)
        keys[raw.lower()] = [plain_text(row[0]) for row in sorted(columns, key=_place) if row[3]]
        for column, type_, not_null, place in columns:
            is_rowid = plain_text(type_).upper() == "INTEGER" and len(keys[raw.lower()]) == 1
            never_null = bool(not_null) or bool(place and (without_rowid or is_rowid))
            kept_as = sampled(session.rows, raw, column, plain_text(type_))
            found.add_column(
                *(raw, plain_text(column), plain_text(type_), not never_null, place > 0, None),
                kept_as,
            )
    for raw, _, _ in tables:
        for number, place, target, column, referred in session.rows(_FOREIGN_KEYS, raw):
            # Without columns a key refers to the primary key, which may not be declared.
            primary = keys.get(target.lower(), [])
            implied = primary[place] if place < len(primary) else None
            to_column = optional_text(referred) or implied
            if to_column is not None:
                # SQLite does not tell what a key is called.
                name = f"{plain_text(raw)}_fk_{number}"
                found.add_foreign_key(
                    raw, (plain_text(column), to_column), plain_text(target), name
                )
    return found.rows(schemas, warnings)


def _place(row: tuple[Any, ...]) -> int:
    return int(row[3])


class _Session:
    """A connection whose statements end when their time is over."""

    def __init__(self, connection: sqlite3.Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._deadline = 0.0
        connection.set_progress_handler(self._is_late, _INSTRUCTIONS)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement; raises `sqlite3.OperationalError: interrupted` when it is late."""
        self._deadline = time.monotonic() + self._seconds
        return self._connection.execute(sql, values).fetchall()

    def _is_late(self) -> bool:
        return time.monotonic() > self._deadline
