"""The rows of one source with what they look up: joins that keep every row once.

A row that finds no match sees the columns of the looked-up source as NULL, computed ones too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from semantic_layer.errors import INVALID_QUERY, Origin, SemanticError
from semantic_layer.graph.edges import JoinEdge
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.route_search import Route
from semantic_layer.models import SourceColumn
from semantic_layer.plan.logical import CustomGrain, Dimension
from semantic_layer.plan.nullability import is_strict, required_nodes, take_for_strict
from semantic_layer.sql.tables import OptionalRows, Tables
from semantic_layer.syntax.aggregates import has_aggregate
from semantic_layer.syntax.division import with_safe_division
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.limits import check_limits
from semantic_layer.syntax.many_rows import AnyOf
from semantic_layer.syntax.measure_calls import refuse_measure_calls
from semantic_layer.syntax.tree import (
    ColumnRef,
    Node,
    conjunction,
    from_table,
    is_not_null,
    rewrite,
    wrap,
)
from semantic_layer.syntax.verbatim import written
from semantic_layer.times.instants import GROUPED
from semantic_layer.times.rules import check_times

if TYPE_CHECKING:
    from semantic_layer.sql.day_lookup import DayLookup


class LookupRows:
    """FROM and JOINs for a source and the routes from it, and expressions over its rows."""

    def __init__(
        self, graph: JoinGraph, base: str, routes: Iterable[Route], tables: Tables
    ) -> None:
        self._graph = graph
        self._base = base
        self._tables = tables
        self.instants = tables.instants
        self._edges: dict[str, JoinEdge] = {}
        self._days: dict[tuple[ColumnRef, str], DayLookup] = {}
        self._optional = OptionalRows(tables, graph.parser.dialect)
        for route in routes:
            for edge in route:
                self._add(edge)

    def _add(self, edge: JoinEdge) -> None:
        """Join what an edge leads to, after the time by which a row is found there."""
        if edge.declaration.valid is not None and edge.to_source not in self._edges:
            for step in edge.time_route():
                if step.to_source == self._base:
                    raise self._back_to_base(edge)
                self._add(step)
        known = self._edges.setdefault(edge.to_source, edge)
        if known is not edge:
            raise self._two_routes(known, edge)

    def _back_to_base(self, edge: JoinEdge) -> SemanticError:
        return edge.declaration.origin.unsupported(
            f"the time of its window is looked up in '{self._base}', from where the rows come.",
            fix=f"Leave '{edge.to_source}' out, or name a time of '{edge.from_source}' in `valid`.",
        )

    def _two_routes(self, first: JoinEdge, second: JoinEdge) -> SemanticError:
        return SemanticError(
            INVALID_QUERY,
            f"'{first.to_source}' is reached from '{self._base}' in two ways: "
            f"{first.describe()} and {second.describe()}.",
            fix="Give one `join_path` that goes one way, or use an alias for one of the joins.",
        )

    def attach(self, query: exp.Select, filters: Sequence[Node] = ()) -> exp.Select:
        """Add FROM, the joins and WHERE to a SELECT; only rows pass that pass every filter."""
        from_table(query, self._tables.table(self._base))
        required = required_nodes(filters, self._edges)
        for node, edge in self._edges.items():
            side = None if node in required else "LEFT"
            is_plain = node in required and not self._is_confused(node, required)
            table = (self._tables if is_plain else self._optional).table(node)
            query.append("joins", exp.Join(this=table, side=side, on=self._on(edge)))
        for lookup in self._days.values():
            query.append("joins", lookup.join())
        for tree in filters:
            self.instants.note_condition(tree)
        if filters:
            condition = conjunction([self.expand(tree) for tree in filters])
            query.set("where", exp.Where(this=condition))
        return query

    def _is_confused(self, node: str, required: set[str]) -> bool:
        """Whether ClickHouse looks for columns of an alias in a node that is named as its table.

        Seen in 26.9 where a table stands in a plain join under an alias, beside a sub-query that
        has the table's own name.
        """
        source = self._graph.source_of(node)
        if self._graph.parser.dialect != "clickhouse" or source == node:
            return False
        return source in self._edges and source not in required

    def expand(self, tree: Node) -> Node:
        """Return an expression with its columns written out for these rows."""
        return self._expand(tree, unguarded={self._base})

    def _expand(self, tree: Node, unguarded: set[str], stack: tuple[str, ...] = ()) -> Node:
        def step(part: Node) -> Node | None:
            if isinstance(part, AnyOf):
                return self._any_of(part)
            return self._column(part, unguarded, stack) if isinstance(part, ColumnRef) else None

        return rewrite(self.instants.comparing(tree.copy()), step)

    def _any_of(self, part: AnyOf) -> Node:
        """Return the condition that a row has rows on the many side."""
        from semantic_layer.sql.many_rows import ManyRows

        def rows_of(source: str, routes: Sequence[Route]) -> LookupRows:
            return LookupRows(self._graph, source, routes, self._tables)

        return ManyRows(self._graph, self._base, part, rows_of).condition()

    def of_day(self, time: Node, custom: CustomGrain) -> Node:
        """Return the period of one's own that a row's time is in; to be asked before `attach`."""
        from semantic_layer.sql.day_lookup import DayLookup

        assert isinstance(time, ColumnRef)
        key = (time, custom.name)
        if key not in self._days:
            self.instants.note(time, GROUPED)
            day = self.instants.cut(self.expand(time).unnest(), "day")
            spine = LookupRows(self._graph, custom.day.node, [], self._tables)
            self._days[key] = DayLookup(self._graph, self._tables, custom, day, spine)
        return self._days[key].value()

    def between(self, edge: JoinEdge) -> Node:
        """Return the condition of a join to a row that is around these."""
        return self.expand_for(edge, edge.on())

    def expand_for(self, edge: JoinEdge, tree: Node) -> Node:
        """Return an expression over both ends of a join to a row that is around these."""
        return self._expand(tree, unguarded={edge.from_source, edge.to_source})

    def kept(self, ref: ColumnRef) -> Node:
        """Return a column of the base source as it is kept, before it is read as a time."""
        declared = self._graph.catalog.column(self._base, ref.column)
        if declared is None or declared.expr is None:
            return self._tables.column(self._base, ref)
        return wrap(self._computed(self._base, self._base, declared, ()))

    def _column(self, ref: ColumnRef, unguarded: set[str], stack: tuple[str, ...]) -> Node:
        source = self._graph.source_of(ref.node)
        declared = self._graph.catalog.column(source, ref.column)
        if declared is None or stack[-1:] == (declared.name,):
            return self._optional.column(source, ref)
        if declared.expr is None:
            return self._time(self._optional.column(source, ref), source, declared)
        tree = self._time(self._computed(ref.node, source, declared, stack), source, declared)
        if ref.node in unguarded or is_strict(tree):
            return wrap(tree)
        case = exp.Case(ifs=[exp.If(this=self._matched(ref.node), true=tree)])
        return take_for_strict(case)

    def _time(self, value: Node, source: str, declared: SourceColumn) -> Node:
        """Return a column's value, as a time when it keeps one in another way."""
        strict = is_strict(value)
        stored = self.instants.stored(value, source, declared)
        if stored is not value:
            take_for_strict(stored, strict)
        return stored

    def _computed(
        self, node: str, source: str, declared: SourceColumn, stack: tuple[str, ...]
    ) -> Node:
        position = [item.name for item in self._graph.catalog[source].columns].index(declared.name)
        label = f"column '{declared.name}' of source '{source}'"
        origin = Origin(label, source, ("columns", position, "expr"))
        if declared.name in stack:
            raise origin.error(
                f"it is computed from itself: {' -> '.join([*stack, declared.name])}.",
                fix="Break the circle.",
            )
        tree = self._graph.parser.parse(declared.expr or "", origin)
        check_limits(tree, self._graph.parser.dialect, origin)
        refuse_measure_calls(tree, self._graph.parser.dialect, origin)
        if has_aggregate(tree) or tree.find(exp.Window):
            raise origin.unsupported(
                "a computed column cannot aggregate or look at other rows.",
                fix="Compute it in an `sql` source.",
            )

        def step(part: Node) -> Node | None:
            return _own_column(part, node, source, origin) if isinstance(part, exp.Column) else None

        named = rewrite(tree, step)
        check_times(named, self._graph, origin)
        safe = with_safe_division(named, self._graph.parser.dialect, origin, self.is_number)
        return self._expand(safe, {node}, (*stack, declared.name))

    def is_number(self, part: Node) -> bool:
        """Whether a part of an expression is a column that is declared as a number."""
        return isinstance(part, ColumnRef) and self._graph.type_of(part) == "number"

    def _matched(self, node: str) -> Node:
        """Return the condition that a row found a match in a looked-up node."""
        edge = self._edges[node]
        for _, theirs in edge.key_pairs():
            key = self._expand(theirs, {node})
            if is_strict(key):
                return is_not_null(key)
        raise edge.declaration.origin.unsupported(
            "whether a row found a match cannot be told from this condition.",
            fix=f"Join on a plain column of '{node}'.",
        )

    def _on(self, edge: JoinEdge) -> Node:
        visible = {self._base, edge.to_source}
        tree = edge.on()
        check_times(tree, self._graph, edge.declaration.origin)
        condition = self._expand(tree, visible)
        if edge.from_source == self._base:
            return condition
        ours = [self._expand(key, visible) for key, _ in edge.key_pairs()]
        if any(is_strict(key) for key in ours):
            return condition
        return conjunction([condition, self._matched(edge.from_source)])


def _own_column(part: exp.Column, node: str, source: str, origin: Origin) -> ColumnRef:
    qualifier = part.table.casefold()
    if qualifier and qualifier not in (node.casefold(), source.casefold()):
        raise origin.unsupported(
            f"`{written(part)}`: a computed column reads the columns of its own source only.",
            fix="Put the expression into a measure, or join in an `sql` source.",
        )
    return ColumnRef(node=node, name=part.name, quoted=bool(part.this.args.get("quoted")))


def dimension_value(dimension: Dimension, rows: LookupRows) -> Node:
    """Return a dimension's expression, truncated when it has a granularity."""
    if dimension.custom is not None:
        return rows.of_day(dimension.tree, dimension.custom)
    value = rows.expand(dimension.tree)
    if dimension.granularity is not None:
        rows.instants.note(dimension.tree, GROUPED)
        value = rows.instants.cut(value.unnest(), dimension.granularity)
    # GROUP BY takes a number for a position and refuses other constants, but not a call.
    is_constant = value.find(exp.Column) is None
    return exp.Coalesce(this=value.unnest(), expressions=[exp.Null()]) if is_constant else value
