"""The SELECT of one fact: its aggregates at the query's dimensions, over its own rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semantic_layer.plan.logical import Aggregate, Dimension, Fact, LogicalPlan, Spine
from semantic_layer.sql.rows import LookupRows, dimension_value
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax import percentile
from semantic_layer.syntax.aggregates import filtered, null_of_no_rows, real_average
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.many_rows import any_of
from semantic_layer.syntax.tree import (
    Node,
    aliased,
    column,
    conjunction,
    from_table,
    identifier,
    select,
    unused_name,
)
from semantic_layer.times.instants import COMPARED

if TYPE_CHECKING:
    from semantic_layer.sql.each_once import OnceTable


class FactSelect:
    """Builds the rows and groups of one fact."""

    def __init__(self, plan: LogicalPlan, fact: Fact, tables: Tables) -> None:
        self._plan = plan
        self._fact = fact
        self._rows = LookupRows(plan.graph, fact.base, fact.routes.values(), tables)
        self._once: list[OnceTable] = []
        if fact.once:
            from semantic_layer.sql.each_once import once_tables

            self._once = once_tables(plan, fact, tables)

    def dimension(self, dimension: Dimension) -> Node:
        """Return a dimension's expression over the fact's rows."""
        for table in self._once:
            if table.has(dimension):
                return table.value(dimension)
        return dimension_value(dimension, self._rows)

    def aggregate(self, aggregate: Aggregate) -> Node:
        """Return an aggregate's expression over the fact's rows."""
        condition = self.condition(aggregate)
        if aggregate.argument is not None and aggregate.fraction is not None:
            value = self._percentile_value(aggregate, condition)
            return percentile.native(value, aggregate.fraction.copy(), self._plan.dialect)
        tree = real_average(aggregate.call.copy(), self._plan.dialect, self._rows.is_number)
        call = self._rows.expand(tree)
        if condition is None:
            value = null_of_no_rows(call, self._plan.dialect)
        else:
            value = filtered(call, condition, self._plan.dialect, aggregate.origin)
        instants = self._rows.instants
        if not instants.is_extreme(aggregate.call):
            return value
        instants.note(aggregate.call, COMPARED)
        return instants.extreme(value)

    def rows(self, query: exp.Select) -> exp.Select:
        """Add FROM, joins and row filters to a SELECT."""
        self._rows.attach(query, self._fact.filters)
        for table in self._once:
            query.append("joins", table.join(self._rows))
        return query

    def grouped(self, query: exp.Select) -> exp.Select:
        """Add FROM, joins, row filters and GROUP BY the dimensions to a SELECT."""
        self.rows(query)
        return group_by(query, [self.dimension(item) for item in self._fact.dimensions])

    def cte_body(self, names: Sequence[str]) -> exp.Select:
        """Return the fact as a table of dimensions and aggregates; `names` has those of all."""
        aggregates = [(names[i], self._plan.aggregates[i]) for i in self._fact.aggregates]
        if self._fact.ranked:
            return self._ranked(aggregates)
        dimensions = self._fact.dimensions
        columns = [aliased(self.dimension(item), item.alias) for item in dimensions]
        columns += [aliased(self.aggregate(item), name) for name, item in aggregates]
        return self.grouped(select(columns))

    def expand(self, tree: Node) -> Node:
        """Return an expression with its columns written out for the fact's rows."""
        return self._rows.expand(tree)

    def is_number(self, part: Node) -> bool:
        """Whether a part of an expression is a column that is declared as a number."""
        return self._rows.is_number(part)

    def note(self, tree: Node, use: str) -> None:
        """Note the columns of an expression as read as times."""
        self._rows.instants.note(tree, use)

    def condition(self, aggregate: Aggregate) -> Node | None:
        """Return what a row must fulfil to be aggregated; None for nothing."""
        for tree in aggregate.filters:
            self._rows.instants.note_condition(tree)
            if self._plan.dialect == "tsql" and any(True for _ in any_of(tree)):
                raise aggregate.origin.unsupported(
                    "T-SQL aggregates nothing that looks at other rows.",
                    fix="Write the condition as a filter of the question.",
                )
        conditions = [self._rows.expand(tree) for tree in aggregate.filters]
        return conjunction(conditions) if conditions else None

    def _percentile_value(self, aggregate: Aggregate, condition: Node | None) -> Node:
        assert aggregate.argument is not None
        value = self._rows.expand(aggregate.argument)
        if condition is None:
            return value
        return exp.Case(ifs=[exp.If(this=condition, true=value)])

    def _ranked(self, aggregates: list[tuple[str, Aggregate]]) -> exp.Select:
        """Return percentiles from row numbers: numbered rows inside, weighted sums outside."""
        dimensions = self._fact.dimensions
        taken = {item.alias.casefold() for item in dimensions}
        groups = [self.dimension(item) for item in dimensions]
        inner = select(aliased(g.copy(), d.alias) for g, d in zip(groups, dimensions, strict=True))
        outer = select(column(item.alias, "ranked") for item in dimensions)
        for column_name, aggregate in aggregates:
            name = unused_name("value", taken)
            while taken & {f"{name}_row", f"{name}_count"}:
                name = unused_name("value", taken)
            value = self._percentile_value(aggregate, self.condition(aggregate))
            # A text of digits is ordered as a number, as it is added up.
            value = exp.Cast(this=value, to=exp.DataType.build("double"))
            parts = {
                name: value,
                f"{name}_row": percentile.row_number(value, groups),
                f"{name}_count": percentile.value_count(value, groups),
            }
            inner.select(*(aliased(tree, part) for part, tree in parts.items()), copy=False)
            assert aggregate.fraction is not None
            value = percentile.weighted(name, "ranked", aggregate.fraction.copy())
            outer.select(aliased(value, column_name), copy=False)
        alias = exp.TableAlias(this=identifier("ranked"))
        from_table(outer, exp.Subquery(this=self.rows(inner), alias=alias))
        return group_by(outer, [column(item.alias, "ranked") for item in dimensions])


def group_by(query: exp.Select, terms: list[Node]) -> exp.Select:
    """Add GROUP BY to a SELECT, unless there is nothing to group by."""
    if terms:
        query.set("group", exp.Group(expressions=terms))
    return query


def spine_body(plan: LogicalPlan, spine: Spine, tables: Tables) -> exp.Select:
    """Return the distinct values of a spine's dimensions, under their names."""
    rows = LookupRows(plan.graph, spine.root, spine.routes.values(), tables)
    dimensions = [plan.dimensions[index] for index in spine.dimensions]
    query = select(aliased(dimension_value(item, rows), item.alias) for item in dimensions)
    return rows.attach(query, spine.filters).distinct(copy=False)
