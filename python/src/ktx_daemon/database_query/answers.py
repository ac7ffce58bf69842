"""Answers: the kinds of their columns, and values of any driver as JSON that loses nothing."""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ktx_daemon.database_query.driver import BINARY, BOOLEAN, NUMBER, TEXT, TIME, UNKNOWN, Column

_KINDS = (
    (
        TEXT,
        re.compile(r"(?:array|map|row|struct|tuple|nested|list|interval|json|variant|object)\b.*"),
    ),
    (
        NUMBER,
        re.compile(
            r"(?:u?int(?:eger)?\d*|tinyint|smallint|bigint|(?:big)?(?:decimal|numeric)\d*|number|fixed"
            r"|float\d*|double|real|bfloat16|smallmoney|money|byte|short|long)\b.*"
        ),
    ),
    (BOOLEAN, re.compile(r"bool(?:ean)?|bit")),
    (TIME, re.compile(r"(?:date|time|timestamp)(?:\w*)\b.*")),
    (BINARY, re.compile(r"(?:var)?binary\b.*|bytes|image|rowversion")),
)
_WRAPPED = re.compile(r"(?:nullable|lowcardinality)\((.*)\)", re.IGNORECASE)


def kind_of(word: str) -> str:
    """Return the kind for a type such as "decimal(9,2)" or "Nullable(UInt64)"."""
    plain = word.lower()
    while wrapped := _WRAPPED.fullmatch(plain):
        plain = wrapped[1]
    if not plain:
        return UNKNOWN
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(plain)), TEXT)


Cell = None | bool | int | float | str | dict[str, str]

_LARGEST, _SMALLEST = 2**63 - 1, -(2**63)
_MOMENT = re.compile(
    r"(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|UTC|[+-]\d\d)?(?::?(\d\d))?"
)


def cell(value: Any) -> Cell:
    """Return one value as a cell.

    What JSON has no exact word for is tagged: `{"decimal"}`, `{"float"}` (NaN and the infinities)
    or `{"hex"}`. Dates and times are ISO 8601; lists, structures and documents are JSON as text.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value) if _SMALLEST <= value <= _LARGEST else {"decimal": str(int(value))}
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": _special(value)}
    if isinstance(value, Decimal):
        return {"decimal": format(value, "f")} if value.is_finite() else {"float": _special(value)}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"hex": bytes(value).hex()}
    if isinstance(value, (list, tuple, set, frozenset, Mapping)):
        return json.dumps(_nested(value), ensure_ascii=False, allow_nan=False)
    return _as_text(value)


def _special(value: float | Decimal) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _as_text(value: Any) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return clock_text(value)
    return str(value)


def _nested(value: Any) -> Any:
    """Return a value inside a list or a structure, as JSON has it; exact numbers are texts."""
    if isinstance(value, Mapping):
        return {str(key): _nested(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_nested(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_nested(item) for item in value), key=str)
    if isinstance(value, int):  # of any size, and the truths
        return value
    tagged = cell(value)
    return next(iter(tagged.values())) if isinstance(tagged, dict) else tagged


def clock_text(value: timedelta) -> str:
    """Return a time of day, or a longer or negative span of time, as "[-]HH:MM:SS[.ffffff]"."""
    sign, span = ("-", -value) if value < timedelta() else ("", value)
    seconds = span.days * 86400 + span.seconds
    fraction = f".{span.microseconds:06d}" if span.microseconds else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def iso_moment(text: str) -> str:
    """Return "2026-01-31 13:05:00+02" as ISO 8601 has it; other texts (infinity) as they are."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return text
    day, clock, zone, minutes = found.groups()
    if zone in ("Z", "UTC"):
        zone = "Z"
    elif zone:
        zone = f"{zone}:{minutes or '00'}"
    return f"{day}T{clock}{zone or ''}"


def rows_as_cells(rows: Sequence[Sequence[Any]]) -> list[list[Cell]]:
    """Return rows of cells."""
    return [[cell(value) for value in row] for row in rows]


def single_precision(value: Any) -> Any:
    """Return a number of 32 bits as its shortest text has it: 0.1, and not 0.10000000149011612."""
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    single = struct.pack("f", value)
    near = (float(f"{value:.{digits}g}") for digits in range(6, 10))
    return next((found for found in near if struct.pack("f", found) == single), value)


Converters = Mapping[int, Callable[[Any], Any]]
"""What is done to the values of a column, by its place; not to NULL."""


def column_of(name: str, word: str) -> Column:
    """Return a column whose kind is that of the database's word for its type."""
    return Column(name, kind_of(word), word)


def fetched(cursor: Any, limit: int | None) -> Sequence[Sequence[Any]]:
    """Return the rows of a cursor of Python's DB API, of many the first `limit`."""
    rows: Sequence[Sequence[Any]] = cursor.fetchall() if limit is None else cursor.fetchmany(limit)
    return rows


def converted(rows: Sequence[Sequence[Any]], converters: Converters) -> Sequence[Sequence[Any]]:
    """Return the rows with the values of some columns converted."""
    if not converters:
        return rows
    return [_converted_row(row, converters) for row in rows]


def _converted_row(row: Sequence[Any], converters: Converters) -> list[Any]:
    values = list(row)
    for place, convert in converters.items():
        if values[place] is not None:
            values[place] = convert(values[place])
    return values
