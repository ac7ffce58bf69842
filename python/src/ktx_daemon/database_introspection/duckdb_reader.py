"""Reading the tables of a DuckDB file, opened read-only and without access to other files."""

from __future__ import annotations

from contextlib import closing
from threading import Timer
from typing import Any

import duckdb

from ktx_daemon.database_introspection.tables import Collector, DatabaseIntrospectionRows
from ktx_daemon.database_introspection.target import Target
from ktx_daemon.duckdb_file import opened

ERRORS: tuple[type[Exception], ...] = (duckdb.Error,)
IS_FILE = True
_SCHEMA = "main"
_TABLES = """
    SELECT schema_name, table_name, comment FROM duckdb_tables()
    WHERE database_name = current_database() AND NOT temporary
    UNION ALL
    SELECT schema_name, view_name, comment FROM duckdb_views()
    WHERE database_name = current_database() AND NOT temporary AND NOT internal
    ORDER BY 1, 2"""
_COLUMNS = """
    SELECT schema_name, table_name, column_name, data_type, is_nullable, comment
    FROM duckdb_columns() WHERE database_name = current_database()
    ORDER BY schema_name, table_name, column_index"""
_CONSTRAINTS = """
    SELECT schema_name, table_name, constraint_type, constraint_name, constraint_column_names,
        referenced_table, referenced_column_names
    FROM duckdb_constraints() WHERE database_name = current_database()
    ORDER BY schema_name, table_name, constraint_index"""


def read_database(target: Target) -> DatabaseIntrospectionRows:
    """Return the tables and views of the file's schemas."""
    schemas = target.schemas_or([_SCHEMA])
    with closing(opened(target.file("duckdb"), target.place)) as connection:
        session = _Session(connection, target.statement_timeout_seconds)
        session.rows("BEGIN")  # One snapshot for all that follows.
        existing = session.rows(
            "SELECT schema_name FROM duckdb_schemas() "
            "WHERE database_name = current_database() AND NOT internal ORDER BY 1"
        )
        target.require_schemas(schemas, sorted({_SCHEMA, *(name for (name,) in existing)}))
        return _read(session, schemas)


def _read(session: _Session, schemas: list[str]) -> DatabaseIntrospectionRows:
    found = Collector()
    catalog = session.rows("SELECT current_database()")[0][0]
    for schema, table, comment in session.rows(_TABLES):
        if schema in schemas:
            found.add_table((schema, table), catalog, schema, table, comment)
    constraints = session.rows(_CONSTRAINTS)
    primary = {
        (schema, table, column)
        for schema, table, kind, _, columns, _, _ in constraints
        if kind == "PRIMARY KEY"
        for column in columns
    }
    for schema, table, column, type_, nullable, comment in session.rows(_COLUMNS):
        is_key = (schema, table, column) in primary
        found.add_column((schema, table), column, type_, nullable, is_key, comment)
    for schema, table, kind, name, columns, to_table, to_columns in constraints:
        if kind == "FOREIGN KEY":
            for pair in zip(columns, to_columns, strict=True):
                found.add_foreign_key((schema, table), pair, to_table, name)
    return found.rows(schemas)


class _Session:
    """A connection whose statements end when their time is over."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one statement; raises `duckdb.InterruptException` when it is late."""
        timer = Timer(self._seconds, self._connection.interrupt)
        timer.start()
        try:
            return self._connection.execute(sql).fetchall()
        finally:
            timer.cancel()
