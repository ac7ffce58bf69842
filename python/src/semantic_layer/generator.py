"""From a logical plan to SQL text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from semantic_layer.errors import UNSUPPORTED, SemanticError
from semantic_layer.models import ResolvedPlan
from semantic_layer.ordering import order_by
from semantic_layer.parser import check_dialect
from semantic_layer.plan.logical import LogicalPlan
from semantic_layer.sql.fact import FactSelect, spine_body
from semantic_layer.sql.merge import Merge
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.lean_sqlglot import ErrorLevel, UnsupportedError, exp
from semantic_layer.syntax.names import finished
from semantic_layer.syntax.tree import (
    AggregateRef,
    Node,
    aliased,
    column,
    conjunction,
    from_table,
    identifier,
    rewrite,
    select,
    unused_name,
)
from semantic_layer.syntax.verbatim import written
from semantic_layer.times.instants import Instants
from semantic_layer.times.types import TimeTypes

# ClickHouse otherwise fills unmatched columns and empty aggregates with 0 and ''.
_CLICKHOUSE_SETTINGS = ("join_use_nulls", "aggregate_functions_null_for_empty")


class SqlGenerator:
    """Writes plans as SQL; `alias_map` renames output columns."""

    def __init__(
        self, dialect: str = "postgres", alias_map: Mapping[str, str] | None = None
    ) -> None:
        self.dialect = check_dialect(dialect)
        self.alias_map = dict(alias_map or {})

    def generate(self, plan: ResolvedPlan, sources: Mapping[str, Any] | None = None) -> str:
        """Return the SQL of a planned query."""
        return self.write(plan.__dict__["logical"])

    def write(self, plan: LogicalPlan) -> str:
        """Return the SQL of a logical plan."""
        builder = StatementBuilder(plan, self.alias_map)
        tree = builder.build()
        plan.time_uses = builder.instants.used
        if self.dialect == "clickhouse":
            tree.set("settings", [_setting(name) for name in _CLICKHOUSE_SETTINGS])
        finished(tree, self.dialect)
        try:
            # The tree was built for this; writing it may as well change it.
            return written(
                tree,
                self.dialect,
                pretty=True,
                comments=False,
                copy=False,
                unsupported_level=ErrorLevel.RAISE,
            )
        except UnsupportedError as error:
            # Written all the same, it would lose the part that the dialect does not have.
            raise SemanticError(
                UNSUPPORTED,
                f"The query cannot be written for {self.dialect}: {error}",
                fix="Write the expression with functions that the database has.",
            ) from error


def _setting(name: str) -> exp.EQ:
    return exp.EQ(this=exp.var(name), expression=exp.Literal.number(1))


class StatementBuilder:
    """Builds one statement."""

    def __init__(self, plan: LogicalPlan, alias_map: Mapping[str, str]) -> None:
        self._plan = plan
        self._alias_map = alias_map
        nodes = [
            node
            for fact in plan.facts
            for node in (fact.home, *(e.to_source for r in fact.routes.values() for e in r))
        ]
        nodes += [spine.root for spine in plan.spines]
        sources = list(dict.fromkeys(plan.graph.source_of(node) for node in nodes))
        self.instants = Instants(plan.graph, plan.timezone)
        self._types = TimeTypes(plan.graph, lambda index: plan.aggregates[index].call)
        self._tables = Tables(plan.graph, sources, self.instants)

    def build(self) -> exp.Select:
        """Return the whole SELECT."""
        plan = self._plan
        one_fact = len(plan.facts) == 1 and not plan.spines and not plan.facts[0].ranked
        # HAVING without GROUP BY is not accepted everywhere.
        direct = one_fact and (bool(plan.dimensions) or not plan.having)
        ctes = self._tables.ctes()
        if direct:
            query = self._direct()
        else:
            self._name_parts()
            ctes += self._parts()
            query = self._outer(ctes[-1][0])
        for name, body in ctes:
            query.with_(identifier(name), as_=body, copy=False)
        return query.limit(plan.limit, copy=False)

    def _direct(self) -> exp.Select:
        """Return one SELECT that joins, filters, groups and orders."""
        plan = self._plan
        fact = FactSelect(plan, plan.facts[0], self._tables)

        def value(tree: Node) -> Node:
            return self._with_values(tree, lambda index: fact.aggregate(plan.aggregates[index]))

        values = {item.alias: fact.dimension(item) for item in plan.dimensions}
        values.update({item.alias: value(item.tree) for item in plan.measures})
        query = select(
            aliased(tree.copy(), self._output_name(alias)) for alias, tree in values.items()
        )
        fact.grouped(query)
        if plan.having:
            having = conjunction([value(tree) for tree in plan.having])
            query.set("having", exp.Having(this=having))
        order_by(query, plan.order, values, plan.dialect, self._output_name)
        return query

    def _name_parts(self) -> None:
        """Name the facts' CTEs, and the columns their aggregates have there."""
        plan = self._plan
        for fact in plan.facts:
            suffix = "ranked" if fact.ranked else "agg"
            fact.name = unused_name(f"{fact.home}_{suffix}", self._tables.taken)
        taken = {item.alias.casefold() for item in plan.dimensions}
        for measure in plan.measures:
            if isinstance(measure.tree, AggregateRef):
                aggregate = plan.aggregates[measure.tree.position]
                aggregate.name = aggregate.name or unused_name(measure.alias, taken)
        for measure in plan.measures:
            for ref in measure.tree.find_all(AggregateRef):
                aggregate = plan.aggregates[ref.position]
                aggregate.name = aggregate.name or unused_name(f"{measure.alias}_part", taken)
        for aggregate in plan.aggregates:
            aggregate.name = aggregate.name or unused_name("filter_value", taken)

    def _parts(self) -> list[tuple[str, exp.Query]]:
        """Return the CTEs of facts, dimension values and their merge."""
        plan = self._plan
        parts: list[tuple[str, exp.Query]] = [
            (fact.name, FactSelect(plan, fact, self._tables).cte_body()) for fact in plan.facts
        ]
        spines = [
            (unused_name(f"{spine.root}_values", self._tables.taken), spine)
            for spine in plan.spines
        ]
        parts += [(name, spine_body(plan, spine, self._tables)) for name, spine in spines]
        if len(parts) > 1:
            merged = unused_name("merged", self._tables.taken)
            parts.append((merged, Merge(plan, [name for name, _ in spines]).body()))
        return parts

    def _outer(self, table: str) -> exp.Select:
        """Return the SELECT that computes the measures from the merged aggregates."""
        plan = self._plan

        def value(tree: Node) -> Node:
            return self._with_values(tree, lambda index: column(plan.aggregates[index].name, table))

        values: dict[str, Node] = {
            item.alias: column(item.alias, table) for item in plan.dimensions
        }
        values.update({item.alias: value(item.tree) for item in plan.measures})
        query = select(
            aliased(tree.copy(), self._output_name(alias)) for alias, tree in values.items()
        )
        from_table(query, exp.Table(this=identifier(table)))
        if plan.having:
            condition = conjunction([value(tree) for tree in plan.having])
            query.set("where", exp.Where(this=condition))
        order_by(query, plan.order, values, plan.dialect, self._output_name)
        return query

    def _with_values(self, tree: Node, value: Callable[[int], Node]) -> Node:
        def step(part: Node) -> Node | None:
            return value(part.position) if isinstance(part, AggregateRef) else None

        return rewrite(self.instants.written(tree.copy(), self._types), step)

    def _output_name(self, alias: str) -> str:
        return self._alias_map.get(alias, alias)
