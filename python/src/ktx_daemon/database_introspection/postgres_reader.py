"""Reading the tables of a PostgreSQL database in one read-only transaction."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ktx_daemon.database_introspection.tables import (
    Collector,
    DatabaseIntrospectionRows,
    optional_text,
    plain_text,
)
from ktx_daemon.database_introspection.target import Target

ERRORS: tuple[type[Exception], ...] = (psycopg.Error,)
IS_FILE = False
# A partition's rows are its parent's. What the user may not read is of no use to a query.
_TABLES = """
    SELECT c.oid, n.nspname, c.relname, obj_description(c.oid, 'pg_class')
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
    ORDER BY array_position(%s, n.nspname::text), c.relname"""
# A domain's type is what it is made of.
_COLUMNS = """
    SELECT a.attrelid, a.attname, format_type(base.oid, base.modifier), NOT a.attnotnull,
        coalesce(a.attnum = ANY (k.conkey), false), col_description(a.attrelid, a.attnum)
    FROM pg_catalog.pg_attribute a
    CROSS JOIN LATERAL (
        WITH RECURSIVE types AS (
            SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, a.atttypmod AS modifier
            FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
            UNION ALL
            SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, types.typtypmod
            FROM types JOIN pg_catalog.pg_type t ON t.oid = types.typbasetype)
        SELECT oid, modifier FROM types WHERE typtype <> 'd') base
    LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'p'
    WHERE a.attrelid = ANY (%s) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum"""
_FOREIGN_KEYS = """
    SELECT k.conrelid, f.attname, n.nspname, c.relname, t.attname, k.conname, own.nspname
    FROM pg_catalog.pg_constraint k
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS pair (here, there, place)
    JOIN pg_catalog.pg_attribute f ON f.attrelid = k.conrelid AND f.attnum = pair.here
    JOIN pg_catalog.pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = pair.there
    JOIN pg_catalog.pg_class c ON c.oid = k.confrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class mine ON mine.oid = k.conrelid
    JOIN pg_catalog.pg_namespace own ON own.oid = mine.relnamespace
    WHERE k.conrelid = ANY (%s) AND k.contype = 'f' AND k.conparentid = 0
    ORDER BY k.conrelid, k.conname, pair.place"""


def read_database(target: Target) -> DatabaseIntrospectionRows:
    """Return the tables, views and foreign tables of the schemas."""
    parameters = conninfo_to_dict(
        target.url,
        connect_timeout=target.connection_timeout_seconds,
        # A server that went away does not answer a statement's time limit either.
        tcp_user_timeout=target.statement_timeout_ms + 1000 * target.connection_timeout_seconds,
        application_name="ktx",
    )
    with psycopg.connect(make_conninfo("", **parameters)) as connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        # By statement, not as an option of the connection, which poolers refuse.
        connection.execute(f"SET LOCAL statement_timeout = {target.statement_timeout_ms:d}")
        connection.execute("SET LOCAL search_path = pg_catalog")
        existing = connection.execute("SELECT nspname FROM pg_namespace ORDER BY 1").fetchall()
        target.require_schemas(target.schemas, [plain_text(name) for (name,) in existing])
        return _read(connection, target.schemas)


def _read(connection: psycopg.Connection[Any], schemas: list[str]) -> DatabaseIntrospectionRows:
    found = Collector()
    row = connection.execute("SELECT current_database()").fetchone()
    catalog = plain_text(row[0]) if row else None
    tables = connection.execute(_TABLES, (schemas, schemas)).fetchall()
    for oid, schema, name, comment in tables:
        found.add_table(oid, catalog, plain_text(schema), plain_text(name), optional_text(comment))
    oids = [table[0] for table in tables]
    for oid, name, type_, nullable, primary, comment in connection.execute(_COLUMNS, (oids,)):
        found.add_column(
            oid, plain_text(name), plain_text(type_), nullable, primary, optional_text(comment)
        )
    for oid, column, schema, table, to_column, name, own in connection.execute(
        _FOREIGN_KEYS, (oids,)
    ):
        names = [plain_text(table)] if schema == own else [plain_text(schema), plain_text(table)]
        pair = (plain_text(column), plain_text(to_column))
        found.add_foreign_key(oid, pair, ".".join(names), plain_text(name))
    return found.rows(schemas)
