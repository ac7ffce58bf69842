"""One table `t` of three rows, with the same columns on every engine."""

from __future__ import annotations

from typing import Any

_VALUES = (
    ("1, 7, 'hello', 'ell', 1.5, {d}'2024-01-31', {ts}'2024-02-29 10:11:12', {yes}, {l12}, {js1}"),
    ("2, -3, 'Ell', 'E', -0.25, {d}'2023-12-25', {ts}'2023-12-25 23:59:59', {no}, {l3}, {js2}"),
    ("3, NULL, NULL, 'x', NULL, NULL, NULL, NULL, NULL, NULL"),
)
_JSON = {"js1": """'{"a": 1, "b": [1, 2]}'""", "js2": """'{"a": null, "b": "x"}'"""}


def _statements(columns: str, **forms: str) -> list[str]:
    rows = ", ".join(f"({row.format(**_JSON, **forms)})" for row in _VALUES)
    return [f"CREATE TABLE t ({columns})", f"INSERT INTO t VALUES {rows}"]


def load_sqlite(connection: Any) -> None:
    """Create the table on SQLite."""
    columns = (
        "id INTEGER, i INTEGER, s TEXT, u TEXT, x REAL, d TEXT, ts TEXT, b INTEGER, l, js TEXT"
    )
    forms = {"d": "", "ts": "", "yes": "1", "no": "0", "l12": "'[1, 2]'", "l3": "'[3]'"}
    for statement in _statements(columns, **forms):
        connection.execute(statement)


def load_duckdb(connection: Any) -> None:
    """Create the table on DuckDB."""
    columns = "id INTEGER, i BIGINT, s VARCHAR, u VARCHAR, x DOUBLE, d DATE, ts TIMESTAMP, "
    columns += "b BOOLEAN, l BIGINT[], js JSON"
    for statement in _statements(columns, **_forms("[1, 2]", "[3]")):
        connection.execute(statement)


def load_postgres(connection: Any) -> None:
    """Create the table on PostgreSQL, in a schema that only this session sees."""
    columns = "id INTEGER, i INTEGER, s TEXT, u TEXT, x DOUBLE PRECISION, d DATE, ts TIMESTAMP, "
    columns += "b BOOLEAN, l INTEGER[], js JSON"
    create, insert = _statements(columns, **_forms("ARRAY[1, 2]", "ARRAY[3]"))
    connection.execute("SET timezone = 'UTC'")
    connection.execute(create.replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))
    connection.execute(insert)


def load_mysql(cursor: Any) -> None:
    """Create the table on MySQL or MariaDB."""
    columns = "id INTEGER, i INTEGER, s VARCHAR(20), u VARCHAR(20), x DOUBLE, d DATE, ts DATETIME, "
    columns += "b BOOLEAN, l VARCHAR(20), js JSON"
    cursor.execute("CREATE DATABASE IF NOT EXISTS fidelity")
    cursor.execute("USE fidelity")
    for statement in _statements(columns, **_forms("'[1, 2]'", "'[3]'")):
        cursor.execute(statement)


def _forms(first: str, second: str) -> dict[str, str]:
    words = {"d": "DATE ", "ts": "TIMESTAMP ", "yes": "TRUE", "no": "FALSE"}
    return {**words, "l12": first, "l3": second}
