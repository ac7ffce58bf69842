"""Turning measures into expressions over aggregates.

Every measure becomes a tree whose leaves are `AggregateRef`s; a measure that names others holds
their trees, so that precedence is the tree's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from semantic_layer.data.record import Record
from semantic_layer.errors import Origin, close_names
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.routes import Routes
from semantic_layer.measure_definition import MeasureDefinition
from semantic_layer.metric_definition import METRICS
from semantic_layer.plan.bases import BaseSources
from semantic_layer.plan.logical import Aggregate
from semantic_layer.plan.measure_calls import MeasureCalls
from semantic_layer.plan.over_time import OverTime, with_fill
from semantic_layer.plan.question_names import OWN
from semantic_layer.plan.scope import ModelScope, QueryScope, Scope
from semantic_layer.syntax.aggregates import AggregateCall, is_aggregate, is_count, recognise
from semantic_layer.syntax.division import with_safe_division
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.limits import check_limits
from semantic_layer.syntax.many_rows import asked, readable
from semantic_layer.syntax.measure_calls import refuse_measure_calls
from semantic_layer.syntax.percentile import needs_ranking
from semantic_layer.syntax.tree import (
    AggregateRef,
    ColumnRef,
    MetricTime,
    Node,
    parts_of,
    refs,
    rewrite,
    wrap,
)
from semantic_layer.syntax.verbatim import written
from semantic_layer.times.rules import TimeRules
from semantic_layer.times.types import TimeTypes

if TYPE_CHECKING:
    from semantic_layer.plan.metrics import MetricResolver

MeasureKey = tuple[str, str]

_LARGEST = 5000
"""How many nodes a measure may have when the measures that it names are written out."""


class Resolved(Record):
    """An expression over aggregates, and the predefined measures it names directly."""

    tree: Node
    depends_on: list[MeasureKey] = []
    bases: set[str] = set()

    def again(self) -> Resolved:
        """Return the same for another place, with a tree of its own."""
        return Resolved(self.tree.copy(), list(self.depends_on), set(self.bases))


class MeasureResolver:
    """Resolves the measures of one query, collecting the aggregates they need."""

    def __init__(self, graph: JoinGraph, routes: Routes, segments: dict[str, list[Node]]) -> None:
        self.graph = graph
        self.routes = routes
        self.catalog = graph.catalog
        self.aggregates: list[Aggregate] = []
        self.query_scope = QueryScope(graph)
        self.bases = BaseSources(graph, routes)
        self.query_segments = segments
        self._stack: list[MeasureKey] = []
        self._known: dict[MeasureKey, Resolved] = {}
        self._scopes: dict[str, ModelScope] = {}
        types = TimeTypes(graph, lambda index: self.aggregates[index].call)
        self._times = TimeRules(types, graph.parser.dialect)
        self.over_time = OverTime(self.time_column)
        self.calls = MeasureCalls(self)

    def predefined(self, source: str, name: str, outer_filters: Sequence[Node] = ()) -> Resolved:
        """Resolve a measure of the model; `outer_filters` come from measures built on it."""
        if source == OWN:
            return self._named_by_question(name)
        if source not in self.catalog:
            return self.metrics.resolved(source, name, outer_filters)
        index, measure = self.catalog.measure_at(source, name)
        origin = Origin(f"measure '{name}' of source '{source}'", source, ("measures", index))
        scope = self.model_scope(source)
        return self.defined((source, name), measure, scope, origin, outer_filters)

    def defined(
        self,
        key: MeasureKey,
        measure: MeasureDefinition,
        scope: Scope,
        origin: Origin,
        outer_filters: Sequence[Node],
    ) -> Resolved:
        """Resolve a measure or a metric from what the model says of it."""
        source, name = key
        if key in self._stack:
            raise origin.error(
                f"Circular dependency detected: {name} "
                f"({' -> '.join(part for _, part in [*self._stack, key])}).",
                fix="Define one of them by an aggregate.",
            )
        is_plain = not outer_filters and self.over_time.is_plain
        if is_plain and key in self._known:
            return self._known[key].again()
        self._stack.append(key)
        try:
            with self.over_time.of(source, measure, origin):
                resolved = self._of_model(source, measure, scope, origin, outer_filters)
        finally:
            self._stack.pop()
        if measure.non_additive is not None and resolved.depends_on:
            raise origin.error(
                "`non_additive` is of a measure that aggregates, and this one is made of others.",
                fix="Say it on the measures that it is made of.",
            )
        resolved.tree = with_fill(resolved.tree, measure.fill_nulls_with)
        return self._remembered(key, resolved, origin) if is_plain else resolved

    def _of_model(
        self,
        source: str,
        measure: MeasureDefinition,
        scope: Scope,
        origin: Origin,
        outer_filters: Sequence[Node],
    ) -> Resolved:
        if measure.conversion is not None:
            return Resolved(*self.calls.conversion(measure, scope, origin, outer_filters))
        own = self.own_filters(source, measure, scope, origin)
        place = Origin(origin.label, source, (*origin.path, measure.kind))
        resolved = self.lower(measure.text, scope, place, [*outer_filters, *own])
        if own and scope.needs_source:
            label, path = f"filter of {origin.label}", (*origin.path, "filter")
            self.bases.check_seen(own, resolved.bases, Origin(label, source, path))
        return resolved

    def _remembered(self, key: MeasureKey, resolved: Resolved, origin: Origin) -> Resolved:
        """Keep what a measure is, so that one that many are made of is resolved once."""
        if len(parts_of(resolved.tree)) > _LARGEST:
            raise origin.error(
                "it is made of measures that are made of measures, and grows too large.",
                fix="Compute a part of it in an `sql` source.",
            )
        self._known[key] = resolved
        return resolved.again()

    def _named_by_question(self, name: str) -> Resolved:
        """Resolve a measure that the question names."""
        scope = self.query_scope
        given, text, origin = scope.names.get(name)
        key, before = (OWN, given), scope.being_read
        if key in self._stack:
            circle = [part for _, part in [*self._stack[self._stack.index(key) :], key]]
            raise origin.error(
                f"the measures of the question are defined by each other: {' -> '.join(circle)}.",
                fix="Define one of them by an aggregate; a measure of the model that has such a "
                "name is written with its source.",
                suggestions=[".".join(found) for found in scope.measures_named(given)],
            )
        if key in self._known and self.over_time.is_plain:
            return self._known[key].again()
        self._stack.append(key)
        scope.being_read = {given.casefold()}
        try:
            resolved = self.lower(text, scope, origin)
        finally:
            scope.being_read = before
            self._stack.pop()
        return self._remembered(key, resolved, origin) if self.over_time.is_plain else resolved

    @cached_property
    def metrics(self) -> MetricResolver:
        """What resolves metrics."""
        from semantic_layer.plan.metrics import MetricResolver

        return MetricResolver(self)

    def model_scope(self, source: str) -> ModelScope:
        """Return the scope of a source's own text."""
        if source not in self._scopes:
            self._scopes[source] = ModelScope(self.graph, source)
        return self._scopes[source]

    def own_filters(
        self, source: str, measure: MeasureDefinition, scope: Scope, origin: Origin
    ) -> list[Node]:
        """Return the conditions that a measure states itself on rows of a source."""
        filters = []
        if measure.filter:
            place = Origin(f"filter of {origin.label}", origin.source, (*origin.path, "filter"))
            filters.append(self.condition(measure.filter, scope, place))
        for position, segment in enumerate(measure.segments):
            place = Origin(origin.label, origin.source, (*origin.path, "segments", position))
            filters.append(self.segment(source, segment, place))
        return filters

    def segment(self, source: str, name: str, origin: Origin) -> Node:
        """Return the condition of a source's segment."""
        segments = self.catalog[source].segments
        for index, segment in enumerate(segments):
            if segment.name == name:
                label = f"segment '{name}' of source '{source}'"
                place = Origin(label, source, ("segments", index, "expr"))
                return self.condition(segment.expr, self.model_scope(source), place)
        known = [segment.name for segment in segments]
        raise origin.error(
            f"source '{source}' has no segment '{name}'. Segments: {', '.join(known) or 'none'}.",
            fix="Define the segment, or use one of those listed.",
            suggestions=close_names(name, known),
        )

    def condition(self, text: str, scope: Scope, origin: Origin) -> Node:
        """Return a row condition with its columns resolved."""
        tree = self.graph.parser.parse(readable(text, self.graph.parser.dialect), origin)
        if any(is_aggregate(node) for node in parts_of(tree)):
            raise origin.error(
                f"an aggregate is not allowed in a condition on rows: `{text}`.",
                fix="Filter on the measure in the query instead.",
            )
        return self.columns_only(tree, scope, origin)

    def columns_only(self, tree: Node, scope: Scope, origin: Origin) -> Node:
        """Resolve every name of a row-level expression to a column."""
        check_limits(tree, self.graph.parser.dialect, origin)
        refuse_measure_calls(tree, self.graph.parser.dialect, origin)
        if tree.find(exp.Window):
            raise origin.error("a window function is not allowed here.")

        def step(part: Node) -> Node | None:
            if isinstance(part, exp.Column):
                return scope.resolve(part, origin)
            found = asked(part)
            return self.calls.any_of(found, scope, origin) if found is not None else None

        resolved = rewrite(tree, step)
        self._times.check(resolved, origin)
        return self.with_safe_division(resolved, origin)

    def lower(
        self, text: str, scope: Scope, origin: Origin, filters: Sequence[Node] = ()
    ) -> Resolved:
        """Turn an expression into a tree over aggregates."""
        return self.lower_tree(self.graph.parser.parse(text, origin), scope, origin, filters)

    def lower_tree(
        self, tree: Node, scope: Scope, origin: Origin, filters: Sequence[Node] = ()
    ) -> Resolved:
        """Turn a parsed expression into a tree over aggregates."""
        check_limits(tree, self.graph.parser.dialect, origin)
        if tree.find(exp.Window):
            raise origin.error(
                "a window function (OVER) is not allowed in a measure.",
                fix="Compute it in an `sql` source, and aggregate its result.",
            )
        resolved = Resolved(tree)
        tree = self.calls.resolved(tree, scope, origin, filters, resolved)
        calls = self._calls(tree, scope, origin)
        base_of_row_counts = self.bases.of_row_counts(calls.values(), scope)

        def step(part: Node) -> Node | None:
            if id(part) in calls:
                call = calls[id(part)]
                base = self.bases.of(call, scope, origin) or base_of_row_counts(origin)
                self.bases.check_own_rows(call, base, origin)
                resolved.bases.add(base)
                return self._aggregate(call, base, filters, scope, origin)
            if isinstance(part, exp.Column):
                return self._measure_ref(part, scope, origin, filters, resolved)
            return None

        resolved.tree = rewrite(tree, step)
        # Of aggregates as well: `max(a) - min(b)` may be of times.
        self._times.check(resolved.tree, origin)
        resolved.tree = self.with_safe_division(resolved.tree, origin)
        return resolved

    def _check_number(self, argument: Node, origin: Origin) -> None:
        """Raise when a percentile is asked of a text, which some databases would order as one."""
        if isinstance(argument, ColumnRef) and self.graph.type_of(argument) == "string":
            raise origin.error(
                f"a percentile is of numbers, and '{argument.column}' is declared as a string.",
                fix="Declare the column as a number, or take min, max or count_distinct of it.",
            )

    def with_safe_division(self, tree: Node, origin: Origin) -> Node:
        """Return an expression whose divisions are real, and NULL by zero."""
        return with_safe_division(tree, self.graph.parser.dialect, origin, self._is_number)

    def _is_number(self, part: Node) -> bool:
        """Whether a column, or an aggregate, is a number by what the model declares."""
        if isinstance(part, ColumnRef):
            return self.graph.type_of(part) == "number"
        aggregate = self.aggregates[part.position] if isinstance(part, AggregateRef) else None
        if aggregate is None or aggregate.is_count:
            return True
        call = aggregate.argument if aggregate.argument is not None else aggregate.call
        return all(map(self._is_number, refs(call)))

    def _calls(self, tree: Node, scope: Scope, origin: Origin) -> dict[int, AggregateCall]:
        """Return the outermost aggregate calls with their columns resolved, by node."""
        calls: dict[int, AggregateCall] = {}

        def visit(part: Node) -> Node | None:
            if not is_aggregate(part):
                return None
            found = recognise(part, origin)
            calls[id(part)] = self._resolve_call(found, scope, origin)
            return part

        rewrite(tree, visit)
        return calls

    def _resolve_call(self, found: AggregateCall, scope: Scope, origin: Origin) -> AggregateCall:
        resolved = self._resolved_call(found, scope, origin)
        parts = (resolved.call, resolved.condition, resolved.argument)
        if any(part is not None and part.find(MetricTime) for part in parts):
            raise origin.error(
                "`metric_time` is a dimension, of each measure another column.",
                fix="Aggregate the time column itself.",
            )
        return resolved

    def _resolved_call(self, found: AggregateCall, scope: Scope, origin: Origin) -> AggregateCall:
        condition = found.condition
        if condition is not None:
            condition = self.columns_only(condition, scope, origin)
        if found.argument is not None:
            argument = self.columns_only(found.argument, scope, origin)
            self._times.check_aggregate(found.call, argument, origin)
            self._check_number(argument, origin)
            return AggregateCall(found.call, condition, argument, found.fraction)
        call = found.call
        if not found.is_row_count:
            call = self.columns_only(call, scope, origin)
            self._times.check_aggregate(call, None, origin)
        return AggregateCall(call, condition)

    def _aggregate(
        self,
        call: AggregateCall,
        base: str,
        filters: Sequence[Node],
        scope: Scope,
        origin: Origin,
    ) -> AggregateRef:
        own = [call.condition] if call.condition is not None else []
        conditions = [*filters, *own, *self.query_segments.get(base, [])]
        tree = exp.Count(this=exp.Star(), big_int=True) if call.is_row_count else call.call
        aggregate = Aggregate(
            base,
            tree,
            tuple(dict.fromkeys(conditions)),
            self.over_time.asked_by or origin,
            is_count(tree),
            call.argument,
            call.fraction,
            call.fraction is not None and needs_ranking(self.graph.parser.dialect),
            frames=self.over_time.frames,
            time=self.over_time.time,
            kept=self.over_time.kept,
        )
        return self.registered(aggregate)

    def registered(self, aggregate: Aggregate) -> AggregateRef:
        """Return the reference to an aggregate, which is computed once however often named."""
        for index, known in enumerate(self.aggregates):
            if known.same_as(aggregate):
                return AggregateRef(index=index)
        self.aggregates.append(aggregate)
        return AggregateRef(index=len(self.aggregates) - 1)

    def time_column(self, source: str, text: str, origin: Origin) -> ColumnRef:
        """Return the column that a text of a source names."""
        tree = self.columns_only(
            self.graph.parser.parse(text, origin), self.model_scope(source), origin
        )
        if isinstance(tree, ColumnRef):
            return tree
        raise origin.error(
            f"`{text}` is not the name of a column.",
            fix="Name a column of the source, or one that it looks up: `source.column`.",
        )

    def _measure_ref(
        self,
        part: exp.Column,
        scope: Scope,
        origin: Origin,
        filters: Sequence[Node],
        resolved: Resolved,
    ) -> Node:
        key = self.find_measure(part, scope, origin)
        if key is None:
            scope.resolve(part, origin)  # an unknown or hidden name has its own error
            raise origin.error(
                f"column '{written(part)}' stands outside an aggregate.",
                fix=f"Aggregate it, for example `sum({written(part)})`.",
            )
        inner = self.predefined(*key, outer_filters=filters)
        # What an input of a metric stands for has a name; the input has none in a question.
        has_name = key[0] == OWN or self.catalog.owns(key[0])
        for named in [key] if has_name else inner.depends_on:
            if named not in resolved.depends_on:
                resolved.depends_on.append(named)
        resolved.bases |= inner.bases
        return wrap(inner.tree)

    def find_measure(self, part: exp.Column, scope: Scope, origin: Origin) -> MeasureKey | None:
        """Return the measure that a name means outside an aggregate, or None."""
        if part.args.get("table") is not None:
            source = self._owner(part, scope, origin)
        elif isinstance(scope, ModelScope):
            source = scope.source
        else:
            by_name = scope if isinstance(scope, QueryScope) else self.query_scope
            return by_name.measure(part.name, origin)
        found = self.catalog.measure(source, part.name) if self.catalog.owns(source) else None
        if found is not None and scope is self.query_scope:
            self.query_scope.check_measure(source, found.name, origin)
        return (source, found.name) if found is not None else None

    def _owner(self, part: exp.Column, scope: Scope, origin: Origin) -> str:
        """Return the source before a name, or `metrics` before one of theirs."""
        may_be_metric = len(part.parts) == 2 and part.table.casefold() == METRICS
        if may_be_metric and self.catalog.owns(METRICS):
            return (
                METRICS
                if self.catalog.measure(METRICS, part.name)
                else scope.qualifier(part, origin)
            )
        return scope.qualifier(part, origin)
