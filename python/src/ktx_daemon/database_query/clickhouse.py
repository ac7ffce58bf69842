"""ClickHouse over HTTP, each statement with the setting `readonly`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import clickhouse_connect
from clickhouse_connect.driver.exceptions import (
    ClickHouseError,
    DataError,
    NotSupportedError,
    ProgrammingError,
)

from ktx_daemon.database_query.answers import column_of, converted, iso_moment, single_precision
from ktx_daemon.database_query.driver import TIME, Answer, Description, Limits, ReadOnly
from ktx_daemon.database_query.failures import (
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNREACHABLE,
    VALUES,
    WRITES,
    category_by_code,
)
from ktx_daemon.database_query.settings import Settings

ERRORS: tuple[type[Exception], ...] = (ClickHouseError,)
READ_ONLY = ReadOnly(True, "the setting readonly = 1 with every statement")
_CODES = {
    AUTHENTICATION: (192, 193, 194, 516),
    MISSING: (16, 46, 47, 60, 81),
    FORBIDDEN: (497,),
    SYNTAX: (34, 35, 36, 42, 43, 48, 53, 62, 179, 184, 207, 215, 352, 386, 456),
    VALUES: (6, 27, 38, 41, 69, 70, 72, 125, 153, 349, 407),
    TIMEOUT: (159, 160, 209),
    WRITES: (164,),
}
# As text: Python's moments end at microseconds and in the year 9999.
_FORMATS = {"Date*": "string", "DateTime*": "string"}
_ENDS = "; \t\r\n"
_SYSTEM = ("system", "information_schema", "INFORMATION_SCHEMA")


class _Session:
    def __init__(self, client: Any) -> None:
        self._client = client
        # The server knows our statements by it: one at a time.
        self._query_id = str(uuid4())

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement; of many rows only the blocks that are needed are read."""
        pairs, rows = self._read(sql, limit)
        if not pairs:
            # Over HTTP an answer of no rows does not say which columns it has.
            described = self._read(f"DESCRIBE TABLE (\n{sql.rstrip(_ENDS)}\n)", None)[1]
            pairs = [(row[0], row[1]) for row in described]
        words = [word for _, word in pairs]
        columns = [column_of(name, word) for name, word in pairs]
        converters: dict[int, Callable[[Any], Any]] = {
            place: _moment for place, column in enumerate(columns) if column.type == TIME
        }
        converters |= {
            place: single_precision for place, word in enumerate(words) if "Float32" in word
        }
        return Answer(columns, converted(rows[:limit], converters))

    def _read(
        self, sql: str, limit: int | None
    ) -> tuple[list[tuple[str, str]], list[Sequence[Any]]]:
        """Return names and types of the columns, if there are rows, and the rows."""
        rows: list[Sequence[Any]] = []
        with self._client.query_row_block_stream(
            sql, query_formats=_FORMATS, settings={"query_id": self._query_id}
        ) as stream:
            result = stream.source
            for block in stream:
                rows += block
                if limit is not None and len(rows) >= limit:
                    break
        types = [type_.name for type_ in result.column_types]
        return list(zip(result.column_names, types, strict=True)), rows

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is here; a schema is a database."""
        names = [row[0] for row in self.rows("SELECT name FROM system.databases", None).rows]
        found = sorted(name for name in names if name not in _SYSTEM)
        database = self.rows("SELECT currentDatabase()", None).rows[0][0]
        tables = self.rows("SELECT database FROM system.tables", None).rows
        wanted = set(schemas or [database])
        count = sum(row[0] in wanted for row in tables)
        return Description(self._client.server_version, database, found, count)

    def cancel(self) -> None:
        """End what runs; a user may always end what is his."""
        self._client.command(f"KILL QUERY WHERE query_id = '{self._query_id}' ASYNC")

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


def connect(settings: Settings, limits: Limits) -> _Session:
    """Open a client; it asks the server for its version and settings."""
    settings.read_url(("clickhouse", "http", "https", "clickhouses"), "database")
    secure = settings.flag("secure", settings.url.startswith(("https:", "clickhouses:")))
    token = settings.text("access_token", "token")
    login: dict[str, Any] = {"access_token": token}
    if token is None:
        login = {
            "username": settings.text("user", "username"),
            "password": settings.text("password") or "",
        }
    ca_file = settings.text("ca_file")
    client = clickhouse_connect.get_client(
        host=settings.required("host", example="clickhouse.example.com"),
        port=settings.port(8443 if secure else 8123),
        interface="https" if secure else "http",
        database=settings.text("database"),
        ca_cert=str(settings.file(ca_file)) if ca_file else None,
        connect_timeout=limits.connection_seconds,
        send_receive_timeout=math.ceil(limits.seconds) + limits.connection_seconds,
        query_limit=0,
        query_retries=0,
        autogenerate_session_id=False,
        client_name="ktx",
        **login,
    )
    _take_settings(client, limits)
    return _Session(client)


def _take_settings(client: Any, limits: Limits) -> None:
    """Send our settings with every statement from now on.

    A user whose own `readonly` is 1 or 2 reads only already and may change it no more; what else he
    may not change, or an old server does not have, stays as it is.
    """
    wanted = {
        "readonly": 1,
        "max_execution_time": math.ceil(limits.seconds),
        "cancel_http_readonly_queries_on_client_close": 1,
        "session_timezone": limits.zone,
    }
    for name, value in wanted.items():
        theirs = client.server_settings.get(name)
        if name == "readonly":
            fixed = theirs is not None and theirs.readonly and theirs.value in ("1", "2")
        else:
            fixed = theirs is None or theirs.readonly
        if not fixed:
            client.set_client_setting(name, value)


def _moment(value: Any) -> Any:
    return iso_moment(value) if isinstance(value, str) else value


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    found = re.search(r"[Cc]ode: ?(\d+)", str(error))
    if not found and isinstance(error, (ProgrammingError, DataError, NotSupportedError)):
        return OTHER  # the driver's own refusal: nothing was sent
    if not found:
        said = str(error)
        return TIMEOUT if "timed out" in said and "Read" in said else UNREACHABLE
    return category_by_code(int(found[1]), _CODES) or OTHER
