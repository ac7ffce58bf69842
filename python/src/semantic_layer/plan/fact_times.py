"""When the rows of each fact happened, and what that makes of dimensions, filters and frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.graph.routes import Routes
from semantic_layer.plan.logical import Aggregate, Dimension, Fact, RowFilter
from semantic_layer.syntax.tree import ColumnRef, MetricTime, at_time, same_column
from semantic_layer.times.calendar import FISCAL, PERIODS, Calendar, check_stated
from semantic_layer.times.grain import check_granularity

if TYPE_CHECKING:
    from semantic_layer.plan.facts import FactKey
    from semantic_layer.plan.frames import Frames
    from semantic_layer.plan.over_time import ReadColumn
    from semantic_layer.plan.periods import Bounds, PeriodPlan


class FactTimes:
    """Finds the time of each fact; one that needs none has none."""

    def __init__(
        self,
        dimensions: Sequence[Dimension],
        row_filters: Sequence[RowFilter],
        routes: Routes,
        read_column: ReadColumn,
        calendar: Calendar | None,
    ) -> None:
        self._dimensions = dimensions
        self._row_filters = row_filters
        self._routes = routes
        self._read_column = read_column
        self._calendar = calendar
        trees = [*(item.tree for item in dimensions), *(item.tree for item in row_filters)]
        self._by_metric_time = any(tree.find(MetricTime) for tree in trees)
        self._bounds: dict[FactKey, Bounds] = {}

    def of(self, aggregate: Aggregate) -> ColumnRef | None:
        """Return the time column of an aggregate's rows, if the question needs one."""
        if not self._by_metric_time and not _looks_elsewhere(aggregate.frames):
            return None
        found = self._stated(aggregate)
        if found is not None:
            self._check_grains(found)
        return found

    def _check_grains(self, time: ColumnRef) -> None:
        """Raise where `metric_time` is asked for by a grain that a fact's time has not."""
        graph = self._routes.graph
        declared = graph.catalog.column(graph.source_of(time.node), time.column)
        if declared is None:
            return
        for index, item in enumerate(self._dimensions):
            if isinstance(item.tree, MetricTime):
                label = f"dimension 'metric_time', which is `{time.node}.{time.column}` here"
                origin = Origin(label, path=("dimensions", index))
                check_granularity(item.granularity or "day", declared, origin, self._calendar)

    def _stated(self, aggregate: Aggregate) -> ColumnRef | None:
        stated = aggregate.time
        if stated is not None:
            return self._read_column(stated.source, stated.text, stated.origin)
        source = self._routes.graph.catalog[aggregate.base]
        if source.time_dimension is None:
            named = self._only_periods()
            if named is None and (self._by_metric_time or not _is_ever(aggregate.frames)):
                raise self._timeless(aggregate)
            return named
        place = Origin(f"source '{source.name}'", source.name, ("default_time_dimension",))
        return self._read_column(source.name, source.time_dimension, place)

    def _only_periods(self) -> ColumnRef | None:
        """Return the column whose periods the question names, if it is one: the time is said."""
        trees = [item.tree for item in self._dimensions if item.granularity in PERIODS]
        first = trees[0] if trees else None
        if not isinstance(first, ColumnRef):
            return None
        return first if all(same_column(tree, first) for tree in trees) else None

    def _timeless(self, aggregate: Aggregate) -> SemanticError:
        base = aggregate.base
        what = "a measure over time" if aggregate.frames else "`metric_time`"
        return aggregate.origin.error(
            f"{what} needs to know when a row of '{base}' happened, and '{base}' does not say it.",
            fix=f"Add `default_time_dimension: <a time column>` to the source '{base}', or "
            "`time_dimension: <a time column>` to the measure.",
        )

    def frames_of(self, aggregate: Aggregate, time: ColumnRef | None) -> Frames:
        """Return what an aggregate looks at; without periods, since ever is everything."""
        for grain in _grains(aggregate.frames):
            if grain in FISCAL:
                check_stated(grain, self._calendar, aggregate.origin)
        if not _looks_elsewhere(aggregate.frames):
            return aggregate.frames
        self._check_custom(aggregate, time)
        if time is not None and self.places(time):
            from semantic_layer.plan.frames import at_grain

            return at_grain(aggregate.frames, self._grain(time), aggregate.origin)
        if _is_ever(aggregate.frames) and (time is None or not self._is_shown(time)):
            return aggregate.frames[:-1]
        assert time is not None
        shown = f"{time.node}.{time.column}"
        raise aggregate.origin.error(
            "it looks at another time than that of its group, and the question has no periods.",
            fix=f"Add the dimension `metric_time:month`, or `{shown}:month` (day, week, month, "
            "quarter or year).",
            suggestions=["metric_time:month", f"{shown}:month"],
        )

    def _check_custom(self, aggregate: Aggregate, time: ColumnRef | None) -> None:
        """Raise where a fact's time is shown by a granularity of one's own: nobody knows what such
        a period is long, or which one lies before it."""
        if time is None:
            return
        for item in self._dimensions:
            if item.custom is not None and same_column(at_time(item.tree, time), time):
                raise aggregate.origin.unsupported(
                    f"it looks at another time, and '{item.custom.name}' is a period of your own, "
                    "of which ktx knows neither length nor order.",
                    fix="Ask for it by day, week, month, quarter or year.",
                )

    def _is_shown(self, time: ColumnRef) -> bool:
        """Whether the question groups by a time in another way than by days or longer periods."""
        return any(same_column(at_time(item.tree, time), time) for item in self._dimensions)

    def places(self, time: ColumnRef | None) -> tuple[int, ...]:
        """Return the places of the dimensions that are periods of a time, the finest first."""
        if time is None:
            return ()
        from semantic_layer.plan.periods import periods_of

        return tuple(periods_of(self._dimensions, time))

    def places_in(self, dimensions: Sequence[Dimension], key: FactKey) -> tuple[int, ...]:
        """Return the places of a fact's periods among its own dimensions."""
        from semantic_layer.plan.periods import check_nested, periods_of

        found = periods_of(dimensions, key.time) if key.time is not None else []
        if not found:
            raise Origin("total").error(
                "a measure over time has a value in each period, and none for all of them.",
                fix="Name the time in it: `total(…, metric_time)`.",
            )
        periods = [dimensions[place] for place in found]
        check_nested(periods, self._calendar, Origin("measures over time"))
        return tuple(found)

    def of_rows(self, filters: Sequence[RowFilter], key: FactKey) -> list[RowFilter]:
        """Return the filters that restrict rows; those on the time of frames show periods."""
        if not _looks_elsewhere(key.frames) or key.time is None:
            return list(filters)
        from semantic_layer.plan.periods import Bounds, is_about, read_bounds

        grain = self._grain(key.time)
        bounds = Bounds()
        rows = []
        for item in filters:
            if is_about(item.tree, key.time):
                shown = read_bounds(item.tree, key.time, grain, item.origin, self._calendar)
                bounds = bounds.within(shown)
            else:
                rows.append(item)
        self._bounds[key] = bounds
        return rows

    def bounds(self, key: FactKey) -> Bounds | None:
        """Return the periods that filters on its time show of a fact with frames."""
        return self._bounds.get(key)

    def _grain(self, time: ColumnRef) -> str:
        grain = self._dimensions[self.places(time)[0]].granularity
        assert grain is not None
        return grain

    def periods(self, facts: Sequence[Fact], *, beyond: bool) -> PeriodPlan | None:
        """Return the periods of the facts with frames, or None if there is none."""
        framed = [fact for fact in facts if fact.frames]
        if not framed:
            return None
        from semantic_layer.plan.periods import Bounds, PeriodPlan, PeriodRows, later

        shown = {fact.dimensions[fact.periods[0]].alias for fact in framed}
        if len(shown) > 1:
            raise Origin("question").error(
                "its measures over time are by periods of different columns.",
                fix="Ask for them by `metric_time`, which is each measure's own time.",
            )
        grain = framed[0].dimensions[framed[0].periods[0]].granularity
        assert grain is not None
        rows: dict[tuple[str, ColumnRef], PeriodRows] = {}
        for fact in facts:
            for item in fact.dimensions:
                time = item.tree
                if item.alias not in shown or not isinstance(time, ColumnRef):
                    continue
                if fact.time is None or same_column(fact.time, time):
                    found = PeriodRows(fact.base, time, fact.routes.get(time.node, []))
                    rows.setdefault((fact.base, time), found)
        durations = [item for fact in framed for item in later(fact.frames)] if beyond else []
        bounds = {fact.bounds or Bounds() for fact in framed}
        shared = bounds.pop() if len(bounds) == 1 else Bounds()
        return PeriodPlan(grain, tuple(rows.values()), tuple(durations), shared)


def _is_ever(frames: Frames) -> bool:
    """Whether frames are a window without a bound, which without periods holds everything."""
    return not any(frame.needs_period for frame in frames)


def _grains(frames: Frames) -> list[str | None]:
    """Return the grains since whose start frames look."""
    return [getattr(frame, "to_grain", None) for frame in frames]


def _looks_elsewhere(frames: Frames) -> bool:
    """Whether frames are about time at all: a total of groups is not."""
    return bool(frames) and not frames[-1].is_total
