"""Months, quarters and years as the texts of their first days."""

from __future__ import annotations

_LENGTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(day: str, grain: str) -> str:
    """Return the first day of the period that a day lies in."""
    year, month = int(day[:4]), int(day[5:7])
    length = _LENGTHS[grain]
    return f"{year:04}-{(month - 1) // length * length + 1:02}-01"


def moved(first: str, months: int) -> str:
    """Return the first day of a month so many months later."""
    count = int(first[:4]) * 12 + int(first[5:7]) - 1 + months
    return f"{count // 12:04}-{count % 12 + 1:02}-01"


def next_period(first: str, grain: str) -> str:
    """Return the first day of the period that follows."""
    return moved(first, _LENGTHS[grain])


def span(first: str, last: str, grain: str) -> list[str]:
    """Return the periods from the first to the last."""
    found = []
    while first <= last:
        found.append(first)
        first = next_period(first, grain)
    return found
