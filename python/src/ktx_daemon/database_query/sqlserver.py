"""SQL Server over TDS, with the intent to read only, in a transaction that is rolled back."""

from __future__ import annotations

import math
import ssl
from collections.abc import Sequence
from typing import Any

import pytds
from pytds import tds_base

from ktx_daemon.database_query.driver import Answer, Column, Description, Limits, ReadOnly
from ktx_daemon.database_query.failures import (
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNREACHABLE,
    WRITES,
)
from ktx_daemon.database_query.kinds import kind_of
from ktx_daemon.database_query.settings import Settings

ERRORS: tuple[type[Exception], ...] = (pytds.Error,)
READ_ONLY = ReadOnly(
    False,
    "ApplicationIntent=ReadOnly, and every transaction is rolled back: let its login read only",
)
_NUMBERS = {
    AUTHENTICATION: (18452, 18456, 18470, 18486, 18487, 18488),
    MISSING: (207, 208, 195, 4060, 911, 2812, 4121),
    FORBIDDEN: (229, 230, 262, 916),
    SYNTAX: (102, 105, 156, 319, 8120, 209, 164, 145),
    WRITES: (3906, 978),
}
# By the driver's classes: TDS sends codes and not the words of SQL.
_SYSTEM = "('sys', 'INFORMATION_SCHEMA', 'guest')"


class _Session:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement."""
        self._cursor.execute(sql)
        found = self._cursor.description or []
        types = [column.serializer.get_declaration() for column in self._types()]
        pairs = zip(found, types, strict=True)
        columns = [Column(item[0], kind_of(word), word.lower()) for item, word in pairs]
        rows = self._cursor.fetchall() if limit is None else self._cursor.fetchmany(limit)
        return Answer(columns, rows)

    def _types(self) -> Sequence[Any]:
        result = self._cursor._session.res_info
        return result.columns if result is not None else []

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is in the database that is in use."""
        ((version, database),) = self.rows(
            "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), DB_NAME()", None
        ).rows
        names = self.rows(
            f"SELECT name FROM sys.schemas WHERE schema_id < 16384 AND name NOT IN {_SYSTEM}", None
        ).rows
        found = sorted(row[0] for row in names)
        wanted = set(schemas or found)
        tables = self.rows("SELECT TABLE_SCHEMA FROM INFORMATION_SCHEMA.TABLES", None).rows
        return Description(version, database, found, sum(row[0] in wanted for row in tables))

    def cancel(self) -> None:
        """End what runs."""
        self._cursor.cancel()

    def close(self) -> None:
        """Roll back, and let the connection go."""
        self._connection.close()


def connect(settings: Settings, limits: Limits) -> _Session:
    """Log in."""
    settings.read_url(("sqlserver", "mssql"), "database")
    encrypted = settings.flag("encrypt", True)
    connection = pytds.connect(
        server=settings.required("host", "server", example="sql.example.com"),
        port=settings.port(1433),
        database=settings.text("database"),
        user=settings.required("user", "username", example="reader"),
        password=settings.text("password") or "",
        appname="ktx",
        timeout=math.ceil(limits.seconds),
        login_timeout=limits.connection_seconds,
        readonly=True,
        autocommit=False,
        cafile=_authorities(settings) if encrypted else None,
        validate_host=not settings.flag("trust_server_certificate", False),
        disable_connect_retry=True,
    )
    return _Session(connection)


def _authorities(settings: Settings) -> str:
    path = settings.text("ca_file")
    if path is not None:
        return str(settings.file(path))
    known = ssl.get_default_verify_paths().cafile
    if known is not None:
        return known
    import certifi

    return certifi.where()


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    number = getattr(error, "number", None) or getattr(error, "msg_no", None)
    for category, numbers in _NUMBERS.items():
        if number in numbers:
            return category
    if isinstance(error, pytds.LoginError):
        return AUTHENTICATION
    if isinstance(error, (TimeoutError, pytds.TimeoutError)):
        return TIMEOUT
    return UNREACHABLE if isinstance(error, (OSError, tds_base.ClosedConnectionError)) else OTHER
