"""Databricks SQL over HTTPS. It knows no read-only session: the token's rights decide."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import urllib3.exceptions
from databricks import sql as databricks_sql
from databricks.sql import exc

from ktx_daemon.database_query.answers import column_of, converted, fetched, single_precision
from ktx_daemon.database_query.driver import Answer, Description, Limits, ReadOnly
from ktx_daemon.database_query.failures import (
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNREACHABLE,
    category_by_state,
)
from ktx_daemon.database_query.settings import Settings

ERRORS: tuple[type[Exception], ...] = (exc.Error, urllib3.exceptions.HTTPError)
READ_ONLY = ReadOnly(
    False, "Databricks knows no read-only session: give the token's owner SELECT only"
)
_WORDS = (
    (SYNTAX, re.compile(r"PARSE_SYNTAX_ERROR|\[(?:DATATYPE_MISMATCH|MISSING_GROUP_BY)")),
    (MISSING, re.compile(r"_NOT_FOUND\b|UNRESOLVED_(?:COLUMN|ROUTINE)")),
    (FORBIDDEN, re.compile(r"INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED")),
    (TIMEOUT, re.compile(r"STATEMENT_TIMEOUT|QUERY_EXECUTION_TIMEOUT", re.IGNORECASE)),
    (AUTHENTICATION, re.compile(r"\b(?:401|403)\b|Invalid access token|Unauthorized")),
)


class _Session:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement."""
        self._cursor.execute(sql)
        description = self._cursor.description or []
        columns = [column_of(name, word) for name, word, *_ in description]
        converters = {
            place: single_precision
            for place, column in enumerate(columns)
            if column.database_type == "float"
        }
        return Answer(columns, converted(fetched(self._cursor, limit), converters))

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is in the catalog that is in use."""
        answer = self.rows("SELECT current_version().dbsql_version, current_catalog()", None)
        version, catalog = answer.rows[0]
        found = sorted(row[0] for row in self.rows("SHOW SCHEMAS", None).rows)
        wanted = list(schemas) or [name for name in found if name != "information_schema"]
        count = sum(
            len(self.rows(f"SHOW TABLES IN `{name.replace('`', '``')}`", None).rows)
            for name in wanted
        )
        return Description(version, catalog, found, count)

    def cancel(self) -> None:
        """End the statement on the server."""
        self._cursor.cancel()

    def close(self) -> None:
        """End the session."""
        self._connection.close()


def connect(settings: Settings, limits: Limits) -> _Session:
    """Open a session."""
    settings.read_url(("databricks", "https"), user="token_user")
    host = settings.required("host", "server_hostname", example="adb-1234.azuredatabricks.net")
    path = settings.required("http_path", example="/sql/1.0/warehouses/abc")
    token = settings.text("token", "access_token", "password")
    if token is None:
        token = settings.required("token", example="env:DATABRICKS_TOKEN")
    options: dict[str, Any] = {}
    if host.startswith("http://"):  # a proxy of one's own, on this machine
        options["_connection_uri"] = f"{host}/{path.lstrip('/')}"
    connection = databricks_sql.connect(
        server_hostname=host.removeprefix("https://").removeprefix("http://"),
        http_path=path,
        access_token=token,
        catalog=settings.text("catalog"),
        schema=settings.text("schema"),
        session_configuration={
            "STATEMENT_TIMEOUT": str(math.ceil(limits.seconds)),
            "TIMEZONE": limits.zone,
        },
        user_agent_entry="ktx",
        enable_telemetry=False,
        use_cloud_fetch=False,
        _port=settings.port(443),
        _socket_timeout=math.ceil(limits.seconds) + limits.connection_seconds,
        _retry_stop_after_attempts_count=1,
        _retry_stop_after_attempts_duration=limits.connection_seconds,
        **options,
    )
    return _Session(connection)


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    said = f"{error} {getattr(error, 'context', '')}"
    for category, pattern in _WORDS:
        if pattern.search(said):
            return category
    if state := re.search(r"SQLSTATE: (\w{5})", said):
        return category_by_state(state[1]) or OTHER
    return UNREACHABLE if isinstance(error, (exc.RequestError, OSError)) else OTHER
