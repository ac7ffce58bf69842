"""Conversions: the rows of one source that follow from rows of another, its base.

Each is given to one row of the base: the latest before it, of the same entity, within a window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from semantic_layer.data.record import Frozen
from semantic_layer.errors import Origin, SemanticError, close_names
from semantic_layer.measure_definition import ColumnPair, ConversionDefinition, MeasureDefinition
from semantic_layer.plan.logical import Aggregate
from semantic_layer.syntax.aggregates import columns_outside_aggregates
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.many_rows import any_of
from semantic_layer.syntax.measure_calls import is_measure_call
from semantic_layer.syntax.tree import AggregateRef, ColumnRef, Node, parts_of
from semantic_layer.syntax.verbatim import written
from semantic_layer.times.duration import Duration, read_duration

if TYPE_CHECKING:
    from semantic_layer.plan.measures import MeasureKey, MeasureResolver
    from semantic_layer.plan.scope import Scope


class Conversion(Frozen):
    """To which base row each row of `source` is given.

    `pairs` are the columns that are equal, of the base and of `source`: the entity, then what is
    constant. Only rows that pass the filters take part.
    """

    source: str
    pairs: tuple[tuple[ColumnRef, ColumnRef], ...]
    base_time: ColumnRef
    time: ColumnRef
    window: Duration | None
    base_filters: tuple[Node, ...]
    filters: tuple[Node, ...]

    def of_base(self) -> list[Node]:
        """Return the expressions over base rows."""
        return [*(pair[0] for pair in self.pairs), self.base_time, *self.base_filters]

    def of_source(self) -> list[Node]:
        """Return the expressions over the rows that are given."""
        return [*(pair[1] for pair in self.pairs), self.time, *self.filters]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Conversion) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))


class _Input(NamedTuple):
    """A measure that a conversion is made of: one aggregate over the rows of its source."""

    source: str
    measure: MeasureDefinition
    aggregate: Aggregate
    time: ColumnRef
    origin: Origin


class ConversionMeasure:
    """Resolves one measure that is a conversion, for the resolver of the measures around it."""

    def __init__(
        self, resolver: MeasureResolver, measure: MeasureDefinition, scope: Scope, origin: Origin
    ) -> None:
        assert measure.conversion is not None
        assert origin.source is not None
        self._resolver = resolver
        self._graph = resolver.graph
        self._measure = measure
        self._scope = scope
        self._stated: ConversionDefinition = measure.conversion
        self._source = origin.source
        self._origin = origin

    def resolved(self, filters: Sequence[Node]) -> tuple[Node, str]:
        """Return the measure over aggregates, and the source of the base; `filters` come from
        measures built on it."""
        self._check_frames()
        base, conversion = self._input("base"), self._input("conversion")
        own = [*filters, *self._own_filters(base.source)]
        given = self._conversion(base, conversion, own)
        with self._resolver.over_time.of(base.source, base.measure, base.origin):
            tree: Node = self._resolver.registered(self._aggregate(base, conversion, given))
        if self._stated.calculate == "rate":
            of_base = self._resolver.predefined(base.source, base.measure.name, own).tree
            tree = exp.Div(this=tree, expression=of_base)
            tree = self._resolver.with_safe_division(tree, self._origin)
        return tree, base.source

    def _own_filters(self, base: str) -> list[Node]:
        """Return the conditions of the measure itself, which are on base rows."""
        # A metric has no rows: its filter says whose columns it names.
        scope = self._scope if self._scope.needs_source else self._resolver.model_scope(base)
        return self._resolver.own_filters(base, self._measure, scope, self._origin)

    def _check_frames(self) -> None:
        if any(not frame.is_total for frame in self._resolver.over_time.frames):
            raise self._origin.unsupported(
                "a conversion is of the base rows of a group, and not of another time.",
                fix="Ask for it by `metric_time` and compare the rows of the answer.",
            )

    def _conversion(
        self, base: _Input, conversion: _Input, own_filters: Sequence[Node]
    ) -> Conversion:
        stated = self._stated
        places: list[tuple[str | ColumnPair, tuple[str | int, ...]]] = [
            (stated.entity, ("entity",)),
            *((item, ("constant", place)) for place, item in enumerate(stated.constant)),
        ]
        segments = self._resolver.query_segments.get(conversion.source, [])
        window = None
        if stated.window is not None:
            window = read_duration(stated.window, self._place("window"))
        return Conversion(
            source=conversion.source,
            pairs=tuple(self._pair(base, conversion, *item) for item in places),
            base_time=base.time,
            time=conversion.time,
            window=window,
            base_filters=(*own_filters, *base.aggregate.filters),
            filters=(*conversion.aggregate.filters, *segments),
        )

    def _aggregate(self, base: _Input, conversion: _Input, given: Conversion) -> Aggregate:
        over_time = self._resolver.over_time
        return conversion.aggregate.replaced(
            base=base.source,
            filters=tuple(self._resolver.query_segments.get(base.source, [])),
            origin=over_time.asked_by or self._origin,
            frames=over_time.frames,
            time=over_time.time,
            conversion=given,
        )

    def _place(self, *path: str | int) -> Origin:
        return Origin(self._origin.label, self._source, (*self._origin.path, "conversion", *path))

    def _pair(
        self,
        base: _Input,
        conversion: _Input,
        named: str | ColumnPair,
        path: tuple[str | int, ...],
    ) -> tuple[ColumnRef, ColumnRef]:
        ours = theirs = self._place(*path)
        names = (named, named)
        if not isinstance(named, str):
            names = (named.base, named.conversion)
            ours, theirs = self._place(*path, "base"), self._place(*path, "conversion")
        pair = (
            self._resolver.time_column(base.source, str(names[0]), ours),
            self._resolver.time_column(conversion.source, str(names[1]), theirs),
        )
        self._check_types(*pair, self._place(*path))
        return pair

    def _check_types(self, ours: ColumnRef, theirs: ColumnRef, origin: Origin) -> None:
        types = [self._graph.type_of(ref) for ref in (ours, theirs)]
        if "time" in types:
            raise origin.unsupported(
                f"`{ours.column}` is a time, by which no rows are told to belong together.",
                fix="Name a column that identifies what both rows are about.",
            )
        if None not in types and types[0] != types[1]:
            shown = [f"`{ref.node}.{ref.column}`" for ref in (ours, theirs)]
            raise origin.error(
                f"{shown[0]} is a {types[0]} and {shown[1]} is a {types[1]}, so they are never "
                "surely equal.",
                fix="Add a computed column (`expr`) of the other type, and name it here: "
                "`{ base: …, conversion: … }`.",
            )

    def _input(self, role: str) -> _Input:
        """Return the measure that the key `base` or `conversion` names."""
        text = str(getattr(self._stated, role))
        origin = self._place(role)
        source, name = self._key(text, origin)
        measure = self._graph.catalog.measure(source, name)
        assert measure is not None
        self._check_plain(measure, text, origin)
        aggregate = self._only_aggregate(source, name, text, origin)
        time = self._time(source, measure, text, origin)
        index = [item.name for item in self._graph.catalog[source].measures].index(measure.name)
        place = Origin(f"measure '{name}' of source '{source}'", source, ("measures", index))
        return _Input(source, measure, aggregate, time, place)

    def _key(self, text: str, origin: Origin) -> MeasureKey:
        tree = self._graph.parser.parse(text, origin)
        found = None
        if isinstance(tree, exp.Column):
            found = self._resolver.find_measure(tree, self._scope, origin)
        if found is None:
            named = [f"{name}.{text}" for name in self._graph.catalog.sources_with_measure(text)]
            raise origin.error(
                f"`{text}` is not the name of a measure.",
                fix="Name a measure of this source, or write `source.measure`.",
                suggestions=named or close_names(text, self._measures()),
            )
        if found[0] not in self._graph.catalog:
            raise self._not_plain(text, origin)
        return found

    def _measures(self) -> Iterator[str]:
        for source in self._graph.catalog:
            for item in self._graph.catalog[source].measures:
                yield f"{source}.{item.name}"

    def _check_plain(self, measure: MeasureDefinition, text: str, origin: Origin) -> None:
        """Raise unless a measure is an aggregate by itself; looks at its text alone, so that
        measures which are made of each other are no circle here."""
        if not measure.expr or measure.non_additive is not None:
            raise self._not_plain(text, origin)
        tree = self._graph.parser.parse(measure.expr, origin)
        calls = any(map(is_measure_call, parts_of(tree)))
        if calls or any(True for _ in columns_outside_aggregates(tree)):
            raise self._not_plain(text, origin)

    def _only_aggregate(self, source: str, name: str, text: str, origin: Origin) -> Aggregate:
        # Another one: what it finds is not aggregated by itself, nor in segments of the question.
        inner = type(self._resolver)(self._graph, self._resolver.routes, {})
        tree = inner.predefined(source, name).tree
        if not isinstance(tree, AggregateRef):
            raise self._not_plain(text, origin)
        aggregate = inner.aggregates[tree.position]
        if any(True for _ in any_of(aggregate.aggregated)):
            raise origin.unsupported(
                f"`{text}` asks for rows of the many side inside of its aggregate.",
                fix="Write that as the measure's `filter`.",
            )
        return aggregate

    def _not_plain(self, text: str, origin: Origin) -> SemanticError:
        return origin.unsupported(
            f"a conversion is of two plain measures, and `{text}` is not one aggregate over the "
            "rows of its source.",
            fix="Name a measure like `count(*)` or `sum(amount)`, with a filter where needed; what "
            "is made of measures, over time, or filled, can be made of the conversion instead.",
        )

    def _time(
        self, source: str, measure: MeasureDefinition, text: str, origin: Origin
    ) -> ColumnRef:
        stated = measure.time_dimension or self._graph.catalog[source].time_dimension
        if stated is None:
            raise origin.error(
                f"a conversion needs to know when a row of '{source}' happened, and "
                f"neither '{source}' nor `{text}` says it.",
                fix=f"Add `default_time_dimension: <a time column>` to the source '{source}', or "
                "`time_dimension: <a time column>` to the measure.",
            )
        found = self._resolver.time_column(source, stated, origin)
        if self._graph.type_of(found) not in ("time", None):
            shown = written(exp.column(found.column, found.node), self._graph.parser.dialect)
            raise origin.error(
                f"the rows of '{source}' are dated by `{shown}`, which is not declared as a time.",
                fix="Declare the column with `type: time`, and `storage` where it is kept in "
                "another way.",
            )
        return found
