"""A fact of which only the rows at the last value of a column count, or those at the first."""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.plan.logical import Aggregate, Fact, LogicalPlan
from semantic_layer.sql.fact import FactSelect, group_by
from semantic_layer.syntax.aggregates import filtered, real_average
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.percentile import native
from semantic_layer.syntax.tree import (
    ColumnRef,
    Node,
    aliased,
    column,
    conjunction,
    from_table,
    identifier,
    number,
    refs,
    rewrite,
    same_column,
    select,
    unused_name,
)
from semantic_layer.times.instants import COMPARED
from semantic_layer.times.storage import call

_ROWS = "kept_rows"


class KeptSelect:
    """Numbers nothing: each row is shown beside the last value among those that it belongs to.

    The value is looked for among the rows that pass the aggregate's own filter, so that inside
    the rows with all that is needed are made, and outside they are counted.
    """

    def __init__(self, plan: LogicalPlan, fact: Fact, rows: FactSelect) -> None:
        self._plan = plan
        self._fact = fact
        self._select = rows
        self._taken = {item.alias.casefold() for item in fact.dimensions}
        self._inner: dict[str, Node] = {}
        self._columns: dict[tuple[str, str], str] = {}

    def cte_body(self, names: Sequence[str]) -> exp.Select:
        """Return the fact as a table of dimensions and aggregates."""
        for item in self._fact.dimensions:
            self._inner[item.alias] = self._select.dimension(item)
        outer = [column(item.alias, _ROWS) for item in self._fact.dimensions]
        values = [
            aliased(self._aggregate(self._plan.aggregates[index]), names[index])
            for index in self._fact.aggregates
        ]
        inner = select(aliased(tree.copy(), name) for name, tree in self._inner.items())
        alias = exp.TableAlias(this=identifier(_ROWS))
        query = from_table(
            select([*outer, *values]), exp.Subquery(this=self._select.rows(inner), alias=alias)
        )
        return group_by(query, [item.copy() for item in outer])

    def _aggregate(self, aggregate: Aggregate) -> Node:
        """Return an aggregate over the rows that count."""
        condition = self._counts(self._select.condition(aggregate))
        if aggregate.argument is not None and aggregate.fraction is not None:
            if aggregate.ranked:
                raise aggregate.origin.unsupported(
                    "this database has no percentile, and of rows at one value none is computed.",
                    fix="Use another aggregate.",
                )
            value: Node = exp.Case(
                ifs=[exp.If(this=condition, true=self._kept(aggregate.argument))]
            )
            return native(value, aggregate.fraction.copy(), self._plan.dialect)
        is_number = self._select.is_number
        tree = real_average(aggregate.call.copy(), self._plan.dialect, is_number)
        return filtered(self._kept(tree), condition, self._plan.dialect, aggregate.origin)

    def _counts(self, condition: Node | None) -> Node:
        """Return the condition that a row is at the value that counts, and passes its filter."""
        kept = self._fact.kept
        assert kept is not None
        value = self._comparable(kept.column)
        passed = value
        if condition is not None:
            passed = exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())])
        groups = [self._select.expand(ref) for ref in kept.by] + self._periods()
        extreme = exp.Max(this=passed) if kept.last else exp.Min(this=passed)
        window = exp.Window(this=extreme, partition_by=groups, over="OVER")
        here, there = self._column(value, "value"), self._column(window, "kept_value")
        conditions: list[Node] = [exp.EQ(this=here, expression=there)]
        if condition is not None:
            flag = exp.Case(ifs=[exp.If(this=condition, true=number(1))], default=number(0))
            conditions.append(exp.EQ(this=self._column(flag, "passes"), expression=number(1)))
        return conjunction(conditions)

    def _periods(self) -> list[Node]:
        """Return the dimensions that are periods, or values, of the column that counts."""
        kept = self._fact.kept
        assert kept is not None
        return [
            self._select.dimension(item)
            for item in self._fact.dimensions
            if same_column(item.tree, kept.column)
        ]

    def _comparable(self, ref: ColumnRef) -> Node:
        """Return a column by which rows have an order; SQLite's texts of times by their instant."""
        self._select.note(ref, COMPARED)
        value = self._select.expand(ref)
        is_time = self._plan.graph.type_of(ref) == "time"
        return call("JULIANDAY", value) if is_time and self._plan.dialect == "sqlite" else value

    def _kept(self, tree: Node) -> Node:
        """Return an expression over the rows inside."""
        for ref in refs(tree):
            key = (ref.node, ref.column)
            if key not in self._columns:
                self._columns[key] = self._column(self._select.expand(ref), ref.column).name

        def step(part: Node) -> Node | None:
            if not isinstance(part, ColumnRef):
                return None
            return column(self._columns[part.node, part.column], _ROWS)

        return rewrite(tree.copy(), step)

    def _column(self, value: Node, wanted: str) -> exp.Column:
        """Return the column inside that holds a value."""
        known = next((name for name, tree in self._inner.items() if tree == value), None)
        if known is None:
            known = unused_name(wanted, self._taken)
            self._inner[known] = value
        return column(known, _ROWS)
