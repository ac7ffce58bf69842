"""How a SQLite column keeps its times: the declared type says nothing, so values are looked at."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Any

_DECLARED = re.compile(r"date|time", re.IGNORECASE)
_NUMERIC = re.compile(r"|.*(?:int|num|real|doub|floa|dec).*", re.IGNORECASE)
_NAME = re.compile(
    r"(?:.*_)?(?:at|on|ts|ms|time|timestamp|date|datetime|day|epoch|created|updated|modified)"
    r"|.*[a-z](?:At|On|Ts|Ms|Time|Timestamp|Date)"
)
_SAMPLE = """
    SELECT typeof(value), value, date(substr(value, 1, 10), '+0 days') IS substr(value, 1, 10)
        AND julianday(value) IS NOT NULL
    FROM (SELECT {column} AS value FROM {table} WHERE {column} IS NOT NULL LIMIT 200)"""
# Seconds since 1973, milliseconds since then, and the Julian days of some thousand years.
_RANGES = (("unix", 1e8, 1e11), ("unix_ms", 1e11, 1e14), ("julian", 2e6, 3e6))

Rows = Callable[[str], list[tuple[Any, ...]]]


def sampled(rows: Rows, table: bytes, column: bytes, declared: str) -> str | None:
    """Return what a column that may hold times holds; None for another one, or one without values.

    It is a storage of times, `iso` for texts that SQLite reads as times, `number`, or `other`.
    """
    if not _may_hold_times(column.decode("utf-8", "replace"), declared):
        return None
    try:
        names = {"table": _quoted(table), "column": _quoted(column)}
        found = rows(_SAMPLE.format(**names))
    except (sqlite3.Error, UnicodeDecodeError):
        return None  # A view that fails, or a name that is no text: nothing is known.
    return _kind_of(found) if found else None


def _may_hold_times(name: str, declared: str) -> bool:
    if _DECLARED.search(declared):
        return True
    return bool(_NUMERIC.fullmatch(declared) and _NAME.fullmatch(name))


def _kind_of(found: list[tuple[Any, ...]]) -> str:
    types = {row[0] for row in found}
    if types <= {"integer", "real"}:
        for storage, least, most in _RANGES:
            if all(least <= abs(row[1]) < most for row in found):
                return storage
        return "number"
    return "iso" if types == {"text"} and all(row[2] for row in found) else "other"


def _quoted(name: bytes) -> str:
    text = name.decode()
    return '"' + text.replace('"', '""') + '"'
