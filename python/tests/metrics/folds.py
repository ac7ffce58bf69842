"""What aggregates and arithmetic make of values, as SQL means them. In plain Python."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

Values = list[Any]


def _total(values: Values) -> Any:
    return sum(values) if values else None


def _mean(values: Values) -> Any:
    return sum(values) / len(values) if values else None


FOLDS: dict[str, Callable[[Values], Any]] = {
    "sum": _total,
    "count": len,
    "count_distinct": lambda values: len(set(values)),
    "avg": _mean,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "median": lambda values: median(values) if values else None,
}
"""Of the values that are not NULL."""


def folded(fold: str, values: Values) -> Any:
    """Return an aggregate of values, among which may be NULLs."""
    return FOLDS[fold]([value for value in values if value is not None])


def combined(left: Any, operator: str, right: Any) -> Any:
    """Return arithmetic over two values: NULL when either is, or when divided by zero."""
    if left is None or right is None:
        return None
    if operator == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}[operator]
