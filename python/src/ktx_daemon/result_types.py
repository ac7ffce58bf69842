"""The cells of a result as texts, and the Parquet type that holds a column of them as they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d{1,6})?")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:\d\d)?)")
_TIME_TYPES: tuple[tuple[re.Pattern[str], Callable[[str], object], str], ...] = (
    (_DATE, date.fromisoformat, "DATE"),
    (_TIMESTAMP, datetime.fromisoformat, "TIMESTAMP"),
    (_MOMENT, datetime.fromisoformat, "TIMESTAMP WITH TIME ZONE"),
    (_TIME, time.fromisoformat, "TIME"),
)
_WORDS = {"Infinity", "-Infinity", "NaN"}
_PLAIN_DECIMAL = re.compile(r"[+-]?(\d*)\.?(\d*)")
_MOST_DIGITS = 38  # of a DECIMAL
_EXACT_IN_DOUBLE = 2**53
_WITHOUT_VALUES = {
    "number": "DOUBLE",
    "time": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "binary": "BLOB",
}


def text_of(cell: Any) -> str | None:
    """Return what DuckDB casts to the cell's value; raises ValueError for what is no cell."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return repr(cell)
    if isinstance(cell, dict) and len(cell) == 1:
        kind, value = next(iter(cell.items()))
        if isinstance(value, str) and _is_sound(kind, value):
            return value
    raise ValueError(f"{cell!r} is no cell")


def _is_sound(kind: str, value: str) -> bool:
    if kind == "hex":
        return re.fullmatch("([0-9a-fA-F]{2})*", value) is not None
    return kind == "decimal" or (kind == "float" and value in _WORDS)


def column_type(told: str, cells: list[Any]) -> str:
    """Return DuckDB's name of the narrowest type that holds every cell unchanged.

    `told` is what the database said; it decides where there are no values, and whether texts are
    dates and times. What fits nowhere together is text.
    """
    values = [cell for cell in cells if cell is not None]
    kinds = {_kind(value) for value in values}
    if not kinds:
        return _WITHOUT_VALUES.get(told, "VARCHAR")
    if kinds == {"text"}:
        return _time_type(values) if told == "time" else "VARCHAR"
    if len(kinds) == 1 and (simple := {"bool": "BOOLEAN", "hex": "BLOB"}.get(min(kinds))):
        return simple
    return _number_type(kinds, values) if kinds <= {"int", "float", "decimal"} else "VARCHAR"


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return str(next(iter(value)))
    return {bool: "bool", int: "int", float: "float", str: "text"}[type(value)]


def _time_type(texts: list[str]) -> str:
    for pattern, read, name in _TIME_TYPES:
        if all(pattern.fullmatch(text) for text in texts):
            return name if all(_reads(read, text) for text in texts) else "VARCHAR"
    return "VARCHAR"


def _reads(read: Callable[[str], object], text: str) -> bool:
    """Whether it is a day that there is, and a time of it."""
    try:
        read(text)
    except ValueError:
        return False
    return True


def _number_type(kinds: set[str], values: list[Any]) -> str:
    if kinds == {"int"} and all(-(2**63) <= value < 2**63 for value in values):
        return "BIGINT"
    if "float" not in kinds:
        return _decimal_type([str(text_of(value)) for value in values])
    whole = [value for value in values if isinstance(value, int)]
    exact = "decimal" not in kinds and all(abs(value) <= _EXACT_IN_DOUBLE for value in whole)
    return "DOUBLE" if exact else "VARCHAR"


def _decimal_type(numbers: list[str]) -> str:
    before = after = 0
    for number in numbers:
        parts = _PLAIN_DECIMAL.fullmatch(number)
        if parts is None:
            return "VARCHAR"
        before = max(before, len(parts[1].lstrip("0")))
        after = max(after, len(parts[2]))
    digits = max(1, before + after)
    return f"DECIMAL({digits}, {after})" if digits <= _MOST_DIGITS else "VARCHAR"
