"""Groups by the many side: a row counts once in each that one of its rows there belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from semantic_layer.data.record import Frozen
from semantic_layer.errors import INVALID_QUERY, SemanticError
from semantic_layer.graph.route_search import Route, names, shortest_routes
from semantic_layer.graph.routes import Routes
from semantic_layer.models import Warning
from semantic_layer.plan.logical import Dimension, Fact, RowFilter
from semantic_layer.syntax.many_rows import any_of
from semantic_layer.syntax.tree import METRIC_TIME, MetricTime, Node, nodes_of


class OnceGroups(Frozen):
    """The groups that a fact's rows belong to by their rows of `source`, a node on the many side.

    `dimensions` are what these rows, or what they look up, have; only rows that pass `filters`
    make groups. `back` leads from them to the fact's rows, `routes` to what they look up.
    """

    source: str
    dimensions: tuple[Dimension, ...]
    filters: tuple[Node, ...]
    back: Route
    routes: Mapping[str, Route]

    @property
    def key(self) -> tuple[object, ...]:
        """What tells the groups of one set from those of another."""
        base = self.back[-1].to_source
        return base, self.source, tuple(item.alias for item in self.dimensions), self.filters

    def nodes_to(self, node: str) -> list[str]:
        """Return the nodes on the way to one that is looked up, the many side first."""
        return [self.source, *(edge.to_source for edge in self.routes[node])]


class EachOnce:
    """Finds on which many side the dimensions of a question lie, seen from each fact."""

    def __init__(self, dimensions: Sequence[Dimension], routes: Routes) -> None:
        self._nodes = [node for node in _nodes(dimensions) if node != METRIC_TIME]
        self._routes = routes
        self._found: dict[str, dict[str, str]] = {}

    def groups(
        self, base: str, dimensions: Sequence[Dimension], filters: Sequence[RowFilter]
    ) -> tuple[OnceGroups, ...]:
        """Return the groups of a fact by its many sides; `filters` are those on rows there."""
        sides = self._sides(base)
        found = []
        for source in dict.fromkeys(sides.values()):
            own = tuple(item for item in dimensions if sides.get(item.node) == source)
            trees = tuple(f.tree for f in filters if source in self._taking(base, f))
            if own or trees:
                finder = self._routes.of(source)
                nodes = dict.fromkeys([*_nodes(own), *nodes_of(trees)])
                routes = {node: finder.route(node) for node in nodes}
                found.append(OnceGroups(source, own, trees, finder.route(base), routes))
        return tuple(found)

    def takes(self, base: str, row_filter: RowFilter) -> bool:
        """Whether a filter is one on rows of a many side by which the question groups a fact."""
        sources = self._taking(base, row_filter)
        if len(sources) > 1:
            raise row_filter.origin.error(
                f"it could be about the rows of {' or of '.join(sources)}, by both of which "
                f"rows of '{base}' are grouped.",
                fix="Leave out one of these dimensions.",
            )
        return bool(sources)

    def _taking(self, base: str, row_filter: RowFilter) -> list[str]:
        """Return the many sides whose rows have all that a filter names and the fact has not."""
        finder = self._routes.of(base)
        nodes = nodes_of([row_filter.tree])
        beyond = [node for node in nodes if not finder.reaches(node)]
        sources = dict.fromkeys(self._sides(base).values())
        found = [
            source
            for source in sources
            if beyond and all(self._routes.of(source).reaches(node) for node in beyond)
        ]
        tree = row_filter.tree
        is_more = any(True for _ in any_of(tree)) or tree.find(MetricTime) is not None
        if found and (is_more or len(beyond) < len(nodes)):
            raise row_filter.origin.error(
                f"it is about rows of '{base}' and about their rows of '{found[0]}' at once, "
                "which are counted and which make groups.",
                fix="Write both parts as filters of their own, joined by AND, or ask for rows "
                f"that have such rows: `any({found[0]}, …)`.",
            )
        return found

    def _sides(self, base: str) -> dict[str, str]:
        """Return the dimensions' nodes that a fact does not look up, each with its many side."""
        if base not in self._found:
            finder = self._routes.of(base)
            found = {
                node: source
                for node in self._nodes
                if not finder.reaches(node) and (source := self.side_of(base, node)) is not None
            }
            self._check_apart(base, found)
            self._found[base] = found
        return self._found[base]

    def side_of(self, base: str, node: str) -> str | None:
        """Return the nearest node whose rows look up both those of a fact and another node's."""
        hops = {
            source: self._hops(source, base) + self._hops(source, node)
            for source in {**dict.fromkeys(self._behind(base)), node: None}
            if source != base and all(map(self._routes.of(source).reaches, (base, node)))
        }
        nearest = sorted(source for source in hops if hops[source] == min(hops.values()))
        if len(nearest) > 1:
            nearest = [s for s in nearest if self._routes.is_start(s)] or nearest
        if len(nearest) > 1:
            raise SemanticError(
                INVALID_QUERY,
                f"Rows of '{base}' have several rows of '{node}' in {len(nearest)} ways, and the "
                f"question does not say by which: through {' and through '.join(nearest)}.",
                fix=f"Choose one with `join_path`, for example {nearest[0]},{base}.",
                suggestions=[f"{source} -> {base}" for source in nearest],
            )
        return nearest[0] if nearest else None

    def _hops(self, start: str, end: str) -> int:
        graph = self._routes.graph
        return len(shortest_routes(graph, start, end, to_one_only=True)[0])

    def _behind(self, base: str) -> list[str]:
        """Return the nodes that lead to a fact by joins that are to-one, seen from them."""
        found = [base]
        for node in found:
            for edge in self._routes.graph.edges_from(node):
                if edge.relationship != "many_to_one" and edge.to_source not in found:
                    found.append(edge.to_source)
        return found

    def _check_apart(self, base: str, sides: Mapping[str, str]) -> None:
        """Raise for two many sides that have more in common than the fact's rows."""
        for one, other in combinations(dict.fromkeys(sides.values()), 2):
            first, second = self._routes.of(one), self._routes.of(other)
            shared = {*names(first.route(base))} & {*names(second.route(base))} - {base}
            if shared or first.reaches(other) or second.reaches(one):
                raise SemanticError(
                    INVALID_QUERY,
                    f"The question groups rows of '{base}' by their rows of '{one}' and by those "
                    f"of '{other}', which belong to each other as well: whether a group is of "
                    "those that do cannot be told.",
                    fix="Leave out one of these dimensions, or use a measure of the source that "
                    "looks up the other.",
                )


def overlapping(facts: Iterable[Fact]) -> list[Warning]:
    """Return the warnings of groups that share rows, one for each source and many side."""
    found: dict[tuple[str, str], Warning] = {}
    for fact in facts:
        for groups in fact.once:
            fields = " and ".join(item.field for item in groups.dimensions)
            if fields and not fact.is_total:
                message = (
                    f"The groups by {fields} overlap: each row of '{fact.base}' counts once in "
                    f"every group that its rows of '{groups.source}' are in, so the groups of its "
                    "measures do not add up to the total."
                )
                found[fact.base, groups.source] = Warning(code="groups_overlap", message=message)
    return list(found.values())


def _nodes(dimensions: Iterable[Dimension]) -> list[str]:
    return list(dict.fromkeys(item.node for item in dimensions))
