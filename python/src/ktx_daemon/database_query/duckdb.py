"""DuckDB files, opened read-only and without access to other files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Timer
from typing import Any

import duckdb

from ktx_daemon.addresses import database_file
from ktx_daemon.database_query.answers import converted, iso_moment, single_precision
from ktx_daemon.database_query.driver import (
    BINARY,
    BOOLEAN,
    NUMBER,
    TEXT,
    TIME,
    Answer,
    Column,
    Description,
    Limits,
    ReadOnly,
)
from ktx_daemon.database_query.failures import (
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNSIGNED,
    VALUES,
    WRITES,
    Late,
    category_by_class,
)
from ktx_daemon.database_query.settings import Settings
from ktx_daemon.duckdb_file import opened
from ktx_daemon.errors import DATABASE, OperationError

ERRORS: tuple[type[Exception], ...] = (duckdb.Error,)
READ_ONLY = ReadOnly(True, "the file is opened READ_ONLY, without access to other files")
_NUMBERS = re.compile(r"U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|UINTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)")
_TIMES = re.compile(r"DATE|TIME|TIME WITH TIME ZONE|TIME_NS|TIMESTAMP.*")
_NESTED = re.compile(r"(?:STRUCT|MAP|UNION)\(.*\)|.*\[\d*\]|VARIANT", re.DOTALL)
_AS_THEY_ARE = re.compile(r"BOOLEAN|VARCHAR|BLOB|\"?NULL\"?")
_QUESTIONS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
# DuckDB reads a PIVOT as two statements, the first of which makes a temporary type.
_OF_PIVOT = (duckdb.StatementType.CREATE,)
_EXACT = ("BIGNUM", "VARINT")
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (duckdb.InterruptException, TIMEOUT),
    (duckdb.CatalogException, MISSING),
    (duckdb.ProgrammingError, SYNTAX),
    (duckdb.NotSupportedError, SYNTAX),
    (duckdb.DataError, VALUES),
)


class _Session:
    def __init__(self, connection: duckdb.DuckDBPyConnection, limits: Limits) -> None:
        self._connection = connection
        # The session's own, and so no option of connecting. To lock the configuration after it
        # would lock that of the process's other sessions on the file, which have their own zones.
        connection.execute(f"SET SESSION TimeZone = '{limits.zone}'")
        self._seconds = limits.seconds

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement, whose time is limited here: DuckDB knows no limit."""
        late = Event()
        timer = Timer(self._seconds, self._end_late, [late])
        timer.start()
        try:
            self._require_question(sql)
            planned = self._connection.sql(sql)
            names, types = planned.columns, [str(type_) for type_ in planned.types]
            if not names:
                return Answer([], [])
            parts = ", ".join(_selected(n, type_) for n, type_ in enumerate(types, 1))
            most = "" if limit is None else f" LIMIT {limit:d}"
            found = self._connection.execute(f"SELECT {parts} FROM ({sql}\n) AS ktx{most}")
            rows = found.fetchall()
        except duckdb.InterruptException:
            if late.is_set():
                raise Late(f"no answer within {self._seconds:g} seconds") from None
            raise
        finally:
            timer.cancel()
        convert = {n: _CONVERT[_kind(type_)] for n, type_ in enumerate(types) if _kind(type_)}
        columns = [_column(name, type_) for name, type_ in zip(names, types, strict=True)]
        return Answer(columns, converted(rows, convert))

    def _end_late(self, late: Event) -> None:
        late.set()
        self._connection.interrupt()

    def _require_question(self, sql: str) -> None:
        """Raise for what is no question, even if it was taken for one: settings are shared."""
        *before, last = (statement.type for statement in self._connection.extract_statements(sql))
        if last not in _QUESTIONS or any(type_ not in _OF_PIVOT for type_ in before):
            raise duckdb.PermissionException("only questions are run in read-only mode")

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is here."""
        ((version, database),) = self._fetch("SELECT version(), current_database()")
        named = self._fetch(
            "SELECT schema_name FROM duckdb_schemas() "
            "WHERE database_name = current_database() AND NOT internal"
        )
        found = sorted({"main", *(name for (name,) in named)})  # DuckDB calls main internal.
        wanted = set(schemas or found)
        tables = self._fetch(
            "SELECT table_schema FROM information_schema.tables "
            "WHERE table_catalog = current_database()"
        )
        count = sum(schema in wanted for (schema,) in tables)
        return Description(version, database, found, count)

    def _fetch(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def cancel(self) -> None:
        """End what runs."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def connect(settings: Settings, limits: Limits) -> _Session:
    """Open the file."""
    place = f"`path` of connection '{settings.connection_id}' in ktx.yaml"
    return _Session(opened(file_of(settings), place), limits)


def file_of(settings: Settings) -> Path:
    """Return the path of the file; raises when there is no file."""
    text = settings.text("path", "database") or settings.url
    if not text:
        settings.required("path", example="warehouse.duckdb")
    try:
        return database_file(text, "duckdb", settings.directory)
    except OperationError as error:
        fix = f"Write its path as `path` of connection '{settings.connection_id}' in ktx.yaml."
        raise OperationError(DATABASE, error.message, fix=fix) from None


def _selected(place: int, type_: str) -> str:
    """Return a column as Python gets it without loss: what Python has no word for, as text."""
    if _NUMBERS.fullmatch(type_) or _AS_THEY_ARE.fullmatch(type_):
        return f"#{place}"
    if _NESTED.fullmatch(type_):
        return f"CAST(to_json(#{place}) AS VARCHAR)"
    return f"CAST(#{place} AS VARCHAR)"


def _kind(type_: str) -> str:
    if type_ == "FLOAT":
        return type_
    return TIME if _TIMES.fullmatch(type_) else NUMBER if type_ in _EXACT else ""


def _column(name: str, type_: str) -> Column:
    if _NUMBERS.fullmatch(type_) or type_ in _EXACT:
        kind = NUMBER
    else:
        kind = {"BOOLEAN": BOOLEAN, "BLOB": BINARY}.get(type_, TEXT)
    return Column(name, TIME if _TIMES.fullmatch(type_) else kind, type_.strip('"'))


_CONVERT: dict[str, Callable[[Any], Any]] = {
    TIME: iso_moment,
    NUMBER: int,
    "FLOAT": single_precision,
}


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    if "read-only mode" in str(error):
        return WRITES
    if "Overflow in subtraction of UINT" in str(error):
        return UNSIGNED
    return category_by_class(error, _KINDS) or OTHER
