"""What a question over time means, by walking rows. No SQL, nothing shared with the planner.

A measure's value in a group is worked out by itself: for an aggregate from the rows that belong
to the group, for a framed one (cumulative, offset) from the rows of the window or the earlier
period that belongs to the group's period. Which groups there are is asked separately.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from metrics.bounds import Bounds, bounds_of
from metrics.folds import combined, folded
from metrics.frames import NOTHING, Frames
from metrics.periods import Interval, moment, next_period, start_of
from metrics.question import (
    METRIC_TIME,
    Aggregate,
    Condition,
    Cumulative,
    Derived,
    Measure,
    NonAdditive,
    Offset,
    Question,
    Row,
    World,
    children,
    reaches,
    time_of,
    whole,
)

Key = tuple[Any, ...]
Frame = Interval | None
"""The moments whose rows are meant; None: those that the question's own filters leave."""
Steps = tuple[Cumulative | Offset, ...]
Chain = tuple[Steps, Aggregate, tuple[Condition, ...]]
"""The frames that an aggregate is in, the outermost first, and all measures' conditions."""


class Refused(Exception):
    """The question has no answer."""


class Evaluator(Frames):
    """One question over one world."""

    def __init__(self, world: World, question: Question) -> None:
        self.world = world
        self.question = question
        self.chains = [chain for measure in question.measures for chain in chains_of(measure)]
        for steps, leaf, _ in self.chains:
            if self.period_index(leaf) is None:
                for step in steps:
                    self.without_period(step)

    def answer(self) -> list[Key]:
        """Return the rows: dimensions, then measures; ordered by the dimensions, NULLs last."""
        keys = {key for chain in self.chains for key in self.groups(chain)}
        if not self.question.dimensions:
            keys.add(())
        keys |= set(self.values_without_facts(keys))
        if self.question.fill:
            keys |= set(self.filled(keys))
        kept = [key for key in sorted(keys, key=order) if self.passes(key)]
        return [(*key, *(self.value(m, key) for m in self.question.measures)) for key in kept]

    def passes(self, key: Key) -> bool:
        """Whether a group fulfils the conditions on measures."""
        return all(item.holds(self.value(item.measure, key)) for item in self.question.having)

    # Values

    def value(
        self,
        measure: Measure,
        key: Key,
        frame: Frame = None,
        wheres: tuple[Condition, ...] = (),
    ) -> Any:
        """Return a measure's value in a group; in a frame, of the rows there."""
        wheres += (measure.where,) if measure.where else ()
        found = self._unfilled(measure, key, frame, wheres)
        return measure.fill_nulls_with if found is None else found

    def _unfilled(
        self, measure: Measure, key: Key, frame: Frame, wheres: tuple[Condition, ...]
    ) -> Any:
        if isinstance(measure, Derived):
            left = self.value(measure.left, key, frame, wheres)
            return combined(left, measure.operator, self.value(measure.right, key, frame, wheres))
        if isinstance(measure, Cumulative) and self.averages(measure):
            return self.average(measure, key, frame, wheres)
        if isinstance(measure, Cumulative | Offset):
            return self.value(measure.of, key, self._framed(measure, key, frame), wheres)
        assert isinstance(measure, Aggregate)
        rows = self.rows_of_group(measure, key, frame, wheres)
        if measure.column is None:
            return len(rows)
        column = whole(measure, measure.column)
        return folded(measure.fold, [self.world.look(measure.source, row, column) for row in rows])

    def averages(self, measure: Cumulative) -> bool:
        """Whether a measure is an average in this question."""
        return self.period_index(measure) is not None and self.is_average(measure)

    def average(
        self, measure: Cumulative, key: Key, frame: Frame, wheres: tuple[Condition, ...]
    ) -> Any:
        """Return the average of the values at the ends of finer periods."""
        windows = self.finer_windows(measure, self._period(measure, key, frame)) or [NOTHING]
        values = self.known([self.value(measure.of, key, window, wheres) for window in windows])
        return sum(values) / len(values) if values else None

    def known(self, values: list[Any]) -> list[Any]:
        """Return the values that count: NULL is none."""
        return [value for value in values if value is not None]

    def _period(self, measure: Measure, key: Key, frame: Frame) -> Interval:
        """Return the period whose value is meant: the group's own, or one that is looked up."""
        if frame is not None:
            return frame
        start = key[self.period_index(measure) or 0]
        return Interval(start, next_period(start, self.grain)) if start else NOTHING

    def _framed(self, measure: Cumulative | Offset, key: Key, frame: Frame) -> Frame:
        """Return the frame of what a framed measure is of."""
        index = self.period_index(measure)
        if index is None:
            return self.without_period(measure)
        if frame is None:
            start = key[index]
            if start is None:
                return NOTHING
            frame = Interval(start, next_period(start, self.grain))
        return self.frame_of(measure, frame) if frame != NOTHING else NOTHING

    def without_period(self, measure: Cumulative | Offset) -> Frame:
        """Return the frame of a framed measure in a question without a period."""
        bound = isinstance(measure, Cumulative) and (measure.window or measure.to_grain)
        if isinstance(measure, Cumulative) and not bound and measure.period != "average":
            return None
        raise Refused(f"{measure.name} has no period")

    def rows_of_group(
        self, leaf: Aggregate, key: Key, frame: Frame, wheres: tuple[Condition, ...]
    ) -> list[Row]:
        """Return the rows that an aggregate adds up in a group."""
        index = self.period_index(leaf)
        if frame is not None and not self.is_shown(leaf, key[index or 0]):
            return []
        rows = [row for row in self.rows(leaf, frame) if self.meets(leaf, row, wheres)]
        if leaf.non_additive:
            rows = list(self.at_the_end(leaf, leaf.non_additive, rows, frame))
        own = list(range(len(key)))
        if frame is not None and index is not None:
            own.remove(index)
        return [row for row in rows if all(self.cell(leaf, row, i) == key[i] for i in own)]

    def meets(self, leaf: Aggregate, row: Row, conditions: Iterable[Condition]) -> bool:
        """Whether conditions on columns hold for a row."""
        return all(item.holds(self.column(leaf, row, item.column)) for item in conditions)

    def at_the_end(
        self, leaf: Aggregate, rule: NonAdditive, rows: list[Row], frame: Frame
    ) -> Iterator[Row]:
        """Yield the rows at the last (first) value of a dimension, within each partition."""
        ends: dict[Key, Any] = {}
        pick = max if rule.keep == "last" else min
        dated = [(row, self.column(leaf, row, rule.dimension)) for row in rows]
        dated = [item for item in dated if item[1] is not None]
        for row, value in dated:
            part = self.partition(leaf, rule, row, frame)
            ends[part] = pick(ends.get(part, value), value)
        for row, value in dated:
            if value == ends[self.partition(leaf, rule, row, frame)]:
                yield row

    def partition(self, leaf: Aggregate, rule: NonAdditive, row: Row, frame: Frame) -> Key:
        """Return within what the last value is looked for."""
        parts = [self.column(leaf, row, column) for column in rule.by]
        for index, item in enumerate(self.question.dimensions):
            named = time_of(leaf) if item.field == METRIC_TIME else item.field
            if named == whole(leaf, rule.dimension) and frame is None:
                parts.append(self.cell(leaf, row, index))
        return tuple(parts)

    # Rows

    def rows(self, leaf: Aggregate, frame: Frame) -> Iterator[Row]:
        """Yield the rows of an aggregate's source that pass the question's filters.

        In a frame the filters on the rows' own time restrict no rows.
        """
        for row in self.world.rows[leaf.source]:
            if frame is not None and not frame.holds(self.time(leaf, row)):
                continue
            filters = self.row_filters(leaf) if frame is not None else self.filters_of(leaf)
            if self.meets(leaf, row, filters):
                yield row

    def filters_of(self, leaf: Aggregate) -> list[Condition]:
        """Return the filters that reach an aggregate's source."""
        return [item for item in self.question.filters if reaches(leaf.source, item.column)]

    def row_filters(self, leaf: Aggregate) -> list[Condition]:
        """Return the filters that are not of the rows' own time."""
        own = (METRIC_TIME, time_of(leaf))
        return [item for item in self.filters_of(leaf) if item.column not in own]

    def time_filters(self, leaf: Aggregate) -> Bounds:
        """Return the range that the filters on the rows' own time leave."""
        rows = self.row_filters(leaf)
        return bounds_of(item for item in self.filters_of(leaf) if item not in rows)

    def column(self, leaf: Aggregate, row: Row, column: str) -> Any:
        """Return a column that a row has or looks up; a date is its first moment."""
        column = time_of(leaf) if column == METRIC_TIME else whole(leaf, column)
        return self.world.look(leaf.source, row, column)

    def time(self, leaf: Aggregate, row: Row) -> datetime | None:
        """Return the time of a row."""
        return moment(self.column(leaf, row, METRIC_TIME))

    def cell(self, leaf: Aggregate, row: Row, index: int) -> Any:
        """Return a row's value of one of the question's dimensions."""
        item = self.question.dimensions[index]
        value = self.column(leaf, row, item.field)
        return start_of(value, item.grain) if item.grain and value is not None else value

    # Groups

    def groups(self, chain: Chain) -> Iterator[Key]:
        """Yield the groups that an aggregate's rows make."""
        steps, leaf, _ = chain
        indexes = range(len(self.question.dimensions))
        index = self.period_index(leaf)
        if not steps or index is None:
            for row in self.rows(leaf, None):
                yield tuple(self.cell(leaf, row, i) for i in indexes)
            return
        for start in self.periods():
            frame = self.framed(steps, start)
            last = steps[-1]
            if isinstance(last, Cumulative) and self.is_average(last):
                windows = self.finer_windows(last, self.framed(steps[:-1], start))
                frame = Interval(windows[0].start, windows[-1].end) if windows else NOTHING
            for row in self.rows(leaf, frame) if self.is_shown(leaf, start) else ():
                yield tuple(start if i == index else self.cell(leaf, row, i) for i in indexes)

    def is_shown(self, leaf: Aggregate, start: datetime | None) -> bool:
        """Whether the filters on the time let a period of a framed measure be seen."""
        if start is None:
            return False
        return self.time_filters(leaf).meets(Interval(start, next_period(start, self.grain)))

    def values_without_facts(self, keys: set[Key]) -> Iterator[Key]:
        """Yield groups for the looked-up values that no fact shows."""
        own = [i for i, d in enumerate(self.question.dimensions) if d.field[:10] == "customers."]
        if not self.question.include_empty or not own:
            return
        known = {tuple(key[i] for i in own) for key in keys}
        filters = [f for f in self.question.filters if f.column.startswith("customers.")]
        for row in self.world.rows["customers"]:
            names = {i: self.question.dimensions[i].field for i in own}
            value = {i: self.world.look("customers", row, name) for i, name in names.items()}
            passing = all(f.holds(self.world.look("customers", row, f.column)) for f in filters)
            if passing and tuple(value.values()) not in known:
                yield tuple(value.get(i) for i in range(len(self.question.dimensions)))

    def filled(self, keys: set[Key]) -> Iterator[Key]:
        """Yield a group for each period without one; its other dimensions are unknown."""
        index = self.question_period()
        present = {key[index] for key in keys} - {None}
        start, end = min(present, default=None), max(present, default=datetime.min)
        named = (METRIC_TIME, self.question.dimensions[index].field)
        shown = bounds_of(item for item in self.question.filters if item.column in named)
        if shown.has_lower:
            start = shown.first_period(self.grain)
        if shown.has_upper:
            end = shown.last_period(self.grain)
        while start is not None and start <= end:
            if start not in present:
                yield tuple(
                    start if i == index else None for i in range(len(self.question.dimensions))
                )
            start = next_period(start, self.grain)


def chains_of(
    measure: Measure, steps: Steps = (), wheres: tuple[Condition, ...] = ()
) -> Iterator[Chain]:
    """Yield the aggregates that a measure is made of, and the frames that each is in."""
    wheres += (measure.where,) if measure.where else ()
    if isinstance(measure, Aggregate):
        yield steps, measure, wheres
    if isinstance(measure, Cumulative | Offset):
        steps += (measure,)
    for child in children(measure):
        yield from chains_of(child, steps, wheres)


def order(key: Key) -> list[tuple[bool, Any]]:
    """Return what sorts a group as the rows of an answer are sorted."""
    return [(value is None, 0 if value is None else value) for value in key]


def evaluate(world: World, question: Question) -> list[Key]:
    """Return the answer, or raise `Refused`."""
    return Evaluator(world, question).answer()
