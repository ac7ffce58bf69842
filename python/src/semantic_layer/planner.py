"""From a question to a logical plan: which facts to aggregate, over which rows and joins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from semantic_layer.catalog import RawSource
from semantic_layer.errors import INVALID_MODEL, INVALID_QUERY, Origin, SemanticError, close_names
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.routes import Routes
from semantic_layer.models import (
    QueryDimension,
    QueryOrder,
    ResolvedPlan,
    SemanticQuery,
    SourceColumn,
)
from semantic_layer.plan.facts import FactBuilder, RowPlan, check_named
from semantic_layer.plan.filters import FilterResolver
from semantic_layer.plan.logical import (
    Aggregate,
    Dimension,
    LogicalPlan,
    Measure,
    Ordering,
    RowFilter,
    sources_read,
)
from semantic_layer.plan.measures import MeasureResolver
from semantic_layer.plan.outputs import (
    MeasureOutputs,
    best_first,
    best_groups,
    name_outputs,
    ordered_alias,
    readings,
    splits,
)
from semantic_layer.plan.report import PlanReport
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import METRIC_TIME, ColumnRef, MetricTime, Node, RankOf
from semantic_layer.times.calendar import Calendar
from semantic_layer.times.grain import check_granularity
from semantic_layer.times.types import TimeTypes
from semantic_layer.times.zone import chosen_zone

if TYPE_CHECKING:
    from semantic_layer.plan.periods import Fill


class QueryPlanner:
    """Plans queries over one model."""

    def __init__(
        self, sources: Mapping[str, RawSource], graph: JoinGraph, dialect: str = "postgres"
    ) -> None:
        self.sources = sources
        self.graph = graph
        self.dialect = dialect

    def plan(
        self,
        query: SemanticQuery,
        timezone: str | None = None,
        calendar: Calendar | None = None,
    ) -> ResolvedPlan:
        """Return the plan of a query as a report that knows the logical plan behind it.

        `timezone` is the zone when neither the query nor its sources state one.
        """
        return PlanReport(self.logical(query, timezone, calendar)).build()

    def logical(
        self,
        query: SemanticQuery,
        timezone: str | None = None,
        calendar: Calendar | None = None,
        *,
        sees_hidden: bool = False,
    ) -> LogicalPlan:
        """Resolve every name of the query and decide how it is computed.

        `calendar` says when weeks and fiscal years begin; `sees_hidden` lets hidden measures be
        named, by who checks the model.
        """
        if not query.measures and not query.dimensions:
            raise SemanticError(
                INVALID_QUERY,
                "The query has neither measures nor dimensions.",
                fix="Name at least one measure or dimension.",
            )
        compares = query.compare is not None
        if compares:
            from semantic_layer.plan.comparison import compared

            query = compared(query)
        self._check_join_path(query)
        if METRIC_TIME in self.sources:
            raise SemanticError(
                INVALID_MODEL,
                f"A source cannot be called '{METRIC_TIME}': that is the time of each measure.",
                fix="Give the source another name.",
                source=METRIC_TIME,
                path=("name",),
            )
        routes = Routes(self.graph, query.join_path)
        segments: dict[str, list[Node]] = {}
        resolver = MeasureResolver(self.graph, routes, segments)
        resolver.over_time.by_metric_time = _is_by_metric_time(query)
        resolver.query_scope.sees_hidden = sees_hidden
        named = self._read_segments(query, resolver, segments)
        dimensions = self._dimensions(query, resolver, calendar)
        measures = MeasureOutputs(resolver, dimensions).resolve(query.measures)
        dimensions, measures = name_outputs(dimensions, measures, self.dialect)
        filters = FilterResolver(resolver, measures).resolve(query.filters)
        self._check_segments_used(query, named, resolver)
        _check_ranks(dimensions, measures, filters.having)
        order = self._order(query, dimensions, measures, resolver.aggregates)
        builder = FactBuilder(
            dimensions,
            resolver.aggregates,
            filters.rows,
            routes,
            resolver.time_column,
            calendar,
            each_once=query.each_once,
        )
        # Beside each other, earlier values alone say nothing of periods that have not come yet.
        rows = builder.build(include_empty=query.include_empty, beyond=not compares)
        zone = self._zone(query, dimensions, rows, timezone)
        top = best_groups(query, dimensions, measures, order)
        _check_paths_used(routes)
        return LogicalPlan(
            graph=self.graph,
            dialect=self.dialect,
            dimensions=tuple(dimensions),
            measures=tuple(measures),
            aggregates=tuple(resolver.aggregates),
            row_filters=tuple(filters.rows),
            having=tuple(filters.having),
            having_texts=tuple(filters.having_texts),
            order=best_first(order, top, dimensions, measures) if not query.order_by else order,
            limit=query.limit,
            include_empty=query.include_empty,
            segments=tuple(named.values()),
            facts=rows.facts,
            spines=rows.spines,
            warnings=rows.warnings,
            timezone=zone,
            calendar=calendar,
            time_spine=self._time_spine(query, rows, calendar),
            periods=rows.periods,
            fill=_fill(dimensions, filters.rows, calendar) if query.fill else None,
            top=top,
        )

    def _zone(
        self,
        query: SemanticQuery,
        dimensions: list[Dimension],
        rows: RowPlan,
        connection: str | None,
    ) -> str:
        cuts = any(dimension.granularity is not None for dimension in dimensions)
        sources = sources_read(self.graph, rows.facts, rows.spines)
        return chosen_zone(query.timezone, sources, connection, self.dialect, cuts=cuts)

    def _time_spine(
        self, query: SemanticQuery, rows: RowPlan, calendar: Calendar | None
    ) -> ColumnRef | None:
        """Return the column that has the periods, for a question that needs them."""
        if calendar is None or calendar.time_spine is None:
            return None
        if not query.fill and rows.periods is None:
            return None
        from semantic_layer.plan.time_spine import spine_column

        return spine_column(self.graph, calendar.time_spine)

    def _check_join_path(self, query: SemanticQuery) -> None:
        for index, path in enumerate(query.join_path):
            origin = Origin(f"join_path {' -> '.join(path)}", path=("join_path", index))
            for position, name in enumerate(path):
                if self.graph.find_node(name, quoted=True) is None:
                    message, suggestions = self.graph.catalog.unknown_source(name)
                    raise origin.error(
                        message, fix="Use one of the names listed.", suggestions=suggestions
                    )
                if name in path[:position]:
                    raise origin.error(
                        f"it comes to '{name}' twice.",
                        fix="Name each source once; a second look at one needs a join alias.",
                    )

    def _read_segments(
        self, query: SemanticQuery, resolver: MeasureResolver, segments: dict[str, list[Node]]
    ) -> dict[str, tuple[str, str]]:
        """Add the conditions to their sources'; return source and name by what was asked."""
        named = {}
        for index, text in enumerate(dict.fromkeys(query.segments)):
            origin = Origin(f"segment '{text}'", path=("segments", index))
            if "." not in text:
                raise origin.error(
                    "a segment is written `source.segment`.",
                    suggestions=[
                        f"{owner}.{text}"
                        for owner in sorted(self.graph.catalog)
                        if any(
                            item.get("name") == text
                            for item in self.graph.catalog.declared(owner, "segments")
                        )
                    ],
                )
            source, name = named[text] = self._segment_key(text)
            if source not in self.graph.catalog:
                message, suggestions = self.graph.catalog.unknown_source(source)
                raise origin.error(
                    message, fix="Use one of the names listed.", suggestions=suggestions
                )
            segments.setdefault(source, []).append(resolver.segment(source, name, origin))
        return named

    def _segment_key(self, text: str) -> tuple[str, str]:
        """Return source and name: of a text that can be read in several ways, what there is."""
        found = [key for key in readings(text) if key[0] in self.graph.catalog]
        for source, name in found:
            if any(item.name == name for item in self.graph.catalog[source].segments):
                return source, name
        return found[0] if found else next(readings(text))

    def _check_segments_used(
        self, query: SemanticQuery, named: dict[str, tuple[str, str]], resolver: MeasureResolver
    ) -> None:
        bases = {source for item in resolver.aggregates for source in item.sources()}
        for index, text in enumerate(query.segments):
            if named[text][0] not in bases:
                raise Origin(f"segment '{text}'", path=("segments", index)).error(
                    "no measure of the query is of its source, so it restricts nothing.",
                    fix="Add a measure of that source, or write the condition as a filter.",
                )

    def _dimensions(
        self, query: SemanticQuery, resolver: MeasureResolver, calendar: Calendar | None
    ) -> list[Dimension]:
        found: dict[tuple[str, str, str | None], Dimension] = {}
        for index, item in enumerate(query.dimensions):
            wanted = QueryDimension(field=item) if isinstance(item, str) else item
            origin = Origin(f"dimension '{wanted.field}'", path=("dimensions", index))
            dimension = self._dimension(wanted, resolver, origin, calendar)
            found.setdefault((dimension.node, dimension.column, dimension.granularity), dimension)
        return list(found.values())

    def _dimension(
        self,
        wanted: QueryDimension,
        resolver: MeasureResolver,
        origin: Origin,
        calendar: Calendar | None,
    ) -> Dimension:
        if self.graph.is_metric_time(wanted.field):
            grain = wanted.granularity or "day"
            granularity = check_granularity(grain, _ANY_TIME, origin, calendar)
            time = Dimension(METRIC_TIME, METRIC_TIME, granularity, MetricTime(), _THE_TIME)
            return self._looked_up(time, calendar)
        parsed = self._dimension_column(wanted.field, origin)
        ref = resolver.query_scope.resolve_column(parsed, origin)
        declared = resolver.query_scope.declared(ref.node, ref.column)
        assert declared is not None
        granularity = check_granularity(wanted.granularity, declared, origin, calendar)
        found = Dimension(ref.node, ref.column, granularity, ref, declared.description)
        return self._looked_up(found, calendar)

    def _looked_up(self, dimension: Dimension, calendar: Calendar | None) -> Dimension:
        """Return a dimension with what a granularity of one's own is looked up in."""
        if calendar is None or calendar.time_spine is None or dimension.granularity is None:
            return dimension
        from semantic_layer.plan.time_spine import custom_grain

        return dimension.replaced(custom=custom_grain(self.graph, calendar, dimension.granularity))

    def _dimension_column(self, text: str, origin: Origin) -> exp.Column:
        # The exact name of a source needs no SQL quoting, whatever characters it has.
        found = [
            exp.Column(this=exp.Identifier(this=declared.name), table=_exactly(source))
            for source, name in splits(text)
            if self.graph.find_node(source, quoted=True) is not None
            and (declared := self.graph.catalog.column(self.graph.source_of(source), name))
        ]
        if len(found) == 1:
            return found[0]
        if not found and self.graph.catalog.sources_with_column(text):
            return exp.Column(this=exp.Identifier(this=text))
        parsed = self.graph.parser.parse(text, origin)
        if not isinstance(parsed, exp.Column) or parsed.is_star:
            raise origin.error(
                "a dimension is the name of a column, not an expression.",
                fix="Add a computed column (`expr`) to the source, and name it here.",
            )
        return parsed

    def _order(
        self,
        query: SemanticQuery,
        dimensions: list[Dimension],
        measures: list[Measure],
        aggregates: list[Aggregate],
    ) -> tuple[Ordering, ...]:
        times = self._times(dimensions, measures, aggregates)
        terms: dict[str, Ordering] = {}
        for index, item in enumerate(query.order_by):
            wanted = QueryOrder(field=item) if isinstance(item, str) else item
            origin = Origin(f"ORDER BY field '{wanted.field}'", path=("order_by", index))
            direction = wanted.direction.lower()
            if direction not in ("asc", "desc"):
                raise origin.error(
                    f"'{wanted.direction}' is not a direction. Directions: asc, desc.",
                    suggestions=close_names(wanted.direction, ("asc", "desc")),
                )
            alias = ordered_alias(wanted.field, dimensions, measures, origin)
            term = Ordering(alias, wanted.field, direction == "desc", True, alias in times)
            terms.setdefault(alias, term)
        # Dimensions tell all rows apart, so with them a limit cuts at the same place every time.
        for dimension in dimensions:
            alias = dimension.alias
            terms.setdefault(alias, Ordering(alias, dimension.field, False, False, alias in times))
        return tuple(terms.values())

    def _times(
        self, dimensions: list[Dimension], measures: list[Measure], aggregates: list[Aggregate]
    ) -> set[str]:
        """Return the outputs to order as times, whatever their texts look like.

        Of the periods of one dimension all texts look alike.
        """
        if self.dialect != "sqlite":
            return set()
        types = TimeTypes(self.graph, lambda index: aggregates[index].call)
        times = {item.alias for item in measures if types.is_time(item.tree)}
        return times | {
            item.alias
            for item in dimensions
            if item.granularity is None and types.is_time(item.tree)
        }


