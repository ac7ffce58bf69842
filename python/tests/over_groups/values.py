"""Measures of groups, each computed from the rows of the tables in nested loops.

No code is shared with the planner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from statistics import median
from typing import Any

from over_groups.periods import moved, next_period, period_of
from over_groups.question import (
    GRAINS,
    Arithmetic,
    Cumulative,
    Earlier,
    Measure,
    Named,
    Number,
    Plain,
    Question,
    Rank,
    RowFilter,
    Total,
)
from over_groups.world import FILTERS, World

Group = Mapping[str, Any]
"""The values of dimensions; a total has fewer of them than a group of the question."""
SHIFTS = {"1 month": 1, "1 quarter": 3, "1 year": 12}
_LENGTHS = {"month": 1, "quarter": 3, "year": 12}


class Values:
    """What the measures of a question are, in any group of a world."""

    def __init__(self, world: World, question: Question) -> None:
        self.world = world
        self.question = question
        self.every = {fact: world.dated(fact) for fact in question.facts}
        self.kept = {
            fact: [row for row in found if all(self.passes(row, item) for item in question.rows)]
            for fact, found in self.every.items()
        }
        if question.compare:
            self.measures = [new for old in question.measures for new in self.compared(old)]
        else:
            self.measures = list(question.measures)
        self.groups: list[Group] = []

    # Rows

    def passes(self, row: Group, item: RowFilter) -> bool:
        """Whether a filter lets a row pass; one that its fact cannot see lets all."""
        if item.column in ("kind", "price") and "kind" not in row:
            return True
        value = row[item.column]
        return value is not None and COMPARISONS[item.operator](value, item.value)

    def in_bounds(self, period: str) -> bool:
        """Whether the filters on the time show a period."""
        times = [item for item in self.question.rows if item.column == "on"]
        return all(COMPARISONS[item.operator](period, item.value) for item in times)

    def dimension(self, row: Group, name: str) -> Any:
        """Return a row's value of a dimension."""
        if name not in GRAINS:
            return row[name]
        return None if row["on"] is None else period_of(row["on"], name)

    def rows_of(self, fact: str, group: Group) -> list[dict[str, Any]]:
        """Return the rows of a group, after the filters."""
        return [
            row
            for row in self.kept[fact]
            if all(self.dimension(row, name) == value for name, value in group.items())
        ]

    def rows_elsewhere(
        self, fact: str, group: Group, is_in: Callable[[str], bool]
    ) -> list[dict[str, Any]]:
        """Return a group's rows of another time, to which no filter on the time applies."""
        rest = {name: value for name, value in group.items() if name not in GRAINS}
        filters = [item for item in self.question.rows if item.column != "on"]
        return [
            row
            for row in self.every[fact]
            if all(self.passes(row, item) for item in filters)
            and all(self.dimension(row, name) == value for name, value in rest.items())
            and row["on"] is not None
            and is_in(row["on"])
        ]

    # Values

    def value(self, measure: Measure, group: Group) -> Any:
        """Return a measure of a group, or of what the groups with these values have in common."""
        if isinstance(measure, Plain):
            return self.folded(measure, self.rows_of(measure.fact, group))
        if isinstance(measure, Named):
            return self.value(measure.of, group)
        if isinstance(measure, Number):
            return measure.value
        if isinstance(measure, Total):
            return self.total(measure, group)
        if isinstance(measure, Rank):
            return self.rank(measure, group)
        if isinstance(measure, Cumulative | Earlier):
            return self.over_time(measure, group)
        assert isinstance(measure, Arithmetic)
        left, right = self.value(measure.left, group), self.value(measure.right, group)
        if left is None or right is None or (measure.operator == "/" and right == 0):
            return None
        return ARITHMETIC[measure.operator](left, right)

    def folded(self, measure: Plain, rows: Iterable[Group]) -> Any:
        """Return the aggregate of rows."""
        found = list(rows)
        if measure.name in FILTERS:
            found = [row for row in found if row["kind"] == "web"]
        if measure.name in ("n", "web", "returned"):
            return len(found)
        if measure.name == "buyers":
            return len({row["buyer"] for row in found} - {None})
        prices = [row["price"] for row in found if row["price"] is not None]
        if not prices:
            return None
        if measure.name == "typical":
            return median(prices)
        return sum(prices) / len(prices) if measure.name == "mean" else sum(prices)

    def total(self, measure: Total, group: Group) -> Any:
        """Return the measure of all groups that share the named dimensions."""
        return self.value(measure.of, {name: group[name] for name in measure.dimensions})

    def ranked_among(self) -> list[Group]:
        """Return the groups among which places are given."""
        return self.groups

    def rank(self, measure: Rank, group: Group) -> int | None:
        """Return the place of a group: one more than how many are better."""
        mine = self.value(measure.of, group)
        if mine is None:
            return None
        values = self.rivals(measure, group)
        return 1 + len([value for value in values if value is not None and value > mine])

    def rivals(self, measure: Rank, group: Group) -> list[Any]:
        """Return the values among which a group has its place."""
        return [
            self.value(measure.of, other)
            for other in self.ranked_among()
            if all(other[name] == group[name] for name in measure.dimensions)
        ]

    def over_time(self, measure: Cumulative | Earlier, group: Group) -> Any:
        """Return a measure of rows of another time; of a derived one, each part of it."""
        inner = measure.of
        if isinstance(inner, Plain):
            return self.folded(inner, self.framed_rows(inner.fact, measure, group))
        assert isinstance(inner, Arithmetic)
        left, right = (replace(measure, of=part) for part in (inner.left, inner.right))
        return self.value(Arithmetic(left, inner.operator, right), group)

    def framed_rows(
        self, fact: str, measure: Cumulative | Earlier, group: Group
    ) -> list[dict[str, Any]]:
        """Return the rows that a measure over time looks at from a period."""
        grain = self.question.grain
        assert grain is not None
        start = group[grain]
        if start is None:
            return []
        if isinstance(measure, Cumulative):
            end = next_period(start, grain)
            return self.rows_elsewhere(fact, group, lambda on: on < end)
        earlier = period_of(moved(start, -measure.months), grain)
        return self.rows_elsewhere(fact, group, lambda on: period_of(on, grain) == earlier)

    # Comparison

    def compared(self, measure: Measure) -> list[Measure]:
        """Return a measure, its earlier value, the change, and the change in percent."""
        earlier = Earlier(measure, self.months_before())
        change = Arithmetic(measure, "-", earlier)
        percent = Arithmetic(Arithmetic(change, "*", Number(100)), "/", self.base(measure, earlier))
        return [measure, earlier, change, percent]

    def months_before(self) -> int:
        """Return how many months ago the time is that the question compares with."""
        compare, grain = self.question.compare, self.question.grain
        assert compare
        assert grain
        return SHIFTS.get(compare) or _LENGTHS[grain]

    def base(self, now: Measure, earlier: Measure) -> Measure:
        """Return of what a change is so many percent."""
        return earlier


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, two: bool(one == two),
    "<>": lambda one, two: bool(one != two),
    "<": lambda one, two: bool(one < two),
    "<=": lambda one, two: bool(one <= two),
    ">": lambda one, two: bool(one > two),
    ">=": lambda one, two: bool(one >= two),
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda one, two: one + two,
    "-": lambda one, two: one - two,
    "*": lambda one, two: one * two,
    "/": lambda one, two: one / two,
}
