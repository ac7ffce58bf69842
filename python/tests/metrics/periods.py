"""Periods and durations, as a calendar on a wall has them. Nothing shared with the planner."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

GRAINS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
"""From the finest to the coarsest."""
FISCAL = {"quarter": "fiscal_quarter", "year": "fiscal_year"}
_PLAIN = {fiscal: plain for plain, fiscal in FISCAL.items()}
_LENGTHS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}
_MONTHS = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "year": 12, "fiscal_year": 12}


@dataclass(frozen=True)
class Calendar:
    """On which day weeks begin, Monday is 0, and in which month fiscal years do."""

    first_weekday: int = 0
    first_month: int = 1


_calendars = [Calendar()]


@contextmanager
def kept_by(calendar: Calendar) -> Iterator[None]:
    """Let periods be those of a calendar within the block."""
    _calendars.append(calendar)
    try:
        yield
    finally:
        _calendars.pop()


@dataclass(frozen=True)
class Duration:
    """So many of a grain: 28 days, 1 year."""

    count: int
    grain: str

    @property
    def text(self) -> str:
        return f"{self.count} {self.grain}{'s' * (self.count != 1)}"


@dataclass(frozen=True)
class Interval:
    """The moments from `start`, or from the beginning of time, to just before `end`."""

    start: datetime | None
    end: datetime

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment lies in it; the unknown one lies nowhere."""
        if moment is None:
            return False
        return (self.start is None or self.start <= moment) and moment < self.end


def moment(value: Any) -> datetime | None:
    """Return a date, a time or NULL as a moment; a date is its first."""
    if isinstance(value, datetime) or value is None:
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return datetime.fromisoformat(value)


def start_of(time: datetime, grain: str) -> datetime:
    """Return the first moment of the period that a moment lies in."""
    if grain == "second":
        return time.replace(microsecond=0)
    if grain == "minute":
        return time.replace(second=0, microsecond=0)
    if grain == "hour":
        return time.replace(minute=0, second=0, microsecond=0)
    day = datetime(time.year, time.month, time.day)
    if grain == "day":
        return day
    if grain == "week":
        while day.weekday() != _calendars[-1].first_weekday:
            day -= timedelta(days=1)
        return day
    if grain in _PLAIN:
        return _fiscal(day.replace(day=1), _MONTHS[grain])
    months = _MONTHS[grain]
    return datetime(day.year, day.month - (day.month - 1) % months, 1)


def _fiscal(month: datetime, length: int) -> datetime:
    """Return the last month up to this one that is some lengths behind a fiscal year's first."""
    while (month.month - _calendars[-1].first_month) % length:
        month = moved(month, -1, "month")
    return month


def finer_than(grain: str, within: str) -> str:
    """Return the periods of a grain as they lie within another: a fiscal year has fiscal ones."""
    return FISCAL.get(grain, grain) if within in _PLAIN else grain


def moved(time: datetime, count: int, grain: str) -> datetime:
    """Return the moment so many of a grain later; a day that a month lacks is its last."""
    if grain in _LENGTHS:
        return time + count * _LENGTHS[grain]
    whole = time.year * 12 + time.month - 1 + count * _MONTHS[grain]
    year, month = divmod(whole, 12)
    return time.replace(year=year, month=month + 1, day=min(time.day, days_of(year, month + 1)))


def days_of(year: int, month: int) -> int:
    """Return how many days a month has."""
    return monthrange(year, month)[1]


def earlier(time: datetime, duration: Duration) -> datetime:
    """Return the moment a duration before."""
    return moved(time, -duration.count, duration.grain)


def next_period(start: datetime, grain: str) -> datetime:
    """Return the start of the period after the one that starts there."""
    return moved(start, 1, grain)


def is_coarser(grain: str, other: str) -> bool:
    """Whether a grain is coarser than another."""
    grain, other = _PLAIN.get(grain, grain), _PLAIN.get(other, other)
    return GRAINS.index(grain) > GRAINS.index(other)
