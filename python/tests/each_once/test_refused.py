"""What cannot be grouped by the many side is refused, with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from each_once.world import model
from semantic_layer.models import SemanticQuery
from support.asking import Asker

CATEGORY, METHOD = "products.category", "payments.method"


def with_source(name: str, columns: str, **joins: str) -> dict[str, dict[str, Any]]:
    """Return the model with one source more."""
    typed = [{"name": c, "type": "number" if "id" in c else "string"} for c in columns.split()]
    listed = [{"to": to, "on": on, "relationship": "many_to_one"} for to, on in joins.items()]
    more = {"name": name, "table": name, "grain": ["id"], "columns": typed, "joins": listed}
    return {**model(), name: more}


PARCELS = with_source("parcels", "id item_id carrier", order_items="item_id = order_items.id")
GIFTS = with_source(
    "gifts",
    "id order_id product_id",
    orders="order_id = orders.id",
    products="product_id = products.id",
)
VISITS = with_source("visits", "id customer_id page", customers="customer_id = customers.id")


def test_without_the_flag_the_fix_names_it(ask: Asker) -> None:
    error = ask.refused("orders.revenue", by=(CATEGORY,), model=model())
    assert "'products' is on the many side of 'orders'" in error.message
    assert "Use measures of 'products'" in str(error.fix)
    assert "each row of 'orders' once in every group" in str(error.fix)
    assert "`each_once` (`--each-once`)" in str(error.fix)


@pytest.mark.parametrize(
    "question",
    [
        {"by": ("customers.region",), "filters": ["products.category = 'books'"]},
        {"by": ("visits.page",), "model": VISITS},
        {"by": (CATEGORY,), "model": GIFTS},
    ],
    ids=["a filter alone", "rows that only share a customer", "two ways"],
)
def test_where_it_would_not_help_the_fix_does_not(ask: Asker, question: dict[str, Any]) -> None:
    error = ask.refused("orders.revenue", **{"model": model(), **question})
    assert error.fix
    assert "each_once" not in error.fix


@pytest.mark.parametrize(
    ("question", "said", "fix"),
    [
        (
            {"by": ("visits.page",), "model": VISITS},
            "'visits' is on the many side of 'orders'",
            "leave 'visits' out",
        ),
        (
            {"by": ("parcels.carrier", CATEGORY), "model": PARCELS},
            "by their rows of 'parcels' and by those of 'order_items', which belong to each other",
            "Leave out one of these dimensions",
        ),
        (
            {"by": (CATEGORY,), "model": GIFTS},
            "in 2 ways, and the question does not say by which: through gifts and through",
            "Choose one with `join_path`, for example gifts,orders",
        ),
        (
            {"by": (CATEGORY,), "filters": ["products.category = 'a' OR orders.amount > 1"]},
            "about rows of 'orders' and about their rows of 'order_items' at once",
            "joined by AND",
        ),
        (
            {"by": (CATEGORY,), "filters": ["any(payments) OR products.category = 'a'"]},
            "about rows of 'orders' and about their rows of 'order_items' at once",
            "`any(order_items, …)`",
        ),
        (
            {"by": (CATEGORY,), "filters": ["payments.method = 'card'"]},
            "'payments' is on the many side of 'orders'",
            "leave 'payments' out",
        ),
        (
            {"by": (CATEGORY, METHOD), "filters": ["order_items.size = payments.method"]},
            "is on the many side of 'orders'",
            "leave",
        ),
        (
            {
                "by": ({"field": "order_items.shipped_on", "granularity": "month"},),
                "model": {
                    **model(),
                    "orders": {**model()["orders"], "default_time_dimension": None},
                },
                "measures": ["cumulative(orders.n, '2 months')"],
            },
            "'order_items' is on the many side of 'orders'",
            "leave 'order_items' out",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_with_the_flag(ask: Asker, question: dict[str, Any], said: str, fix: str) -> None:
    asked = {"model": model(), "each_once": True, **question}
    error = ask.refused(*asked.pop("measures", ["orders.revenue"]), **asked)
    assert said in error.message
    assert fix in str(error.fix)
    assert "each_once" not in str(error.fix)


def test_a_measures_own_filter_is_on_rows(ask: Asker) -> None:
    odd = model()
    odd["orders"]["measures"].append(
        {"name": "odd", "expr": "sum(amount)", "filter": "products.category = 'books'"}
    )
    error = ask.refused("orders.odd", by=(CATEGORY,), model=odd, each_once=True)
    assert "on the many side" in error.message


def test_a_time_on_the_many_side_is_none(ask: Asker) -> None:
    odd = model()
    odd["orders"]["default_time_dimension"] = "order_items.shipped_on"
    month = {"field": "metric_time", "granularity": "month"}
    error = ask.refused("orders.n", by=(month, CATEGORY), model=odd, each_once=True)
    assert "on the many side" in error.message


def test_a_join_path_chooses_the_many_side(ask: Asker) -> None:
    tables: dict[str, Any] = {
        "orders": ("id INT, amount INT", [(1, 10), (2, 20)]),
        "order_items": ("order_id INT, product_id INT", [(1, 1), (1, 1), (2, 2)]),
        "gifts": ("order_id INT, product_id INT", [(1, 2), (2, 2)]),
        "products": ("id INT, category TEXT", [(1, "books"), (2, "toys")]),
    }
    expected = {"order_items": [("books", 10), ("toys", 20)], "gifts": [("toys", 30)]}
    for start, rows in expected.items():
        found = ask(
            "orders.revenue",
            by=(CATEGORY,),
            model=GIFTS,
            tables=tables,
            each_once=True,
            include_empty=False,
            join_path=[[start, "orders"]],
        )
        assert found == rows


def test_it_is_a_flag() -> None:
    with pytest.raises(ValueError, match="each_once"):
        SemanticQuery.model_validate({"measures": ["orders.n"], "each_once": "sometimes"})
