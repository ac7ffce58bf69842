"""The periods of a question: which dimension they are of, and which of them a filter shows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from semantic_layer.data.record import Frozen
from semantic_layer.errors import Origin, SemanticError
from semantic_layer.graph.route_search import Route
from semantic_layer.plan.frames import Frames, Shift
from semantic_layer.plan.logical import Dimension, RowFilter
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, MetricTime, Node, at_time, parts_of, same_column
from semantic_layer.times.calendar import FISCAL, PERIODS, Calendar, first_day, holds_whole
from semantic_layer.times.duration import CALENDAR, Duration
from semantic_layer.times.types import literal_of


class Bounds(Frozen):
    """The first and the last period that a filter shows, by their first days; None for no bound."""

    first: date | None = None
    last: date | None = None

    def within(self, other: Bounds) -> Bounds:
        """Return the periods that both show."""
        first = max((day for day in (self.first, other.first) if day), default=None)
        last = min((day for day in (self.last, other.last) if day), default=None)
        return Bounds(first, last)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bounds) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.first, self.last))


class PeriodRows(Frozen):
    """Rows that have periods: of a source, by a column of its or one that it looks up."""

    base: str
    time: ColumnRef
    route: Route


class PeriodPlan(Frozen):
    """The periods of one grain from the first to the last row, and `beyond` it for offsets.

    `bounds` are those that all facts have; a fact that has others keeps to its own.
    """

    grain: str
    rows: tuple[PeriodRows, ...]
    beyond: tuple[Duration, ...]
    bounds: Bounds


class Fill(Frozen):
    """That every period is shown, of the dimension at `place` and those at `coarser`.

    They run from the first of the answer to the last, or as far as a filter on the time says.
    """

    place: int
    coarser: tuple[int, ...]
    grain: str
    bounds: Bounds


def read_fill(
    dimensions: Sequence[Dimension], filters: Sequence[RowFilter], calendar: Calendar | None
) -> Fill:
    """Return which periods a question that asks for every one of them has."""
    origin = Origin("fill", path=("fill",))
    places = [index for index, item in enumerate(dimensions) if item.granularity is not None]
    if not places:
        raise origin.error(
            "there is no dimension whose periods could be missing.",
            fix="Add a time with a granularity, for example `metric_time:month`.",
        )
    first_tree = dimensions[places[0]].tree
    if not all(same_column(dimensions[place].tree, first_tree) for place in places):
        raise origin.error(
            "the question has periods of two times, and which are missing cannot be told.",
            fix="Ask by one time.",
        )
    fine = [dimensions[place].field for place in places if not _is_calendar(dimensions[place])]
    custom = [item for item in dimensions if item.custom is not None]
    if custom:
        raise origin.unsupported(
            f"periods of your own are not made: {custom[0].field}:{custom[0].granularity}.",
            fix=f"Ask without `fill`, or by one of {', '.join(CALENDAR)}.",
        )
    if fine:
        raise origin.unsupported(
            f"periods shorter than a day are not made: {fine[0]}.",
            fix=f"Use one of {', '.join(CALENDAR)}.",
        )
    first, *rest = sorted(places, key=lambda place: _rank(dimensions[place]))
    check_nested([dimensions[place] for place in (first, *rest)], calendar, origin)
    grain = dimensions[first].granularity or "day"
    bounds = _shown(dimensions[first].tree, grain, filters, calendar)
    return Fill(first, tuple(rest), grain, bounds)


def check_nested(periods: Sequence[Dimension], calendar: Calendar | None, origin: Origin) -> None:
    """Raise where fiscal periods lie across others, so that one has no place in the other.

    `periods` are of one time, the finest first.
    """
    if not any(item.granularity in FISCAL for item in periods):
        return
    finest = periods[0].granularity or "day"
    for item in periods[1:]:
        grain = item.granularity or "day"
        if not holds_whole(grain, finest, calendar):
            raise origin.unsupported(
                f"a {finest} can lie in two periods of {grain}, and which one is meant beside "
                "periods without rows cannot be told.".replace("_", " "),
                fix="Ask by one of them.",
            )


def _is_calendar(dimension: Dimension) -> bool:
    return dimension.granularity in PERIODS


def _rank(dimension: Dimension) -> int:
    return PERIODS.index(dimension.granularity or "day")


def _shown(
    time: Node, grain: str, filters: Sequence[RowFilter], calendar: Calendar | None
) -> Bounds:
    bounds = Bounds()
    for item in filters:
        if is_about(item.tree, time):
            with suppress(SemanticError):  # It restricts rows, and says of no period that it is.
                shown = read_bounds(item.tree, time, grain, item.origin, calendar)
                bounds = bounds.within(shown)
    return bounds


def periods_of(dimensions: Sequence[Dimension], time: ColumnRef) -> list[int]:
    """Return the places of the dimensions that are periods of a time, the finest first."""
    found = [
        (PERIODS.index(item.granularity), index)
        for index, item in enumerate(dimensions)
        if item.granularity in PERIODS and same_column(at_time(item.tree, time), time)
    ]
    return [index for _, index in sorted(found)]


def later(frames: Frames) -> list[Duration]:
    """Return how much later than their rows the values of an offset measure are shown."""
    return [frame.by for frame in frames if isinstance(frame, Shift) and frame.by is not None]


def is_about(tree: Node, time: Node) -> bool:
    """Whether a condition names a fact's time."""
    return any(isinstance(p, MetricTime) or same_column(p, time) for p in parts_of(tree))


def read_bounds(
    tree: Node, time: Node, grain: str, origin: Origin, calendar: Calendar | None
) -> Bounds:
    """Return the periods that a condition on a fact's time shows: those that it overlaps.

    Raises for anything but comparisons with constants, whose periods cannot be told.
    """
    node = at_time(tree, time).unnest()
    if isinstance(node, exp.Between) and same_column(node.this.unnest(), time):
        low = _compared(exp.GTE, node.args["low"], grain, calendar)
        high = _compared(exp.LTE, node.args["high"], grain, calendar)
        if low is not None and high is not None:
            return low.within(high)
    elif isinstance(node, tuple(_MIRRORED)):
        kind: type[Node] = type(node)
        left, right = node.this.unnest(), node.expression
        if same_column(right.unnest(), time):
            kind, left, right = _MIRRORED[kind], time, node.this
        found = _compared(kind, right, grain, calendar) if same_column(left, time) else None
        if found is not None:
            return found
    raise origin.error(
        "beside a cumulative or an offset measure, a condition on its time says which periods are "
        "shown, and this one does not say that.",
        fix="Compare the time with constants, by =, <, <=, >, >= or BETWEEN, each condition in a "
        "filter of its own.",
    )


_MIRRORED: dict[type[Node], type[Node]] = {
    exp.EQ: exp.EQ,
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
}


def _compared(
    kind: type[Node], constant: Node, grain: str, calendar: Calendar | None
) -> Bounds | None:
    """Return the periods with a time that compares so with a constant; None if it is none."""
    words = literal_of(constant)
    moment = _moment(words) if words is not None else None
    if moment is None:
        return None
    here = first_day(moment.date(), grain, calendar)
    if kind in (exp.GT, exp.GTE):
        return Bounds(first=here)
    if kind is exp.LT and moment == datetime.combine(moment.date(), datetime.min.time()):
        here = first_day(moment.date() - timedelta(days=1), grain, calendar)
    return Bounds(here, here) if kind is exp.EQ else Bounds(last=here)


def _moment(words: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None else None
