"""Random rows of orders with items and payments, and questions by them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from each_once.question import Filter, Measure, Question
from each_once.world import World, rows
from oracle.search import Search

SHARE = 1 / 30
"""Of the random questions that the planner is asked."""
THEMES = ("plain", "total", "frames", "facts")
"""A question of each is asked about the same rows: loading them costs more than asking."""
_DAYS = (None, "2024-01-31", "2024-02-29", "2024-03-01", "2024-05-30")
_OF_ORDERS = ("revenue", "n", "buyers", "mean", "typical", "paid", "revenue")
_FILTERS = (
    *(("category", "=", "a"), ("category", "<>", "a"), ("quantity", ">", 1), ("size", "=", "S")),
    *(("method", "=", "card"), ("region", "=", "n"), ("status", "<>", "paid")),
)
_SIDE = {"category": "items", "quantity": "items", "size": "items", "shipped": "items"}


def world(draw: Random) -> World:
    """Draw rows: few values, so that many are equal."""

    def one(*values: Any) -> Any:
        return draw.choice(values)

    orders = [
        (i, one(None, 1, 2, 3, 9), one("paid", "open", None), one(None, 0, 1, 2, 2, 5), one(*_DAYS))
        for i in range(1, one(1, 5, 8, 10))
    ]
    items = [
        (i, one(None, 1, 2, 3, 4, 5, 6, 7, 42), one(None, 1, 2, 3, 9), one("S", "M", None),
         one(1, 1, 2, 3), one(*_DAYS))
        for i in range(one(0, 6, 12, 18))
    ]  # fmt: skip
    payments = [(i, one(None, 1, 2, 3, 4), one("card", "cash", None)) for i in range(one(0, 3, 6))]
    return World(
        rows("customers", (1, "n"), (2, one("n", "s")), (3, None)),
        rows("orders", *orders),
        rows("order_items", *items),
        rows("products", (1, "a"), (2, one("a", "b")), (3, None), (4, "c")),
        rows("payments", *payments),
    )


class Drawing:
    """Draws the parts of one question of a theme."""

    def __init__(self, draw: Random, theme: str) -> None:
        self._draw = draw
        self._theme = theme
        many = [["category"], ["size", "category"], ["size"], ["shipped"], ["category", "shipped"]]
        if theme != "facts":
            many += [["method"], ["method", "category"], ["category", "method", "size"]]
        names = [*self.one(*many), *self.one([], [], ["region"], ["status"])]
        names += ["month"] if theme == "frames" or self.often(5) else []
        self.by = tuple(draw.sample(names, len(names)))

    def often(self, of: int) -> bool:
        """Return true once in so many times."""
        return self._draw.randrange(of) == 0

    def one(self, *values: Any) -> Any:
        """Return one of the values."""
        return self._draw.choice(values)

    def measure(self, kind: str = "plain") -> Measure:
        """Return a measure of orders."""
        named = tuple(name for name in self.by if self.often(3))
        with_names = kind in ("total", "share", "rank")
        return Measure("orders", self.one(*_OF_ORDERS), kind, named if with_names else ())

    def measures(self) -> tuple[Measure, ...]:
        """Return what a question of the theme asks for."""
        found = [self.measure()]
        if self._theme == "facts":
            found.append(Measure("order_items", self.one("pieces", "lines")))
        if self._theme == "total":
            found.append(self.measure(self.one("total", "share", "rank")))
            found = found[1:] if self.often(4) and found[1].kind == "total" else found
        if self._theme == "frames":
            found.append(self.measure(self.one("cumulative", "offset")))
        return tuple(self._draw.sample(found, len(found)))

    def filters(self) -> tuple[Filter, ...]:
        """Return conditions on what the facts look up, and on rows that make groups."""
        sides = {_SIDE.get(name, name) for name in self.by}
        allowed = [
            Filter(*item)
            for item in _FILTERS
            if item[0] in ("region", "status") or _SIDE.get(item[0], item[0]) in sides
        ]
        return tuple(self._draw.sample(allowed, self.one(0, 0, 1, 1, 2)))


def question(draw: Random, theme: str) -> Question:
    """Draw a question of a theme."""
    part = Drawing(draw, theme)
    measures = part.measures()
    is_filtered = measures[0].kind == "plain" and part.often(6)
    return Question(
        measures, part.by, part.filters(), part.one(0, 1, 2) if is_filtered else None, part.often(3)
    )


def cases(search: Search) -> Iterator[tuple[World, list[Question]]]:
    """Draw what a search asks for: worlds, with a question of each theme about each."""
    count = max(1, round(search.examples * SHARE / search.shards / len(THEMES)))
    for number in range(count):
        draw = Random(f"{search.seed} {search.shard} {number}")
        yield world(draw), [question(draw, theme) for theme in THEMES]
