"""Choosing the route from a measure's source to a source it looks up: fewest hops wins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from semantic_layer.errors import INVALID_QUERY, SemanticError, UnusableRouteError
from semantic_layer.graph.edges import JoinEdge, contradiction
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.route_search import (
    LISTED_ROUTES,
    Route,
    describe,
    names,
    not_connected,
    shortest_routes,
)
from semantic_layer.syntax.tree import Node, refs


class RouteFinder:
    """The routes from one source along joins that never multiply its rows."""

    def __init__(self, graph: JoinGraph, base: str, join_path: Sequence[Sequence[str]] = ()):
        self.base = base
        self._graph = graph
        self._join_path = join_path
        self._found: dict[str, Route | SemanticError] = {}
        self.used_paths: set[int] = set()

    def reaches(self, node: str) -> bool:
        """Whether a to-one route exists, be it ambiguous or contradicted by its model."""
        found = self._find(node)
        return not isinstance(found, SemanticError) or isinstance(found, UnusableRouteError)

    def route(self, node: str, trees: Sequence[Node] = ()) -> Route:
        """Return the route to a node; raises when there is none or several tie.

        `trees` are the expressions that name the node, for the spellings to choose from.
        """
        found = self._find(node)
        if isinstance(found, SemanticError):
            renamed = None if isinstance(found, UnusableRouteError) else self.renamed(node, trees)
            raise renamed or found
        return found

    def renamed(self, node: str, trees: Sequence[Node]) -> SemanticError | None:
        """Return the error for a source that is looked up under other names only, or None."""
        if self.reaches(node):
            return None
        source = self._graph.source_of(node)
        shown = [source, *(name for name, of in self._graph.aliases.items() if of == source)]
        others = sorted(name for name in shown if name != self.base and self.reaches(name))
        if not others:
            return None
        named = [ref.column for tree in trees for ref in refs(tree) if ref.node == node]
        spellings = [f"{name}.{column}" for column in dict.fromkeys(named) for name in others]
        quoted = " and ".join(f"'{name}'" for name in others)
        return SemanticError(
            INVALID_QUERY,
            f"'{self.base}' does not look up '{node}': it is joined to '{source}' as {quoted}.",
            fix=f"Write {' or '.join(spellings or others)}.",
            suggestions=spellings or others,
        )

    def _find(self, node: str) -> Route | SemanticError:
        if node not in self._found:
            self._found[node] = self._search(node)
        return self._found[node]

    def _search(self, node: str) -> Route | SemanticError:
        if node == self.base:
            return []
        chosen = self._chosen(node)
        if chosen is not None:
            return chosen
        routes = shortest_routes(self._graph, self.base, node, to_one_only=True)
        for edge in (edge for route in routes for edge in route):
            if edge.contradicted_by is not None:
                return contradiction(edge, edge.contradicted_by)
        if len(routes) == 1:
            return routes[0]
        return self._tie(node, routes) if routes else self._unreachable(node)

    def _chosen(self, node: str) -> Route | SemanticError | None:
        """Return the route that the query's `join_path` spells out, if it does."""
        for position, path in enumerate(self._join_path):
            if self.base not in path or node not in path:
                continue
            start, end = path.index(self.base), path.index(node)
            if start < end:
                self.used_paths.add(position)
                return self._follow(path[start : end + 1])
        return None

    def _follow(self, path: Sequence[str]) -> Route | SemanticError:
        route: Route = []
        for here, there in pairwise(path):
            steps = [edge for edge in self._graph.to_one_from(here) if edge.to_source == there]
            if len(steps) != 1:
                reason = "several joins" if steps else "no many-to-one join"
                return SemanticError(
                    INVALID_QUERY,
                    f"join_path {' -> '.join(path)}: there is {reason} from '{here}' to '{there}'.",
                    fix="Give a path of declared joins; tell parallel joins apart by an alias.",
                )
            if steps[0].contradicted_by is not None:
                return contradiction(steps[0], steps[0].contradicted_by)
            route += steps
        return route

    def _tie(self, node: str, routes: list[Route]) -> SemanticError:
        texts = [describe(route) for route in routes[:LISTED_ROUTES]]
        choices = sorted({tuple(names(route)) for route in routes})
        paths = [" -> ".join(choice) for choice in choices]
        fix = (
            "Choose one with `join_path`, for example "
            f"{','.join(names(routes[0]))}; or give a join an alias and query the alias."
            if len(paths) > 1
            else "Give one of the joins an alias and query the alias."
        )
        return UnusableRouteError(
            INVALID_QUERY,
            f"The route from '{self.base}' to '{node}' is ambiguous: "
            f"{len(routes)} routes are equally short: {'; '.join(texts)}.",
            fix=fix,
            suggestions=paths,
            details={"routes": [list(choice) for choice in choices]} if len(choices) > 1 else None,
            **_place(_parting(routes)),
        )

    def _unreachable(self, node: str) -> SemanticError:
        routes = shortest_routes(self._graph, self.base, node, to_one_only=False)
        if not routes:
            return not_connected(self.base, node)
        step = next((edge for edge in routes[0] if not edge.to_one), routes[0][-1])
        source = self._graph.source_of(node)
        measures = [
            f"{source}.{measure.get('name')}"
            for measure in self._graph.catalog.declared(source, "measures")
            if measure.get("visibility") != "hidden"
        ]
        instead = f" Measures that can: {', '.join(measures)}." if measures else ""
        return SemanticError(
            INVALID_QUERY,
            f"'{node}' is on the many side of '{self.base}': the join {step.describe()} gives a "
            f"row of '{step.from_source}' several rows of '{step.to_source}', so a measure of "
            f"'{self.base}' cannot be grouped or filtered by '{node}'.{instead}",
            fix=f"Use measures of '{node}' or of a source that looks it up, "
            f"or leave '{node}' out of the query.",
            suggestions=measures,
            **_place(step),
        )


class Routes:
    """One `RouteFinder` for each source that rows are counted from."""

    def __init__(self, graph: JoinGraph, join_path: list[list[str]]) -> None:
        self.graph = graph
        self._join_path = join_path
        self._finders: dict[str, RouteFinder] = {}

    def of(self, base: str) -> RouteFinder:
        """Return the finder of routes that start at `base`."""
        if base not in self._finders:
            self._finders[base] = RouteFinder(self.graph, base, self._join_path)
        return self._finders[base]

    def is_start(self, node: str) -> bool:
        """Whether a `join_path` of the question starts at a node."""
        return any(path[:1] == [node] for path in self._join_path)

    def unused_paths(self) -> list[list[str]]:
        """Return the `join_path`s that no route followed."""
        used = {position for finder in self._finders.values() for position in finder.used_paths}
        return [path for position, path in enumerate(self._join_path) if position not in used]


def with_window_times(routes: dict[str, Route]) -> dict[str, Route]:
    """Return routes with those to the times by which rows are found in windows on them."""
    if all(edge.declaration.valid is None for route in routes.values() for edge in route):
        return routes
    from semantic_layer.graph.validity import with_times

    return with_times(routes)


def _parting(routes: list[Route]) -> JoinEdge:
    """Return the first join of a route that another route does not take."""
    first, second = routes[:2]
    return next(mine for mine, other in zip(first, second, strict=True) if mine is not other)


def _place(edge: JoinEdge) -> dict[str, Any]:
    """Return where a join is declared, for an error's location."""
    return {"source": edge.declaration.origin.source, "path": edge.declaration.origin.path}
