"""Rules 2, 11, 17: constant dimensions, rounding of divisions, and parts a dialect lacks."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.asking import Asker
from support.databases import Database
from support.shop import TABLES, model


def with_column(source: str, expr: str) -> dict[str, Any]:
    changed = model()
    changed[source]["columns"].append({"name": "constant", "type": "string", "expr": expr})
    return changed


def with_measure(expr: str) -> dict[str, Any]:
    changed = model()
    changed["orders"]["measures"].append({"name": "asked", "expr": expr})
    return changed


@pytest.mark.parametrize(("expr", "value"), [("'shop'", "shop"), ("3", 3), ("1", 1), ("-1", -1)])
def test_constant_dimension(ask: Asker, expr: str, value: Any) -> None:
    changed = with_column("orders", expr)
    assert ask("orders.revenue", by=("orders.constant",), model=changed) == [(value, 150)]
    by = ("orders.status", "orders.constant")
    rows = ask("orders.revenue", by=by, model=changed)
    assert rows == [("open", value, 50), ("paid", value, 80), ("refunded", value, 20)]
    assert ask("orders.typical", by=("orders.constant",), model=changed) == [(value, 30)]


def test_constant_dimension_without_rows_has_no_group(ask: Asker) -> None:
    changed = with_column("orders", "'shop'")
    rows = ask("orders.revenue", by=("orders.constant",), model=changed, filters=["orders.id = 99"])
    assert rows == []


@pytest.mark.parametrize("expr", ["NULL", "(NULL)"])
def test_dimension_that_is_always_null(ask: Asker, expr: str) -> None:
    changed = with_column("orders", expr)
    assert ask("orders.revenue", by=("orders.constant",), model=changed) == [(None, 150)]


def test_constant_dimension_of_two_facts(ask: Asker) -> None:
    changed = with_column("customers", "'c'")
    rows = ask("orders.revenue", "refunds.n", by=("customers.constant",), model=changed)
    assert rows == [("c", 60, 2), (None, 90, 1)]


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("round(revenue / order_count, 2)", 30),
        ("round(spent / revenue, 2)", 0.13),
        ("round(median(amount) / 7, 1)", 4.3),
        ("round(avg(cost), 1)", 4.8),
    ],
)
def test_rounding_of_a_division(ask: Asker, expr: str, value: float) -> None:
    changed = with_measure(expr)
    assert ask({"expr": "orders.asked", "name": "r"}, model=changed) == [(pytest.approx(value),)]
    rows = ask(
        {"expr": "orders.asked", "name": "r"},
        by=("orders.channel",),
        filters=["orders.asked > 99"],
        model=changed,
    )
    assert rows == []


def test_remainder_of_a_division(databases: list[Database]) -> None:
    query = {"measures": [{"expr": "orders.asked", "name": "r"}], "dimensions": []}
    changed = with_measure("revenue / 4 % 7")
    for database in (item for item in databases if item.dialect != "sqlite"):
        sql = SemanticEngine.from_sources(changed, database.dialect).query(query).sql
        database.load(TABLES)
        assert database.rows(sql) == [(2.5,)], database.dialect
    with pytest.raises(SemanticError, match="drops the fractions") as caught:
        SemanticEngine.from_sources(changed, "sqlite").query(query)
    assert caught.value.kind == "unsupported"


def test_part_that_a_dialect_lacks_is_refused() -> None:
    changed = with_measure("trunc(spent / revenue, 1)")
    query = {"measures": ["orders.asked"], "dimensions": []}
    with pytest.raises(SemanticError, match="sqlite") as caught:
        SemanticEngine.from_sources(changed, "sqlite").query(query)
    assert caught.value.kind == "unsupported"
    sql = SemanticEngine.from_sources(changed, "postgres").query(query).sql
    assert "AS DECIMAL" in sql
