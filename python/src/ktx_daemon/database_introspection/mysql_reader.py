"""Reading the tables of a MySQL or MariaDB server in one read-only transaction."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from ktx_daemon.database_introspection.tables import (
    Collector,
    DatabaseIntrospectionRows,
    optional_text,
    plain_text,
)
from ktx_daemon.database_introspection.target import Target
from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.mysql_connection import ERRORS as ERRORS
from ktx_daemon.mysql_connection import connected, settings_of
from ktx_daemon.sentences import sentence

IS_FILE = False
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
    settings = settings_of(
        target.url, target.connection_timeout_seconds, target.statement_timeout_ms
    )
    database = settings.pop("database")  # The error for one that is missing is ours.
    schemas = target.schemas_or([database] if database else [])
    if not schemas:
        raise OperationError(
            INVALID_REQUEST,
            "The url names no database, and the request no schemas.",
            fix="Write mysql://USER@HOST/DATABASE, or name the databases as schemas.",
        )
    with closing(connected(settings)) as connection:
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
            warnings.append(
                f"View '{name}' is left out, for it cannot be read: {sentence(str(why))}"
            )
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
