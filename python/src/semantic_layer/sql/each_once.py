"""The groups of a fact by its many side: a table of keys and values, each combination once.

Joined to the fact's rows, it shows a row once in each of its groups, however many rows of the many
side are in that group. The keys are the columns by which the join finds the fact's rows: rows with
equal keys have the same groups, whatever the grain is.
"""

from __future__ import annotations

from semantic_layer.graph.edges import JoinEdge
from semantic_layer.plan.each_once import OnceGroups
from semantic_layer.plan.logical import Dimension, Fact, LogicalPlan
from semantic_layer.plan.nullability import never_true
from semantic_layer.sql.rows import LookupRows, dimension_value
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    ColumnRef,
    Node,
    aliased,
    column,
    conjunction,
    identifier,
    refs,
    rewrite,
    select,
    unused_name,
)


class OnceTable:
    """One such table, as the fact's rows are joined to it."""

    def __init__(self, plan: LogicalPlan, groups: OnceGroups, tables: Tables) -> None:
        self._groups = groups
        last = groups.back[-1]
        taken = {item.alias.casefold() for item in groups.dimensions}
        self._keys = {ref: unused_name(ref.column, taken) for ref in _keys(last)}
        nodes = {*map(str.casefold, (*plan.graph.catalog, *plan.graph.aliases))}
        words = (groups.source, "of", last.to_source)
        if not groups.dimensions:
            words = (last.to_source, "with", groups.source)
        self._name = unused_name("_".join(words), nodes | tables.taken)
        tables.taken.add(self._name.casefold())
        tables.add_step(self._name, self._body(plan, tables))

    def _body(self, plan: LogicalPlan, tables: Tables) -> exp.Select:
        groups = self._groups
        routes = [groups.back, *groups.routes.values()]
        rows = LookupRows(plan.graph, groups.source, routes, tables)
        shown = [aliased(rows.expand(ref), name) for ref, name in self._keys.items()]
        for item in groups.dimensions:
            value = dimension_value(item, rows)
            if plan.dialect == "clickhouse":  # Whose columns without NULL have none in a LEFT JOIN.
                value = exp.Anonymous(this="toNullable", expressions=[value])
            shown.append(aliased(value, item.alias))
        known = [exp.Not(this=exp.Is(this=ref.copy(), expression=exp.Null())) for ref in self._keys]
        return rows.attach(select(shown), [*groups.filters, *known]).distinct(copy=False)

    def has(self, dimension: Dimension) -> bool:
        """Whether a dimension is one of its."""
        return any(item.alias == dimension.alias for item in self._groups.dimensions)

    def value(self, dimension: Dimension) -> Node:
        """Return a dimension of its, as the rows that are joined to it have it."""
        return column(dimension.alias, self._name)

    def join(self, rows: LookupRows) -> exp.Join:
        """Return the join from the fact's rows; those without groups stay, unless filters ask."""
        same = [
            exp.EQ(this=rows.expand(ref), expression=column(name, self._name))
            for ref, name in self._keys.items()
        ]
        side = None if self._groups.filters else "LEFT"
        table = exp.Table(this=identifier(self._name))
        return exp.Join(this=table, side=side, on=conjunction(same))


def once_tables(plan: LogicalPlan, fact: Fact, tables: Tables) -> list[OnceTable]:
    """Return the tables of a fact's groups; facts with the same groups share them."""
    found = []
    for groups in fact.once:
        if groups.key not in tables.once:
            tables.once[groups.key] = OnceTable(plan, groups, tables)
        found.append(tables.once[groups.key])
    return found


def _keys(edge: JoinEdge) -> list[ColumnRef]:
    """Return the columns by which a join finds rows; raises where it finds some without them."""
    base = edge.to_source
    on = edge.on()
    keys = {ref.column: ref for ref in refs(on) if ref.node == base}
    if not keys.keys() <= never_true(_by_column(on, base)):
        raise edge.declaration.origin.unsupported(
            f"which rows of '{base}' it finds cannot be told by their columns, for it may hold "
            "where one of them is NULL.",
            fix="Join by comparisons of columns, or ask without `each_once`.",
        )
    return list(keys.values())


def _by_column(on: Node, base: str) -> Node:
    """Return a condition in which each column of the fact is of a node of its own."""

    def step(part: Node) -> Node | None:
        if isinstance(part, exp.Between) and not part.args.get("symmetric"):
            value, low, high = (rewrite(part.args[key], step) for key in ("this", "low", "high"))
            first = exp.GTE(this=value, expression=low)
            return exp.And(this=first, expression=exp.LTE(this=value.copy(), expression=high))
        if isinstance(part, ColumnRef):
            return ColumnRef(node=part.column if part.node == base else "", name=part.column)
        return None

    return rewrite(on.copy(), step)
