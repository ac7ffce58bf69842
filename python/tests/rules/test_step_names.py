"""The names that a query gives to its own steps are never those of a source or of a table."""

from __future__ import annotations

from typing import Any

import pytest

from support.asking import Asker
from support.databases import Table

STEPS = ("periods", "period_range", "all_groups", "best_groups")
MONTHLY = {"field": "metric_time", "granularity": "month"}


def lookup(name: str, **read: str) -> dict[str, Any]:
    columns = [{"name": "id", "type": "number"}, {"name": "word", "type": "string"}]
    return {"name": name, "grain": ["id"], "columns": columns, **read}


def model(looked_up: dict[str, Any]) -> dict[str, Any]:
    """Return orders that look a word up in a source."""
    name = looked_up["name"]
    orders = {
        "name": "orders",
        "table": "orders",
        "grain": ["id"],
        "default_time_dimension": "day",
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "day", "type": "time"},
            {"name": "amount", "type": "number"},
        ],
        "joins": [{"to": name, "on": f"id = {name}.id", "relationship": "many_to_one"}],
        "measures": [{"name": "revenue", "expr": "sum(amount)"}],
    }
    return {"orders": orders, name: looked_up}


def tables(words: str) -> dict[str, Table]:
    return {
        "orders": (
            "id INT, day DATE, amount INT",
            [(1, "2026-01-31", 10), (2, "2026-02-10", 20), (3, "2026-02-11", 5)],
        ),
        words: ("id INT, word TEXT", [(1, "a"), (2, "b"), (3, "a")]),
    }


def rows(found: list[Any]) -> list[Any]:
    """Return rows whose times are dates."""
    return [tuple(v[:10] if isinstance(v, str) else v for v in row) for row in found]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", ["source", "table", "sql"])
def test_a_source_or_table_called_like_a_step(ask: Asker, step: str, kind: str) -> None:
    looked_up = {
        "source": (lookup(step, table="words"), "words"),
        "table": (lookup("words", table=step), step),
        "sql": (lookup("words", sql=f"SELECT id, word FROM {step}"), step),
    }
    source, table = looked_up[kind]
    asked: dict[str, Any] = {"model": model(source), "tables": tables(table)}
    by = (f"{source['name']}.word",)
    cumulative = ask("cumulative(orders.revenue)", by=(*by, MONTHLY), **asked)
    assert rows(cumulative) == [
        ("a", "2026-01-01", 10), ("a", "2026-02-01", 15), ("b", "2026-02-01", 20),
    ]  # fmt: skip
    filled = ask("orders.revenue", by=(MONTHLY,), filters=[f"{by[0]} = 'a'"], fill=True, **asked)
    assert rows(filled) == [("2026-01-01", 10), ("2026-02-01", 5)]
    assert ask("orders.revenue", by=by, top=1, **asked) == [("b", 20)]
    best = ask(
        "orders.revenue", "total(orders.revenue)", "rank(orders.revenue)", by=by, top=1, **asked
    )
    assert best == [("b", 20, 35, 1)]
