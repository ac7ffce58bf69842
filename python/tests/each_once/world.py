"""Orders with items and payments: the model, and rows of which a few belong nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from support.databases import Table

Row = Mapping[str, Any]
COLUMNS = {
    "customers": "id INTEGER, region TEXT",
    "orders": "id INTEGER, customer_id INTEGER, status TEXT, amount INTEGER, ordered_on DATE",
    "order_items": "id INTEGER, order_id INTEGER, product_id INTEGER, size TEXT, "
    "quantity INTEGER, shipped_on DATE",
    "products": "id INTEGER, category TEXT",
    "payments": "id INTEGER, order_id INTEGER, method TEXT",
}
_TYPES = {"INTEGER": "number", "TEXT": "string", "DATE": "time"}
_JOINS = {
    "orders": {"customers": "customer_id = customers.id"},
    "order_items": {"orders": "order_id = orders.id", "products": "product_id = products.id"},
    "payments": {"orders": "order_id = orders.id"},
}
MEASURES = {
    "orders": {
        "revenue": "sum(amount)",
        "n": "count(*)",
        "buyers": "count(distinct customer_id)",
        "mean": "avg(amount)",
        "typical": "median(amount)",
        "paid": "count(*)",
    },
    "order_items": {"pieces": "sum(quantity)", "lines": "count(*)"},
}
_FILTERS = {"paid": "status = 'paid'"}
_TIMES = {"orders": "ordered_on", "order_items": "orders.ordered_on"}


class World(NamedTuple):
    """The rows of the tables."""

    customers: tuple[Row, ...]
    orders: tuple[Row, ...]
    order_items: tuple[Row, ...]
    products: tuple[Row, ...]
    payments: tuple[Row, ...]

    def tables(self) -> dict[str, Table]:
        """Return the tables as the databases load them."""
        return {
            name: (columns, [tuple(row.values()) for row in getattr(self, name)])
            for name, columns in COLUMNS.items()
        }


def rows(table: str, *values: tuple[Any, ...]) -> tuple[Row, ...]:
    """Return rows of a table from their values."""
    names = [column.split()[0] for column in COLUMNS[table].split(", ")]
    return tuple(dict(zip(names, row, strict=True)) for row in values)


WORLD = World(
    rows("customers", (1, "north"), (2, "south"), (3, None)),
    rows(
        "orders",
        (1, 1, "paid", 10, "2024-01-05"),  # two books and a toy
        (2, 2, "paid", 20, "2024-01-20"),  # a toy
        (3, 2, "open", 30, "2024-02-03"),  # a book, and a thing of no category
        (4, 1, "open", 40, "2024-02-10"),  # a thing of no category, twice, and one of no product
        (5, 3, "paid", 50, "2024-04-01"),  # nothing
        (6, None, None, None, None),  # a book
    ),
    rows(
        "order_items",
        (1, 1, 1, "S", 1, "2024-01-06"),
        (2, 1, 1, "M", 2, "2024-02-01"),
        (3, 1, 2, "S", 5, "2024-02-02"),
        (4, 2, 2, "S", 1, None),
        (5, 3, 1, "M", 3, "2024-02-04"),
        (6, 3, 3, None, 1, "2024-02-04"),
        (7, 4, 3, "S", 1, "2024-02-11"),
        (8, 4, 3, "S", 4, "2024-03-01"),
        (9, 4, 9, "M", 1, None),
        (10, 6, 1, "S", 2, "2024-05-01"),
        (11, None, 2, "S", 7, "2024-01-01"),
        (12, 99, 1, "L", 8, "2024-01-01"),
    ),
    rows("products", (1, "books"), (2, "toys"), (3, None), (4, "games")),
    rows(
        "payments",
        *[(1, 1, "card"), (2, 1, "card"), (3, 1, "cash"), (4, 2, "cash"), (5, 4, None)],
        (6, None, "card"),
    ),
)
NOTHING = World(WORLD.customers, (), (), WORLD.products, ())


def model() -> dict[str, dict[str, Any]]:
    """Return the sources."""
    return {name: source(name, columns) for name, columns in COLUMNS.items()}


def source(name: str, columns: str) -> dict[str, Any]:
    """Return one source of the model."""
    pairs = [column.split() for column in columns.split(", ")]
    found: dict[str, Any] = {
        "name": name,
        "table": name,
        "grain": ["id"],
        "columns": [{"name": column, "type": _TYPES[kind]} for column, kind in pairs],
        "joins": [
            {"to": target, "on": on, "relationship": "many_to_one"}
            for target, on in _JOINS.get(name, {}).items()
        ],
        "measures": [
            {"name": measure, "expr": text}
            | ({"filter": _FILTERS[measure]} if measure in _FILTERS else {})
            for measure, text in MEASURES.get(name, {}).items()
        ],
    }
    if name in _TIMES:
        found["default_time_dimension"] = _TIMES[name]
    if name == "orders":
        newest = {"dimension": "ordered_on", "keep": "last"}
        found["measures"].append({"name": "newest", "expr": "sum(amount)", "non_additive": newest})
    return found
