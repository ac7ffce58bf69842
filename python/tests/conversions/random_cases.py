"""Random visits and orders, and questions about conversions."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from conversions import measures as of
from conversions.hand import IN_FEBRUARY
from conversions.question import Condition, Conversion, Measure, Question, Rank, Total
from conversions.world import World, rows
from oracle.search import Search

SHARE = 1 / 20
"""Of the random questions that the planner is asked."""
_QUESTIONS = 4
"""About the same rows: loading them costs more than asking."""
_MOMENTS = (
    None, "2024-01-30 12:00:00", "2024-01-31 12:00:00", "2024-01-31 12:00:01",
    "2024-02-01 11:59:59", "2024-02-01 12:00:00", "2024-02-07 12:00:00", "2024-02-28 12:00:00",
    "2024-02-29 11:59:59", "2024-02-29 12:00:00", "2024-02-29 12:00:01", "2024-03-31 12:00:00",
    "2024-04-30 12:00:00",
)  # fmt: skip
_DAYS = (None, "2024-01-31", "2024-02-01", "2024-02-28", "2024-02-29", "2024-03-31", "2024-04-30")
_BASES = (of.VISITS, of.VISITS, of.DEEP, of.PAGES, of.VISITORS, of.LEFT)
_OF_ORDERS = (
    of.ORDERS, of.ORDERS, of.PAID, of.REVENUE, of.MEAN, of.BUYERS, of.LARGEST, of.SHIPPED,
    of.NORTHERN,
)  # fmt: skip
_OF_ITEMS = (of.ITEMS, of.UNITS, of.WORTH)
_WINDOWS = (None, of.DAY, of.WEEK, of.MONTH, of.MONTH, (4, "week"), (1, "quarter"))
_WHERE = (None, None, Condition("channel", "=", "ads"), Condition("people.region", "=", "n"))
_CUTS = ("metric_time:month", "metric_time:day", "metric_time:week")


def world(draw: Random) -> World:
    """Draw rows: few values, so that many are equal."""

    def one(*values: Any) -> Any:
        return draw.choice(values)

    def person() -> Any:
        return one(None, 1, 1, 1, 2, 2, 3, 9)

    visits = [
        (i, person(), one(None, 7, 8), one("ads", "mail", None), one(None, 0, 2, 5), one(*_MOMENTS),
         one(*_DAYS))
        for i in range(one(0, 8, 12, 16, 20))
    ]  # fmt: skip
    orders = [
        (i, person(), one(None, 7, 8), one("paid", "open", None), one(None, 0, 1, 2, 8),
         one(*_MOMENTS), one(*_DAYS))
        for i in range(one(0, 8, 12, 16, 20))
    ]  # fmt: skip
    items = [(i, one(None, 0, 1, 2, 3, 99), one(None, 1, 2)) for i in range(one(0, 3, 6))]
    return {
        "people": rows("people", *((i, one("n", "s", None)) for i in range(1, 5))),
        "visits": rows("visits", *visits),
        "orders": rows("orders", *orders),
        "items": rows("items", *items),
    }


class Drawing:
    """Draws one question."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._names = iter(("first", "second", "third"))

    def often(self, times: int) -> bool:
        """Return true once in so many times."""
        return self._draw.randrange(times) == 0

    def one(self, *values: Any) -> Any:
        """Return one of the values."""
        return self._draw.choice(values)

    def conversion(self) -> Conversion:
        """Return a conversion of visits: to orders, to their items, or to other visits."""
        kind = self.one("orders", "orders", "orders", "items", "visits")
        what = {"orders": _OF_ORDERS, "items": _OF_ITEMS, "visits": (of.DEEP, of.PAGES)}[kind]
        buyer = {"orders": "buyer_id", "items": "orders.buyer_id", "visits": "person_id"}[kind]
        product = "orders.product_id" if kind == "items" else "product_id"
        return Conversion(
            base=self.one(*_BASES),
            conversion=self.one(*what),
            entity=("person_id", buyer),
            window=self.one(*_WINDOWS),
            calculate=self.one("rate", "rate", "count", "conversions"),
            constant=(("product_id", product),) if self.often(4) else (),
            where=self.one(*_WHERE),
            fill=0 if self.often(5) else None,
            name=next(self._names),
        )

    def question(self) -> Question:
        """Return a question."""
        asked: list[Measure] = [self.conversion()]
        if self.often(3):
            asked.append(self.conversion())
        of_both = self.often(4)
        if of_both:
            asked.append(self.one(of.ORDERS, of.REVENUE))
        elif self.often(3):
            asked.append(self.one(of.VISITS, of.PAGES))
        by = self._by(of_both)
        first = asked[0]
        assert isinstance(first, Conversion)
        if by and self.often(3):
            named = () if len(by) == 1 or self.often(2) else by[:1]
            asked.append(Total(first, named))
        elif self.often(5):
            asked.append(Rank(first))
        # Ranked and filtered by one measure there would be two meanings of what is ranked.
        is_ranked = any(isinstance(item, Rank) for item in asked)
        having = ((first, ">", self.one(0, 0.3, 1)),) if self.often(5) and not is_ranked else ()
        return Question(tuple(asked), by, self._filters(of_both), self._segments(), having)

    def _by(self, of_both: bool) -> tuple[str, ...]:
        names = ["people.region", self.one(*_CUTS)]
        names += [] if of_both else ["visits.channel", "visits.product_id"]
        return tuple(self._draw.sample(names, self.one(0, 1, 1, 2)))

    def _filters(self, of_both: bool) -> tuple[Condition, ...]:
        found = [Condition("people.region", "=", "n"), *IN_FEBRUARY]
        if not of_both:
            found += [Condition("visits.channel", "=", "ads"), Condition("visits.pages", "<", 5)]
        return (self.one(*found),) if self.often(2) else ()

    def _segments(self) -> tuple[Condition, ...]:
        return (Condition("channel", "=", "mail"),) if self.often(4) else ()


def cases(search: Search) -> Iterator[tuple[World, list[Question]]]:
    """Draw what a search asks for: worlds, with some questions about each."""
    count = max(1, round(search.examples * SHARE / search.shards / _QUESTIONS))
    for number in range(count):
        draw = Random(f"conversions {search.seed} {search.shard} {number}")
        yield world(draw), [Drawing(draw).question() for _ in range(_QUESTIONS)]
