"""A model that was asked about before is not built again; another one is never taken for it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ktx_daemon.snapshots import KEPT, engine_for

ORDERS: dict[str, Any] = {
    "name": "orders",
    "table": "orders",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number"}],
    "measures": [{"name": "n", "expr": "count(id)"}],
}


def variant(table: str) -> list[dict[str, Any]]:
    """The model over another table."""
    return [deepcopy(ORDERS) | {"table": table}]


def test_equal_content_is_one_engine() -> None:
    first = engine_for(variant("a"), "sqlite")
    assert engine_for(variant("a"), "sqlite") is first


def test_another_dialect_or_content_is_another_engine() -> None:
    first = engine_for(variant("a"), "sqlite")
    assert engine_for(variant("a"), "duckdb") is not first
    other = engine_for(variant("b"), "sqlite")
    assert "FROM b" in other.query({"measures": ["orders.n"]}).sql
    assert "FROM a" in engine_for(variant("a"), "sqlite").query({"measures": ["orders.n"]}).sql


def test_the_least_recent_is_forgotten() -> None:
    first = engine_for(variant("first"), "sqlite")
    for number in range(KEPT - 1):
        engine_for(variant(f"t{number}"), "sqlite")
    assert engine_for(variant("first"), "sqlite") is first  # and is the latest again
    for number in range(KEPT):
        engine_for(variant(f"u{number}"), "sqlite")
    assert engine_for(variant("first"), "sqlite") is not first
