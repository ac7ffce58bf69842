"""Texts that are to be times: which of them a database reads, and what is wrong with the others."""

from __future__ import annotations

import re

_DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_CLOCK = r"[ T]+([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
_OFFSET = r"\s*(?:Z|z|[+-][0-9]{2}:[0-9]{2})?"
# Texts, which `re` compiles when they are needed, and keeps: most questions need none.
_WHOLE = rf"{_DAY}(?:{_CLOCK}{_OFFSET})?\s*"
_BEGINS_WITH_DAY = rf"\s*{_DAY}(?![0-9])"
_PART_OF_DAY = r"\s*([0-9]{4})(?:-([0-9]{2}))?\s*"
# MySQL takes any punctuation between the parts, and digits without any.
_LOOSE = r"\s*(?:[0-9]{2,4}[^\w\s][0-9]{1,2}[^\w\s][0-9]{1,2}\b.*|[0-9]{6}(?:[0-9]{2,8})?)"
_HAS_OFFSET = r"(?:Z|z|:[0-9.]+\s*[+-][0-9]{2}:[0-9]{2})\s*\Z"
_WORDS = frozenset({"epoch", "infinity", "-infinity"})
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def fault_of(text: str, dialect: str) -> str | None:
    """Return why `text` is no time that `dialect` reads, or None when it is, or cannot be told.

    A day that no calendar has is a fault on every dialect. Words and other forms are one where the
    database would compare them as mere text; elsewhere the database itself reads or refuses them.
    """
    if _is_plain_day(text):
        return None
    day = re.match(_BEGINS_WITH_DAY, text)
    if day is not None and not _is_day(*map(int, day.groups())):
        return "there is no such day"
    whole = re.fullmatch(_WHOLE, text)
    if whole is not None:
        return None if _is_clock(whole.groups()[3:]) else "there is no such time of day"
    part = re.fullmatch(_PART_OF_DAY, text)
    if part is not None and dialect in ("sqlite", "mysql", "duckdb"):
        return f"the day is missing; its first one is '{part[1]}-{part[2] or '01'}-01'"
    if dialect == "sqlite":
        return "it has another form"
    if dialect == "mysql":
        return None if re.match(_LOOSE, text) else "it has another form"
    if dialect == "duckdb" and day is None:
        return None if text.strip().lower() in _WORDS else "it has another form"
    return None


def type_of(text: str) -> str | None:
    """Return the SQL type of a text's time: DATE, TIMESTAMP or TIMESTAMPTZ; None of other forms."""
    if _is_plain_day(text):
        return "DATE"
    whole = re.fullmatch(_WHOLE, text)
    if whole is None:
        return None
    if whole[4] is None:
        return "DATE"
    return "TIMESTAMPTZ" if re.search(_HAS_OFFSET, text) else "TIMESTAMP"


def _is_plain_day(text: str) -> bool:
    """Whether a text is nothing but a day, as most are: told without a pattern to compile."""
    parts = text.split("-") if len(text) == 10 else []
    if [len(part) for part in parts] != [4, 2, 2] or not text.isascii():
        return False
    return all(map(str.isdigit, parts)) and _is_day(*map(int, parts))


def _is_day(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (month, day) != (2, 29)


def _is_clock(parts: tuple[str | None, ...]) -> bool:
    hour, minute, second = (int(part or 0) for part in parts)
    # A leap second is one to PostgreSQL; the others refuse it themselves.
    return hour < 24 and minute < 60 and second <= 60
