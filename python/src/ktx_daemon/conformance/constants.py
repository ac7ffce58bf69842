"""Rows as a SELECT of constants, in the SQL of each engine: a table that nobody has to create."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from semantic_layer.syntax.names import quoted_name

Cell = int | float | str | None

INTEGER, REAL, DECIMAL, TEXT, DATE, TIME, INSTANT = KINDS = (
    "integer",
    "real",
    "decimal",
    "text",
    "date",
    "time",
    "instant",
)
"""What a column of constants holds; an instant is a moment that has a zone, written in UTC."""

# The types of most engines, and what an engine calls otherwise.
_TYPES = {
    INTEGER: "BIGINT",
    REAL: "DOUBLE PRECISION",
    DECIMAL: "DECIMAL(10, 2)",
    TEXT: "VARCHAR(1000)",
    DATE: "DATE",
    TIME: "TIMESTAMP",
    INSTANT: "TIMESTAMP WITH TIME ZONE",
}
_SPARK = {REAL: "DOUBLE", TEXT: "STRING", INSTANT: "TIMESTAMP"}
_OWN_TYPES: Mapping[str, Mapping[str, str]] = {
    # Without types for times: texts, as people keep them.
    "sqlite": {
        INTEGER: "INTEGER",
        REAL: "REAL",
        DECIMAL: "NUMERIC",
        TEXT: "TEXT",
        DATE: "TEXT",
        TIME: "TEXT",
        INSTANT: "TEXT",
    },
    "duckdb": {REAL: "DOUBLE", TEXT: "VARCHAR"},
    "mysql": {INTEGER: "SIGNED", REAL: "DOUBLE", TEXT: "CHAR", TIME: "DATETIME"},
    "clickhouse": {
        INTEGER: "Int64",
        REAL: "Float64",
        TEXT: "String",
        TIME: "DateTime",
        INSTANT: "DateTime('UTC')",
    },
    "spark": _SPARK,
    "databricks": _SPARK,
    "trino": {REAL: "DOUBLE", TEXT: "VARCHAR"},
    "snowflake": {TIME: "TIMESTAMP_NTZ", INSTANT: "TIMESTAMP_TZ"},
    "bigquery": {
        INTEGER: "INT64",
        REAL: "FLOAT64",
        DECIMAL: "NUMERIC(10, 2)",
        TEXT: "STRING",
        TIME: "DATETIME",
        INSTANT: "TIMESTAMP",
    },
    "tsql": {
        REAL: "FLOAT",
        TEXT: "NVARCHAR(1000)",
        TIME: "DATETIME2",
        INSTANT: "DATETIMEOFFSET",
    },
}
# Of a row that nobody sees: NULL has no place in a column that cannot be NULL.
_FILLING: Mapping[str, Cell] = {
    INTEGER: 0,
    REAL: 0,
    DECIMAL: "0.00",
    TEXT: "",
    DATE: "2000-01-01",
    TIME: "2000-01-01 00:00:00",
    INSTANT: "2000-01-01 00:00:00",
}
_UTC = {"trino": " UTC", "tsql": " +00:00", "clickhouse": ""}
# Where a backslash in a text means something, and where a quote has to have one before it.
_ESCAPING = frozenset({"mysql", "clickhouse", "spark", "databricks", "snowflake", "bigquery"})
_QUOTE_ESCAPED = frozenset({"spark", "databricks", "bigquery"})


def select_of(
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Cell]],
    dialect: str,
    *,
    nullable: bool = True,
) -> str:
    """Return a SELECT with these rows; `columns` has the kind of each by its name.

    ClickHouse knows columns that cannot be NULL: without `nullable`, those that hold no NULL are
    such. Elsewhere it makes no difference.
    """
    types = [
        _type_of(kind, dialect, nullable=nullable or any(row[place] is None for row in rows))
        for place, kind in enumerate(columns.values())
    ]
    names = [quoted_name(name, dialect) for name in columns]
    kinds = list(columns.values())
    # A SELECT without FROM has no WHERE on every engine, so the empty one is cut from outside.
    shown = rows or [[_FILLING[kind] for kind in kinds]]
    selects = [_row(row, names, kinds, types, dialect) for row in shown]
    text = "\nUNION ALL ".join(selects)
    return text if rows else f"SELECT * FROM ({text}) AS no_rows WHERE 1 = 0"


def _row(
    row: Sequence[Cell],
    names: Sequence[str],
    kinds: Sequence[str],
    types: Sequence[str],
    dialect: str,
) -> str:
    cells = zip(row, names, kinds, types, strict=True)
    return "SELECT " + ", ".join(
        f"CAST({_literal(value, kind, dialect)} AS {type_}) AS {name}"
        for value, name, kind, type_ in cells
    )


def _type_of(kind: str, dialect: str, *, nullable: bool) -> str:
    name = _OWN_TYPES.get(dialect, {}).get(kind, _TYPES[kind])
    return f"Nullable({name})" if dialect == "clickhouse" and nullable else name


def _literal(value: Cell, kind: str, dialect: str) -> str:
    if value is None:
        return "NULL"
    if kind in (INTEGER, REAL):
        return str(value)
    if kind == DECIMAL and dialect != "clickhouse":
        return str(value)  # a text would be rounded by way of a double, or not at all
    text = str(value)
    if kind == INSTANT:
        text += _UTC.get(dialect, "+00:00")
    return text_literal(text, dialect)


def text_literal(text: str, dialect: str) -> str:
    """Return a text in the quotes of a dialect."""
    if dialect in _ESCAPING:
        text = text.replace("\\", "\\\\")
    quoted = text.replace("'", "\\'" if dialect in _QUOTE_ESCAPED else "''")
    return f"N'{quoted}'" if dialect == "tsql" else f"'{quoted}'"
