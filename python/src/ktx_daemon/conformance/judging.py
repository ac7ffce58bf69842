"""Whether the rows that an engine gave are the right ones."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from ktx_daemon.conformance.suite import Question

RIGHT, REFUSED, WRONG = VERDICTS = ("right", "refused", "wrong")

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.0+)?)?(?: ?(?:Z|UTC|[+-]00(?::?00)?))?"
)


def verdict_of_refusal(question: Question, dialect: str) -> str:
    """Return what it means that ktx refused a question."""
    if question.rows is None:
        return RIGHT
    return REFUSED if dialect in question.may_refuse else WRONG


def verdict_of_rows(question: Question, rows: Sequence[Sequence[Any]]) -> str:
    """Return whether an answer is right; its cells are those of docs/boundary.md."""
    right = [tuple(map(plain, row)) for row in question.rows or []]
    given = [tuple(map(plain, row)) for row in rows]
    if len(right) != len(given):
        return WRONG
    if question.ordered:
        pairs = zip(right, given, strict=True)
        same = all(_same_row(row, other, question.within) for row, other in pairs)
    else:
        same = _same_rows(right, given, question.within)
    return RIGHT if same else WRONG


def plain(cell: Any) -> Any:
    """Return a cell in the form that is the same for every engine: numbers, texts, NULL."""
    if isinstance(cell, dict):
        return _untagged(cell)
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, str) and (moment := _MOMENT.fullmatch(cell)):
        day, clock = moment.groups()
        return day if clock in (None, "00:00:00") else f"{day} {clock}"
    return cell


def _untagged(cell: dict[str, str]) -> Any:
    (tag, text), *_ = cell.items()
    if tag == "hex":
        return bytes.fromhex(text).decode("utf-8", "backslashreplace")
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _same_rows(
    right: Sequence[tuple[Any, ...]], given: Sequence[tuple[Any, ...]], within: float
) -> bool:
    left = list(given)
    for row in right:
        place = next((i for i, other in enumerate(left) if _same_row(row, other, within)), None)
        if place is None:
            return False
        del left[place]
    return True


def _same_row(right: tuple[Any, ...], given: tuple[Any, ...], within: float) -> bool:
    return len(right) == len(given) and all(
        _same(value, other, within) for value, other in zip(right, given, strict=True)
    )


def _same(right: Any, given: Any, within: float) -> bool:
    if isinstance(right, (int, float)) and isinstance(given, (int, float, Decimal)):
        return math.isclose(right, float(given), rel_tol=within, abs_tol=1e-12)
    return type(right) is type(given) and bool(right == given)
