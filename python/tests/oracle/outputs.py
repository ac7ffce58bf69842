"""Whether the rows of an answer are the right ones, whatever its columns are called."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from oracle.evaluate import shown
from oracle.model import Question
from semantic_layer.models import QueryResult

Rows = list[tuple[Any, ...]]


def fits(
    question: Question,
    expected: list[dict[str, Any]],
    result: QueryResult,
    got: Rows,
    original: Callable[[str], str],
) -> bool:
    """Compare by position: the dimensions, then the measures and the parts shown beside them.

    `original` gives the case's name of a measure that the model calls otherwise.

    A column that was asked for has the values of what was asked; one that was not must be a part
    of a measure, with the values that the part has in it.
    """
    if len(expected) != len(got):
        return False
    width = len(question.dimensions) + len(result.plan.measures)
    if any(len(row) != width for row in got):
        return False
    for index, name in enumerate(question.names()):
        if not _equal(expected, name, [row[index] for row in got]):
            return False
    return _measures_fit(question, expected, result, got, original)


def _measures_fit(
    question: Question,
    expected: list[dict[str, Any]],
    result: QueryResult,
    got: Rows,
    original: Callable[[str], str],
) -> bool:
    start = len(question.dimensions)
    written = [spec for spec in question.measures if not spec.plain]
    missing = {spec.name for spec in question.measures if spec.plain}
    for index, measure in enumerate(result.plan.measures):
        values = [row[start + index] for row in got]
        if measure.qualified_ref is None:
            if not written or not _equal(expected, written.pop(0).name, values):
                return False
            continue
        keys = _meant(question, original(measure.original_name))
        fitting = [key for key in keys if _equal(expected, key, values)]
        if not fitting:
            return False
        missing -= set(fitting)
    return not written and not missing


def _meant(question: Question, name: str) -> list[str]:
    """Return the keys of what a shown measure of the model may be."""
    found = [item for spec in question.measures if spec.plain for item in shown(spec)]
    return [key for key, spec in found if spec.text.rpartition(".")[2] == name]


def _equal(expected: list[dict[str, Any]], key: str, values: list[Any]) -> bool:
    return all(same(record[key], value) for record, value in zip(expected, values, strict=True))


def same(one: Any, two: Any) -> bool:
    """Whether two values are one, but for the last digits of a computation."""
    if isinstance(one, int | float) and isinstance(two, int | float):
        return math.isclose(one, two, rel_tol=1e-6, abs_tol=1e-9)
    return bool(one == two)
