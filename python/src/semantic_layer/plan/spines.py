"""Spines: the values of looked-up dimensions that are shown without facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from semantic_layer.graph.route_search import Route, names
from semantic_layer.graph.routes import with_window_times
from semantic_layer.plan.logical import Dimension, Fact, RowFilter, Spine
from semantic_layer.syntax.tree import METRIC_TIME, MetricTime, nodes_of


class Spines:
    """Finds the looked-up sources whose values are shown without facts."""

    def __init__(
        self,
        dimensions: Sequence[Dimension],
        row_filters: Sequence[RowFilter],
        facts: Sequence[Fact],
    ) -> None:
        self._dimensions = dimensions
        self._row_filters = row_filters
        self._facts = facts

    def all(self) -> list[Spine]:
        """Return a spine for each looked-up source that is not reached through another."""
        bases = {fact.base for fact in self._facts}
        bases.add(METRIC_TIME)  # Each fact's own, which is looked up nowhere.
        looked_up = list(dict.fromkeys(d.node for d in self._dimensions if d.node not in bases))
        roots = [
            node
            for node in looked_up
            if not any(other != node and self._passes(node, other) for other in looked_up)
        ]
        return [self._spine(root, looked_up) for root in roots]

    def _spine(self, root: str, looked_up: Sequence[str]) -> Spine:
        members = [node for node in looked_up if node == root or self._passes(node, root)]
        filters = [
            row_filter.tree
            for row_filter in self._row_filters
            if row_filter.tree.find(MetricTime) is None
            and all(self._passes(node, root) for node in nodes_of([row_filter.tree]))
        ]
        nodes = [*members, *nodes_of(filters)]
        routes = with_window_times({node: self._after(node, root) for node in nodes})
        dimensions = [
            index for index, dimension in enumerate(self._dimensions) if dimension.node in members
        ]
        return Spine(root, tuple(dimensions), tuple(filters), routes)

    def _passes(self, node: str, through: str) -> bool:
        """Whether every fact that looks up `node` does so through another node."""
        ways = [passed for passed, _ in self._ways(node)]
        return node == through or (bool(ways) and all(through in passed for passed in ways))

    def _after(self, node: str, root: str) -> Route:
        passed, route = next(self._ways(node))
        return route[passed.index(root) :] if root in passed else []

    def _ways(self, node: str) -> Iterator[tuple[list[str], Route]]:
        """Yield what is passed on the way from each fact to a node, and the joins after the first.

        The many side by which a fact is grouped is passed on the way to what its rows look up.
        """
        for fact in self._facts:
            if node in fact.routes:
                yield names(fact.routes[node])[1:], fact.routes[node][1:]
            for groups in fact.once:
                if node in groups.routes:
                    yield groups.nodes_to(node), groups.routes[node]
