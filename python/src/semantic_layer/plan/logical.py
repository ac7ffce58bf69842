"""The planner's result that the generator reads: what to compute, with every name resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from semantic_layer.data.record import Frozen
from semantic_layer.errors import Origin
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.route_search import Route
from semantic_layer.models import Provenance, SourceDefinition, Warning
from semantic_layer.syntax.tree import METRIC_TIME, ColumnRef, Node
from semantic_layer.times.calendar import Calendar

if TYPE_CHECKING:
    from semantic_layer.plan.conversions import Conversion
    from semantic_layer.plan.each_once import OnceGroups
    from semantic_layer.plan.frames import Frames
    from semantic_layer.plan.over_time import Kept, TimeColumn
    from semantic_layer.plan.periods import Bounds, Fill, PeriodPlan


class Aggregate(Frozen):
    """One aggregate over the rows of `base`, seen through `filters`.

    `frames` say at which time it looks, beside the period of its group; `time` by which column a
    row happened, where a measure says so; `kept` that only the rows at one value count. With a
    `conversion`, `call` and `argument` are over the rows of another source that are given to rows
    of `base`.

    `fraction` makes it a percentile of `argument`; `ranked` says that the dialect has no such
    aggregate, so that it is computed from row numbers.
    """

    base: str
    call: Node
    filters: tuple[Node, ...]
    origin: Origin
    is_count: bool
    argument: Node | None = None
    fraction: Node | None = None
    ranked: bool = False
    frames: Frames = ()
    time: TimeColumn | None = None
    kept: Kept | None = None
    conversion: Conversion | None = None

    @property
    def aggregated(self) -> Node:
        """What names the columns that are aggregated."""
        return self.argument if self.argument is not None else self.call

    def sources(self) -> tuple[str, ...]:
        """Return the sources whose rows decide what it is."""
        return (self.base,) if self.conversion is None else (self.base, self.conversion.source)

    def parts(self) -> list[Node]:
        """Return every expression over rows of `base`."""
        own = [self.aggregated] if self.conversion is None else []
        return [*own, *self.filters]

    def same_as(self, other: Aggregate) -> bool:
        """Whether two aggregates have the same value in every query."""
        return (
            (self.base, self.call, self.filters) == (other.base, other.call, other.filters)
            and self.argument == other.argument
            and self.fraction == other.fraction
            and (self.frames, self.time, self.kept) == (other.frames, other.time, other.kept)
            and self.conversion == other.conversion
        )


class CustomGrain(Frozen):
    """A granularity of one's own: `value` is the period of the day that `day` says."""

    name: str
    day: ColumnRef
    value: ColumnRef


class Dimension(Frozen):
    """A column to group by; `tree` is its `ColumnRef`, `shown` its name in the reply.

    One of a `custom` granularity is looked up by its day in the time spine.

    The `tree` of `metric_time` is a `MetricTime`, and in a fact the fact's own time.
    """

    node: str
    column: str
    granularity: str | None
    tree: Node
    description: str | None
    alias: str = ""
    shown: str = ""
    custom: CustomGrain | None = None

    @property
    def field(self) -> str:
        """The qualified name."""
        return self.column if self.node == METRIC_TIME else f"{self.node}.{self.column}"


class Measure(Frozen):
    """An output measure: an expression over aggregates, with what a report says of it.

    One that `is_part` was not asked for: a derived measure is made of it.
    """

    tree: Node
    name: str
    text: str
    source: str
    provenance: Provenance
    qualified: str | None = None
    filter: str | None = None
    depends_on: tuple[str, ...] = ()
    description: str | None = None
    is_derived: bool = False
    alias: str = ""
    shown: str = ""
    is_part: bool = False


class RowFilter(Frozen):
    """A condition on rows, applied to every fact that can see its columns."""

    text: str
    tree: Node
    origin: Origin


class Ordering(Frozen):
    """A term of ORDER BY: the alias of an output column, `asked` when the query named it.

    `as_time` orders by what a text of SQLite says as a time.
    """

    alias: str
    field: str
    descending: bool
    asked: bool
    as_time: bool = False


