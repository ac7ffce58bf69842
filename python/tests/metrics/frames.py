"""Which rows a cumulative or an offset measure looks at, and over which periods."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from metrics.periods import Interval, earlier, is_coarser, moved, next_period, start_of
from metrics.question import (
    METRIC_TIME,
    Aggregate,
    Cumulative,
    Measure,
    Offset,
    Question,
    Row,
    children,
    time_of,
)

if TYPE_CHECKING:
    from metrics.evaluator import Chain, Steps

_MOMENT = timedelta(microseconds=1)


class Frames(ABC):
    """The part of an evaluation that knows the calendar."""

    question: Question
    chains: list[Chain]

    @abstractmethod
    def rows(self, leaf: Aggregate, frame: Interval | None) -> Iterator[Row]:
        """Yield the rows of a source that pass the filters."""

    @abstractmethod
    def time(self, leaf: Aggregate, row: Row) -> datetime | None:
        """Return the time of a row."""

    # The period dimension

    def period_index(self, measure: Measure) -> int | None:
        """Return which dimension of the question is the period of a measure."""
        while not isinstance(measure, Aggregate):
            measure = children(measure)[0]
        for index, item in enumerate(self.question.dimensions):
            if item.field in (METRIC_TIME, time_of(measure)) and item.grain:
                return index
        return None

    def question_period(self) -> int:
        """Return which dimension of the question is a period."""
        return next(i for i, item in enumerate(self.question.dimensions) if item.grain)

    @property
    def grain(self) -> str:
        """The question's grain."""
        grain = self.question.dimensions[self.question_period()].grain
        assert grain is not None
        return grain

    # Frames

    def framed(self, steps: Steps, start: datetime) -> Interval:
        """Return the moments whose rows make the value of a period."""
        frame = Interval(start, next_period(start, self.grain))
        for step in steps:
            frame = self.frame_of(step, frame)
        return frame

    def frame_of(self, measure: Cumulative | Offset, period: Interval) -> Interval:
        """Return the moments that a measure looks at for a period."""
        assert period.start is not None
        if isinstance(measure, Offset):
            start = self.earlier_period(measure, period.start)
            return Interval(start, next_period(start, self.grain))
        return self.window(measure, period)

    def earlier_period(self, measure: Offset, start: datetime) -> datetime:
        """Return the start of the period whose value an offset shows."""
        if measure.by:
            return start_of(self.shifted(start, measure), self.grain)
        assert measure.to_grain is not None
        return start_of(start_of(start, measure.to_grain), self.grain)

    def shifted(self, start: datetime, measure: Offset) -> datetime:
        """Return the moment that lies `by` before a period's start."""
        assert measure.by is not None
        return earlier(start, measure.by)

    def window(self, measure: Cumulative, period: Interval) -> Interval:
        """Return the moments of the window that ends with a period."""
        end = self.window_end(measure, period)
        if measure.window:
            return Interval(earlier(end, measure.window), end)
        if measure.to_grain:
            return Interval(start_of(end - _MOMENT, measure.to_grain), end)
        return Interval(None, end)

    def window_end(self, measure: Cumulative, period: Interval) -> datetime:
        """Return where the window of a period ends: for `first`, with its first finer period."""
        finer = measure.window.grain if measure.window else "day"
        if measure.period == "first" and is_coarser(self.grain, finer):
            assert period.start is not None
            return next_period(start_of(period.start, finer), finer)
        return period.end

    # The range of the periods

    def periods(self) -> Iterator[datetime]:
        """Yield the periods from the first to the last of the question's facts, without gaps."""
        known = [item for chain in self.chains for item in self.ends(chain)]
        if not known:
            return
        start = min(known)
        while start <= max(known):
            yield start
            start = next_period(start, self.grain)

    def ends(self, chain: Chain) -> list[datetime]:
        """Return the first and the last period of a fact; an offset's lie `by` later."""
        steps, leaf, _ = chain
        times = [self.time(leaf, row) for row in self.rows(leaf, Interval(None, datetime.max))]
        known = [start_of(time, self.grain) for time in times if time is not None]
        if not known:
            return []
        first, last = min(known), max(known)
        for step in reversed(steps):
            if isinstance(step, Offset) and step.by:
                first, last = self.later(step, first)[0], self.later(step, last)[1]
        return [first, last]

    def later(self, step: Offset, start: datetime) -> tuple[datetime, datetime]:
        """Return the first and the last period whose earlier period is not before, not after."""
        assert step.by is not None
        about = start_of(moved(start, step.by.count, step.by.grain), self.grain)
        # A month's last days share one day of a shorter month: look a little around.
        near: list[Any] = [about]
        for _ in range(_AROUND):
            near = [
                start_of(near[0] - _MOMENT, self.grain),
                *near,
                next_period(near[-1], self.grain),
            ]
        return (
            min(item for item in near if self.earlier_period(step, item) >= start),
            max(item for item in near if self.earlier_period(step, item) <= start),
        )


_AROUND = 5
