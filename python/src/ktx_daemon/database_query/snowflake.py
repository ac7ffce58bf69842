"""Snowflake over HTTPS. It knows no read-only session: the role decides."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import snowflake.connector
from snowflake.connector.constants import FIELD_ID_TO_NAME  # type: ignore[attr-defined]
from snowflake.connector.errors import Error

from ktx_daemon.database_query.answers import column_of, fetched
from ktx_daemon.database_query.driver import NUMBER, Answer, Column, Description, Limits, ReadOnly
from ktx_daemon.database_query.failures import (
    AUTHENTICATION,
    FORBIDDEN,
    MISSING,
    OTHER,
    SYNTAX,
    TIMEOUT,
    UNREACHABLE,
    category_by_code,
    category_by_state,
)
from ktx_daemon.database_query.settings import Settings

ERRORS: tuple[type[Exception], ...] = (Error,)
READ_ONLY = ReadOnly(False, "Snowflake knows no read-only session: give the role SELECT only")
_TEXTS = {
    "user": ("user", "username"),
    "password": ("password",),
    "role": ("role",),
    "warehouse": ("warehouse",),
    "database": ("database",),
    "schema": ("schema",),
    "authenticator": ("authenticator",),
    "token": ("token",),
    "passcode": ("passcode",),
    "private_key_file_pwd": ("private_key_passphrase", "private_key_file_pwd"),
    "host": ("host",),
    "protocol": ("protocol",),
}
_CODES = {
    SYNTAX: (1003, 904, 1065, 2028, 979),
    MISSING: (2003, 2043, 2001),
    FORBIDDEN: (3001, 3540),
    TIMEOUT: (604, 630),
    AUTHENTICATION: (390100, 390101, 390144, 390189, 390195, 390201, 390422, 250006),
}
_REFUSED = re.compile(
    r"incorrect username or password|jwt token is invalid|user access disabled", re.I
)


class _Session:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement; chunks that are not fetched stay where they are."""
        self._cursor.execute(sql, num_statements=1)
        rows = fetched(self._cursor, limit)
        return Answer([_column(item) for item in self._cursor.description or []], rows)

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is in the database that is in use."""
        version, database = self.rows("SELECT CURRENT_VERSION(), CURRENT_DATABASE()", None).rows[0]
        if database is None:
            return Description(version, None, [], 0)
        names = self.rows("SELECT schema_name FROM information_schema.schemata", None).rows
        found = sorted(row[0] for row in names if row[0] != "INFORMATION_SCHEMA")
        wanted = {name.upper() for name in schemas or found}
        tables = self.rows("SELECT table_schema FROM information_schema.tables", None).rows
        return Description(
            version, database, found, sum(row[0].upper() in wanted for row in tables)
        )

    def cancel(self) -> None:
        """End what the session runs: the driver learns a statement's own name with its answer."""
        session = int(self._connection.session_id)
        self._connection.cursor().execute(f"SELECT SYSTEM$CANCEL_ALL_QUERIES({session})")

    def close(self) -> None:
        """Log out."""
        self._connection.close(retry=False)


def connect(settings: Settings, limits: Limits) -> _Session:
    """Log in."""
    settings.read_url(("snowflake",), "database", "schema")
    account = settings.text("account")
    if account is None and settings.url:
        account = settings.text("host")  # snowflake://USER:PASSWORD@ACCOUNT/DATABASE/SCHEMA
    if account is None:
        account = settings.required("account", example="myorg-account123")
    options: dict[str, Any] = {
        name: value for name, keys in _TEXTS.items() if (value := settings.text(*keys)) is not None
    }
    if settings.url and options.get("host") == account:
        del options["host"]
    if settings.has("port"):
        options["port"] = settings.port(443)
    key = settings.text("private_key_file", "private_key_path")
    if key is not None:
        options["private_key_file"] = str(settings.file(key))
        options.setdefault("authenticator", "SNOWFLAKE_JWT")
    seconds = math.ceil(limits.seconds)
    connection = snowflake.connector.connect(
        account=account,
        application="ktx",
        enable_server_session_keep_alive_auto_detection=False,
        login_timeout=limits.connection_seconds,
        query_timeout=seconds + limits.connection_seconds,
        request_timeout=seconds + limits.connection_seconds,
        session_parameters={
            "STATEMENT_TIMEOUT_IN_SECONDS": seconds,
            "QUERY_TAG": "ktx",
            "TIMEZONE": limits.zone,
        },
        **options,
    )
    return _Session(connection)


def _column(item: Any) -> Column:
    word = FIELD_ID_TO_NAME.get(item.type_code, "")
    if word == "FIXED":
        return Column(item.name, NUMBER, f"NUMBER({item.precision},{item.scale})")
    return column_of(item.name, word)


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    number = getattr(error, "errno", None)
    if category := category_by_code(number, _CODES):
        return category
    if _REFUSED.search(str(error)):
        return AUTHENTICATION
    if "login timed out" in str(error):
        return UNREACHABLE
    if isinstance(number, int) and 250000 <= number < 252000:
        return UNREACHABLE
    return category_by_state(getattr(error, "sqlstate", None)) or OTHER
