"""Whose rows an aggregate counts: its home, told from the names in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.routes import Routes
from semantic_layer.scope import ModelScope, Scope
from semantic_layer.syntax.aggregates import AggregateCall
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, nodes_of


class Homes:
    """Decides whose rows are aggregated; `default` has the answer for what names no source."""

    def __init__(self, graph: JoinGraph, routes: Routes) -> None:
        self._graph = graph
        self._routes = routes
        self.default: Callable[[Origin], str] | None = None

    def of_row_counts(
        self, calls: Iterable[AggregateCall], scope: Scope
    ) -> Callable[[Origin], str]:
        """Return what decides whose rows a call counts that names none.

        That is the one source whose rows the other `calls` of the expression count, or else the
        default; without one, `NeedsHome` is raised.
        """
        homes = {home for call in calls if (home := self._named(call, scope))}

        def decide(origin: Origin) -> str:
            if len(homes) == 1:
                return next(iter(homes))
            if self.default is not None:
                return self.default(origin)
            raise NeedsHome(origin)

        return decide

    def _named(self, call: AggregateCall, scope: Scope) -> str | None:
        try:
            return self.of(call, scope, Origin("expression"))
        except SemanticError:
            return None

    def of(self, call: AggregateCall, scope: Scope, origin: Origin) -> str | None:
        """Return the source whose rows a call aggregates, or None if it names none."""
        counted = call.call.this if call.is_row_count else None
        named = scope.qualifier(counted, origin) if isinstance(counted, exp.Column) else None
        if isinstance(scope, ModelScope):
            if named not in (None, scope.source):
                raise self._of_another(str(named), scope.source, origin)
            return scope.source
        if named is not None:
            return self._source(named, origin)
        parts = [call.argument or call.call, *([call.condition] if call.condition else [])]
        nodes = nodes_of(parts)
        if not nodes:
            return None
        finest = [
            node
            for node in nodes
            if all(self._routes.of(node).reaches(other) for other in nodes if other != node)
        ]
        if len(finest) != 1:
            raise self._not_one(nodes, parts, origin)
        return self._source(finest[0], origin)

    def _not_one(self, nodes: list[str], parts: list[Node], origin: Origin) -> SemanticError:
        for node, other in permutations(nodes, 2):
            renamed = self._routes.of(node).renamed(other, parts)
            if renamed is not None:
                return renamed
        return origin.error(
            f"an aggregate over {', '.join(nodes)} has no single source whose rows it counts.",
            fix="Aggregate each source separately and combine the results, "
            "for example `sum(a.x) - sum(b.y)`.",
        )

    def _of_another(self, named: str, source: str, origin: Origin) -> SemanticError:
        return origin.error(
            f"a measure of '{source}' counts the rows of '{source}', not those of '{named}'.",
            fix=f"Define it on '{self._graph.source_of(named)}', or count distinct values of "
            "its columns.",
        )

    def _source(self, node: str, origin: Origin) -> str:
        if node not in self._graph.catalog:
            source = self._graph.source_of(node)
            raise origin.error(
                f"'{node}' is a join alias of '{source}'; its rows cannot be aggregated.",
                fix=f"Aggregate '{source}' instead, or add a measure to the joining source.",
            )
        return node

    def check_own_rows(self, call: AggregateCall, home: str, origin: Origin) -> None:
        """Raise when a call adds up nothing but what the rows of `home` look up."""
        nodes = nodes_of([call.argument if call.argument is not None else call.call])
        if nodes and home not in nodes:
            from semantic_layer.fan_out import check_own_rows

            check_own_rows(call, nodes, home, self._graph, self._routes, origin)


class NeedsHome(Exception):
    """A row count names no source; the rest of the query decides which one it means."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(origin.label)
        self.origin = origin
