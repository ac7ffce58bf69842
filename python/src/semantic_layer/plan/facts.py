"""Deciding what is aggregated where: one fact for each source that aggregates belong to."""

from __future__ import annotations

from itertools import permutations

from semantic_layer.errors import INVALID_QUERY, SemanticError
from semantic_layer.graph.route_search import Route, names
from semantic_layer.graph.routes import Routes
from semantic_layer.models import Location, Warning
from semantic_layer.plan.logical import Fact, LogicalPlan, RowFilter, Spine
from semantic_layer.syntax.tree import nodes_of


class FactBuilder:
    """Adds facts and spines to a plan whose expressions are resolved."""

    def __init__(self, plan: LogicalPlan, routes: Routes) -> None:
        self._plan = plan
        self._routes = routes

    def build(self) -> None:
        """Add the facts, the filters that each can see, and the spines for empty groups."""
        self._group_aggregates()
        reaching = [self._reaching(row_filter) for row_filter in self._plan.row_filters]
        for fact in self._plan.facts:
            finder = self._routes.of(fact.home)
            applied = [
                row_filter.tree
                for row_filter, homes in zip(self._plan.row_filters, reaching, strict=True)
                if fact.home in homes
            ]
            fact.filters = applied
            trees = [dimension.tree for dimension in self._plan.dimensions] + applied
            for index in fact.aggregates:
                trees += self._plan.aggregates[index].parts()
            fact.routes = {node: finder.route(node, trees) for node in nodes_of(trees)}
        self._warn_of_joins()
        if self._plan.include_empty:
            self._add_spines()

    def _warn_of_joins(self) -> None:
        routes = [route for fact in self._plan.facts for route in fact.routes.values()]
        edges = {edge.describe(): edge for route in routes for edge in route}
        for text, edge in edges.items():
            missing = edge.uncovered_grain()
            origin = edge.declaration.origin
            if missing:
                self._plan.warnings.append(
                    Warning(
                        code="join_grain",
                        message=(
                            f"The equalities of the join {text} do not cover the grain of "
                            f"'{edge.to_source}' ({', '.join(missing)}): if several of its rows "
                            f"match, rows of '{edge.from_source}' are counted more than once."
                        ),
                        location=Location(source=origin.source or "", path=list(origin.path)),
                    )
                )

    def _group_aggregates(self) -> None:
        groups: dict[tuple[str, bool], Fact] = {}
        for index, aggregate in enumerate(self._plan.aggregates):
            key = (aggregate.home, aggregate.ranked)
            fact = groups.setdefault(key, Fact(aggregate.home, [], [], {}, aggregate.ranked))
            fact.aggregates.append(index)
        self._plan.facts = list(groups.values()) or [Fact(self._root(), [], [], {})]

    def _root(self) -> str:
        """Return the source whose rows a query without measures lists."""
        nodes = list(dict.fromkeys(dimension.node for dimension in self._plan.dimensions))
        for node in nodes:
            finder = self._routes.of(node)
            if all(finder.reaches(other) for other in nodes):
                return node
        trees = [dimension.tree for dimension in self._plan.dimensions]
        for node, other in permutations(nodes, 2):
            renamed = self._routes.of(node).renamed(other, trees)
            if renamed is not None:
                raise renamed
        raise SemanticError(
            INVALID_QUERY,
            f"Without a measure nothing ties {' and '.join(nodes)} together: "
            "no source among them looks up all the others.",
            fix="Add a measure of the source that joins to them all.",
        )

    def _reaching(self, row_filter: RowFilter) -> set[str]:
        """Return the homes of the facts that can see a filter's columns; none is an error."""
        nodes = nodes_of([row_filter.tree])
        homes = list(dict.fromkeys(fact.home for fact in self._plan.facts))
        reaching = [
            home for home in homes if all(self._routes.of(home).reaches(node) for node in nodes)
        ]
        if not reaching:
            for node in nodes:
                self._routes.of(homes[0]).route(node, [row_filter.tree])
        if len(reaching) < len(homes):
            missed = [home for home in homes if home not in reaching]
            self._plan.warnings.append(
                Warning(
                    code="filter_partial",
                    message=f"The filter `{row_filter.text}` applies to "
                    f"{', '.join(reaching)} only: {', '.join(missed)} cannot look up "
                    f"{', '.join(nodes)}.",
                )
            )
        return set(reaching)

    def _add_spines(self) -> None:
        homes = {fact.home for fact in self._plan.facts}
        looked_up = list(
            dict.fromkeys(d.node for d in self._plan.dimensions if d.node not in homes)
        )
        roots = [
            node
            for node in looked_up
            if not any(other != node and self._passes(node, other) for other in looked_up)
        ]
        for root in roots:
            members = [node for node in looked_up if node == root or self._passes(node, root)]
            filters = [
                row_filter.tree
                for row_filter in self._plan.row_filters
                if all(self._passes(node, root) for node in nodes_of([row_filter.tree]))
            ]
            routes = {node: self._after(node, root) for node in [*members, *nodes_of(filters)]}
            dimensions = [
                index
                for index, dimension in enumerate(self._plan.dimensions)
                if dimension.node in members
            ]
            self._plan.spines.append(Spine(root, dimensions, filters, routes))

    def _passes(self, node: str, through: str) -> bool:
        """Whether every fact that looks up `node` does so through another node."""
        routes = [fact.routes[node] for fact in self._plan.facts if node in fact.routes]
        return node == through or (
            bool(routes) and all(through in names(route)[1:] for route in routes)
        )

    def _after(self, node: str, root: str) -> Route:
        route = next(fact.routes[node] for fact in self._plan.facts if node in fact.routes)
        nodes = names(route)
        return route[nodes.index(root) :] if root in nodes else []
