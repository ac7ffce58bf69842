"""Random rows whose times meet where calendars are odd: ends of months, leap days, midnight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from metrics.periods import Duration
from metrics.question import Row, World

Column = Callable[[], Any]
"""Draws a value."""


@dataclass(frozen=True)
class Span:
    """Days that rows are on, the grains that are not too many periods of, and fitting windows."""

    days: tuple[datetime, ...]
    grains: tuple[str, ...]
    durations: tuple[Duration, ...]


def _days(text: str) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(day) for day in text.split())


def _durations(text: str) -> tuple[Duration, ...]:
    found = []
    for part in text.split(", "):
        count, grain = part.split()
        found.append(Duration(int(count), grain))
    return tuple(found)


YEARS = Span(
    _days(
        "2023-01-31 2023-02-28 2023-03-31 2023-12-31 2024-01-01 2024-01-30 2024-02-28 2024-02-29 "
        "2024-03-01 2024-03-30 2024-03-31"
    ),
    ("day", "week", "month", "month", "quarter", "year"),
    _durations("1 day, 28 day, 5 week, 1 month, 1 month, 2 month, 1 quarter, 1 year, 1 year"),
)
MONTHS = Span(
    _days(
        "2024-01-29 2024-01-30 2024-01-31 2024-02-01 2024-02-28 2024-02-29 2024-03-01 2024-03-28 "
        "2024-03-29 2024-03-30 2024-03-31 2024-04-01"
    ),
    ("day", "week", "month", "month", "quarter"),
    _durations("1 day, 2 day, 28 day, 31 day, 1 week, 1 month, 1 month, 2 month, 1 quarter"),
)
DAYS = Span(
    _days("2024-02-27 2024-02-28 2024-02-29 2024-03-01 2024-03-04"),
    ("hour", "day", "day", "week", "month"),
    _durations("1 hour, 36 hour, 1 day, 2 day, 1 week, 1 month"),
)
SPANS = (YEARS, MONTHS, MONTHS, DAYS)
_HOURS = ((0, 0, 0), (0, 0, 0), (1, 0, 0), (12, 30, 0), (23, 59, 59))
_AMOUNTS = (1, 2, 2, 4, 8, 16, 32, 64, 0, None)
_CUSTOMERS = (1, 1, 2, 2, 3, 3, 4, 9, None)


def random_world(rng: Random, span: Span) -> World:
    """Return rows of all sources; few, so that what is wrong is easy to read."""

    def of(values: Sequence[Any]) -> Column:
        return lambda: rng.choice(values)

    # Half of the rows are on few days, for ties.
    date = of((*span.days, *span.days[-4:], *span.days[-4:], None))

    def moment() -> datetime | None:
        day: datetime | None = date()
        time = rng.choice(_HOURS)
        return day and day.replace(hour=time[0], minute=time[1], second=time[2])

    def rows(most: int, **columns: Column) -> list[Row]:
        # Mostly several: a window without rows has nothing wrong in it.
        count = rng.choice((most // 3, most - 2, most - 1, most, most))
        return [
            {"id": number, **{name: draw() for name, draw in columns.items()}}
            for number in range(1, count + 1)
        ]

    customer, amount = of(_CUSTOMERS), of(_AMOUNTS)
    return World(
        {
            "customers": rows(4, region=of(("north", "north", "south", "south", None))),
            "orders": rows(
                10,
                customer_id=customer,
                status=of(("paid", "paid", "open", None)),
                amount=amount,
                ordered_at=date,
                shipped_at=date,
            ),
            "lines": rows(6, order_id=of((1, 1, 2, 3, 4, 99, None)), quantity=amount),
            "visits": rows(8, customer_id=customer, pages=amount, seen_at=moment),
            "levels": rows(
                9,
                account=of(("a", "a", "b", "c", None)),
                customer_id=customer,
                amount=amount,
                as_of=date,
            ),
        }
    )
