"""The last SELECT: measures from the merged aggregates, ranks, and which groups are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from semantic_layer.plan.logical import Dimension, LogicalPlan, Ordering, Top
from semantic_layer.sql.merge import PartNames
from semantic_layer.sql.tables import NO_NULLS_LAST
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    Node,
    RankOf,
    aliased,
    column,
    conjunction,
    from_table,
    identifier,
    is_not_null,
    number,
    rewrite,
    same_column,
    same_value,
    select,
    unused_name,
)

Cte = tuple[str, exp.Query]
_KEPT, _PLACE = "is_kept", "place"


class Values(Protocol):
    """What the statement knows of values and names."""

    def with_values(self, tree: Node, value: Callable[[int], Node]) -> Node:
        """Return an expression over aggregates with their values in their places."""

    def output_name(self, alias: str) -> str:
        """Return the name that an output has in the statement."""


def is_over_groups(plan: LogicalPlan) -> bool:
    """Whether a question needs all its groups before the last SELECT."""
    return plan.fill is not None or plan.top is not None or _is_ranked(plan)


def _is_ranked(plan: LogicalPlan) -> bool:
    trees = [*(item.tree for item in plan.measures), *plan.having]
    return any(tree.find(RankOf) for tree in trees)


class OuterSelect:
    """Builds the SELECT over the table of all groups, and what stands before it."""

    def __init__(
        self, plan: LogicalPlan, names: PartNames, table: str, values: Values, taken: set[str]
    ) -> None:
        self._taken = taken
        self._plan = plan
        self._names = names
        self._table = table
        self._values = values
        self._totals = {
            index: (name, fact)
            for name, fact in zip(names.facts, plan.facts, strict=True)
            if fact.is_total
            for index in fact.aggregates
        }

    def build(self) -> tuple[exp.Select, list[Cte]]:
        """Return the SELECT, and the CTE that it reads where groups are left out by their rank."""
        plan = self._plan
        shown = self._shown()
        having = [self._value(tree) for tree in plan.having]
        if plan.top is None and not _is_ranked(plan):
            query = self._select(shown)
            if having:
                query.set("where", exp.Where(this=conjunction(having)))
            order_by(query, plan.order, shown, plan.dialect, self._values.output_name)
            return query, []
        return self._of_ranked(shown, having)

    def _of_ranked(
        self, shown: dict[str, Node], having: list[Node]
    ) -> tuple[exp.Select, list[Cte]]:
        """Rank all groups first: a WHERE beside a window would rank fewer of them."""
        plan = self._plan
        taken = {alias.casefold() for alias in shown}
        inner = self._select(shown, plain=True)
        conditions: list[Node] = []
        table = unused_name("all_groups", self._taken)
        if having:
            kept = unused_name(_KEPT, taken)
            flag = exp.Case(
                ifs=[exp.If(this=conjunction(having), true=number(1))], default=number(0)
            )
            inner.select(aliased(flag, kept), copy=False)
            conditions.append(exp.EQ(this=column(kept, table), expression=number(1)))
        ctes: list[Cte] = [(table, inner)]
        if plan.top is not None:
            table, place, numbered = self._numbered(plan.top, shown, table, conditions, taken)
            ctes.append((table, numbered))
            count = number(plan.top.count)
            conditions = [exp.LTE(this=column(place, table), expression=count)]
        values: dict[str, Node] = {alias: column(alias, table) for alias in shown}
        query = select(
            aliased(tree.copy(), self._values.output_name(alias)) for alias, tree in values.items()
        )
        from_table(query, exp.Table(this=identifier(table)))
        if conditions:
            query.set("where", exp.Where(this=conjunction(conditions)))
        order_by(query, plan.order, values, plan.dialect, self._values.output_name)
        return query, ctes

    def _numbered(
        self,
        top: Top,
        shown: Mapping[str, Node],
        table: str,
        conditions: list[Node],
        taken: set[str],
    ) -> tuple[str, str, exp.Select]:
        """Return the groups that are left, numbered from the best; ties by the dimensions."""
        place = unused_name(_PLACE, taken)
        aliases = [item.alias for item in self._plan.dimensions]
        order = _nulls_last(column(top.alias, table), not top.smallest)
        for alias in aliases:
            order += _nulls_last(column(alias, table), False)
        window = exp.Window(
            this=exp.RowNumber(),
            partition_by=[column(aliases[index], table) for index in top.per],
            order=exp.Order(expressions=order),
            over="OVER",
        )
        query = select([*(column(alias, table) for alias in shown), aliased(window, place)])
        from_table(query, exp.Table(this=identifier(table)))
        if conditions:
            query.set("where", exp.Where(this=conjunction(conditions)))
        return unused_name("best_groups", self._taken), place, query

    def _shown(self) -> dict[str, Node]:
        values: dict[str, Node] = {
            item.alias: column(item.alias, self._table) for item in self._plan.dimensions
        }
        values.update({item.alias: self._value(item.tree) for item in self._plan.measures})
        return values

    def _select(self, shown: Mapping[str, Node], *, plain: bool = False) -> exp.Select:
        query = select(
            aliased(tree.copy(), alias if plain else self._values.output_name(alias))
            for alias, tree in shown.items()
        )
        from_table(query, exp.Table(this=identifier(self._table)))
        for name, fact in dict(self._totals.values()).items():
            query.append("joins", self._total(name, fact.dimensions))
        return query

    def _total(self, name: str, dimensions: Iterable[Dimension]) -> exp.Join:
        """Return the join to the totals; each group has one of them at most."""
        pairs = [
            self._same(column(item.alias, self._table), column(item.alias, name))
            for item in dimensions
        ]
        table = exp.Table(this=identifier(name))
        if not pairs:
            return exp.Join(this=table, kind="CROSS")
        return exp.Join(this=table, side="LEFT", on=conjunction(pairs))

    def _same(self, left: Node, right: Node) -> Node:
        if self._plan.dialect == "clickhouse":  # It joins by no OR (26.9).
            return exp.NullSafeEQ(this=left, expression=right)
        return same_value(left, right)

    def _value(self, tree: Node) -> Node:
        def ranked(part: Node) -> Node | None:
            return self._rank(part) if isinstance(part, RankOf) else None

        return self._values.with_values(rewrite(tree.copy(), ranked), self._aggregate)

    def _aggregate(self, index: int) -> Node:
        name = self._names.aggregates[index]
        if index not in self._totals:
            return column(name, self._table)
        value = column(name, self._totals[index][0])
        if self._plan.aggregates[index].is_count:
            return exp.Coalesce(this=value, expressions=[number(0)])
        return value

    def _rank(self, part: RankOf) -> Node:
        """Return the place of a group, ties equal; a group without a value has none."""
        value = part.this
        named = part.expressions
        groups = [
            column(item.alias, self._table)
            for item in self._plan.dimensions
            if any(same_column(item.tree, tree) for tree in named)
        ]
        window = exp.Window(
            this=exp.Anonymous(this="RANK", expressions=[]),
            partition_by=groups,
            order=exp.Order(expressions=_nulls_last(value, True)),
            over="OVER",
        )
        return exp.Case(ifs=[exp.If(this=is_not_null(value.copy()), true=window)])


def _nulls_last(value: Node, descending: bool) -> list[Node]:
    """Return the terms of an order in which NULLs are behind all values, on every database."""
    nulls = exp.Case(
        ifs=[exp.If(this=is_not_null(value.copy()), true=number(0))], default=number(1)
    )
    # Where the database puts NULLs anyway, which are told apart before.
    return [
        exp.Ordered(this=nulls, nulls_first=True),
        exp.Ordered(this=value.copy(), desc=descending, nulls_first=not descending),
    ]


def order_by(
    query: exp.Select,
    terms: Iterable[Ordering],
    values: Mapping[str, Node],
    dialect: str,
    written: Callable[[str], str],
) -> None:
    """Add ORDER BY to a SELECT whose output columns have the expressions `values`.

    `written` gives the name that an alias has in the SELECT.
    """
    ordered: list[Node] = []
    for term in terms:
        if dialect in NO_NULLS_LAST:
            value = values[term.alias]
            nulls = exp.Case(
                ifs=[exp.If(this=is_not_null(value.copy()), true=number(0))], default=number(1)
            )
            ordered.append(exp.Ordered(this=nulls, nulls_first=True))
            # Saying where this dialect puts them anyway keeps a second term from being added.
            first = not term.descending
            ordered.append(exp.Ordered(this=value.copy(), desc=term.descending, nulls_first=first))
        else:
            shown: Node = column(written(term.alias))
            if term.as_time:
                # Inside a call, SQLite looks for a column of the tables before the alias.
                value = values[term.alias].copy()
                by_time = exp.Anonymous(this="JULIANDAY", expressions=[value])
                ordered.append(exp.Ordered(this=by_time, desc=term.descending, nulls_first=False))
            ordered.append(exp.Ordered(this=shown, desc=term.descending, nulls_first=False))
    if ordered:
        query.set("order", exp.Order(expressions=ordered))
