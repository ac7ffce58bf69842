"""Trino over HTTP, in a transaction with the access mode READ ONLY."""

from __future__ import annotations

import math
import re
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import requests
import trino.exceptions
import trino.transaction
from trino.auth import Authentication, BasicAuthentication, JWTAuthentication
from trino.dbapi import Connection, Cursor

from ktx_daemon.database_query.answers import column_of, converted, fetched, iso_moment
from ktx_daemon.database_query.driver import Answer, Description, Limits, ReadOnly
from ktx_daemon.database_query.failures import (
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNREACHABLE,
    UNTRUSTED,
    VALUES,
    WRITES,
)
from ktx_daemon.database_query.settings import Settings

ERRORS: tuple[type[Exception], ...] = (
    trino.exceptions.Error,
    trino.exceptions.HttpError,
    requests.RequestException,
)
READ_ONLY = ReadOnly(True, "START TRANSACTION READ ONLY")
_BEGIN = "START TRANSACTION READ ONLY"
_CATEGORIES = {
    "SYNTAX_ERROR": SYNTAX,
    "TABLE_NOT_FOUND": MISSING,
    "COLUMN_NOT_FOUND": MISSING,
    "SCHEMA_NOT_FOUND": MISSING,
    "CATALOG_NOT_FOUND": MISSING,
    "FUNCTION_NOT_FOUND": MISSING,
    "PERMISSION_DENIED": FORBIDDEN,
    "EXCEEDED_TIME_LIMIT": TIMEOUT,
    "READ_ONLY_VIOLATION": WRITES,
    "DIVISION_BY_ZERO": VALUES,
    "INVALID_CAST_ARGUMENT": VALUES,
    "INVALID_FUNCTION_ARGUMENT": VALUES,
    "NUMERIC_VALUE_OUT_OF_RANGE": VALUES,
    "SUBQUERY_MULTIPLE_ROWS": VALUES,
}


class _Transaction(trino.transaction.Transaction):
    """The driver's own begins without an access mode, and with one nothing can be written."""

    def begin(self) -> None:
        post = self._request.post
        self._request.post = lambda _, *rest, **more: post(_BEGIN, *rest, **more)  # type: ignore[method-assign]
        try:
            super().begin()
        finally:
            del self._request.post


class _Trusting(requests.Session):
    """Trusts the connection's own `ca_file`; others let REQUESTS_CA_BUNDLE take its place."""

    def merge_environment_settings(self, *request: Any) -> Any:
        return {**super().merge_environment_settings(*request), "verify": self.verify}


class _Session:
    def __init__(self, connection: Any, catalog: str) -> None:
        self._connection = connection
        self._catalog = catalog
        request = connection._create_request()
        self._transaction = _Transaction(request)
        self._transaction.begin()
        # Values come as the server wrote them: Python has no word for picoseconds.
        self._cursor: Any = Cursor(connection, request, legacy_primitive_types=True)

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement; what is not fetched is cancelled with the session."""
        self._cursor.execute(sql)
        found = self._cursor.description or []
        columns = [column_of(item.name, item.type_code) for item in found]
        converts = [_converter(column.database_type) for column in columns]
        converters = {place: convert for place, convert in enumerate(converts) if convert}
        return Answer(columns, converted(fetched(self._cursor, limit), converters))

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is in the catalog."""
        version = self.rows("SELECT version()", None).rows[0][0]
        found = [row[0] for row in self.rows("SHOW SCHEMAS", None).rows]
        found = sorted(name for name in found if name != "information_schema")
        names = self.rows("SELECT table_schema FROM information_schema.tables", None).rows
        wanted = set(schemas or found)
        return Description(version, self._catalog, found, sum(row[0] in wanted for row in names))

    def cancel(self) -> None:
        """End what runs."""
        self._cursor.cancel()

    def close(self) -> None:
        """End what was not fetched; the server drops the transaction when it is idle."""
        if not self._cursor._query or not self._cursor._query.finished:
            self._cursor.cancel()
        self._connection.close()


