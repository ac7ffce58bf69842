"""The right answer about conversions, row by row; it shares nothing with the planner."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from statistics import mean, median
from typing import Any

from conversions.question import Condition, Conversion, Measure, Plain, Question, Rank, Total
from conversions.world import TIMES, Row, World, looked_up

Rows = list[tuple[Any, ...]]
Key = tuple[Any, ...]
_COMPARE = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Evaluator:
    """Answers one question about one world."""

    def __init__(self, world: World, question: Question) -> None:
        self.world = world
        self.question = question

    def answer(self) -> Rows:
        """Return the rows, groups in their order with NULL last."""
        keys = {self.key(*item) for item in self.shown()} if self.question.by else {()}
        kept = [key for key in keys if self.passes_having(key)]
        found = [
            (*key, *(_shown(self.value(item, key)) for item in self.question.measures))
            for key in kept
        ]
        return sorted(found, key=lambda row: [(v is None, v) for v in row[: len(self.question.by)]])

    def shown(self) -> Iterable[tuple[str, Row, str]]:
        """Yield the rows whose groups are shown, each with its source and its time."""
        for item in [*self.question.conversions(), *self.question.measures]:
            if isinstance(item, Plain):
                yield from self.kept(item)
            elif isinstance(item, Conversion):
                yield from self.kept(item.base)

    def kept(self, item: Plain) -> list[tuple[str, Row, str]]:
        """Return the rows of a measure's source that pass the filters of the question."""
        time = item.time or TIMES[item.source]
        return [
            (item.source, row, time)
            for row in self.world[item.source]
            if all(self.holds(f, item.source, row, time) for f in self.question.filters)
        ]

    def holds(self, condition: Condition, source: str, row: Row, time: str = "") -> bool:
        """Whether a row fulfils a condition, for certain."""
        column = time if condition.column == "metric_time" else condition.column
        value = looked_up(self.world, source, row, column)
        if condition.operator == "is null":
            return value is None
        return value is not None and bool(_COMPARE[condition.operator](value, condition.value))

    def key(self, source: str, row: Row, time: str, names: Sequence[str] | None = None) -> Key:
        """Return the group of a row."""
        values = []
        for name in self.question.by if names is None else names:
            field, _, grain = name.partition(":")
            field = time if field == "metric_time" else field
            value = looked_up(self.world, source, row, field)
            values.append(_start(value, grain) if grain and value is not None else value)
        return tuple(values)

    def value(self, measure: Measure, key: Key, names: Sequence[str] | None = None) -> Any:
        """Return the value of a measure in a group; of a total in that of its dimensions."""
        if isinstance(measure, Total):
            places = [self.question.by.index(name) for name in measure.by]
            return self.value(measure.of, tuple(key[place] for place in places), measure.by)
        if isinstance(measure, Rank):
            return self.rank(measure, key)
        if isinstance(measure, Plain):
            inside = [item for item in self.kept(measure) if self.key(*item, names) == key]
            counted = [row for source, row, _ in inside if self.counts(measure, source, row)]
            return self.fold(measure, counted)
        return self.converted(measure, key, names)

    def counts(self, measure: Plain, source: str, row: Row) -> bool:
        """Whether a measure, and the segments of the question, take a row."""
        conditions = [measure.where] if measure.where else []
        if source == "visits":
            conditions += self.question.segments
        return all(self.holds(item, source, row) for item in conditions)

    def rank(self, measure: Rank, key: Key) -> Any:
        """Return the place of a group; one without a value has none."""
        keys = {self.key(*item) for item in self.shown()} if self.question.by else {()}
        own = self.value(measure.of, key)
        values = [self.value(measure.of, other) for other in keys]
        return None if own is None else 1 + sum(v is not None and v > own for v in values)

    def passes_having(self, key: Key) -> bool:
        """Whether a group passes the filters on measures."""
        values = [(self.value(item, key), *rest) for item, *rest in self.question.having]
        return all(v is not None and bool(_COMPARE[str(o)](v, size)) for v, o, size in values)

    def converted(self, measure: Conversion, key: Key, names: Sequence[str] | None) -> Any:
        """Return a conversion's value in a group."""
        base = measure.base
        inside = [
            row for _, row, time in self.kept(base) if self.key("visits", row, time, names) == key
        ]
        given = [
            row
            for row in self.world[measure.conversion.source]
            if any(
                self.chosen(measure, row) is other and self.in_segments(other) for other in inside
            )
        ]
        value = self.fold(measure.conversion, given)
        if measure.calculate == "rate":
            taken = [
                row for row in inside if self.takes_part(measure, row) and self.in_segments(row)
            ]
            of_base = self.fold(base, taken)
            value = value / of_base if of_base and value is not None else None
        return measure.fill if value is None else value

    def in_segments(self, row: Row) -> bool:
        """Whether a base row is in the segments of the question."""
        return all(self.holds(item, "visits", row) for item in self.question.segments)

    def takes_part(self, measure: Conversion, row: Row) -> bool:
        """Whether a row can be chosen, and counts as one of the base."""
        conditions = [item for item in (measure.base.where, measure.where) if item]
        return all(self.holds(item, measure.base.source, row) for item in conditions)

    def chosen(self, measure: Conversion, row: Row) -> Row | None:
        """Return the base row that a row is given to."""
        if not self.counts(measure.conversion, measure.conversion.source, row):
            return None
        found = [other for other in self.bases(measure) if self.is_before(measure, other, row)]
        return self.latest(measure, found) if found else None

    def bases(self, measure: Conversion) -> list[Row]:
        """Return the base rows that take part, whatever the question is filtered by."""
        return [row for row in self.world[measure.base.source] if self.takes_part(measure, row)]

    def latest(self, measure: Conversion, found: list[Row]) -> Row:
        """Return the last of some base rows, of several at one moment that with the least key."""
        last = max(self.time_of(measure.base, row) for row in found)
        at_last = [row for row in found if self.time_of(measure.base, row) == last]
        return min(at_last, key=lambda row: int(row["id"]))

    def is_before(self, measure: Conversion, base: Row, row: Row) -> bool:
        """Whether a row belongs to a base row, and follows it within the window."""
        if not all(self.same(measure, *pair, base, row) for pair in self.pairs(measure)):
            return False
        start, moment = self.time_of(measure.base, base), self.time_of(measure.conversion, row)
        return self.within(measure, start, moment)

    def pairs(self, measure: Conversion) -> list[tuple[str, str]]:
        """Return the columns that must be equal."""
        return [measure.entity, *measure.constant]

    def within(self, measure: Conversion, start: Any, moment: Any) -> bool:
        """Whether a moment is in the window that starts with another."""
        if start is None or moment is None or moment < start:
            return False
        return measure.window is None or moment < later(start, *measure.window)

    def same(self, measure: Conversion, ours: str, theirs: str, base: Row, row: Row) -> bool:
        """Whether two columns are equal, and known."""
        one = looked_up(self.world, measure.base.source, base, ours)
        other = looked_up(self.world, measure.conversion.source, row, theirs)
        return one is not None and bool(one == other)

    def time_of(self, measure: Plain, row: Row) -> Any:
        """Return when a row happened."""
        return looked_up(self.world, measure.source, row, measure.time or TIMES[measure.source])

    def fold(self, measure: Plain, found: Sequence[Row]) -> Any:
        """Return the aggregate of rows."""
        if measure.column is None:
            return len(found)
        column = measure.column.removeprefix("distinct ")
        values = [looked_up(self.world, measure.source, row, column) for row in found]
        known = [value for value in values if value is not None]
        if measure.fold == "count":
            return len(set(known) if column != measure.column else known)
        folds: dict[str, Callable[[Any], Any]] = {
            "sum": sum,
            "avg": mean,
            "max": max,
            "min": min,
            "median": median,
        }
        return folds[measure.fold](known) if known else None


def later(moment: datetime, count: int, grain: str) -> datetime:
    """Return a moment so many days or months later; a month that is too short ends it."""
    if grain not in _MONTHS:
        return moment + timedelta(days=count * (7 if grain == "week" else 1))
    months = moment.year * 12 + moment.month - 1 + count * _MONTHS[grain]
    year, month = divmod(months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _shown(value: Any) -> Any:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value


def _start(moment: datetime, grain: str) -> str:
    day = moment.date()
    if grain == "week":
        day -= timedelta(days=day.weekday())
    elif grain in _MONTHS:
        size = _MONTHS[grain]
        day = day.replace(day=1, month=(day.month - 1) // size * size + 1)
    return day.isoformat()
