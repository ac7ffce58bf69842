"""The tree of one statement: its parts, their merge, and the outputs in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from semantic_layer.plan.logical import Fact, LogicalPlan, Ordering
from semantic_layer.sql.fact import FactSelect, spine_body
from semantic_layer.sql.merge import Merge, PartNames
from semantic_layer.sql.tables import NO_NULLS_LAST, Tables
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    AggregateRef,
    Node,
    aliased,
    column,
    conjunction,
    from_table,
    identifier,
    is_not_null,
    number,
    rewrite,
    select,
    unused_name,
)
from semantic_layer.times.instants import Instants
from semantic_layer.times.types import TimeTypes

if TYPE_CHECKING:
    from semantic_layer.sql.kept import KeptSelect


class StatementBuilder:
    """Builds one statement."""

    def __init__(self, plan: LogicalPlan, alias_map: Mapping[str, str]) -> None:
        self._plan = plan
        self._alias_map = alias_map
        nodes = [
            node
            for fact in plan.facts
            for node in (fact.base, *(e.to_source for r in fact.routes.values() for e in r))
        ]
        nodes += [spine.root for spine in plan.spines]
        sources = list(dict.fromkeys(plan.graph.source_of(node) for node in nodes))
        self.instants = Instants(plan.graph, plan.timezone)
        self._types = TimeTypes(plan.graph, lambda index: plan.aggregates[index].call)
        self._tables = Tables(plan.graph, sources, self.instants, plan.samples)

    def build(self) -> exp.Select:
        """Return the whole SELECT."""
        plan = self._plan
        one_fact = len(plan.facts) == 1 and not plan.spines and _is_simple(plan.facts[0])
        # HAVING without GROUP BY is not accepted everywhere.
        direct = one_fact and (bool(plan.dimensions) or not plan.having) and plan.fill is None
        ctes = self._tables.ctes()
        if direct:
            query = self._direct()
        else:
            names = self._named_parts()
            ctes += self._parts(names)
            query = self._outer(ctes[-1][0], names.aggregates)
        for name, body in ctes:
            query.with_(identifier(name), as_=body, copy=False)
        return query.limit(plan.limit, copy=False)

    def _direct(self) -> exp.Select:
        """Return one SELECT that joins, filters, groups and orders."""
        plan = self._plan
        fact = FactSelect(plan, plan.facts[0], self._tables)

        def value(tree: Node) -> Node:
            return self._with_values(tree, lambda index: fact.aggregate(plan.aggregates[index]))

        values = {item.alias: fact.dimension(item) for item in plan.facts[0].dimensions}
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

    def _named_parts(self) -> PartNames:
        """Name the CTEs of facts and spines, and the columns that aggregates have in them."""
        plan = self._plan
        facts = [
            unused_name(f"{fact.base}_{_what_it_holds(fact)}", self._tables.taken)
            for fact in plan.facts
        ]
        taken = {item.alias.casefold() for item in plan.dimensions}
        names: dict[int, str] = {}
        for measure in plan.measures:
            if isinstance(measure.tree, AggregateRef) and measure.tree.position not in names:
                names[measure.tree.position] = unused_name(measure.alias, taken)
        for measure in plan.measures:
            for ref in measure.tree.find_all(AggregateRef):
                if ref.position not in names:
                    names[ref.position] = unused_name(f"{measure.alias}_part", taken)
        aggregates = [
            names[index] if index in names else unused_name("filter_value", taken)
            for index in range(len(plan.aggregates))
        ]
        spines = [unused_name(f"{item.root}_values", self._tables.taken) for item in plan.spines]
        return PartNames(tuple(facts), tuple(aggregates), tuple(spines))

    def _parts(self, names: PartNames) -> list[tuple[str, exp.Query]]:
        """Return the CTEs of facts, dimension values and their merge."""
        plan = self._plan
        before, table = self._period_ctes()
        parts: list[tuple[str, exp.Query]] = [
            (name, self._fact(fact, table).cte_body(names.aggregates))
            for name, fact in zip(names.facts, plan.facts, strict=True)
        ]
        parts += [
            (name, spine_body(plan, spine, self._tables))
            for name, spine in zip(names.spines, plan.spines, strict=True)
        ]
        every, filled = self._fill_ctes(names)
        if len(parts) > 1 or filled is not None:
            merged = unused_name("merged", self._tables.taken)
            every.append((merged, Merge(plan, names, filled).body()))
        return [*before, *parts, *every]

    def _fact(self, fact: Fact, periods: str) -> FactSelect | KeptSelect:
        """Return what builds the CTE of a fact."""
        if fact.kept is not None:
            from semantic_layer.sql.kept import KeptSelect

            return KeptSelect(self._plan, fact, self._tables, periods)
        if fact.frames:
            from semantic_layer.sql.framed import FramedSelect

            return FramedSelect(self._plan, fact, self._tables, periods)
        return FactSelect(self._plan, fact, self._tables)

    def _period_ctes(self) -> tuple[list[tuple[str, exp.Query]], str]:
        """Return the CTEs of the periods that facts with frames look back from, and their name."""
        if self._plan.periods is None:
            return [], ""
        from semantic_layer.sql.periods import PeriodTables

        return PeriodTables(self._plan, self._tables).of_rows(self._plan.periods)

    def _fill_ctes(self, names: PartNames) -> tuple[list[tuple[str, exp.Query]], exp.Select | None]:
        """Return the CTEs of every period of the answer, and the rows that show them."""
        if self._plan.fill is None:
            return [], None
        from semantic_layer.sql.periods import PeriodTables

        return PeriodTables(self._plan, self._tables).of_answer(self._plan.fill, names)

    def _outer(self, table: str, names: Sequence[str]) -> exp.Select:
        """Return the SELECT that computes the measures from the merged aggregates."""
        plan = self._plan

        def value(tree: Node) -> Node:
            return self._with_values(tree, lambda index: column(names[index], table))

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

        return rewrite(self.instants.comparing(tree.copy(), self._types), step)

    def _output_name(self, alias: str) -> str:
        return self._alias_map.get(alias, alias)


def _is_simple(fact: Fact) -> bool:
    """Whether one SELECT says all of a fact."""
    return not fact.ranked and not fact.frames and fact.kept is None


def _what_it_holds(fact: Fact) -> str:
    """Return the word for the CTE of a fact."""
    if fact.ranked:
        return "ranked"
    if fact.frames:
        from semantic_layer.plan.frames import word_of

        return word_of(fact.frames)
    return "agg" if fact.kept is None else "kept"


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
