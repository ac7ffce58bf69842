"""Rows that have rows on the many side, by EXISTS: nothing is joined, so nothing multiplies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from semantic_layer.errors import INVALID_QUERY, SemanticError
from semantic_layer.graph.edges import JoinEdge
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.route_search import Route
from semantic_layer.graph.routes import RouteFinder
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.many_rows import AnyOf, any_of
from semantic_layer.syntax.tree import Node, conjunction, is_not_null, nodes_of, number, select

if TYPE_CHECKING:
    from semantic_layer.sql.rows import LookupRows

    RowsOf = Callable[[str, Sequence[Route]], LookupRows]


def nodes_inside(graph: JoinGraph, base: str, trees: Iterable[Node]) -> list[str]:
    """Return the nodes whose rows are read by conditions on the many side in expressions."""
    found: list[str] = []
    for item in (part for tree in trees for part in any_of(tree)):
        finder = RouteFinder(graph, item.source)
        inside = [item.condition] if item.condition is not None else []
        routes = [finder.route(base), *map(finder.route, nodes_of(inside))]
        steps = [step for route in routes for edge in route for step in (*edge.time_route(), edge)]
        found += [item.source, *(step.to_source for step in steps)]
        found += nodes_inside(graph, item.source, inside)
    return found


class ManyRows:
    """Writes one condition over the rows of `base`, whose names are read from around it."""

    def __init__(self, graph: JoinGraph, base: str, asked: AnyOf, rows_of: RowsOf) -> None:
        self._graph = graph
        self._base = base
        self._asked = asked
        finder = RouteFinder(graph, asked.source)
        *between, self._last = finder.route(base)
        nodes = nodes_of([asked.condition]) if asked.condition is not None else []
        to_time = [*between, *self._last.time_route()]
        routes = [between, to_time, *(finder.route(node) for node in nodes)]
        for route in routes:
            self._check(route)
        self._rows = rows_of(asked.source, routes)

    def _check(self, route: list[JoinEdge]) -> None:
        """Raise where the rows inside would be taken for the row around them."""
        steps = [step for edge in route for step in (*edge.time_route(), edge)]
        if any(step.to_source == self._base for step in steps):
            raise SemanticError(
                INVALID_QUERY,
                f"The condition on rows of '{self._asked.source}' is also about what rows of "
                f"'{self._base}' look up, for which they are looked for.",
                fix="Write that part as a filter of its own.",
            )

    def condition(self) -> Node:
        """Return the condition."""
        dialect = self._graph.parser.dialect
        # SQLite looks through all the rows for each row around them, unless there is an index.
        if dialect in ("clickhouse", "sqlite") and not _is_more(self._last.on()):
            return self._among_keys()
        if dialect == "clickhouse":
            raise self._last.declaration.origin.unsupported(
                "on ClickHouse rows of the many side are found by equal columns only.",
                fix="Write it in an `sql` source.",
            )
        query = self._query([number(1)], [self._rows.between(self._last)])
        found: Node = exp.Exists(this=query)
        return exp.Not(this=found) if self._asked.negated else found

    def _query(self, shown: list[Node], conditions: list[Node]) -> exp.Select:
        filters = [self._asked.condition] if self._asked.condition is not None else []
        query = self._rows.attach(select(shown), filters)
        for condition in conditions:
            query.where(condition, copy=False)
        return query

    def _among_keys(self) -> Node:
        """Return the condition by keys: ClickHouse looks at no row from inside (before 25)."""
        edge = self._last
        pairs = edge.key_pairs()
        inner = [self._rows.expand_for(edge, theirs) for theirs, _ in pairs]
        outer = [self._rows.expand_for(edge, ours) for _, ours in pairs]
        known = conjunction([is_not_null(item.copy()) for item in inner])
        query = self._query([item.copy() for item in inner], [known])
        row: Node = outer[0] if len(outer) == 1 else exp.Tuple(expressions=outer)
        found = exp.In(this=row, query=exp.Subquery(this=query))
        sure = exp.Anonymous(this="ifNull", expressions=[found, number(0)])
        return exp.EQ(this=sure, expression=number(0 if self._asked.negated else 1))


def _is_more(condition: Node) -> bool:
    """Whether a join is by more than equal columns."""
    inner = condition.unnest()
    if isinstance(inner, exp.And):
        return _is_more(inner.this) or _is_more(inner.expression)
    return not isinstance(inner, exp.EQ)
