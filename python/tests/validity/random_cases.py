"""Random worlds, whose windows of one key never overlap, and random questions about them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from validity.evaluator import Cells, Condition, Question
from validity.world import Item, Moment, Order, Version, World

START = datetime(2024, 2, 26)
"""Within a few days of it lies a leap day and the end of a month."""
TIERS = ("gold", "iron", None)
CATEGORIES = ("ink", "pen", None)
QUESTIONS = 6
"""How many questions are asked of one world."""


def cases(count: int, seed: int) -> Iterator[tuple[World, list[Question]]]:
    """Yield worlds until there are so many questions."""
    for number in range(-(-count // QUESTIONS)):
        random = Random(f"{seed}/{number}")
        yield world(random), [question(random) for _ in range(QUESTIONS)]


def world(random: Random) -> World:
    """Return a world; its times and its windows are days or moments."""
    times, windows = random.choice(["DATE", "TIMESTAMP"]), random.choice(["DATE", "TIMESTAMP"])
    orders = tuple(
        Order(
            number,
            _key(random),
            random.choice(["eu", "us", None]),
            _moment(random, times, 0.15),
            _moment(random, times, 0.15),
            random.choice([None, *range(1, 9)]),
        )
        for number in range(1, random.randint(1, 10))
    )
    items = tuple(
        Item(number, random.choice([None, *range(1, 11)]), _key(random), random.randint(1, 5))
        for number in range(1, random.randint(1, 10))
    )
    return World(
        orders,
        items,
        _versions(random, windows, TIERS),
        _versions(random, windows, CATEGORIES),
        times=times,
        windows=windows,
    )


def _key(random: Random) -> int | None:
    return random.choice([None, 1, 1, 2, 2, 3])


def _moment(random: Random, kind: str, nothing: float) -> Moment:
    if random.random() < nothing:
        return None
    hours = random.choice([0, 0, 12]) if kind == "TIMESTAMP" else 0
    return START + timedelta(days=random.randint(0, 6), hours=hours)


def _versions(random: Random, kind: str, names: tuple[str | None, ...]) -> tuple[Version, ...]:
    """Return windows that touch, or leave gaps, for some keys; the ends may be open."""
    found: list[Version] = []
    for key in random.sample([None, 1, 2, 3], k=random.randint(1, 4)):
        ends = {_moment(random, kind, 0) for _ in range(random.randint(2, 5))}
        moments = sorted(moment for moment in ends if moment is not None)
        windows: list[tuple[Moment, Moment]] = list(pairwise(moments))
        if not windows:
            windows = [(moments[0], None)]
        if random.random() < 0.4:
            windows[0] = (None, windows[0][1])
        if random.random() < 0.6:
            windows[-1] = (windows[-1][0], None)
        kept = [window for window in windows if random.random() < 0.8]
        found += [
            Version(key, since, until, random.choice(names), random.choice([None, 1, 2, 5]))
            for since, until in kept
        ]
    random.shuffle(found)
    return tuple(found)


def question(random: Random) -> Question:
    """Return a question that can be answered."""
    of_items = random.random() < 0.5
    mixed = of_items and random.random() < 0.3
    dimensions = ["history.tier", "shipped_to.tier", "titles.title", "orders.region"]
    measures = ["orders.n", "orders.revenue", "orders.golden", "orders.best"]
    if of_items:
        measures = ["items.pieces", "items.worth", *(measures[:2] if mixed else [])]
        if not mixed:
            dimensions.append("prices.category")
    asked = tuple(random.sample(measures, k=random.randint(1, 2)))
    if of_items and not any(name.startswith("items.") for name in asked):
        asked = ("items.pieces", *asked[1:])
    by = tuple(random.sample(dimensions, k=random.randint(0, 3)))
    with_prices = all(name.startswith("items.") for name in asked)
    filters = tuple(_condition(random, with_prices) for _ in range(random.choice([0, 0, 1, 2])))
    can_be_empty = by in (("history.tier",), ("shipped_to.tier",), ("prices.category",))
    return Question(asked, by, filters, can_be_empty and random.random() < 0.7)


def _condition(random: Random, with_prices: bool) -> Condition:
    names = ["history.tier", "shipped_to.tier", *(["prices.category"] if with_prices else [])]
    name = random.choice(names)
    value = random.choice(["gold", "iron"] if name != "prices.category" else ["ink", "pen"])
    kind = random.choice(["=", "<>", "null", "amount"])

    def equal(cells: Cells) -> bool:
        return cells[name] is not None and (cells[name] == value) is (kind == "=")

    if kind == "null":
        return Condition(f"{name} IS NULL", lambda cells: cells[name] is None, (name,))
    if kind == "amount":
        return Condition(
            "orders.amount > 3",
            lambda cells: cells["orders.amount"] is not None and cells["orders.amount"] > 3,
            ("orders.amount",),
        )
    return Condition(f"{name} {kind} '{value}'", equal, (name,))