def connect(settings: Settings, limits: Limits) -> _Session:
    """Begin a transaction."""
    settings.read_url(("trino", "http", "https", "trino+https"), "catalog", "schema")
    catalog = settings.required("catalog", example="hive")
    scheme = _scheme(settings)
    token = settings.text("token")
    connection = Connection(
        settings.required("host", example="trino.example.com"),
        port=settings.port(443 if scheme == "https" else 8080),
        # A token says itself who somebody is.
        user=settings.text("user", "username") or (None if token else "ktx"),
        catalog=catalog,
        schema=settings.text("schema"),
        source="ktx",
        http_scheme=scheme,
        auth=_authentication(settings),
        http_session=_http_session(settings),
        roles=settings.text("role"),
        max_attempts=1,
        request_timeout=(limits.connection_seconds, limits.seconds + limits.connection_seconds),
        timezone=limits.zone,
        session_properties={"query_max_run_time": f"{math.ceil(limits.seconds)}s"},
    )
    return _Session(connection, catalog)


def _http_session(settings: Settings) -> requests.Session:
    path = settings.text("ca_file")
    if path is None:
        return requests.Session()
    session = _Trusting()
    session.verify = str(settings.file(path))
    return session


def _scheme(settings: Settings) -> str:
    secure = settings.url.startswith(("https://", "trino+https://")) or any(
        settings.has(key) for key in ("password", "token")
    )
    port = settings.text("port")
    default = "https" if secure or port in ("443", "8443") else "http"
    return settings.choice("http_scheme", default, ("http", "https"))


def _authentication(settings: Settings) -> Authentication | None:
    token = settings.text("token")
    if token is not None:
        return JWTAuthentication(token)
    password = settings.text("password")
    if password is None:
        return None
    return BasicAuthentication(settings.required("user", "username", example="me"), password)


def _converter(type_: str) -> Callable[[Any], Any] | None:
    if type_.startswith("decimal"):
        return Decimal
    if type_.startswith("timestamp") and type_.endswith("with time zone"):
        return _instant
    if type_.startswith(("timestamp", "time", "date")):
        return iso_moment
    if type_ in ("double", "real"):
        return float
    return b64decode if type_ == "varbinary" else None


def _instant(text: str) -> str:
    """Return "2026-07-01 12:00:00.000 Europe/Berlin" as ISO 8601 has it.

    Of the hour that a clock shows twice a year it stays the server's text, which does not say
    which of them it is.
    """
    clock, _, zone = text.rpartition(" ")
    if zone == "UTC" or zone[:1] in "+-":
        return iso_moment(text)
    # Loaded here, for most sessions are in UTC.
    from zoneinfo import ZoneInfo

    try:
        local = datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone))
    except (ValueError, KeyError):  # a year beyond Python's, or a zone that is not known here
        return text
    offset = f"{local:%z}"
    # Of long ago there are offsets with seconds, which ISO 8601 does not know.
    if len(offset) > len("+0100") or offset != f"{local.replace(fold=1):%z}":
        return text
    return iso_moment(f"{clock}{offset}")


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    if isinstance(error, trino.exceptions.TrinoQueryError):
        kind = SYNTAX if error.error_type == "USER_ERROR" else OTHER
        return _CATEGORIES.get(error.error_name or "", kind)
    if isinstance(error, requests.exceptions.ReadTimeout):
        return TIMEOUT
    if isinstance(error, requests.RequestException):
        return UNTRUSTED if "CERTIFICATE_VERIFY_FAILED" in str(error) else UNREACHABLE
    if isinstance(error, trino.exceptions.TrinoAuthError) or re.search(r"\b401\b", str(error)):
        return AUTHENTICATION
    return FORBIDDEN if re.search(r"\b403\b", str(error)) else UNREACHABLE
