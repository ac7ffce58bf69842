"""What SQL makes of values: three-valued logic, aggregates, calendar. In plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from oracle.model import Row

GRAINS = ("hour", "day", "week", "month", "quarter", "year")


def cell(row: Row | None, column: str) -> Any:
    """Return a column of a looked-up row: NULL when there is no row, computed columns too."""
    if row is None:
        return None
    if column == "label":
        return "none" if row["a"] is None else row["a"]
    if column == "per":
        return divide(row["x"], row["g"])
    if column.startswith("w_"):
        return row.get("w")
    value = row.get(column)
    return short_time(value) if column in ("seen", "stamp") else value


def short_time(value: Any) -> Any:
    """Return a time as text, without a time of day that is midnight."""
    return value.removesuffix(" 00:00:00") if isinstance(value, str) else value


def truncated(value: str | None, grain: str | None) -> str | None:
    """Return the start of the hour, …, year that a time lies in."""
    if value is None or grain is None:
        return value
    time = datetime.fromisoformat(value).replace(minute=0, second=0, microsecond=0)
    if grain != "hour":
        time = time.replace(hour=0)
    if grain == "week":
        time -= timedelta(days=time.weekday())
    if grain in ("month", "quarter", "year"):
        time = time.replace(day=1)
    if grain == "quarter":
        time = time.replace(month=time.month - (time.month - 1) % 3)
    if grain == "year":
        time = time.replace(month=1)
    text: str = short_time(time.isoformat(sep=" "))
    return text


def positive(row: Row | None) -> bool | None:
    """The segment `pos`: x > 0 OR a = 'p'."""
    assert row is not None
    return either(greater(row["x"], 0), equal(row["a"], "p"))


def steep(row: Row | None) -> bool | None:
    """The segment `steep`: x / g >= 1."""
    return at_least(cell(row, "per"), 1)


SEGMENTS = {"pos": positive, "steep": steep}


def equal(left: Any, right: Any) -> bool | None:
    """`=` with a value that may be NULL on its left."""
    return None if left is None else bool(left == right)


def greater(left: Any, right: Any) -> bool | None:
    """`>` with a value that may be NULL on its left."""
    return None if left is None else bool(left > right)


def at_least(left: Any, right: Any) -> bool | None:
    """`>=` with values that may be NULL."""
    return None if left is None or right is None else bool(left >= right)


def negated(value: bool | None) -> bool | None:
    """NOT."""
    return None if value is None else not value


def either(left: bool | None, right: bool | None) -> bool | None:
    """OR."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def both(left: bool | None, right: bool | None) -> bool | None:
    """AND."""
    return negated(either(negated(left), negated(right)))


def fold_sum(values: list[Any]) -> Any:
    """SUM: NULL when there is no value."""
    present = [value for value in values if value is not None]
    return sum(present) if present else None


def fold_count(values: list[Any]) -> int:
    """COUNT of values."""
    return sum(value is not None for value in values)


def fold_distinct(values: list[Any]) -> int:
    """COUNT of distinct values."""
    return len({value for value in values if value is not None})


def fold_mean(values: list[Any]) -> Any:
    """AVG."""
    return divide(fold_sum(values), fold_count(values))


def fold_max(values: list[Any]) -> Any:
    """MAX."""
    return max((value for value in values if value is not None), default=None)


def fold_min(values: list[Any]) -> Any:
    """MIN."""
    return min((value for value in values if value is not None), default=None)


def fold_percentile(fraction: float) -> Callable[[list[Any]], Any]:
    """Linear interpolation between the two values around the wanted position."""

    def fold(values: list[Any]) -> Any:
        present = sorted(value for value in values if value is not None)
        if not present:
            return None
        position = fraction * (len(present) - 1)
        low, high = math.floor(position), math.ceil(position)
        return present[low] + (present[high] - present[low]) * (position - low)

    return fold


def divide(left: Any, right: Any) -> Any:
    """Real division: NULL when either side is, or by zero."""
    return None if left is None or not right else left / right


def subtract(left: Any, right: Any) -> Any:
    """Difference: NULL when either side is."""
    return None if left is None or right is None else left - right


def times(left: Any, right: Any) -> Any:
    """Product: NULL when either side is."""
    return None if left is None or right is None else left * right


def add(left: Any, right: Any) -> Any:
    """Sum of two: NULL when either side is."""
    return None if left is None or right is None else left + right
