"""Windows in the days of a stated zone, and as an alias of the declaring source sees them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from support.databases import Database, Row, Table
from validity.test_by_hand import WORLD
from validity.world import columns, model, source, to

# It is half past midnight in Berlin, and before midnight in UTC, at the second.
MOMENTS = [
    (1, 1, "2024-01-31 22:30:00+00", 1),
    (2, 1, "2024-01-31 23:30:00+00", 2),
    (3, 1, "2024-02-29 22:59:59+00", 4),
    (4, 1, "2024-02-29 23:00:00+00", 8),
]
TABLES: dict[str, Table] = {
    "calls": ("id INT, customer_id INT, called_at TIMESTAMPTZ, seconds INT", MOMENTS),
    "history": (
        "customer_id INT, since DATE, until DATE, tier TEXT, score INT",
        [
            (1, None, "2024-02-01", "iron", 1),
            (1, "2024-02-01", "2024-03-01", "gold", 2),
        ],
    ),
}
SECONDS: dict[str, list[Row]] = {
    "UTC": [("gold", 12), ("iron", 3)],
    "Europe/Berlin": [("gold", 6), ("iron", 1), (None, 8)],
}


@pytest.mark.parametrize("zone", SECONDS)
def test_a_day_begins_in_the_zone_of_the_question(zone: str, databases: list[Database]) -> None:
    sources = {
        "calls": source(
            "calls",
            ["id"],
            columns(id="number", customer_id="number", called_at="time", seconds="number"),
            joins=[
                to(
                    "history",
                    "customer_id = history.customer_id",
                    valid={"from": "since", "to": "until", "at": "called_at"},
                )
            ],
            measures=[{"name": "total", "expr": "sum(seconds)"}],
        ),
        "history": model()["history"] | {"joins": []},
    }
    query = {
        "measures": ["calls.total"],
        "dimensions": ["history.tier"],
        "timezone": zone,
        "include_empty": False,
    }
    for database in databases:
        if not database.has_zones:
            continue
        result = SemanticEngine.from_sources(sources, database.dialect).query(query)
        database.load(TABLES)
        database.set_zone(zone)
        try:
            rows = sorted(database.rows(result.sql), key=repr)
        finally:
            database.set_zone("UTC")
        assert rows == SECONDS[zone], database.dialect


def replaced_orders() -> dict[str, Any]:
    """Return a model whose lines also know the order that was replaced by theirs."""
    sources = deepcopy(model())
    del sources["orders"]["joins"][1]
    sources["items"]["joins"].append(
        to("orders", "product_id = replaced.id", alias="replaced"),
    )
    return sources


def test_a_window_behind_an_alias_is_by_the_time_of_its_row(
    every_database: list[Database],
) -> None:
    """The numbers of products are those of orders here: 1 was in January, 2 in February."""
    query = {
        "measures": ["items.pieces"],
        "dimensions": ["history.tier"],
        "include_empty": False,
        "join_path": [["items", "replaced", "history"]],
    }
    for database in every_database:
        sources = replaced_orders()
        result = SemanticEngine.from_sources(sources, database.dialect).query(query)
        database.load(WORLD.tables(database.dialect))
        rows = sorted(database.rows(result.sql), key=repr)
        # Product 1: order 1, iron. Product 2: order 2, gold. Product 3: order 3, gold.
        assert rows == [("gold", 15), ("iron", 21)], database.dialect


def test_the_time_may_be_that_of_an_alias(every_database: list[Database]) -> None:
    """A line finds its price at the time of the order that was replaced."""
    sources = replaced_orders()
    sources["items"]["joins"][1]["valid"]["at"] = "replaced.ordered_at"
    query = {
        "measures": ["items.pieces", "items.worth"],
        "dimensions": ["prices.category"],
        "include_empty": False,
    }
    for database in every_database:
        result = SemanticEngine.from_sources(sources, database.dialect).query(query)
        database.load(WORLD.tables(database.dialect))
        rows = sorted(database.rows(result.sql), key=repr)
        # Product 1 at 31 January costs 10, product 2 at 1 February 5; 3 has no price.
        assert rows == [("ink", 7, 35), ("pen", 21, 210), (None, 8, None)], database.dialect


DIALECTS = (
    *("sqlite", "duckdb", "postgres", "redshift", "mysql", "bigquery", "snowflake", "clickhouse"),
    *("tsql", "databricks", "spark", "trino"),
)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_has_the_whole_window(dialect: str) -> None:
    query = {"measures": ["items.worth"], "dimensions": ["prices.category"]}
    result = SemanticEngine.from_sources(model(), dialect).query(query)
    flat = " ".join(result.sql.split())
    for end in ("prices.since", "prices.until", "orders.ordered_at"):
        assert flat.replace("`", "").replace('"', "").count(end) >= 2, flat
    assert flat.count(" IS NULL OR ") == 2
    assert "ordered_at IS NOT NULL" in flat or "NOT orders.ordered_at IS NULL" in flat
