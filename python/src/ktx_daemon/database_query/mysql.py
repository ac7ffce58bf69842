"""MySQL and MariaDB, in a read-only session whose rows are read one after another."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any
from urllib.parse import quote, urlencode

import pymysql  # type: ignore[import-untyped]
from pymysql.constants import ER, FIELD_TYPE, FLAG  # type: ignore[import-untyped]
from pymysql.converters import conversions  # type: ignore[import-untyped]
from pymysql.cursors import SSCursor  # type: ignore[import-untyped]

from ktx_daemon import mysql_connection
from ktx_daemon.database_query.answers import fetched, iso_moment
from ktx_daemon.database_query.driver import (
    BINARY,
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
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNREACHABLE,
    UNSIGNED,
    VALUES,
    WRITES,
    category_by_class,
    category_by_code,
    category_by_state,
)
from ktx_daemon.database_query.settings import Settings
from ktx_daemon.errors import DATABASE, OperationError
from semantic_layer.times.zone import UTC

ERRORS = (*mysql_connection.ERRORS, UnicodeError)
READ_ONLY = ReadOnly(True, "a READ ONLY transaction")
_BINARY_CHARSET = 63
_TIMES = (FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP, FIELD_TYPE.TIME)
_NUMBERS = {
    FIELD_TYPE.TINY: "tinyint",
    FIELD_TYPE.SHORT: "smallint",
    FIELD_TYPE.INT24: "mediumint",
    FIELD_TYPE.LONG: "int",
    FIELD_TYPE.LONGLONG: "bigint",
    FIELD_TYPE.FLOAT: "float",
    FIELD_TYPE.DOUBLE: "double",
    FIELD_TYPE.DECIMAL: "decimal",
    FIELD_TYPE.NEWDECIMAL: "decimal",
    FIELD_TYPE.YEAR: "year",
}
_OTHERS = {
    FIELD_TYPE.DATE: "date",
    FIELD_TYPE.DATETIME: "datetime",
    FIELD_TYPE.TIMESTAMP: "timestamp",
    FIELD_TYPE.TIME: "time",
    FIELD_TYPE.JSON: "json",
    FIELD_TYPE.BIT: "bit",
    FIELD_TYPE.GEOMETRY: "geometry",
    FIELD_TYPE.NULL: "null",
}
_TEXT_TYPES = {
    FIELD_TYPE.STRING: ("char", "binary"),
    FIELD_TYPE.VAR_STRING: ("varchar", "varbinary"),
    FIELD_TYPE.VARCHAR: ("varchar", "varbinary"),
}
# Python has no word for all of their values: 0000-00-00, and times of more than a day.
_CONVERSIONS = conversions | dict.fromkeys(_TIMES, iso_moment)
_OUT_OF_RANGE = 1690
_LATE = (1969, 3024, ER.QUERY_INTERRUPTED)
_CATEGORIES = {
    AUTHENTICATION: (ER.ACCESS_DENIED_ERROR, 1698, 1251, 2059),
    MISSING: (ER.BAD_DB_ERROR, ER.NO_SUCH_TABLE, ER.BAD_FIELD_ERROR, ER.SP_DOES_NOT_EXIST, 1109),
    FORBIDDEN: (
        ER.DBACCESS_DENIED_ERROR,
        ER.TABLEACCESS_DENIED_ERROR,
        ER.COLUMNACCESS_DENIED_ERROR,
        ER.SPECIFIC_ACCESS_DENIED_ERROR,
        ER.PROCACCESS_DENIED_ERROR,
    ),
    # Those whose SQLSTATE, HY000, says nothing: GROUP functions, collations, types of arguments.
    SYNTAX: (
        ER.PARSE_ERROR,
        ER.SYNTAX_ERROR,
        ER.WRONG_FIELD_WITH_GROUP,
        ER.NON_UNIQ_ERROR,
        ER.INVALID_GROUP_FUNC_USE,
        ER.CANT_AGGREGATE_2COLLATIONS,
        ER.WRONG_ARGUMENTS,
        1525,
        4078,
    ),
    TIMEOUT: _LATE,
    WRITES: (1792, 1290),
}
_CLASSES = (
    (pymysql.err.ProgrammingError, SYNTAX),
    (pymysql.err.NotSupportedError, SYNTAX),
    (pymysql.err.DataError, VALUES),
)
_SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


class _Session:
    def __init__(self, arguments: dict[str, Any], limits: Limits) -> None:
        self._arguments = arguments
        self._connection = mysql_connection.connected(arguments)
        version = self._connection.get_server_info()
        if "MariaDB" in version:
            limit = f"max_statement_time = {limits.seconds}"
        else:
            limit = f"max_execution_time = {limits.timeout_ms}"
        # A statement that defines something ends the transaction, so the session is read-only too.
        for statement in (f"SET SESSION {limit}", "SET SESSION TRANSACTION READ ONLY"):
            self._fetch(statement)
        self._set_zone(limits.zone)
        self._fetch("START TRANSACTION READ ONLY")

    def _set_zone(self, zone: str) -> None:
        # UTC by its offset: names need tables of zones, which a server may not have.
        wanted = "+00:00" if zone == UTC else zone
        try:
            self._fetch("SET SESSION time_zone = %s", wanted)
        except pymysql.err.OperationalError as error:
            if error.args[0] != ER.UNKNOWN_TIME_ZONE:
                raise
            raise OperationError(
                DATABASE,
                f"The server does not know the time zone {zone}.",
                fix="Let its administrator load the zones (mysql_tzinfo_to_sql), or use UTC.",
            ) from None

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement; rows that are not read never leave the server's buffers."""
        cursor = self._connection.cursor(SSCursor)
        cursor.execute(sql)
        # The cursor's own description lacks what tells text from bytes.
        columns = [_column(field) for field in cursor._result.fields]
        return Answer(columns, fetched(cursor, limit))

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is here."""
        (version, database), *_ = self._fetch("SELECT VERSION(), DATABASE()")
        names = [name for (name,) in self._fetch("SHOW DATABASES")]
        found = sorted(name for name in names if name.lower() not in _SYSTEM)
        wanted = list(schemas) or ([database] if database else found)
        count = 0
        if wanted:
            ((count,),) = self._fetch(
                "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA IN %s", wanted
            )
        return Description(version, database, found, count)

    def _fetch(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())

    def cancel(self) -> None:
        """End the statement from a second connection, for the first one waits."""
        with closing(mysql_connection.connected(self._arguments)) as other:
            other.query(f"KILL QUERY {self._connection.thread_id():d}")

    def close(self) -> None:
        """Drop the connection: to close it in order would read all the rows that are left."""
        with suppress(OSError):
            self._connection._force_close()


def connect(settings: Settings, limits: Limits) -> _Session:
    """Open a connection, and begin a read-only transaction in it."""
    try:
        arguments = mysql_connection.settings_of(
            address_of(settings), limits.connection_seconds, limits.timeout_ms
        )
    except OperationError as error:
        raise OperationError(DATABASE, error.message, fix=error.fix) from None
    except ValueError:
        raise settings.wrong(
            "url", "cannot be understood", "Write mysql://USER:PASSWORD@HOST:PORT/DATABASE."
        ) from None
    return _Session(arguments | {"conv": _CONVERSIONS}, limits)


def address_of(settings: Settings) -> str:
    """Return the url, or one that is made of the keys."""
    if settings.url:
        settings.check_credentials("/#")
        return settings.url
    options = {
        key: value
        for key in ("unix_socket", "ssl-mode", "ssl-ca")
        if (value := settings.text(key, key.replace("-", "_"))) is not None
    }
    if "ssl-mode" not in options and settings.has("ssl"):
        options["ssl-mode"] = "REQUIRED" if settings.flag("ssl", False) else "DISABLED"
    if "unix_socket" not in options:
        settings.required("host", example="db.example.com")
    host = settings.text("host") or "localhost"
    login = ":".join(
        quote(settings.text(*keys) or "", safe="") for keys in (("user", "username"), ("password",))
    )
    address = f"[{host}]" if ":" in host else quote(host)
    database = quote(settings.text("database", "dbname") or "", safe="")
    port = settings.port(3306)
    return f"mysql://{login}@{address}:{port}/{database}?{urlencode(options)}"


def _column(field: Any) -> Column:
    code = field.type_code
    unsigned = " unsigned" if field.flags & FLAG.UNSIGNED and code != FIELD_TYPE.YEAR else ""
    if code in _NUMBERS:
        return Column(field.name, NUMBER, _NUMBERS[code] + unsigned)
    if code in _OTHERS:
        word = _OTHERS[code]
        binary = code in (FIELD_TYPE.BIT, FIELD_TYPE.GEOMETRY)
        return Column(field.name, TIME if code in _TIMES else BINARY if binary else TEXT, word)
    for flag, word in ((FLAG.ENUM, "enum"), (FLAG.SET, "set")):
        if field.flags & flag:
            return Column(field.name, TEXT, word)
    binary = field.charsetnr == _BINARY_CHARSET
    word = _TEXT_TYPES.get(code, ("text", "blob"))[binary]
    return Column(field.name, BINARY if binary else TEXT, word)


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    code = error.args[0] if error.args else None
    if code == _OUT_OF_RANGE and "UNSIGNED" in str(error):
        return UNSIGNED
    category = category_by_code(code, _CATEGORIES)
    category = category or category_by_state(getattr(error, "sqlstate", None))
    # Only the driver's own numbers are about the way to the server.
    if not category and (isinstance(error, OSError) or _is_the_drivers(code)):
        category = UNREACHABLE
    return category or category_by_class(error, _CLASSES) or OTHER


def _is_the_drivers(code: object) -> bool:
    return isinstance(code, int) and 2000 <= code < 3000
