"""Resolving metrics: measures that belong to no source, and the inputs that one may have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semantic_layer.errors import Origin
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.metric_definition import METRICS, MetricDefinition
from semantic_layer.models import SourceColumn
from semantic_layer.plan.scope import QueryScope
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, MetricTime, Node

if TYPE_CHECKING:
    from semantic_layer.plan.measures import MeasureResolver, Resolved


class MetricScope(QueryScope):
    """Names in the text of a metric: qualified, or of one source; what is hidden can be named.

    A bare name is an input first, then a metric or a measure; the metric itself is not meant.
    """

    needs_source = True

    def __init__(self, graph: JoinGraph, metric: MetricDefinition, *, has_inputs: bool) -> None:
        super().__init__(graph)
        self.sees_hidden = True
        self._metric = metric
        self._inputs = metric.inputs if has_inputs else {}

    def resolve(self, part: exp.Column, origin: Origin) -> ColumnRef | MetricTime:
        """Resolve a name of a column."""
        if part.args.get("table") is None and self.graph.is_metric_time(part.name):
            raise origin.error(
                "`metric_time` is of a question, and cannot stand in a metric.",
                fix="Name the time column: `orders.ordered_at`.",
            )
        return super().resolve(part, origin)

    def measure(self, name: str, origin: Origin) -> tuple[str, str] | None:
        """Return what a bare name means where a measure can stand, or None."""
        if name in self._inputs:
            return input_owner(self._metric.name), name
        return super().measure(name, origin)

    def measures_named(self, name: str) -> list[tuple[str, str]]:
        """Return the measures and metrics of a bare name, but for the metric itself."""
        itself = (METRICS, self._metric.name)
        return [key for key in super().measures_named(name) if key != itself]

    def _is_hidden(self, node: str, declared: SourceColumn) -> bool:
        return False

    def _hidden(self, source: str, name: str) -> bool:
        return False


def input_owner(metric: str) -> str:
    """Return what stands for the source of a metric's inputs."""
    return f"{METRICS}.{metric}"


def is_input(owner: str) -> bool:
    """Whether that owns inputs of a metric."""
    return owner.startswith(f"{METRICS}.")


class MetricResolver:
    """Resolves metrics for the resolver of the measures that they are made of."""

    def __init__(self, resolver: MeasureResolver) -> None:
        self._resolver = resolver
        self._catalog = resolver.catalog

    def resolved(self, owner: str, name: str, outer_filters: Sequence[Node]) -> Resolved:
        """Resolve a metric, or an input of one."""
        if is_input(owner):
            return self._input(owner.removeprefix(f"{METRICS}."), name, outer_filters)
        index, metric = self._catalog.measure_at(METRICS, name)
        assert isinstance(metric, MetricDefinition)
        scope = MetricScope(self._resolver.graph, metric, has_inputs=True)
        origin = metric_origin(name, index)
        return self._resolver.defined((METRICS, name), metric, scope, origin, outer_filters)

    def _input(self, owner: str, name: str, outer_filters: Sequence[Node]) -> Resolved:
        index, metric = self._catalog.measure_at(METRICS, owner)
        assert isinstance(metric, MetricDefinition)
        scope = MetricScope(self._resolver.graph, metric, has_inputs=False)
        found, path = metric.input(name), ("measures", index, "inputs", name)
        label = f"input '{name}' of metric '{owner}'"
        rows = Origin(f"filter of {label}", METRICS, (*path, "filter"))
        own = [self._resolver.condition(found.filter, scope, rows)] if found.filter else []
        place = Origin(label, METRICS, (*path, "of"))
        resolved = self._resolver.lower(found.text, scope, place, [*outer_filters, *own])
        self._resolver.bases.check_seen(own, resolved.bases, rows)
        if not found.is_plain:
            resolved.depends_on = []  # It is none of the measures that a question could name.
        return resolved


def metric_origin(name: str, index: int) -> Origin:
    """Return the place of a metric in the model."""
    return Origin(f"metric '{name}'", METRICS, ("measures", index))
