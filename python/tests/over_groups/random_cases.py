"""Random rows of shops, sales and returns, and questions over their groups."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from oracle.search import Search
from over_groups.question import (
    GRAINS,
    Arithmetic,
    Cumulative,
    Having,
    Measure,
    Named,
    Number,
    Plain,
    Question,
    Rank,
    RowFilter,
    Total,
)
from over_groups.world import World, rows

SHARE = 1 / 60
"""Of the random questions that the planner is asked."""
_UNFILTERED = {
    "rank": (False, False, True),
    "top": (False, False, True),
    "compare": (True, True, False),
}
_PRICES = (None, 0, 1, 2, 2, 3, 5)
_DAYS = (None, "2024-01-31", "2024-02-29", "2024-03-01", "2024-06-30", "2025-02-01", "2025-03-15")
_STARTS = {"month": "2024-03-01", "quarter": "2024-04-01", "year": "2025-01-01"}
_NAMES = ("revenue", "n", "buyers", "mean", "typical", "mean", "web")
REVENUE, N, BUYERS = (Plain("sales", name) for name in ("revenue", "n", "buyers"))
PER_BUYER = Named("per_buyer", Arithmetic(REVENUE, "/", BUYERS))
DERIVED: dict[str, Measure] = {
    "share": Arithmetic(REVENUE, "/", Total(REVENUE)),
    "share_of_region": Arithmetic(BUYERS, "/", Total(BUYERS, ("region",))),
    "per_buyer": PER_BUYER.of,
    "place": Rank(REVENUE),
    "place_in_region": Rank(REVENUE, ("region",)),
    "all_per_buyer": Total(PER_BUYER),
}
"""What the model's measures are made of; see `world.DERIVED`."""
THEMES = ("total", "rank", "top", "compare")
"""A question of each is asked about the same rows: loading them costs more than asking."""


def named(name: str) -> Named:
    """Return a measure of the model that is made of others."""
    return Named(name, DERIVED[name])


def world(draw: Random) -> World:
    """Draw rows: few values, so that many are equal."""

    def one(*values: Any) -> Any:
        return draw.choice(values)

    shops = [(i, one("Ulm", "Rom", "Bari", "Genf", None), one("n", "s", None)) for i in range(1, 6)]
    sales = [
        (i, one(None, 1, 2, 3, 4, 5, 9), one(None, 1, 2, 3), one("web", "desk", None),
         one(*_PRICES), one(*_DAYS))
        for i in range(one(0, 6, 12, 16, 20, 24))
    ]  # fmt: skip
    returns = [(i, one(None, 1, 2, 4), one(*_PRICES), one(*_DAYS)) for i in range(one(0, 2, 4, 5))]
    return World(rows("shops", *shops), rows("sales", *sales), rows("returns", *returns))


