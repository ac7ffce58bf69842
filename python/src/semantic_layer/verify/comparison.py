"""What a database answered, beside what walking the rows gave: which groups differ, and the order.

Where the order of two rows is the database's own to decide (texts by a collation, floats that
differ in their last digits), either is right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from semantic_layer.verify.compiling import Compute
from semantic_layer.verify.evaluation import Evaluation, Group
from semantic_layer.verify.times import sqlite_moment
from semantic_layer.verify.values import Unchecked, Value, is_number

Values = tuple[Value, ...]
_CLOSE = 1e-9


class Difference(NamedTuple):
    """A group in which the two answers differ; None where an answer does not have it."""

    group: Group | None
    dimensions: Values
    by_sql: Values | None
    by_rows: Values | None
    what: str


class Column(NamedTuple):
    """A column of an answer: its value of a group, and whether it is a time."""

    name: str
    value: Compute
    is_time: bool


class Term(NamedTuple):
    """A term of the order: the place of a column, and whether it descends."""

    place: int
    descends: bool


class Comparison:
    """The two answers to one question."""

    def __init__(
        self, evaluation: Evaluation, columns: Sequence[Column], rows: Sequence[Values]
    ) -> None:
        """Prepare: `columns` are those of `rows`, which are the database's, dimensions first."""
        self._evaluation = evaluation
        self._columns = columns
        self._rows = rows
        self._comparing = evaluation.question.compiler.comparing
        self._is_sqlite = evaluation.question.compiler.dialect == "sqlite"
        self._width = len(evaluation.question.dimensions)
        groups = evaluation.run()
        self._values = {
            evaluation.key(group.values): tuple(column.value(group) for column in columns)
            for group in groups
        }
        self.groups = {evaluation.key(group.values): group for group in groups}

    def differences(self, limit: int, order: Sequence[Term]) -> list[Difference]:
        """Return the groups that differ, or the order that does."""
        matched: list[Any] = []
        found: list[Difference] = []
        for row in self._rows:
            key = self._key_of(row[: self._width])
            if key is None:
                found.append(self._difference(None, row, None, "only in the answer of the SQL"))
            elif key in matched:
                found.append(
                    self._difference(key, row, self._values[key], "twice in the answer of the SQL")
                )
            else:
                matched.append(key)
                if not self._fits(self._values[key], row, self.groups[key]):
                    found.append(self._difference(key, row, self._values[key], "other values"))
        missing = [key for key in self._values if key not in set(matched)]
        wanted = min(limit, len(self._values))
        if len(matched) < wanted:
            found += [
                self._difference(
                    key, None, self._values[key], "only by the rows: the SQL leaves it out"
                )
                for key in missing
            ]
        elif not found:
            found += self._of_order(matched, missing, limit, order)
        return found

    def _difference(
        self, key: Any, row: Values | None, values: Values | None, what: str
    ) -> Difference:
        group = self.groups.get(key) if key is not None else None
        shown = values if values is not None else row
        assert shown is not None
        return Difference(group, shown[: self._width], row, values, what)

    def _key_of(self, values: Values) -> Any:
        key = self._evaluation.key(values)
        if key in self._values:
            return key
        for known, group in self.groups.items():
            # Floats, and texts that are times, may be written in two ways.
            if all(
                self._same(mine, theirs, column.is_time, 0.0)
                for mine, theirs, column in zip(group.values, values, self._columns, strict=False)
            ):
                return known
        return None

    def _fits(self, mine: Values, theirs: Values, group: Group) -> bool:
        size = group.size()
        return len(mine) == len(theirs) and all(
            self._same(one, two, column.is_time, size)
            for one, two, column in zip(mine, theirs, self._columns, strict=True)
        )

    def _same(self, mine: Value, theirs: Value, is_time: bool, size: float) -> bool:
        if mine is None or theirs is None:
            return mine is None and theirs is None
        if isinstance(mine, bool) or isinstance(theirs, bool):
            return isinstance(theirs, (bool, int)) and mine == theirs
        if is_number(mine) and is_number(theirs):
            return _close(mine, theirs, size)
        if isinstance(mine, date) and isinstance(theirs, date):
            return self._comparing.order(mine, theirs) == 0
        if is_time and self._is_sqlite and isinstance(mine, str) and isinstance(theirs, str):
            return mine == theirs or _same_moment(mine, theirs)
        return type(mine) is type(theirs) and mine == theirs

    def _of_order(
        self, shown: list[Any], omitted: list[Any], limit: int, order: Sequence[Term]
    ) -> list[Difference]:
        for before, after in pairwise(shown):
            if self._precedes(after, before, order):
                what = "another order: this group stands behind one that comes after it"
                return [self._difference(after, None, self._values[after], what)]
        if shown and len(shown) == limit:
            for key in omitted:
                if self._precedes(key, shown[-1], order):
                    what = "cut off by the limit, though it comes before the last that is shown"
                    return [self._difference(key, None, self._values[key], what)]
        return []

    def _precedes(self, one: Any, other: Any, order: Sequence[Term]) -> bool:
        """Whether a group certainly comes before another."""
        for term in order:
            left, right = self._values[one][term.place], self._values[other][term.place]
            found = self._order(left, right, self._columns[term.place].is_time)
            if found is None:
                return False
            if left is None or right is None:
                if found:
                    return found < 0
            elif found:
                return (found > 0) if term.descends else (found < 0)
        return False

    def _order(self, left: Value, right: Value, is_time: bool) -> int | None:
        """Return -1, 0 or 1; NULLs are last. None where the database decides."""
        if left is None or right is None:
            return int(left is None) - int(right is None)
        if is_number(left) and is_number(right):
            approximate = isinstance(left, float) or isinstance(right, float)
            if approximate and left != right and math.isclose(left, right, rel_tol=1e-6):
                return None
        if is_time and self._is_sqlite and isinstance(left, str) and isinstance(right, str):
            one, two = sqlite_moment(left), sqlite_moment(right)
            if one is None or two is None:
                return None
            if one != two:
                return -1 if one < two else 1
        try:
            return self._comparing.order(left, right)
        except Unchecked:
            return None


def _close(mine: Any, theirs: Any, size: float) -> bool:
    if isinstance(mine, (int, Decimal)) and isinstance(theirs, (int, Decimal)):
        return mine == theirs
    return math.isclose(float(mine), float(theirs), rel_tol=_CLOSE, abs_tol=_CLOSE * max(size, 1.0))


def _same_moment(one: str, two: str) -> bool:
    found = sqlite_moment(one)
    return found is not None and found == sqlite_moment(two)
