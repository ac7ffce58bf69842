"""Choosing the route from a measure's source to a source it looks up: fewest hops wins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from semantic_layer.errors import INVALID_QUERY, SemanticError, UnusableRouteError
from semantic_layer.graph import Declaration, JoinEdge, JoinGraph, not_connected
from semantic_layer.syntax.tree import Node, refs

Route = list[JoinEdge]
_LISTED_ROUTES = 6


class RouteFinder:
    """The routes from one source along joins that never multiply its rows."""

    def __init__(self, graph: JoinGraph, home: str, join_path: Sequence[Sequence[str]] = ()):
        self.home = home
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
        others = sorted(name for name in shown if name != self.home and self.reaches(name))
        if not others:
            return None
        named = [ref.column for tree in trees for ref in refs(tree) if ref.node == node]
        spellings = [f"{name}.{column}" for column in dict.fromkeys(named) for name in others]
        quoted = " and ".join(f"'{name}'" for name in others)
        return SemanticError(
            INVALID_QUERY,
            f"'{self.home}' does not look up '{node}': it is joined to '{source}' as {quoted}.",
            fix=f"Write {' or '.join(spellings or others)}.",
            suggestions=spellings or others,
        )

    def _find(self, node: str) -> Route | SemanticError:
        if node not in self._found:
            self._found[node] = self._search(node)
        return self._found[node]

    def _search(self, node: str) -> Route | SemanticError:
        if node == self.home:
            return []
        chosen = self._chosen(node)
        if chosen is not None:
            return chosen
        routes = shortest_routes(self._graph, self.home, node, to_one_only=True)
        for edge in (edge for route in routes for edge in route):
            if edge.contradicted_by is not None:
                return _contradicted(edge, edge.contradicted_by)
        if len(routes) == 1:
            return routes[0]
        return self._tie(node, routes) if routes else self._unreachable(node)

    def _chosen(self, node: str) -> Route | SemanticError | None:
        """Return the route that the query's `join_path` spells out, if it does."""
        for position, path in enumerate(self._join_path):
            if self.home not in path or node not in path:
                continue
            start, end = path.index(self.home), path.index(node)
            if start < end:
                self.used_paths.add(position)
                return self._follow(path[start : end + 1])
        return None

    def _follow(self, path: Sequence[str]) -> Route | SemanticError:
        route: Route = []
        for here, there in pairwise(path):
            steps = [edge for edge in to_one_edges(self._graph, here) if edge.to_source == there]
            if len(steps) != 1:
                reason = "several joins" if steps else "no many-to-one join"
                return SemanticError(
                    INVALID_QUERY,
                    f"join_path {' -> '.join(path)}: there is {reason} from '{here}' to '{there}'.",
                    fix="Give a path of declared joins; tell parallel joins apart by an alias.",
                )
            if steps[0].contradicted_by is not None:
                return _contradicted(steps[0], steps[0].contradicted_by)
            route += steps
        return route

    def _tie(self, node: str, routes: list[Route]) -> SemanticError:
        texts = [describe(route) for route in routes[:_LISTED_ROUTES]]
        paths = sorted({" -> ".join(names(route)) for route in routes})
        fix = (
            "Choose one with `join_path`, for example "
            f"{','.join(names(routes[0]))}; or give a join an alias and query the alias."
            if len(paths) > 1
            else "Give one of the joins an alias and query the alias."
        )
        return UnusableRouteError(
            INVALID_QUERY,
            f"The route from '{self.home}' to '{node}' is ambiguous: "
            f"{len(routes)} routes are equally short: {'; '.join(texts)}.",
            fix=fix,
            suggestions=paths,
            **_place(_parting(routes)),
        )

    def _unreachable(self, node: str) -> SemanticError:
        routes = shortest_routes(self._graph, self.home, node, to_one_only=False)
        if not routes:
            return not_connected(self.home, node)
        step = next((edge for edge in routes[0] if not edge.to_one), routes[0][-1])
        source = self._graph.source_of(node)
        measures = [
            f"{source}.{measure.get('name')}"
            for measure in self._graph.catalog.declared(source, "measures")
        ]
        instead = f" Measures that can: {', '.join(measures)}." if measures else ""
        return SemanticError(
            INVALID_QUERY,
            f"'{node}' is on the many side of '{self.home}': the join {step.describe()} gives a "
            f"row of '{step.from_source}' several rows of '{step.to_source}', so a measure of "
            f"'{self.home}' cannot be grouped or filtered by '{node}'.{instead}",
            fix=f"Use measures of '{node}' or of a source that looks it up, "
            f"or leave '{node}' out of the query.",
            suggestions=measures,
            **_place(step),
        )


