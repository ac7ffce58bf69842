"""A small shop by hand: days at the ends of weeks, months and years, and the question of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from semantic_layer import SemanticEngine
from semantic_layer.times.calendar import Calendar
from support.asking import approx
from support.databases import Database, Row, Table

# 2023-12-30 is a Saturday, 2023-12-31 a Sunday, 2024-01-01 a Monday; 2024 has a 29 February.
SALES = [
    (1, "2023-03-31", 1, "north"),
    (2, "2023-04-01", 2, "north"),
    (3, "2023-12-29", 4, "south"),
    (4, "2023-12-30", 8, "south"),
    (5, "2023-12-31", 16, "north"),
    (6, "2024-01-01", 32, "north"),
    (7, "2024-02-29", 64, None),
    (8, "2024-03-31", 128, "south"),
    (9, "2024-04-01", 256, "north"),
    (10, None, 512, "north"),
]
REFUNDS = [(1, "2024-01-06", 3), (2, "2024-01-07", 5), (3, "2024-06-30", 7), (4, None, 9)]
TABLES: dict[str, Table] = {
    "sales": ("id INT, sold_on DATE, price INT, region TEXT", SALES),
    "refunds": ("id INT, paid_on DATE, price INT", REFUNDS),
}
EMPTY: dict[str, Table] = {name: (columns, []) for name, (columns, _) in TABLES.items()}


def _source(name: str, time: str, **more: Any) -> dict[str, Any]:
    columns = [
        {"name": "id", "type": "number"},
        {"name": time, "type": "time"},
        {"name": "price", "type": "number"},
    ]
    columns += [{"name": "region", "type": "string"}] if name == "sales" else []
    found = {"name": name, "table": name, "grain": ["id"], "columns": columns, **more}
    return {**found, "default_time_dimension": time}


MODEL = {
    "sales": _source(
        "sales",
        "sold_on",
        segments=[{"name": "north", "expr": "region = 'north'"}],
        measures=[
            {"name": "revenue", "expr": "sum(price)"},
            {"name": "n", "expr": "count(*)"},
            {"name": "ytd", "cumulative": {"of": "revenue", "to_grain": "fiscal_year"}},
            {"name": "filled", "expr": "sum(price)", "fill_nulls_with": 0},
            {"name": "latest", "expr": "sum(price)", "non_additive": {"dimension": "sold_on"}},
        ],
    ),
    "refunds": _source("refunds", "paid_on", measures=[{"name": "paid", "expr": "sum(price)"}]),
}


def by(grain: str, field: str = "metric_time") -> dict[str, Any]:
    """Return a dimension by periods."""
    return {"field": field, "granularity": grain}


class Shop:
    """Asks every database, and says the rows that all of them give; periods as dates."""

    def __init__(self, databases: Sequence[Database]) -> None:
        self.databases = databases

    def __call__(
        self,
        *measures: Any,
        calendar: Calendar | None = None,
        tables: Mapping[str, Table] = TABLES,
        **rest: Any,
    ) -> Any:
        query = {"measures": list(measures), "include_empty": False, **rest}
        answers = []
        for database in self.databases:
            engine = SemanticEngine.from_sources(MODEL, database.dialect)
            result = engine.query(query, calendar=calendar)
            database.load(tables)
            kept = [i for i, item in enumerate(result.columns) if not getattr(item, "part", 0)]
            rows = database.rows(result.sql)
            answers.append([tuple(_short(row[i]) for i in kept) for row in rows])
        for answer, database in zip(answers, self.databases, strict=True):
            assert answer == approx(answers[0]), database.dialect
        return approx(answers[0])


def _short(value: Row | Any) -> Any:
    return value.removesuffix(" 00:00:00") if isinstance(value, str) else value
