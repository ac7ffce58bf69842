"""Evaluators that are wrong in one way each: a search that misses one of them is too weak."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from metrics.evaluator import Chain, Evaluator, Frame, Key, Steps
from metrics.frames import finer_grain
from metrics.periods import Duration, Interval, next_period, start_of
from metrics.question import (
    Aggregate,
    Condition,
    Cumulative,
    Derived,
    Measure,
    NonAdditive,
    Offset,
    Row,
)

_DAY = timedelta(days=1)
Wheres = tuple[Condition, ...]


class WindowADayLonger(Evaluator):
    def window(self, measure: Cumulative, period: Interval) -> Interval:
        right = super().window(measure, period)
        return Interval(right.start - _DAY, right.end) if measure.window and right.start else right


class WindowADayShorter(Evaluator):
    def window(self, measure: Cumulative, period: Interval) -> Interval:
        right = super().window(measure, period)
        return Interval(right.start + _DAY, right.end) if measure.window and right.start else right


class WindowEndsWithThePeriodsStart(Evaluator):
    def window_end(self, measure: Cumulative, period: Interval) -> datetime:
        assert period.start is not None
        return period.start + timedelta(microseconds=1)


class WindowOfThirtyDaysForAMonth(Evaluator):
    def window(self, measure: Cumulative, period: Interval) -> Interval:
        right = super().window(measure, period)
        if measure.window and measure.window.grain == "month":
            return Interval(right.end - 30 * measure.window.count * _DAY, right.end)
        return right


class SumOfThePeriods(Evaluator):
    def _unfilled(self, measure: Measure, key: Key, frame: Frame, wheres: Wheres) -> Any:
        right = super()._unfilled(measure, key, frame, wheres)
        if not isinstance(measure, Cumulative) or right is None:
            return right
        window = self._framed(measure, key, frame)
        if window is None or window.end == datetime.min:
            return right
        start = start_of(window.start or datetime(2022, 12, 1), self.grain)
        values = []
        while start < window.end:
            part = Interval(
                max(start, window.start or start),
                min(next_period(start, self.grain), window.end),
            )
            values.append(self.value(measure.of, key, part, wheres))
            start = next_period(start, self.grain)
        return sum(value for value in values if value is not None)


class FirstIsLast(Evaluator):
    def window_end(self, measure: Cumulative, period: Interval) -> datetime:
        return period.end


class ToGrainOfThePeriodsStart(Evaluator):
    def window(self, measure: Cumulative, period: Interval) -> Interval:
        right = super().window(measure, period)
        if measure.to_grain and period.start:
            return Interval(start_of(period.start, measure.to_grain), right.end)
        return right


class FilterCutsTheWindowsPast(Evaluator):
    def row_filters(self, leaf: Aggregate) -> list[Condition]:
        return self.filters_of(leaf)


class FilterShowsWholePeriodsOnly(Evaluator):
    def is_shown(self, leaf: Aggregate, start: datetime | None) -> bool:
        bounds = self.time_filters(leaf)
        return super().is_shown(leaf, start) and bool(start and start >= bounds.lower)


class FilterShowsEveryPeriod(Evaluator):
    def is_shown(self, leaf: Aggregate, start: datetime | None) -> bool:
        return start is not None


class FilterCutsTheOffsetsPast(Evaluator):
    def rows_of_group(self, leaf: Aggregate, key: Key, frame: Frame, wheres: Wheres) -> list[Row]:
        right = super().rows_of_group(leaf, key, frame, wheres)
        filters = self.filters_of(leaf)
        is_period = frame is not None and frame.start and self.is_period(frame)
        return [row for row in right if self.meets(leaf, row, filters)] if is_period else right

    def is_period(self, frame: Interval) -> bool:
        return frame.start is not None and frame.end == next_period(frame.start, self.grain)


class MonthsOfThirtyDays(Evaluator):
    def shifted(self, start: datetime, measure: Offset) -> datetime:
        assert measure.by is not None
        days = {"month": 30, "quarter": 91, "year": 365}.get(measure.by.grain)
        by = Duration(days * measure.by.count, "day") if days else measure.by
        return super().shifted(start, Offset(measure.name, of=measure.of, by=by))


class MonthsWithoutClamp(Evaluator):
    def shifted(self, start: datetime, measure: Offset) -> datetime:
        first = super().shifted(start.replace(day=1), measure)
        calendar = measure.by and measure.by.grain in ("month", "quarter", "year")
        return first + (start.day - 1) * _DAY if calendar else super().shifted(start, measure)


class OffsetOnlyWhereRowsAre(Evaluator):
    def groups(self, chain: Chain) -> Iterator[Key]:
        steps, leaf, wheres = chain
        if steps and isinstance(steps[0], Offset):
            own = set(super().groups(((), leaf, wheres)))
            yield from (key for key in super().groups(chain) if key in own)
        else:
            yield from super().groups(chain)


class GapsMissing(Evaluator):
    def periods(self) -> Iterator[datetime]:
        known = {item for chain in self.chains for item in self.own_periods(chain[1])}
        yield from (start for start in super().periods() if start in known)


class OffsetsEndWithTheFacts(Evaluator):
    def beyond(self, steps: Steps, last: datetime) -> datetime:
        return last


class CumulativeRunsOnBesideAnOffset(Evaluator):
    def facts(self) -> tuple[datetime, datetime] | None:
        found = super().facts()
        return found and (
            found[0],
            max(self.beyond(steps, found[1]) for steps, _, _ in self.chains),
        )


class CumulativeEndsWithItsOwnFact(Evaluator):
    def groups(self, chain: Chain) -> Iterator[Key]:
        every, self.chains = self.chains, [chain]
        yield from list(super().groups(chain))
        self.chains = every


class FillMissing(Evaluator):
    def filled(self, keys: set[Key]) -> Iterator[Key]:
        yield from ()


class FillOnlyBetweenTheAnswers(Evaluator):
    def filled(self, keys: set[Key]) -> Iterator[Key]:
        index = self.question_period()
        present = [key[index] for key in keys if key[index] is not None]
        for key in super().filled(keys):
            if present and min(present) < key[index] < max(present):
                yield key


class FillNullsAfterArithmetic(Evaluator):
    def value(self, measure: Measure, key: Key, frame: Frame = None, wheres: Wheres = ()) -> Any:
        if not isinstance(measure, Derived):
            return super().value(measure, key, frame, wheres)
        plain = _unfilled_parts(measure)
        return super().value(plain, key, frame, wheres)


def _unfilled_parts(measure: Derived) -> Derived:
    left, right = (replace(p, fill_nulls_with=None) for p in (measure.left, measure.right))
    return replace(measure, left=left, right=right)


class FillNullsForgotten(Evaluator):
    def value(self, measure: Measure, key: Key, frame: Frame = None, wheres: Wheres = ()) -> Any:
        wheres += (measure.where,) if measure.where else ()
        return self._unfilled(measure, key, frame, wheres)


class LastDayOfEachGroup(Evaluator):
    def partition(self, leaf: Aggregate, rule: NonAdditive, row: Row, frame: Frame) -> Key:
        cells = [self.cell(leaf, row, i) for i in range(len(self.question.dimensions))]
        return (*super().partition(leaf, rule, row, frame), *cells)


class LastDayOfAll(Evaluator):
    def partition(self, leaf: Aggregate, rule: NonAdditive, row: Row, frame: Frame) -> Key:
        return tuple(self.column(leaf, row, column) for column in rule.by)


class LastDayWithoutBy(Evaluator):
    def partition(self, leaf: Aggregate, rule: NonAdditive, row: Row, frame: Frame) -> Key:
        return super().partition(leaf, NonAdditive(rule.dimension, rule.keep), row, frame)


class LastRowAlone(Evaluator):
    def at_the_end(
        self, leaf: Aggregate, rule: NonAdditive, rows: list[Row], frame: Frame
    ) -> Iterator[Row]:
        seen = set()
        for row in super().at_the_end(leaf, rule, rows, frame):
            part = self.partition(leaf, rule, row, frame)
            if part not in seen:
                yield row
            seen.add(part)


class LastDayBeforeFilters(Evaluator):
    def at_the_end(
        self, leaf: Aggregate, rule: NonAdditive, rows: list[Row], frame: Frame
    ) -> Iterator[Row]:
        every = self.world.rows[leaf.source]
        ends = list(super().at_the_end(leaf, rule, every, frame))
        yield from (row for row in rows if row in ends)


class NullTimesCounted(Evaluator):
    def time(self, leaf: Aggregate, row: Row) -> datetime | None:
        return super().time(leaf, row) or datetime(2024, 1, 30)


class NullTimesInEveryEver(Evaluator):
    def rows(self, leaf: Aggregate, frame: Frame) -> Iterator[Row]:
        yield from super().rows(leaf, frame)
        if frame is not None and frame.start is None and frame.end != datetime.max:
            for row in self.world.rows[leaf.source]:
                if self.time(leaf, row) is None and self.meets(leaf, row, self.row_filters(leaf)):
                    yield row


class FilterOfAnotherFactApplied(Evaluator):
    def rows(self, leaf: Aggregate, frame: Frame) -> Iterator[Row]:
        if len(self.filters_of(leaf)) == len(self.question.filters):
            yield from super().rows(leaf, frame)


class FilterOnOneTimeIsOnAll(Evaluator):
    def row_filters(self, leaf: Aggregate) -> list[Condition]:
        times = ("metric_time", "orders.ordered_at")
        return [item for item in self.filters_of(leaf) if item.column not in times]


class MeasuresOwnTimeForgotten(Evaluator):
    def column(self, leaf: Aggregate, row: Row, column: str) -> Any:
        if leaf.time and column == "metric_time":
            column = "orders.ordered_at"
        return super().column(leaf, row, column)


class MeasuresFilterRemovesGroups(Evaluator):
    def groups(self, chain: Chain) -> Iterator[Key]:
        wheres = chain[2]
        for key in super().groups(chain):
            if any(self.meets(chain[1], row, wheres) for row in self._rows(chain, key)):
                yield key

    def _rows(self, chain: Chain, key: Key) -> list[Row]:
        index, (steps, leaf, _) = self.period_index(chain[1]), chain
        if not steps or index is None or key[index] is None:
            return self.rows_of_group(leaf, key, None, ())
        return self.rows_of_group(leaf, key, self.framed(steps, key[index]), ())


class CountsNullWhereNoRowsAre(Evaluator):
    def _unfilled(self, measure: Measure, key: Key, frame: Frame, wheres: Wheres) -> Any:
        right = super()._unfilled(measure, key, frame, wheres)
        return None if right == 0 and isinstance(measure, Cumulative) else right


class AverageIsTheLast(Evaluator):
    def is_average(self, measure: Measure) -> bool:
        return False


class AverageOfTheDaysWithValues(Evaluator):
    def known(self, values: list[Any]) -> list[Any]:
        return [value for value in super().known(values) if value != 0]


class AverageTakesNullForZero(Evaluator):
    def known(self, values: list[Any]) -> list[Any]:
        return [value or 0 for value in values]


class AverageOverAllDaysOfThePeriod(Evaluator):
    def finer_windows(self, measure: Cumulative, period: Interval) -> list[Interval]:
        finer, found = finer_grain(measure), []
        start = start_of(period.start, finer) if period.start else period.end
        while start < period.end:
            found.append(self.window(measure, Interval(start, next_period(start, finer))))
            start = next_period(start, finer)
        return found


class AverageOverTheDaysThatAFilterLeaves(Evaluator):
    def finer_windows(self, measure: Cumulative, period: Interval) -> list[Interval]:
        leaf = measure.of
        right = super().finer_windows(measure, period)
        if not isinstance(leaf, Aggregate):
            return right
        bounds = self.time_filters(leaf)
        return [item for item in right if bounds.lower <= item.end - _DAY <= bounds.upper] or right


BUGS: list[type[Evaluator]] = [
    item
    for item in list(globals().values())
    if isinstance(item, type) and item.__bases__ == (Evaluator,)
]