_ANY_TIME = SourceColumn(name=METRIC_TIME, type="time")
_THE_TIME = "When it happened: of each measure the time dimension of its own rows."


def _is_by_metric_time(query: SemanticQuery) -> bool:
    fields = [item if isinstance(item, str) else item.field for item in query.dimensions]
    return any(METRIC_TIME in text.casefold() for text in (*fields, *query.filters))


def _check_ranks(
    dimensions: Sequence[Dimension], measures: Sequence[Measure], having: Sequence[Node]
) -> None:
    """Raise for a rank by a dimension that the question has not."""
    for tree in (*(item.tree for item in measures), *having):
        for rank in tree.find_all(RankOf):
            check_named(dimensions, rank.expressions, Origin("rank"))


def _fill(
    dimensions: Sequence[Dimension], filters: Sequence[RowFilter], calendar: Calendar | None
) -> Fill:
    from semantic_layer.plan.periods import read_fill

    return read_fill(dimensions, filters, calendar)


def _check_paths_used(routes: Routes) -> None:
    for path in routes.unused_paths():
        raise Origin(f"join_path {' -> '.join(path)}", path=("join_path",)).error(
            "no route of the query follows it.",
            fix="Start it at the source of a measure, and end it at a source of the query.",
        )


def _exactly(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)
