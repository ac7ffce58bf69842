"""Reading the tables of a SQLite file, and how their columns keep times.

SQLite's declared types say nothing about times, so values are looked at.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from ktx_daemon.database_introspection.tables import (
    Collector,
    DatabaseIntrospectionRows,
    optional_text,
    plain_text,
)
from ktx_daemon.database_introspection.target import Target
from ktx_daemon.sentences import sentence
from ktx_daemon.sqlite_file import read_file

_DECLARED = re.compile(r"date|time", re.IGNORECASE)
_NUMERIC = re.compile(r"|.*(?:int|num|real|doub|floa|dec).*", re.IGNORECASE)
_NAME = re.compile(
    r"(?:.*_)?(?:at|on|ts|ms|time|timestamp|date|datetime|day|epoch|created|updated|modified)"
    r"|.*[a-z](?:At|On|Ts|Ms|Time|Timestamp|Date)"
)
_SAMPLE = """
    SELECT typeof(value), value, date(substr(value, 1, 10), '+0 days') IS substr(value, 1, 10)
        AND julianday(value) IS NOT NULL
    FROM (SELECT {column} AS value FROM {table} WHERE {column} IS NOT NULL LIMIT 200)"""
# Seconds since 1973, milliseconds since then, and the Julian days of some thousand years.
_RANGES = (("unix", 1e8, 1e11), ("unix_ms", 1e11, 1e14), ("julian", 2e6, 3e6))

Rows = Callable[[str], list[tuple[Any, ...]]]


def sampled(rows: Rows, table: bytes, column: bytes, declared: str) -> str | None:
    """Return what a column that may hold times holds; None for another one, or one without values.

    It is a storage of times, `iso` for texts that SQLite reads as times, `number`, or `other`.
    """
    if not _may_hold_times(column.decode("utf-8", "replace"), declared):
        return None
    try:
        names = {"table": _quoted(table), "column": _quoted(column)}
        found = rows(_SAMPLE.format(**names))
    except (sqlite3.Error, UnicodeDecodeError):
        return None  # A view that fails, or a name that is no text: nothing is known.
    return _kind_of(found, is_declared=bool(_DECLARED.search(declared))) if found else None


def _may_hold_times(name: str, declared: str) -> bool:
    if _DECLARED.search(declared):
        return True
    return bool(_NUMERIC.fullmatch(declared) and _NAME.fullmatch(name))


def _kind_of(found: list[tuple[Any, ...]], *, is_declared: bool) -> str:
    types = {row[0] for row in found}
    if types <= {"integer", "real"}:
        storages = [_storage_of(row[1]) for row in found]
        likely = max(storages, key=storages.count)
        if likely is None or set(storages) - {likely, None}:
            return "number"
        # Of a column that is declared as a time a few numbers may be small: 0, or 1970.
        strays = storages.count(None)
        is_sure = strays == 0 or (is_declared and likely != "julian" and 2 * strays < len(found))
        return likely if is_sure else "number"
    return "iso" if types == {"text"} and all(row[2] for row in found) else "other"


def _storage_of(value: float) -> str | None:
    """Return the storage that a number suggests by its size."""
    return next((storage for storage, least, most in _RANGES if least <= abs(value) < most), None)


def _note(table: str, column: str, declared: str, kept_as: str | None) -> str | None:
    """Return what is to be said of a column that is declared as a time and holds none."""
    if kept_as not in ("number", "other") or not _DECLARED.search(declared):
        return None
    is_number = kept_as == "number"
    what = "numbers of no known kind of time" if is_number else "values"
    return (
        f"Column '{table}.{column}' is declared as {declared} and holds {what} that SQLite does "
        f"not read as times: it is a {'number' if is_number else 'string'} in its source. If it "
        "keeps times, say how by `type: time` and `storage`."
    )


def _quoted(name: bytes) -> str:
    text = name.decode()
    return '"' + text.replace('"', '""') + '"'


ERRORS: tuple[type[Exception], ...] = (sqlite3.Error,)
IS_FILE = True
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
    path = target.file("sqlite").absolute()

    def read(connection: sqlite3.Connection) -> DatabaseIntrospectionRows:
        session = _Session(connection, target.statement_timeout_seconds)
        for setting in ("query_only = 1", "trusted_schema = 0"):
            session.rows(f"PRAGMA {setting}")
        session.rows("BEGIN")  # One snapshot for all that follows.
        target.require_schemas(schemas, [_SCHEMA])
        return _read(session, schemas)

    return read_file(path, target.place, target.connection_timeout_seconds, read)


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
            why = sentence(str(error))
            warnings.append(f"View '{name}' is left out, for it cannot be read: {why}")
            continue
        found.add_table(raw, None, _SCHEMA, name, None)
        keys[raw.lower()] = [plain_text(row[0]) for row in sorted(columns, key=_place) if row[3]]
        for column, type_, not_null, place in columns:
            is_rowid = plain_text(type_).upper() == "INTEGER" and len(keys[raw.lower()]) == 1
            never_null = bool(not_null) or bool(place and (without_rowid or is_rowid))
            kept_as = sampled(session.rows, raw, column, plain_text(type_))
            note = _note(name, plain_text(column), plain_text(type_), kept_as)
            if note:
                warnings.append(note)
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
