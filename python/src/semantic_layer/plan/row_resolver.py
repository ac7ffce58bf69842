"""Resolving what is said of single rows: conditions, segments, columns, what an aggregate is of."""

from __future__ import annotations

from semantic_layer.errors import Origin, close_names
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.measure_definition import MeasureDefinition
from semantic_layer.plan.logical import Aggregate
from semantic_layer.plan.scope import ModelScope, Scope
from semantic_layer.syntax.aggregates import AggregateCall, is_aggregate, recognise
from semantic_layer.syntax.division import with_safe_division
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.limits import check_limits
from semantic_layer.syntax.many_rows import NONE, AnyOf, Asked, asked, readable
from semantic_layer.syntax.measure_calls import refuse_measure_calls
from semantic_layer.syntax.tree import (
    AggregateRef,
    ColumnRef,
    MetricTime,
    Node,
    parts_of,
    refs,
    rewrite,
)
from semantic_layer.times.rules import TimeRules
from semantic_layer.times.types import TimeTypes


class RowResolver:
    """Resolves texts about rows; `aggregates` are those that have been found in measures."""

    def __init__(self, graph: JoinGraph) -> None:
        self.graph = graph
        self.catalog = graph.catalog
        self.aggregates: list[Aggregate] = []
        self._scopes: dict[str, ModelScope] = {}
        types = TimeTypes(graph, lambda index: self.aggregates[index].call)
        self.times = TimeRules(types, graph.parser.dialect)

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
            return self._any_of(found, scope, origin) if found is not None else None

        resolved = rewrite(tree, step)
        self.times.check(resolved, origin)
        return self.with_safe_division(resolved, origin)

    def _any_of(self, found: Asked, scope: Scope, origin: Origin) -> Node | None:
        """Return a condition on rows of the many side; None when no source is named."""
        word, named, condition = found
        source = self.graph.find_node(named.sql() if named.table else named.name)
        if source is None:
            return None
        if condition is not None:
            condition = self.columns_only(condition.copy(), scope.within(source), origin)
        return AnyOf(source=source, condition=(condition,), negated=word == NONE)

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

    def aggregate_calls(self, tree: Node, scope: Scope, origin: Origin) -> dict[int, AggregateCall]:
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
            self.times.check_aggregate(found.call, argument, origin)
            self._check_number(argument, origin)
            return AggregateCall(found.call, condition, argument, found.fraction)
        call = found.call
        if not found.is_row_count:
            call = self.columns_only(call, scope, origin)
            self.times.check_aggregate(call, None, origin)
        return AggregateCall(call, condition)

    def _check_number(self, argument: Node, origin: Origin) -> None:
        """Raise when a percentile is asked of a text, which some databases would order as one."""
        if isinstance(argument, ColumnRef) and self.graph.type_of(argument) == "string":
            raise origin.error(
                f"a percentile is of numbers, and '{argument.column}' is declared as a string.",
                fix="Declare the column as a number, or take min, max or count_distinct of it.",
            )