class Fact(Frozen):
    """The aggregates over one source's rows, the filters on them and the routes they need.

    `dimensions` are the question's, as this fact has them. With `frames` its aggregates look at
    rows of another time than that of the group's period, which are the dimensions at `periods`,
    the finest first, within `bounds`; `time` is when its rows happened. `kept` says which rows
    count. One that `is_total` has some of the question's dimensions only, and its values stand
    beside every group that shares these. With a `conversion` it aggregates rows of another source,
    with what these look up by `conversion_routes`. `once` holds the dimensions of which a row has
    several values, by its rows on the many side.
    """

    base: str
    aggregates: tuple[int, ...]
    filters: tuple[Node, ...]
    routes: Mapping[str, Route]
    dimensions: tuple[Dimension, ...]
    ranked: bool = False
    time: ColumnRef | None = None
    frames: Frames = ()
    periods: tuple[int, ...] = ()
    kept: Kept | None = None
    is_total: bool = False
    bounds: Bounds | None = None
    conversion: Conversion | None = None
    conversion_routes: Mapping[str, Route] = {}
    once: tuple[OnceGroups, ...] = ()

    def every_route(self) -> Iterator[Route]:
        """Yield the routes to all that is read beside its rows, those of its many sides too."""
        yield from self.routes.values()
        yield from self.conversion_routes.values()
        for groups in self.once:
            yield groups.back
            yield from groups.routes.values()

    def nodes_read(self) -> Iterator[str]:
        """Yield the nodes whose rows are read, some of them several times."""
        yield self.base
        if self.conversion is not None:
            yield self.conversion.source
        yield from (groups.source for groups in self.once)
        yield from (edge.to_source for route in self.every_route() for edge in route)


class Spine(Frozen):
    """Where dimension values without facts come from: `root`'s rows and what it looks up."""

    root: str
    dimensions: tuple[int, ...]
    filters: tuple[Node, ...]
    routes: Mapping[str, Route]


class KeyBound(Frozen):
    """The rows of a source on one side of a row by its key: before it, or behind it."""

    columns: tuple[str, ...]
    values: tuple[Node, ...]
    behind: bool


class Partner(Frozen):
    """The rows of a source that rows of another one meet: pairs of columns, theirs and its own."""

    source: str
    pairs: tuple[tuple[str, str], ...]


class Sample(Frozen):
    """Some rows of a source, read in place of all: those within a bound, or met by a partner."""

    source: str
    bounds: tuple[KeyBound, ...]
    partners: tuple[Partner, ...] = ()


class Top(Frozen):
    """How many groups are kept, the best by the output `alias`, for each value of the dimensions
    at `per`."""

    count: int
    alias: str
    smallest: bool
    per: tuple[int, ...]


class LogicalPlan(Frozen):
    """Everything the generator needs; `segments` are the query's, which the aggregates hold.

    `samples` are in place of their sources, each after those whose partner it is. `periods` are
    those of facts with frames; `fill` is set where every period is shown, to those that a filter
    names; `top` where only the best groups are; `time_spine` has the periods where a table says
    them. Nothing of a plan changes once it is there: what writing it adds is a value of its own.
    """

    graph: JoinGraph
    dialect: str
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    aggregates: tuple[Aggregate, ...]
    row_filters: tuple[RowFilter, ...]
    having: tuple[Node, ...]
    having_texts: tuple[str, ...]
    order: tuple[Ordering, ...]
    limit: int
    include_empty: bool
    segments: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    spines: tuple[Spine, ...]
    warnings: tuple[Warning, ...]
    timezone: str
    calendar: Calendar | None = None
    time_spine: ColumnRef | None = None
    samples: tuple[Sample, ...] = ()
    periods: PeriodPlan | None = None
    fill: Fill | None = None
    top: Top | None = None


def sources_read(
    graph: JoinGraph, facts: Sequence[Fact], spines: Sequence[Spine]
) -> list[SourceDefinition]:
    """Return the sources whose rows are read."""
    nodes = [node for fact in facts for node in fact.nodes_read()]
    nodes += [spine.root for spine in spines]
    routes = [route for spine in spines for route in spine.routes.values()]
    nodes += [edge.to_source for route in routes for edge in route]
    names = dict.fromkeys(graph.source_of(node) for node in nodes)
    return [graph.catalog[name] for name in names]
