"""Routes through the join graph: the shortest ones, and where several are equally short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semantic_layer.errors import INVALID_QUERY, SemanticError
from semantic_layer.graph.edges import JoinEdge

if TYPE_CHECKING:
    from typing import Protocol

    class Edges(Protocol):
        """What a search asks of the graph."""

        def edges_from(self, node: str) -> list[JoinEdge]:
            """Return the joins that leave a node."""

        def to_one_from(self, node: str) -> list[JoinEdge]:
            """Return those that give a row at most one row."""


Route = list[JoinEdge]
LISTED_ROUTES = 6
"""How many of equally short routes a message lists."""


def shortest_routes(graph: Edges, start: str, end: str, *, to_one_only: bool) -> list[Route]:
    """Return every route of the fewest hops, in a stable order."""
    level: dict[str, list[Route]] = {start: [[]]}
    seen = {start}
    while level and end not in level:
        following: dict[str, list[Route]] = {}
        for node, routes in level.items():
            edges = graph.to_one_from(node) if to_one_only else graph.edges_from(node)
            for edge in edges:
                if edge.to_source not in seen:
                    longer = [[*route, edge] for route in routes[:LISTED_ROUTES]]
                    following.setdefault(edge.to_source, []).extend(longer)
        seen |= following.keys()
        level = following
    return sorted(level.get(end, []), key=names)


def parting_routes(graph: Edges, start: str) -> dict[str, int]:
    """Return the nodes whose equally short routes part at the start, with their number.

    Routes that all pass through one node part there, or meet there again: that node's own choice
    is the one to make, and none is left behind it.
    """
    counts, depths, level = {start: 1}, {start: 0}, {start: 1}
    shared: dict[str, str] = {}  # the last node before this one that all routes pass through
    while level:
        following: dict[str, int] = {}
        for node, count in level.items():
            for edge in graph.to_one_from(node):
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


def has_unique_routes(graph: Edges, start: str, known: dict[str, bool]) -> bool:
    """Whether no route from a node leaves a choice; `known` is of earlier calls."""
    passed, node = [], start
    while node not in known:
        known[node] = True  # a circle has no choice either
        passed.append(node)
        edges = graph.to_one_from(node)
        if len(edges) != 1:
            known[node] = not edges
            break
        node = edges[0].to_source
    for earlier in passed:
        known[earlier] = known[node]
    return known[start]


def names(route: Route) -> list[str]:
    """Return the nodes along a route, its start included."""
    return [route[0].from_source, *(edge.to_source for edge in route)] if route else []


def describe(route: Route) -> str:
    """Return a route for people, with the condition of each join."""
    return f"{' -> '.join(names(route))} [{', '.join(edge.describe() for edge in route)}]"


def not_connected(start: str, end: str) -> SemanticError:
    """Build the error for two sources without a path."""
    return SemanticError(
        INVALID_QUERY,
        f"No join path from '{start}' to '{end}'. "
        "These sources are not connected in the join graph.",
        fix=f"Declare a join between them, or leave '{end}' out of the query.",
    )
