"""Turning measures into expressions over aggregates.

Every measure becomes a tree whose leaves are `AggregateRef`s; a measure that names others holds
their trees, so that precedence is the tree's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from semantic_layer.data.record import Record
from semantic_layer.errors import Origin
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.routes import Routes
from semantic_layer.measure_definition import MeasureDefinition
from semantic_layer.metric_definition import METRICS
from semantic_layer.plan.bases import BaseSources
from semantic_layer.plan.logical import Aggregate
from semantic_layer.plan.measure_calls import MeasureCalls
from semantic_layer.plan.over_time import OverTime, with_fill
from semantic_layer.plan.question_names import OWN
from semantic_layer.plan.row_resolver import RowResolver
from semantic_layer.plan.scope import ModelScope, QueryScope, Scope
from semantic_layer.syntax.aggregates import AggregateCall, is_count
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.limits import check_limits
from semantic_layer.syntax.percentile import needs_ranking
from semantic_layer.syntax.tree import (
    AggregateRef,
    Node,
    parts_of,
    rewrite,
    wrap,
)
from semantic_layer.syntax.verbatim import written

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


class MeasureResolver(RowResolver):
    """Resolves the measures of one query, collecting the aggregates they need."""

    def __init__(self, graph: JoinGraph, routes: Routes, segments: dict[str, list[Node]]) -> None:
        super().__init__(graph)
        self.routes = routes
        self.query_scope = QueryScope(graph)
        self.bases = BaseSources(graph, routes)
        self.query_segments = segments
        self._stack: list[MeasureKey] = []
        self._known: dict[MeasureKey, Resolved] = {}
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
            from semantic_layer.plan.conversions import ConversionMeasure

            conversion = ConversionMeasure(self, measure, scope, origin)
            tree, base = conversion.resolved(outer_filters)
            return Resolved(tree, bases={base})
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
        calls = self.aggregate_calls(tree, scope, origin)
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
        self.times.check(resolved.tree, origin)
        resolved.tree = self.with_safe_division(resolved.tree, origin)
        return resolved

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
