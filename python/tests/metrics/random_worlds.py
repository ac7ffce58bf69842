"""Random rows whose times meet where calendars are odd: ends of months, leap days, midnight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from metrics.periods import Duration
from metrics.question import Row, World


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
    _durations("1 day, 28 day, 5 week, 1 month, 2 month, 1 quarter, 1 year"),
)
MONTHS = Span(
    _days(
        "2024-01-29 2024-01-30 2024-01-31 2024-02-01 2024-02-28 2024-02-29 2024-03-01 2024-03-28 "
        "2024-03-29 2024-03-30 2024-03-31 2024-04-01"
    ),
    ("day", "week", "month", "month", "quarter"),
    _durations("1 day, 2 day, 28 day, 31 day, 1 week, 1 month, 2 month, 1 quarter"),
)
DAYS = Span(
    _days("2024-02-27 2024-02-28 2024-02-29 2024-03-01 2024-03-04"),
    ("hour", "day", "day", "week", "month"),
    _durations("1 hour, 36 hour, 1 day, 2 day, 1 week, 1 month"),
)
SPANS = (YEARS, MONTHS, MONTHS, DAYS)
_HOURS = ((0, 0, 0), (0, 0, 0), (1, 0, 0), (12, 30, 0), (23, 59, 59))
_AMOUNTS = (None, 0, 1, 2, 2, 4, 8, 16, 32)
_CUSTOMERS = (1, 1, 2, 2, 3, 9, None)


def worlds(span: Span) -> st.SearchStrategy[World]:
    """Rows of all sources; few, so that what is wrong is easy to read."""
    return st.builds(
        lambda **rows: World({name: _numbered(found) for name, found in rows.items()}),
        customers=st.tuples(*(_row(region=_of("north", "south", None)) for _ in range(3))),
        orders=_rows(
            9,
            customer_id=_of(*_CUSTOMERS),
            status=_of("paid", "paid", "open", None),
            amount=_of(*_AMOUNTS),
            ordered_at=_dates(span),
            shipped_at=_dates(span),
        ),
        lines=_rows(4, order_id=_of(1, 1, 2, 3, 4, 99, None), quantity=_of(*_AMOUNTS)),
        visits=_rows(6, customer_id=_of(*_CUSTOMERS), pages=_of(*_AMOUNTS), seen_at=_moments(span)),
        levels=_rows(
            7,
            account=_of("a", "a", "b", "c", None),
            customer_id=_of(*_CUSTOMERS),
            amount=_of(*_AMOUNTS),
            as_of=_dates(span),
        ),
    )


def _of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _row(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(columns)


def _rows(most: int, **columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Row]]:
    # Mostly several: a window without rows has nothing wrong in it.
    return st.lists(_row(**columns), min_size=most // 3, max_size=most)


def _dates(span: Span) -> st.SearchStrategy[datetime | None]:
    # Half of the rows are on few days, for ties.
    return st.sampled_from((*span.days, *span.days[-4:], *span.days[-4:], None))


def _moments(span: Span) -> st.SearchStrategy[datetime | None]:
    def moment(day: datetime | None, time: tuple[int, int, int]) -> datetime | None:
        return day and day.replace(hour=time[0], minute=time[1], second=time[2])

    return st.builds(moment, _dates(span), _of(*_HOURS))


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [{"id": number, **row} for number, row in enumerate(rows, 1)]
