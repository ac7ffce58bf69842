"""The range of moments that conditions on a time leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from metrics.periods import Interval, start_of
from metrics.question import Condition


@dataclass(frozen=True)
class Bounds:
    """Two ends, each of them perhaps open to infinity, and whether they belong to the range."""

    lower: datetime = datetime.min
    lower_in: bool = True
    upper: datetime = datetime.max
    upper_in: bool = True

    def meets(self, interval: Interval) -> bool:
        """Whether some moment of the interval is in the range."""
        start = interval.start or datetime.min
        low, high = max(start, self.lower), min(interval.end, self.upper)
        if low < high:
            return True
        # One moment alone, where two ends meet that both belong to it.
        closed = (start > self.lower or self.lower_in) and (
            interval.end > self.upper and self.upper_in
        )
        return low == high and closed

    @property
    def is_possible(self) -> bool:
        """Whether there is any moment in the range."""
        ends_meet = self.lower == self.upper and self.lower_in and self.upper_in
        return self.lower < self.upper or ends_meet

    @property
    def has_lower(self) -> bool:
        return self.lower != datetime.min

    @property
    def has_upper(self) -> bool:
        return self.upper != datetime.max

    def last_period(self, grain: str) -> datetime:
        """Return the last period that is in the range, at least in part."""
        start = start_of(self.upper, grain)
        if start == self.upper and not self.upper_in:
            return start_of(start - timedelta(microseconds=1), grain)
        return start

    def first_period(self, grain: str) -> datetime:
        """Return the first period that is in the range, at least in part."""
        return start_of(self.lower, grain)


def bounds_of(conditions: Iterable[Condition]) -> Bounds:
    """Return the range in which all conditions hold."""
    found = Bounds()
    for condition in conditions:
        found = _narrowed(found, condition)
    return found


def _narrowed(bounds: Bounds, condition: Condition) -> Bounds:
    operator, value = condition.operator, condition.value
    low, high = value if operator == "between" else (value, value)
    if operator in (">", ">=", "=", "between") and _is_higher(low, operator != ">", bounds):
        bounds = Bounds(low, operator != ">", bounds.upper, bounds.upper_in)
    if operator in ("<", "<=", "=", "between") and _is_lower(high, operator != "<", bounds):
        bounds = Bounds(bounds.lower, bounds.lower_in, high, operator != "<")
    return bounds


def _is_higher(value: datetime, closed: bool, bounds: Bounds) -> bool:
    return value > bounds.lower or (value == bounds.lower and not closed)


def _is_lower(value: datetime, closed: bool, bounds: Bounds) -> bool:
    return value < bounds.upper or (value == bounds.upper and not closed)
