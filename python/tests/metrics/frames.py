"""Which rows a cumulative or an offset measure looks at, and over which periods."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from metrics.periods import (
    Interval,
    earlier,
    finer_than,
    is_coarser,
    moment,
    moved,
    next_period,
    start_of,
)
from metrics.question import (
    METRIC_TIME,
    Aggregate,
    Cumulative,
    Measure,
    Offset,
    Question,
    Row,
    World,
    children,
    time_of,
)

if TYPE_CHECKING:
    from metrics.evaluator import Chain, Steps

_MOMENT = timedelta(microseconds=1)
NOTHING = Interval(datetime.min, datetime.min)
"""No moment at all."""


class Frames(ABC):
    """The part of an evaluation that knows the calendar."""

    question: Question
    world: World
    chains: list[Chain]

    @abstractmethod
    def cell(self, leaf: Aggregate, row: Row, index: int) -> Any:
        """Return a row's value of one of the question's dimensions."""

    @abstractmethod
    def column(self, leaf: Aggregate, row: Row, column: str) -> Any:
        """Return a column that a row has or looks up."""

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
            frame = self.frame_of(step, frame) if frame != NOTHING else NOTHING
        return frame

    def frame_of(self, measure: Cumulative | Offset, period: Interval) -> Interval:
        """Return the moments that a measure looks at for a period.

        What looks back without end, or as far as a longer period began, ends with the facts.
        """
        assert period.start is not None
        if isinstance(measure, Offset) and measure.by:
            return self._whole(self.earlier_period(measure, period.start))
        first, last = self.facts() or (datetime.max, datetime.min)
        if not first <= period.start <= last:
            return NOTHING
        if isinstance(measure, Offset):
            return self._whole(self.earlier_period(measure, period.start))
        return self.window(measure, period)

    def _whole(self, start: datetime) -> Interval:
        return Interval(start, next_period(start, self.grain))

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

    def is_average(self, measure: Measure) -> bool:
        """Whether a measure shows the average of its values by finer periods."""
        return (
            isinstance(measure, Cumulative)
            and measure.period == "average"
            and is_coarser(self.grain, finer_grain(measure))
        )

    def finer_windows(self, measure: Cumulative, period: Interval) -> list[Interval]:
        """Return the windows that end with the finer periods of a period, as far as facts go."""
        finer = finer_grain(measure)
        known = [time for chain in self.chains for time in self.own_times(chain[1])]
        if not known or period == NOTHING:
            return []
        start, found = start_of(min(known), finer), []
        while start <= max(known):
            if period.holds(start):
                found.append(self.window(measure, Interval(start, next_period(start, finer))))
            start = next_period(start, finer)
        return found

    def window_end(self, measure: Cumulative, period: Interval) -> datetime:
        """Return where the window of a period ends: for `first`, with its first finer period."""
        finer = finer_grain(measure)
        if measure.period == "first" and is_coarser(self.grain, finer):
            assert period.start is not None
            finer = finer_than(finer, self.grain)
            return next_period(start_of(period.start, finer), finer)
        return period.end

    # The range of the periods

    def facts(self) -> tuple[datetime, datetime] | None:
        """Return the first and the last period of the question's facts, whatever is filtered."""
        known = [item for chain in self.chains for item in self.own_periods(chain[1])]
        return (min(known), max(known)) if known else None

    def own_times(self, leaf: Aggregate) -> list[datetime]:
        """Return the times of an aggregate's rows, in the column that the question names."""
        field = self.question.dimensions[self.question_period()].field
        times = [moment(self.column(leaf, row, field)) for row in self.world.rows[leaf.source]]
        return [time for time in times if time is not None]

    def own_periods(self, leaf: Aggregate) -> list[datetime]:
        """Return the periods of an aggregate's rows, in the column that the question names."""
        index = self.question_period()
        cells = [self.cell(leaf, row, index) for row in self.world.rows[leaf.source]]
        return [cell for cell in cells if cell is not None]

    def periods(self) -> Iterator[datetime]:
        """Yield the periods of the facts without gaps, and those beyond that offsets reach."""
        facts = self.facts()
        if facts is None:
            return
        start, last = facts[0], max(self.beyond(chain[0], facts[1]) for chain in self.chains)
        while start <= last:
            yield start
            start = next_period(start, self.grain)

    def beyond(self, steps: Steps, last: datetime) -> datetime:
        """Return the last period whose value offsets take from the last of the facts."""
        for step in reversed(steps):
            if isinstance(step, Offset) and step.by:
                last = self.later(step, last)
        return last

    def later(self, step: Offset, start: datetime) -> datetime:
        """Return the last period whose earlier period is not after one."""
        assert step.by is not None
        found = start_of(moved(start, step.by.count, step.by.grain), self.grain)
        # A month's last days share one day of a shorter month.
        while self.earlier_period(step, next_period(found, self.grain)) <= start:
            found = next_period(found, self.grain)
        return found


def finer_grain(measure: Cumulative) -> str:
    """Return what the periods are that a coarser one shows the first, or the average, of."""
    return measure.window.grain if measure.window else "day"
