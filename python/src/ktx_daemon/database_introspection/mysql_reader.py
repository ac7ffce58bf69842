"""Reading the tables of a MySQL or MariaDB server in one read-only transaction."""

from __future__ import annotations

import math
import socket
import ssl
from contextlib import closing, suppress
from threading import Timer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pymysql  # type: ignore[import-untyped]

from ktx_daemon.database_introspection.tables import (
    Collector,
    DatabaseIntrospectionRows,
    optional_text,
    plain_text,
)
from ktx_daemon.database_introspection.target import Target
from ktx_daemon.errors import DATABASE, INVALID_REQUEST, OperationError

# A RuntimeError is about a package that a way of logging in needs.
ERRORS: tuple[type[Exception], ...] = (pymysql.MySQLError, RuntimeError)
_DEFAULT_PORT = 3306
# How long beyond the statement's own limit to wait for the server to end it.
_GRACE_SECONDS = 5
_SSL_MODES = ("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")
_TABLES = """
    SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_COMMENT FROM information_schema.TABLES
    WHERE TABLE_SCHEMA IN %s AND TABLE_TYPE <> 'SEQUENCE'"""
_COLUMNS = """
    SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_COMMENT
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN %s
    ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION"""
_KEYS = """
    SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA,
        REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
    FROM information_schema.KEY_COLUMN_USAGE
    WHERE TABLE_SCHEMA IN %s AND (CONSTRAINT_NAME = 'PRIMARY' OR REFERENCED_TABLE_NAME IS NOT NULL)
    ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION"""


def read_database(target: Target) -> DatabaseIntrospectionRows:
    """Return the tables and views of the schemas, which MySQL calls databases."""
    settings = _settings(target)
    database = settings.pop("database")  # The error for one that is missing is ours.
    schemas = target.schemas_or([database] if database else [])
    if not schemas:
        raise OperationError(
            INVALID_REQUEST,
            "The url names no database, and the request no schemas.",
            fix="Write mysql://USER@HOST/DATABASE, or name the databases as schemas.",
        )
    with closing(_connected(settings)) as connection:
        session = _Session(connection, target)
        existing = session.rows("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY 1")
        target.require_schemas(schemas, [plain_text(name) for (name,) in existing])
        return _read(session, schemas)


def _read(session: _Session, schemas: list[str]) -> DatabaseIntrospectionRows:
    found, warnings = Collector(), []
    columns = session.rows(_COLUMNS, schemas)
    with_columns = {row[:2] for row in columns}
    # The server's own order depends on its collation.
    for schema, table, kind, comment in sorted(session.rows(_TABLES, schemas)):
        name, text = plain_text(table), optional_text(comment)
        if kind == "VIEW" and (text not in ("", "VIEW") or (schema, table) not in with_columns):
            why = text if text not in ("", "VIEW") else "what it selects is not there"
            warnings.append(f"View '{name}' is left out, for it cannot be read: {why}.")
            continue
        text = None if kind == "VIEW" else text
        found.add_table((schema, table), None, plain_text(schema), name, text)
    keys = session.rows(_KEYS, schemas)
    primary = {(key[0], key[1], key[3]) for key in keys if key[2] == "PRIMARY"}
    for schema, table, column, type_, nullable, comment in columns:
        found.add_column(
            (schema, table),
            plain_text(column),
            plain_text(type_),
            nullable == "YES",
            (schema, table, column) in primary,
            optional_text(comment),
        )
    for schema, table, name, column, to_schema, to_table, to_column in keys:
        if to_table is not None:
            reference = to_table if to_schema == schema else f"{to_schema}.{to_table}"
            found.add_foreign_key((schema, table), (column, to_column), reference, name)
    return found.rows(schemas, warnings)


class _Session:
    """A connection in a read-only transaction, with the limit of one statement set."""

    def __init__(self, connection: Any, target: Target) -> None:
        self._connection = connection
        if "MariaDB" in connection.get_server_info():
            limit = f"max_statement_time = {target.statement_timeout_seconds}"
        else:
            limit = f"max_execution_time = {target.statement_timeout_ms}"
        # A statement that defines something ends the transaction, so the session is read-only too.
        for statement in (f"SET SESSION {limit}", "SET SESSION TRANSACTION READ ONLY"):
            self.rows(statement)
        self.rows("START TRANSACTION READ ONLY")

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Run one statement."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())


def _connected(settings: dict[str, Any]) -> Any:
    connection = pymysql.Connection(**settings, defer_connect=True)
    if "unix_socket" in settings:
        connection.connect()
        return connection
    seconds = settings["connect_timeout"]
    channel = socket.create_connection((settings["host"], settings["port"]), seconds)
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # The driver gives the greeting and the log-in as long as a statement. It wraps the socket for
    # TLS, so the guard is another handle of the same.
    with channel.dup() as guard:
        timer = Timer(seconds, _end, [guard])
        timer.start()
        try:
            connection.connect(channel)
        finally:
            timer.cancel()
            timer.join()
    return connection


def _end(guard: socket.socket) -> None:
    with suppress(OSError):  # It has just ended by itself.
        guard.shutdown(socket.SHUT_RDWR)


def _encryption(mode: str, authorities: str | None) -> dict[str, Any]:
    """Return how to connect in one of MySQL's modes; PREFERRED is the driver's own."""
    if mode == "PREFERRED":
        return {}
    if mode == "DISABLED":
        return {"ssl_disabled": True}
    context = ssl.create_default_context(cafile=authorities)
    context.check_hostname = mode == "VERIFY_IDENTITY"
    if mode == "REQUIRED":
        context.verify_mode = ssl.CERT_NONE
    return {"ssl": context}


def _settings(target: Target) -> dict[str, Any]:
    """Return what the driver is to connect with, from the address."""
    parts = urlsplit(target.url)
    if parts.scheme not in ("mysql", "mariadb", "mysql+pymysql") or not parts.netloc + parts.query:
        raise OperationError(
            INVALID_REQUEST,
            "The url is not an address of MySQL.",
            fix="Write mysql://USER:PASSWORD@HOST:PORT/DATABASE.",
        )
    options = dict(parse_qsl(parts.query))
    settings = {
        "host": parts.hostname or "localhost",
        "port": parts.port or _DEFAULT_PORT,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path.removeprefix("/")) or None,
        "charset": "utf8mb4",
        "connect_timeout": target.connection_timeout_seconds,
        "read_timeout": math.ceil(target.statement_timeout_seconds) + _GRACE_SECONDS,
        "write_timeout": math.ceil(target.statement_timeout_seconds) + _GRACE_SECONDS,
    }
    if "unix_socket" in options:
        settings["unix_socket"] = options.pop("unix_socket")
    authorities = options.pop("ssl-ca", None)
    mode = options.pop("ssl-mode", "PREFERRED").upper()
    if mode not in _SSL_MODES or options:
        unknown = ", ".join(options) or f"ssl-mode={mode}"
        raise OperationError(
            DATABASE,
            f"The url has what is not known: {unknown}.",
            fix=f"Known are unix_socket, ssl-ca and ssl-mode ({', '.join(_SSL_MODES)}).",
        )
    return settings | _encryption(mode, authorities)
