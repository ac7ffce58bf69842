"""The right answers, by loops over rows; nothing here is shared with the planner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from validity.world import Item, Moment, Order, Version, World

Cells = dict[str, Any]
"""What a row shows: its own values, and those that it looks up, by the names of the model."""
Rows = list[tuple[Any, ...]]


class Condition(NamedTuple):
    """A filter as it is written, and what it is to mean."""

    text: str
    holds: Callable[[Cells], bool]
    columns: tuple[str, ...]


class Question(NamedTuple):
    """Measures by dimensions, under conditions."""

    measures: tuple[str, ...]
    by: tuple[str, ...] = ()
    filters: tuple[Condition, ...] = ()
    empty: bool = False

    def query(self) -> dict[str, Any]:
        """Return what the planner is asked; two joins lead to the titles of tiers."""
        path = ["items", "orders", "history", "titles"]
        return {
            "join_path": [path] if "titles.title" in self.by else [],
            "measures": list(self.measures),
            "dimensions": list(self.by),
            "filters": [item.text for item in self.filters],
            "include_empty": self.empty,
        }


class Evaluator:
    """Answers questions about a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def within(self, since: Moment, until: Moment, at: Moment) -> bool:
        """Whether a time is in a window: its first moment is, its last is not."""
        if at is None:
            return False
        return (since is None or since <= at) and (until is None or at < until)

    def version(self, rows: Iterable[Version], key: int | None, at: Moment) -> Version | None:
        """Return what held of a key at a time."""
        found = self.versions(rows, key, at)
        assert len(found) < 2, "the windows of a world do not overlap"
        return found[0] if found else None

    def versions(self, rows: Iterable[Version], key: int | None, at: Moment) -> list[Version]:
        """Return the versions that hold; NULL is nobody's key."""
        return [
            row
            for row in rows
            if key is not None and row.key == key and self.within(row.since, row.until, at)
        ]

    def time_of_order(self, order: Order) -> Moment:
        """Return the time by which an order finds its customer."""
        return order.ordered_at

    def time_of_shipping(self, order: Order) -> Moment:
        """Return the time by which an order finds its customer at shipping."""
        return order.shipped_at

    def time_of_item(self, item: Item, order: Order | None) -> Moment:
        """Return the time by which a line finds its price."""
        return None if order is None else order.ordered_at

    def order_cells(self, order: Order | None) -> Cells:
        """Return what an order shows, or what a line without one does."""
        if order is None:
            names = ("history.tier", "shipped_to.tier", "titles.title", "orders.region")
            return dict.fromkeys((*names, "orders.amount", "history.score"))
        history = self.world.history
        now = self.version(history, order.customer_id, self.time_of_order(order))
        then = self.version(history, order.customer_id, self.time_of_shipping(order))
        tier = now.name if now else None
        return {
            "orders.region": order.region,
            "orders.amount": order.amount,
            "history.tier": tier,
            "history.score": now.size if now else None,
            "shipped_to.tier": then.name if then else None,
            "titles.title": dict(self.world.titles).get(tier or ""),
        }

    def item_cells(self, item: Item) -> Cells:
        """Return what a line of an order shows."""
        order = next((o for o in self.world.orders if o.id == item.order_id), None)
        at = self.time_of_item(item, order)
        price = self.version(self.world.prices, item.product_id, at)
        return {
            **self.order_cells(order),
            "prices.category": price.name if price else None,
            "prices.price": price.size if price else None,
            "items.quantity": item.quantity,
        }

    def rows(self, base: str) -> list[Cells]:
        """Return the rows of a source."""
        if base == "orders":
            return [self.order_cells(order) for order in self.world.orders]
        return [self.item_cells(item) for item in self.world.items]

    def answer(self, question: Question) -> Rows:
        """Return the rows of an answer, in the order of their texts."""
        bases = list(dict.fromkeys(name.partition(".")[0] for name in question.measures))
        groups: dict[tuple[Any, ...], dict[str, list[Cells]]] = {}
        for base in bases:
            for cells in self.rows(base):
                if all(item.holds(cells) for item in question.filters):
                    key = tuple(cells[name] for name in question.by)
                    groups.setdefault(key, {}).setdefault(base, []).append(cells)
        if not question.by:
            groups.setdefault((), {})
        if question.empty:
            for key in self.values(question):
                groups.setdefault(key, {})
        rows = [
            (*key, *(self.measure(name, of.get(name.partition(".")[0], [])) for name in names))
            for key, of in groups.items()
            for names in [question.measures]
        ]
        return sorted(rows, key=repr)

    def values(self, question: Question) -> list[tuple[Any, ...]]:
        """Return the values of the one dimension of a question that are there without rows."""
        (name,) = question.by
        world = self.world
        found = {
            "history.tier": [{"history.tier": row.name} for row in world.history],
            "shipped_to.tier": [{"shipped_to.tier": row.name} for row in world.history],
            "prices.category": [{"prices.category": row.name} for row in world.prices],
        }[name]
        own = [item for item in question.filters if set(item.columns) == {name}]
        return [(cells[name],) for cells in found if all(item.holds(cells) for item in own)]

    def measure(self, name: str, rows: Sequence[Cells]) -> Any:
        """Return the value of a measure over rows."""
        if name == "orders.n":
            return len(rows)
        if name == "orders.best":
            scores = [cells["history.score"] for cells in rows]
            return max((score for score in scores if score is not None), default=None)
        return _sum(_VALUES[name](cells) for cells in rows)


def _sum(values: Iterable[Any]) -> Any:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _worth(cells: Cells) -> Any:
    price = cells["prices.price"]
    return None if price is None else cells["items.quantity"] * price


_VALUES: dict[str, Callable[[Cells], Any]] = {
    "orders.revenue": lambda cells: cells["orders.amount"],
    "orders.golden": lambda cells: (
        cells["orders.amount"] if cells["history.tier"] == "gold" else None
    ),
    "items.pieces": lambda cells: cells["items.quantity"],
    "items.worth": _worth,
}
