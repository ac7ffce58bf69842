"""Filters from the many side: a row with such rows counts once, however many they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.asking import Asker
from support.databases import Table

ORDERS = [(1, "eu", 10), (2, "us", 20), (3, "eu", 30), (4, None, 40), (None, "us", 50)]
ITEMS = [(1, 1, 1, 2), (2, 1, 1, 3), (3, 2, 2, 1), (4, 3, 1, 1), (5, 3, 2, 9), (6, None, 1, 7)]
PRODUCTS = [(1, "books"), (2, "toys")]
RETURNS = [(1, 2), (2, 5), (3, 5)]
TABLES: dict[str, Table] = {
    "orders": ("id INT, region TEXT, amount INT", ORDERS),
    "order_items": ("id INT, order_id INT, product_id INT, quantity INT", ITEMS),
    "products": ("id INT, category TEXT", PRODUCTS),
    "returns": ("id INT, item_id INT", RETURNS),
}


def source(name: str, columns: dict[str, str], **more: Any) -> dict[str, Any]:
    listed = [{"name": column, "type": kind} for column, kind in columns.items()]
    return {"name": name, "table": name, "grain": ["id"], "columns": listed, **more}


def to(target: str, on: str) -> dict[str, Any]:
    return {"to": target, "on": on, "relationship": "many_to_one"}


MODEL = {
    "orders": source(
        "orders",
        {"id": "number", "region": "string", "amount": "number"},
        measures=[
            {"name": "n", "expr": "count(*)"},
            {"name": "revenue", "expr": "sum(amount)"},
            {
                "name": "with_books",
                "expr": "count(*)",
                "filter": "any(order_items, products.category = 'books')",
            },
        ],
    ),
    "order_items": source(
        "order_items",
        dict.fromkeys(("id", "order_id", "product_id", "quantity"), "number"),
        joins=[to("orders", "order_id = orders.id"), to("products", "product_id = products.id")],
        measures=[{"name": "pieces", "expr": "sum(quantity)"}],
    ),
    "products": source("products", {"id": "number", "category": "string"}),
    "returns": source(
        "returns",
        {"id": "number", "item_id": "number"},
        joins=[to("order_items", "item_id = order_items.id")],
    ),
}
CATEGORY = dict(PRODUCTS)
Item = tuple[int, int | None, int, int]


def has(order: int | None, fulfils: Callable[[Item], bool]) -> bool:
    """Whether an order has an item of a kind; NULL is nobody's key."""
    return any(order is not None and item[1] == order and fulfils(item) for item in ITEMS)


def is_book(item: Item) -> bool:
    return CATEGORY[item[2]] == "books"


def is_returned(item: Item) -> bool:
    return any(item_id == item[0] for _, item_id in RETURNS)


QUESTIONS: dict[str, Callable[[int | None, int], bool]] = {
    "any(order_items)": lambda order, _: has(order, lambda item: True),
    "none(order_items)": lambda order, _: not has(order, lambda item: True),
    "any(order_items, products.category = 'books')": lambda order, _: has(order, is_book),
    "none(order_items, products.category = 'books')": lambda order, _: not has(order, is_book),
    "any(order_items, quantity > 2)": lambda order, _: has(order, lambda item: item[3] > 2),
    "NOT any(order_items, quantity > 2)": lambda order, _: not has(order, lambda item: item[3] > 2),
    "none(order_items) OR orders.amount < 15": lambda order, amount: (
        not has(order, lambda item: True) or amount < 15
    ),
    "any(order_items, quantity > 2) OR orders.amount < 15": lambda order, amount: (
        has(order, lambda item: item[3] > 2) or amount < 15
    ),
    "any(order_items, quantity < 2 AND products.category = 'toys')": lambda order, _: has(
        order, lambda item: item[3] < 2 and not is_book(item)
    ),
    "any(order_items, any(returns))": lambda order, _: has(order, is_returned),
    "any(returns)": lambda order, _: has(order, is_returned),
}


@pytest.mark.parametrize("condition", QUESTIONS)
def test_a_row_counts_once_if_it_has_such_rows(ask: Asker, condition: str) -> None:
    kept = [row for row in ORDERS if QUESTIONS[condition](row[0], row[2])]
    rows = ask("orders.n", "orders.revenue", model=MODEL, tables=TABLES, filters=[condition])
    assert rows == [(len(kept), sum(row[2] for row in kept) if kept else None)]


def test_a_measure_may_have_one_of_its_own(ask: Asker) -> None:
    rows = ask("orders.n", "orders.with_books", by=("orders.region",), model=MODEL, tables=TABLES)
    expected = [
        (region, len(of), sum(has(row[0], is_book) for row in of))
        for region in ("eu", "us", None)
        if (of := [row for row in ORDERS if row[1] == region])
    ]
    assert rows == expected


def test_the_many_side_itself_is_not_restricted_and_that_is_said(ask: Asker) -> None:
    rows = ask(
        "orders.n",
        "order_items.pieces",
        model=MODEL,
        tables=TABLES,
        filters=["any(order_items, quantity > 2)"],
    )
    assert rows == [(2, sum(item[3] for item in ITEMS))]
    assert ask.warnings == ["filter_partial"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("any(products, category = 'books')", "no row of 'products' belongs to a row of orders"),
        ("any(order_items, orders.amount > 15)", "is also about what rows of 'orders' look up"),
        ("any(order_itms)", "'order_itms' is neither a column nor a measure"),
        ("any(order_items, qantity > 2)", "'qantity' is neither a column nor a measure"),
    ],
)
def test_what_is_not_looked_for_is_refused(ask: Asker, condition: str, said: str) -> None:
    error = ask.refused("orders.n", model=MODEL, filters=[condition])
    assert said in error.message


def test_a_hidden_column_is_hidden_inside_too(ask: Asker) -> None:
    secret = [
        {**column, "visibility": "hidden"} if column["name"] == "quantity" else column
        for column in MODEL["order_items"]["columns"]
    ]
    model = {**MODEL, "order_items": {**MODEL["order_items"], "columns": secret}}
    for condition in (
        "any(order_items, quantity > 2)",
        "any(order_items, order_items.quantity > 2)",
    ):
        assert "hidden" in ask.refused("orders.n", model=model, filters=[condition]).message