class Drawing:
    """Draws the parts of one question of a theme."""

    def __init__(self, draw: Random, theme: str) -> None:
        self._draw = draw
        self._theme = theme
        self.two_facts = self.often(4)
        names = ["city", "region", draw.choice(("month", *GRAINS))]
        names += [] if self.two_facts else ["kind"]
        found = draw.sample(names, len(names))
        if theme == "compare":  # Which has periods.
            found.sort(key=lambda name: name not in GRAINS)
        self.by = tuple(found[: self.one(1, 2, 2, 2, 3)])
        self.grain = next((name for name in self.by if name in GRAINS), None)

    def often(self, of: int) -> bool:
        """Return true once in so many times."""
        return self._draw.randrange(of) == 0

    def one(self, *values: Any) -> Any:
        """Return one of the values."""
        return self._draw.choice(values)

    def some(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return some names, more often none."""
        return tuple(name for name in names if self.often(3))

    def plain(self) -> Plain:
        """Return a measure that aggregates."""
        if self.two_facts and self.often(2):
            return Plain("returns", self.one("back", "returned"))
        return Plain("sales", self.one(*_NAMES))

    def inner(self) -> Measure:
        """Return a measure that is not over groups."""
        kind = self.one(*range(1, 7))
        if kind == 1:
            return Arithmetic(self.plain(), self.one("+", "-", "/"), self.plain())
        if kind == 2:
            return PER_BUYER
        if kind == 3 and self.grain:
            return Cumulative(self.plain())
        return self.plain()

    def total(self) -> Measure:
        """Return a total, of the periods too where its measure is over time."""
        of, dimensions = self.inner(), self.some(self.by)
        is_over_time = any(isinstance(part, Cumulative) for part in of.parts())
        if is_over_time and self.grain and self.grain not in dimensions:
            dimensions = (*dimensions, self.grain)
        return Total(of, dimensions)

    def rank(self) -> Measure:
        """Return a place, sometimes by a total."""
        of = self.total() if self.often(5) else self.inner()
        return Rank(of, self.some(self.by))

    def measure(self) -> Measure:
        """Return a measure of any kind."""
        kind = self.one(*range(1, 7))
        if kind == 1:
            return self.inner()
        if kind == 2:
            return self.total()
        if kind == 4:
            return self.rank()
        if kind == 3:
            of = self.plain()
            return Arithmetic(of, "/", Total(of, self.some(self.by)))
        if kind == 5:
            return Arithmetic(Number(1), "+", Rank(self.inner(), self.some(self.by)))
        regional = ("share_of_region", "place_in_region") if "region" in self.by else ()
        return named(self.one("share", "place", "all_per_buyer", *regional))

    def row_filters(self) -> tuple[RowFilter, ...]:
        """Return conditions on rows."""
        found = []
        if self.often(8):
            found.append(RowFilter("region", self.one("=", "<>"), self.one("n", "s")))
        if self.grain and self.often(2 if self._theme == "compare" else 4):
            found.append(RowFilter("on", self.one(">=", "<", ">="), _STARTS[self.grain]))
        if self.often(6):
            kind = RowFilter("kind", "=", "web")
            found.append(self.one(kind, RowFilter("price", self.one(">", "<="), 1)))
        return tuple(found)

    def having(self) -> tuple[Having, ...]:
        """Return a condition on a measure, or none."""
        if self.one(*_UNFILTERED.get(self._theme, (True, False))):
            return ()
        of = self.plain() if self._theme == "compare" or self.often(2) else self.measure()
        if self._theme in ("rank", "top") and self.often(2):
            of = REVENUE  # It often takes the best away.
        return (Having(of, self.one(">", "<=", "<="), self.one(1, 2, 3, 4)),)

    def order(self, count: int) -> tuple[tuple[int | str, bool], ...]:
        """Return what to order by."""
        if self.often(2):
            return ()
        key: int | str = self.one(*range(count), count - 1, *self.by)
        return ((key, self.one(True, True, False)),)


def question(draw: Random, theme: str) -> Question:
    """Draw a question of a theme; each fact has a measure of its own, whose groups are shown."""
    part = Drawing(draw, theme)
    compares = theme == "compare"
    facts: list[Measure] = [Plain("returns", "back")] if part.two_facts else []
    if compares:
        measures = [Plain("sales", part.one(*_NAMES)), *facts]
    else:
        own = {"total": part.total, "rank": part.rank}.get(theme, part.measure)
        measures = [REVENUE, *facts, own(), *(part.measure() for _ in range(part.one(0, 1)))]
        measures = list(dict.fromkeys(measures))
        measures = draw.sample(measures, len(measures))
    top = part.one(1, 2, 2, 3) if theme == "top" or (part.by and part.often(5)) else None
    return Question(
        tuple(measures),
        part.by,
        part.row_filters(),
        part.having(),
        part.order(len(measures)),
        top,
        part.some(part.by) if top else (),
        part.one("1 year", "previous", "1 quarter", "previous") if compares else None,
        empty=part.often(3),
        fill=not compares and part.grain is not None and part.often(4),
    )


def cases(search: Search) -> Iterator[tuple[World, list[Question]]]:
    """Draw what a search asks for: worlds, with a question of each theme about each."""
    count = max(1, round(search.examples * SHARE / search.shards / len(THEMES)))
    for number in range(count):
        draw = Random(f"{search.seed} {search.shard} {number}")
        yield world(draw), [question(draw, theme) for theme in THEMES]
