"""A shop whose customers change their tier and whose products change their price."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from support.databases import Table

Moment = datetime | None


class Order(NamedTuple):
    """An order: its customer as of `ordered_at`, and as of `shipped_at` under an alias."""

    id: int
    customer_id: int | None
    region: str | None
    ordered_at: Moment
    shipped_at: Moment
    amount: int | None


class Item(NamedTuple):
    """A line of an order; its price is that of the day of the order."""

    id: int
    order_id: int | None
    product_id: int | None
    quantity: int


class Version(NamedTuple):
    """What held of a customer, or of a product, between two moments."""

    key: int | None
    since: Moment
    until: Moment
    name: str | None
    size: int | None


class World(NamedTuple):
    """The rows, and of which types their times are."""

    orders: tuple[Order, ...]
    items: tuple[Item, ...]
    history: tuple[Version, ...]
    prices: tuple[Version, ...]
    titles: tuple[tuple[str, str], ...] = (("gold", "Gold!"), ("iron", "Iron!"))
    times: str = "TIMESTAMP"
    windows: str = "TIMESTAMP"

    def tables(self, dialect: str) -> dict[str, Table]:
        """Return the tables as a database has them."""
        # A TIMESTAMP of MariaDB and MySQL is never NULL where it is a row's first.
        exact = {"TIMESTAMP": "DATETIME"} if dialect == "mysql" else {}
        at, of = (exact.get(kind, kind) for kind in (self.times, self.windows))
        window = f"since {of}, until {of}"
        return {
            "orders": (
                f"id INT, customer_id INT, region TEXT, ordered_at {at}, shipped_at {at}, "
                "amount INT",
                _written(self.orders, at),
            ),
            "items": ("id INT, order_id INT, product_id INT, quantity INT", list(self.items)),
            "history": (
                f"customer_id INT, {window}, tier TEXT, score INT",
                _written(self.history, of),
            ),
            "prices": (
                f"product_id INT, {window}, category TEXT, price INT",
                _written(self.prices, of),
            ),
            "titles": ("tier TEXT, title TEXT", list(self.titles)),
        }


def _written(rows: tuple[Any, ...], kind: str) -> list[tuple[Any, ...]]:
    def text(value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        return value.date().isoformat() if kind == "DATE" else value.isoformat(sep=" ")

    return [tuple(map(text, row)) for row in rows]


def columns(**types: str) -> list[dict[str, Any]]:
    """Return columns by name."""
    return [{"name": name, "type": kind} for name, kind in types.items()]


def source(name: str, grain: list[str], listed: list[dict[str, Any]], **more: Any) -> Any:
    """Return a source on the table of its name."""
    return {"name": name, "table": name, "grain": grain, "columns": listed, **more}


def to(target: str, on: str, **more: Any) -> dict[str, Any]:
    """Return a join of many to one."""
    return {"to": target, "on": on, "relationship": "many_to_one", **more}


WINDOW = {"from": "since", "to": "until"}


def model() -> dict[str, Any]:
    """Return the model."""
    return {
        "orders": source(
            "orders",
            ["id"],
            columns(
                id="number",
                customer_id="number",
                region="string",
                ordered_at="time",
                shipped_at="time",
                amount="number",
            ),
            default_time_dimension="ordered_at",
            joins=[
                to("history", "customer_id = history.customer_id", valid=dict(WINDOW)),
                to(
                    "history",
                    "customer_id = shipped_to.customer_id",
                    alias="shipped_to",
                    valid={**WINDOW, "at": "shipped_at"},
                ),
            ],
            measures=[
                {"name": "n", "expr": "count(*)"},
                {"name": "revenue", "expr": "sum(amount)"},
                {"name": "golden", "expr": "sum(amount)", "filter": "history.tier = 'gold'"},
                {"name": "best", "expr": "max(history.score)"},
                {"name": "running", "cumulative": {"of": "revenue"}},
                {"name": "before", "offset": {"of": "revenue", "by": "1 month"}},
            ],
        ),
        "items": source(
            "items",
            ["id"],
            columns(id="number", order_id="number", product_id="number", quantity="number"),
            joins=[
                to("orders", "order_id = orders.id"),
                to(
                    "prices",
                    "product_id = prices.product_id",
                    valid={**WINDOW, "at": "orders.ordered_at"},
                ),
            ],
            measures=[
                {"name": "pieces", "expr": "sum(quantity)"},
                {"name": "worth", "expr": "sum(quantity * prices.price)"},
            ],
        ),
        "history": source(
            "history",
            ["customer_id", "since"],
            columns(
                customer_id="number", since="time", until="time", tier="string", score="number"
            ),
            joins=[to("titles", "tier = titles.tier")],
            measures=[{"name": "versions", "expr": "count(*)"}],
        ),
        "prices": source(
            "prices",
            ["product_id", "since"],
            columns(
                product_id="number", since="time", until="time", category="string", price="number"
            ),
            measures=[{"name": "tags", "expr": "count(*)"}],
        ),
        "titles": source("titles", ["tier"], columns(tier="string", title="string")),
    }