def _contradicted(edge: JoinEdge, other: Declaration) -> SemanticError:
    from semantic_layer.join_contradiction import contradiction

    return contradiction(edge, other)


def _parting(routes: list[Route]) -> JoinEdge:
    """Return the first join of a route that another route does not take."""
    first, second = routes[:2]
    return next(mine for mine, other in zip(first, second, strict=True) if mine is not other)


def _place(edge: JoinEdge) -> dict[str, Any]:
    """Return where a join is declared, for an error's location."""
    return {"source": edge.declaration.origin.source, "path": edge.declaration.origin.path}


def shortest_routes(graph: JoinGraph, start: str, end: str, *, to_one_only: bool) -> list[Route]:
    """Return every route of the fewest hops, in a stable order."""
    level: dict[str, list[Route]] = {start: [[]]}
    seen = {start}
    while level and end not in level:
        following: dict[str, list[Route]] = {}
        for node, routes in level.items():
            edges = to_one_edges(graph, node) if to_one_only else graph.edges_from(node)
            for edge in edges:
                if edge.to_source not in seen:
                    longer = [[*route, edge] for route in routes[:_LISTED_ROUTES]]
                    following.setdefault(edge.to_source, []).extend(longer)
        seen |= following.keys()
        level = following
    return sorted(level.get(end, []), key=names)


def parting_routes(graph: JoinGraph, start: str) -> dict[str, int]:
    """Return the nodes whose equally short routes part at the start, with their number.

    Routes that all pass through one node part there, or meet there again: that node's own choice
    is the one to make, and none is left behind it.
    """
    counts, depths, level = {start: 1}, {start: 0}, {start: 1}
    shared: dict[str, str] = {}  # the last node before this one that all routes pass through
    while level:
        following: dict[str, int] = {}
        for node, count in level.items():
            for edge in to_one_edges(graph, node):
                end = edge.to_source
                if end not in counts:
                    met = shared[end] if end in following else node
                    shared[end] = _last_shared(met, node, shared, depths)
                    following[end] = following.get(end, 0) + count
        depths.update((node, depths[shared[node]] + 1) for node in following)
        counts.update(following)
        level = following
    return {node: counts[node] for node in shared if counts[node] > 1 and shared[node] == start}


def _last_shared(one: str, other: str, shared: dict[str, str], depths: dict[str, int]) -> str:
    """Return the last node that the routes to two nodes have in common."""
    while one != other:
        if depths[one] < depths[other]:
            one, other = other, one
        one = shared[one]
    return one


def has_single_ways(graph: JoinGraph, start: str, known: dict[str, bool]) -> bool:
    """Whether nothing on the way from a node leaves a choice; `known` is of earlier calls."""
    way, node = [], start
    while node not in known:
        known[node] = True  # a circle has no choice either
        way.append(node)
        edges = to_one_edges(graph, node)
        if len(edges) != 1:
            known[node] = not edges
            break
        node = edges[0].to_source
    for passed in way:
        known[passed] = known[node]
    return known[start]


def to_one_edges(graph: JoinGraph, node: str) -> list[JoinEdge]:
    """Return the joins that give a row at most one row, the same join declared twice once."""
    if node not in graph.to_one:
        by_target: dict[str, list[JoinEdge]] = {}
        for edge in graph.edges_from(node):
            by_target.setdefault(edge.to_source, []).append(edge)
        graph.to_one[node] = [edge for edges in by_target.values() for edge in _distinct(edges)]
    return graph.to_one[node]


def _distinct(edges: list[JoinEdge]) -> list[JoinEdge]:
    """Merge equal joins; one whose declarations disagree is kept with the other declaration."""
    if not any(edge.to_one for edge in edges):
        return []  # unread: where a model is checked, the conditions may be faulty
    if len(edges) == 1:
        return edges
    kept: list[list[JoinEdge]] = []
    for edge in edges:
        twins = next((same for same in kept if same[0].same_rows(edge)), None)
        if twins is None:
            kept.append([edge])
        else:
            twins.append(edge)
    return [_merged(same) for same in kept if any(edge.to_one for edge in same)]


def _merged(twins: list[JoinEdge]) -> JoinEdge:
    first = twins[0]
    for other in twins[1:]:
        if other.relationship != first.relationship:
            first.contradicted_by = other.declaration
    return first


def names(route: Route) -> list[str]:
    """Return the nodes along a route, its start included."""
    return [route[0].from_source, *(edge.to_source for edge in route)] if route else []


def describe(route: Route) -> str:
    """Return a route for people, with the condition of each join."""
    return f"{' -> '.join(names(route))} [{', '.join(edge.describe() for edge in route)}]"
