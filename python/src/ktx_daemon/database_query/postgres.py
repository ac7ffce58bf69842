"""PostgreSQL, and Redshift over the same wire: a read-only transaction, a cursor of the server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.string import TextLoader

from ktx_daemon.database_query.answers import fetched, iso_moment
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
    AUTHENTICATION,
    MISSING,
    OTHER,
    SYNTAX,
    UNREACHABLE,
    VALUES,
    category_by_class,
    category_by_state,
)
from ktx_daemon.database_query.settings import Settings

ERRORS: tuple[type[Exception], ...] = (psycopg.Error, UnicodeError)
READ_ONLY = ReadOnly(True, "a READ ONLY transaction")
# By keys of ktx.yaml, the words of libpq.
_KEYS = {
    "host": ("host",),
    "port": ("port",),
    "user": ("user", "username"),
    "password": ("password",),
    "dbname": ("database", "dbname"),
    "sslmode": ("sslmode",),
    "sslrootcert": ("sslrootcert",),
    "sslcert": ("sslcert",),
    "sslkey": ("sslkey",),
    "options": ("options",),
}
_MOMENTS = ("date", "time", "timetz", "timestamp", "timestamptz")
# Python has no word for all of their values: months, infinity, years before 1.
_TEXTS = """interval record json jsonb int4range int8range numrange tsrange tstzrange daterange
    int4multirange int8multirange nummultirange tsmultirange tstzmultirange
    datemultirange""".split()
_TYPES = (
    (NUMBER, re.compile(r"(?:smallint|integer|bigint|numeric|real|double precision|oid)\b[^\[]*")),
    (BOOLEAN, re.compile("boolean")),
    (TIME, re.compile(r"(?:date|time|timestamp)\b[^\[]*")),
    (BINARY, re.compile("bytea")),
)
_CLASSES = (
    (psycopg.ProgrammingError, SYNTAX),
    (psycopg.NotSupportedError, SYNTAX),
    (psycopg.DataError, VALUES),
)
_REFUSED = re.compile(
    r"authentication failed|no password supplied|role \S+ does not exist|no pg_hba.conf entry"
    r"|is not permitted to log in"
)
_SCHEMAS = """
    SELECT nspname FROM pg_catalog.pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1"""
_TABLES = """
    SELECT count(*) FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname IN ({})"""
_REDSHIFT_PORT = 5439


class _MomentLoader(Loader):
    def load(self, data: Buffer) -> str:
        return iso_moment(bytes(data).decode())


class _Session:
    def __init__(self, connection: psycopg.Connection[Any], limits: Limits) -> None:
        self._connection = connection
        connection.read_only = True
        # By statement, not as an option of the connection, which poolers refuse.
        connection.execute(f"SET LOCAL statement_timeout = {limits.timeout_ms:d}")
        connection.execute("SET LOCAL datestyle = 'ISO'")
        # Not the zone of PGTZ or of the server: the name is checked before.
        connection.execute(f"SET LOCAL timezone = '{limits.zone}'".encode())
        if connection.info.server_version >= 140_000:
            # When ktx is gone the statement ends too, and not only when it has rows.
            connection.execute("SET LOCAL client_connection_check_interval = 1000")
        for names, loader in ((_MOMENTS, _MomentLoader), (_TEXTS, TextLoader)):
            for name in names:
                known = connection.adapters.types.get(name)
                if known is not None:
                    connection.adapters.register_loader(known.oid, loader)

    def rows(self, sql: str, limit: int | None) -> Answer:
        """Run one statement; the server keeps the rows that are not fetched."""
        with self._connection.cursor("ktx") as cursor:
            cursor.execute(sql.encode())
            description = cursor.description or []
            rows = fetched(cursor, limit)
        words = self._type_words(description)
        pairs = zip(description, words, strict=True)
        return Answer([Column(column.name, _type_of(word), word) for column, word in pairs], rows)

    def _type_words(self, description: Sequence[psycopg.Column]) -> Sequence[str]:
        """Return PostgreSQL's own words for the columns' types, in one question."""
        if not description:
            return []
        modifiers = [column._fmod for column in description]
        parts = ", ".join(["pg_catalog.format_type(%s, %s)"] * len(description))
        pairs = zip(description, modifiers, strict=True)
        values = [value for column, modifier in pairs for value in (column.type_code, modifier)]
        row = self._connection.execute(f"SELECT {parts}".encode(), values).fetchone()
        return [str(word) for word in row or ()]

    def describe(self, schemas: Sequence[str]) -> Description:
        """Say what is here."""
        one = self._connection.execute(
            "SELECT current_setting('server_version'), current_database()"
        ).fetchone()
        version, database = one or (None, None)
        found = [name for (name,) in self._connection.execute(_SCHEMAS)]
        return Description(version, database, found, self._count_tables(list(schemas) or found))

    def _count_tables(self, schemas: Sequence[str]) -> int:
        if not schemas:
            return 0
        # Not one array: Redshift has no arrays.
        places = ", ".join(["%s"] * len(schemas))
        count = self._connection.execute(_TABLES.format(places).encode(), schemas).fetchone()
        return count[0] if count else 0

    def cancel(self) -> None:
        """Ask the server to end what runs."""
        self._connection.cancel_safe(timeout=2)

    def close(self) -> None:
        """End the transaction with the connection."""
        self._connection.close()


def connect(settings: Settings, limits: Limits) -> _Session:
    """Open a connection, and begin a read-only transaction in it."""
    return _Session(psycopg.connect(address_of(settings, limits)), limits)


def address_of(settings: Settings, limits: Limits) -> str:
    """Return what libpq is to connect with, from the url and the keys."""
    settings.check_credentials("@/#")
    try:
        parts = conninfo_to_dict(re.sub("^redshift://", "postgresql://", settings.url))
    except psycopg.Error:
        # What it says quotes the address.
        raise settings.wrong(
            "url",
            "cannot be understood",
            "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE.",
        ) from None
    for name, keys in _KEYS.items():
        value = settings.text(*keys)
        if value is not None:
            parts[name] = value
    if "sslmode" not in parts and settings.has("ssl"):
        parts["sslmode"] = "require" if settings.flag("ssl", False) else "disable"
    if (settings.text("driver") or "").lower() == "redshift":
        parts.setdefault("port", _REDSHIFT_PORT)
    if not parts.get("host") and not parts.get("service"):
        settings.required("host", example="db.example.com")
    return make_conninfo(
        "",
        **parts
        | {
            "connect_timeout": limits.connection_seconds,
            # A server that went away does not answer a statement's time limit either.
            "tcp_user_timeout": limits.timeout_ms + 1000 * limits.connection_seconds,
            "application_name": "ktx",
            "client_encoding": "utf8",
        },
    )


def _type_of(word: str) -> str:
    for type_, pattern in _TYPES:
        if pattern.fullmatch(word):
            return type_
    return TEXT


def category_of(error: Exception) -> str:
    """Return what an error is about."""
    # An error about a statement has a SQLSTATE; a failure before there was one has not.
    if getattr(error, "sqlstate", None):
        return category_by_state(error.sqlstate) or OTHER  # type: ignore[attr-defined]
    if not isinstance(error, psycopg.OperationalError):
        return category_by_class(error, _CLASSES) or OTHER
    if _REFUSED.search(str(error)):
        return AUTHENTICATION
    return MISSING if re.search(r"database \S+ does not exist", str(error)) else UNREACHABLE
