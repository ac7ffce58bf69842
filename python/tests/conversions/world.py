"""People who visit and buy: the model of a question, and the rows of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conversions.question import Plain, Question
from support.databases import Table

Row = Mapping[str, Any]
World = Mapping[str, tuple[Row, ...]]
"""The rows of each table."""

COLUMNS = {
    "people": {"id": "INTEGER", "region": "TEXT"},
    "visits": {
        "id": "INTEGER",
        "person_id": "INTEGER",
        "product_id": "INTEGER",
        "channel": "TEXT",
        "pages": "INTEGER",
        "seen_at": "TIMESTAMP",
        "left_on": "DATE",
    },
    "orders": {
        "id": "INTEGER",
        "buyer_id": "INTEGER",
        "product_id": "INTEGER",
        "status": "TEXT",
        "amount": "INTEGER",
        "ordered_at": "TIMESTAMP",
        "shipped_on": "DATE",
    },
    "items": {"id": "INTEGER", "order_id": "INTEGER", "quantity": "INTEGER"},
}
JOINS = {
    "visits": ("people", "person_id"),
    "orders": ("people", "buyer_id"),
    "items": ("orders", "order_id"),
}
TIMES = {"visits": "seen_at", "orders": "ordered_at", "items": "orders.ordered_at"}
_TYPES = {"INTEGER": "number", "TEXT": "string", "DATE": "time", "TIMESTAMP": "time"}


def rows(table: str, *values: tuple[Any, ...]) -> tuple[Row, ...]:
    """Return rows of a table from their values; texts are times where the column is one."""
    names = COLUMNS[table]
    return tuple(
        {
            name: datetime.fromisoformat(value)
            if value and _TYPES[names[name]] == "time"
            else value
            for name, value in zip(names, row, strict=True)
        }
        for row in values
    )


def looked_up(world: World, source: str, row: Row, field: str) -> Any:
    """Return the value of a column of a row, `channel`, or of what it looks up, `people.region`."""
    node, _, column = field.rpartition(".")
    if node in ("", source):
        return row[column]
    target, key = JOINS[source]
    found = [other for other in world[target] if other["id"] == row[key]]
    return looked_up(world, target, found[0], field) if found else None


def model(question: Question) -> dict[str, Any]:
    """Return the sources that answer a question."""
    stated: dict[str, dict[str, Any]] = {name: {} for name in COLUMNS}
    for item in question.conversions():
        for part in (item.base, item.conversion, item):
            source = item.base.source if part is item else part.source  # type: ignore[union-attr]
            stated[source][part.name] = part.definition
    for measure in question.measures:
        if isinstance(measure, Plain):
            stated[measure.source][measure.name] = measure.definition
    found = {name: _source(name, list(measures.values())) for name, measures in stated.items()}
    found["visits"]["segments"] = [
        {"name": f"segment_{place}", "expr": item.text}
        for place, item in enumerate(question.segments)
    ]
    return found


def _source(name: str, measures: list[Any]) -> dict[str, Any]:
    columns = [{"name": c, "type": _TYPES[sql]} for c, sql in COLUMNS[name].items()]
    source = {"name": name, "table": name, "grain": ["id"], "columns": columns}
    if name in JOINS:
        source["default_time_dimension"] = TIMES[name]
        to, key = JOINS[name]
        source["joins"] = [{"to": to, "on": f"{key} = {to}.id", "relationship": "many_to_one"}]
    return {**source, "measures": measures}


def tables(world: World, dialect: str) -> dict[str, Table]:
    """Return the tables as a database loads them."""
    # A TIMESTAMP of MariaDB is an instant, and the first of a row is never NULL there.
    kinds = {"TIMESTAMP": "DATETIME"} if dialect == "mysql" else {}
    found: dict[str, Table] = {}
    for name, columns in COLUMNS.items():
        header = ", ".join(f"{column} {kinds.get(sql, sql)}" for column, sql in columns.items())
        stored = [tuple(_stored(row[c], sql) for c, sql in columns.items()) for row in world[name]]
        found[name] = header, stored
    return found


def _stored(value: Any, sql: str) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.date().isoformat() if sql == "DATE" else value.isoformat(sep=" ")
