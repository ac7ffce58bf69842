"""A fact whose aggregates look at rows of another time than that of the group's period."""

from __future__ import annotations

from semantic_layer.plan.frames import Shift, Window
from semantic_layer.plan.logical import Dimension, Fact, LogicalPlan
from semantic_layer.sql.fact import FactSelect
from semantic_layer.sql.periods import FIRST, LAST, START, bound_conditions
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, column, conjunction, identifier
from semantic_layer.times.calendar import FISCAL, Calendar, holds_whole
from semantic_layer.times.duration import CALENDAR, Duration, moved, shifted
from semantic_layer.times.instants import COMPARED


class FramedSelect(FactSelect):
    """Joins each period with the rows that it looks at: a row may be looked at by many."""

    def __init__(self, plan: LogicalPlan, fact: Fact, tables: Tables, periods: str) -> None:
        super().__init__(plan, fact, tables)
        self._periods = periods
        grain = fact.dimensions[fact.periods[0]].granularity
        assert grain is not None
        self._grain = grain

    def dimension(self, dimension: Dimension) -> Node:
        """Return a dimension's expression; those of the time are of the period."""
        places = [self._fact.dimensions[place] for place in self._fact.periods]
        if not any(dimension is place for place in places):
            return super().dimension(dimension)
        start = column(START, self._periods)
        if dimension.granularity == self._grain or dimension.granularity is None:
            return start
        return self._cut(start, dimension.granularity)

    def rows(self, query: exp.Select) -> exp.Select:
        """Add FROM, joins, the periods that look at a row, and row filters to a SELECT."""
        super().rows(query)
        table = exp.Table(this=identifier(self._periods))
        query.append("joins", exp.Join(this=table, on=self._looked_at()))
        return query

    def _looked_at(self) -> Node:
        """Return the condition that a period looks at a row."""
        period: Node = column(START, self._periods)
        conditions = self._own_bounds()
        for frame in self._fact.frames:
            if not isinstance(frame, Shift):
                continue
            if frame.by is None:
                conditions += self._among_the_facts(period)
            period = self._earlier(period, frame)
        inner = self._fact.frames[-1]
        if isinstance(inner, Window):
            return conjunction([*self._in_window(period, inner), *conditions])
        return conjunction([exp.EQ(this=self._time(self._grain), expression=period), *conditions])

    def _own_bounds(self) -> list[Node]:
        """Return the conditions of bounds that not all facts have."""
        bounds, shared = self._fact.bounds, self._plan.periods
        if bounds is None or shared is None or shared.bounds == bounds:
            return []
        return bound_conditions(bounds, column(START, self._periods), self._plan.dialect)

    def _among_the_facts(self, period: Node) -> list[Node]:
        """Return the conditions that a period is one of those from the first row to the last."""
        return [
            exp.GTE(this=period.copy(), expression=column(FIRST, self._periods)),
            exp.LTE(this=period.copy(), expression=column(LAST, self._periods)),
        ]

    def _time(self, grain: str) -> Node:
        """Return the start of the day, week, … in which a row happened."""
        assert self._fact.time is not None
        self._rows.instants.note(self._fact.time, COMPARED)
        return self._cut(self._rows.expand(self._fact.time).unnest(), grain)

    def _cut(self, value: Node, grain: str) -> Node:
        return self._rows.instants.cut(value, grain)

    def _earlier(self, period: Node, frame: Shift) -> Node:
        """Return the start of the period that lies earlier."""
        if frame.by is None:
            assert frame.to_grain is not None
            begun = self._cut(period, frame.to_grain)
            whole = _holds_whole(frame.to_grain, self._grain, self._plan.calendar)
            return begun if whole else self._of_grain(begun)
        moved_back = self._moved(period, frame.by, back=True)
        return moved_back if _is_aligned(frame.by, self._grain) else self._of_grain(moved_back)

    def _of_grain(self, day: Node) -> Node:
        return self._cut(day, self._grain)

    def _moved(self, day: Node, by: Duration, *, back: bool = False) -> Node:
        first = _holds_whole(self._grain, "month", self._plan.calendar)
        return shifted(day, by, self._plan.dialect, back=back, first=first)

    def _in_window(self, period: Node, window: Window) -> list[Node]:
        """Return the conditions that a row is in the window that ends with a period."""
        end = self._end(period, window)
        conditions: list[Node] = [exp.LT(this=self._time("day"), expression=end)]
        if window.length is not None:
            start = shifted(end.copy(), window.length, self._plan.dialect, back=True)
            conditions.append(exp.GTE(this=self._time("day"), expression=start))
        elif window.to_grain is not None:
            last_day = moved(end.copy(), -1, "day", self._plan.dialect)
            start = self._cut(last_day, window.to_grain)
            conditions.append(exp.GTE(this=self._time("day"), expression=start))
        return conditions + self._among_the_facts(period)

    def _end(self, period: Node, window: Window) -> Node:
        """Return the day after the window's last."""
        grain = self._grain.removeprefix("fiscal_")
        if window.first and CALENDAR.index(window.grain) < CALENDAR.index(grain):
            # The first quarter of a fiscal year begins with it.
            begins = window.grain == "day" or (self._grain in FISCAL and window.grain == "quarter")
            start = period.copy() if begins else self._cut(period.copy(), window.grain)
            return shifted(start, Duration(1, window.grain), self._plan.dialect)
        return self._moved(period.copy(), Duration(1, self._grain))


def _is_aligned(by: Duration, grain: str) -> bool:
    """Whether a period's start, moved by a duration, is a period's start again."""
    if grain == "day":
        return True
    if grain == "week":
        return by.months == 0 and by.days % 7 == 0
    months = Duration(1, grain).months
    return by.days == 0 and by.months % months == 0


def _holds_whole(grain: str, other: str, calendar: Calendar | None) -> bool:
    """Whether each period of a grain begins with one of another grain."""
    if grain in FISCAL or other in FISCAL:
        return holds_whole(grain, other, calendar)
    if "week" in (grain, other):
        return grain == other or other == "day"
    return CALENDAR.index(grain) >= CALENDAR.index(other)
