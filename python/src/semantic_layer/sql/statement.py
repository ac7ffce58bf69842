"""The tree of one statement: its parts, their merge, and the outputs in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from semantic_layer.plan.logical import Fact, LogicalPlan
from semantic_layer.sql.fact import FactSelect, spine_body
from semantic_layer.sql.merge import Merge, PartNames, of_groups
from semantic_layer.sql.outer import Cte, OuterSelect, is_over_groups, order_by
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.many_rows import any_of
from semantic_layer.syntax.tree import (
    AggregateRef,
    Node,
    aliased,
    conjunction,
    identifier,
    rewrite,
    select,
    unused_name,
)
from semantic_layer.times.instants import Instants
from semantic_layer.times.types import TimeTypes

if TYPE_CHECKING:
    from semantic_layer.sql.averaged import AveragedSelect
    from semantic_layer.sql.kept import KeptSelect


class StatementBuilder:
    """Builds one statement."""

    def __init__(self, plan: LogicalPlan, alias_map: Mapping[str, str]) -> None:
        self._plan = plan
        self._alias_map = alias_map
        nodes = [node for fact in plan.facts for node in fact.nodes_read()]
        nodes += [spine.root for spine in plan.spines]
        nodes += [node for fact in plan.facts for node in self._inside(fact)]
        nodes += [plan.time_spine.node] if plan.time_spine is not None else []
        nodes += [item.custom.day.node for item in plan.dimensions if item.custom is not None]
        sources = list(dict.fromkeys(plan.graph.source_of(node) for node in nodes))
        self.instants = Instants(plan.graph, plan.timezone, plan.calendar)
        self._types = TimeTypes(plan.graph, lambda index: plan.aggregates[index].call)
        self._tables = Tables(plan.graph, sources, self.instants, plan.samples)

    def _inside(self, fact: Fact) -> list[str]:
        """Return the nodes that are read by the conditions on the many side of a fact."""
        trees = [*fact.filters]
        trees += [t for index in fact.aggregates for t in self._plan.aggregates[index].parts()]
        given: list[tuple[str, list[Node]]] = []
        if fact.conversion is not None:
            trees += fact.conversion.base_filters
            given = [(fact.conversion.source, [*fact.conversion.filters])]
        read: list[str] = []
        for base, conditions in [(fact.base, trees), *given]:
            if any(True for tree in conditions for _ in any_of(tree)):
                from semantic_layer.sql.many_rows import nodes_inside

                read += nodes_inside(self._plan.graph, base, conditions)
        return read

    def build(self) -> exp.Select:
        """Return the whole SELECT."""
        plan = self._plan
        one_fact = len(plan.facts) == 1 and not plan.spines and _is_simple(plan.facts[0])
        # HAVING without GROUP BY is not accepted everywhere.
        direct = (
            one_fact and (bool(plan.dimensions) or not plan.having) and not is_over_groups(plan)
        )
        ctes: list[Cte] = []
        if direct:
            query = self._direct()
        else:
            names = self._named_parts()
            parts, table = self._parts(names)
            query, more = OuterSelect(self._plan, names, table, self, self._tables.taken).build()
            ctes = [*parts, *more]
        for name, body in (*self._tables.ctes(), *ctes):
            query.with_(identifier(name), as_=body, copy=False)
        return query.limit(plan.limit, copy=False)

    def _direct(self) -> exp.Select:
        """Return one SELECT that joins, filters, groups and orders."""
        plan = self._plan
        fact = FactSelect(plan, plan.facts[0], self._tables)

        def value(tree: Node) -> Node:
            return self.with_values(tree, lambda index: fact.aggregate(plan.aggregates[index]))

        values = {item.alias: fact.dimension(item) for item in plan.facts[0].dimensions}
        values.update({item.alias: value(item.tree) for item in plan.measures})
        query = select(
            aliased(tree.copy(), self.output_name(alias)) for alias, tree in values.items()
        )
        fact.grouped(query)
        if plan.having:
            having = conjunction([value(tree) for tree in plan.having])
            query.set("having", exp.Having(this=having))
        order_by(query, plan.order, values, plan.dialect, self.output_name)
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

    def _parts(self, names: PartNames) -> tuple[list[Cte], str]:
        """Return the CTEs of facts, dimension values and their merge, and the one of all groups."""
        plan = self._plan
        before, table = self._period_ctes()
        parts: list[Cte] = []
        for name, fact in zip(names.facts, plan.facts, strict=True):
            parts += self._fact_ctes(name, fact, names.aggregates, table)
        parts += [
            (name, spine_body(plan, spine, self._tables))
            for name, spine in zip(names.spines, plan.spines, strict=True)
        ]
        every, filled = self._fill_ctes(names)
        whole = [name for name, f in zip(names.facts, plan.facts, strict=True) if not f.is_total]
        table = whole[0]
        if len(whole) > 1 or plan.spines or filled is not None:
            table = unused_name("merged", self._tables.taken)
            every.append((table, Merge(plan, names, filled).body()))
        return [*before, *parts, *every], table

    def _fact_ctes(
        self, name: str, fact: Fact, aggregates: Sequence[str], periods: str
    ) -> list[Cte]:
        """Return the CTE of a fact, behind those of the steps that lead to it."""
        if fact.conversion is None:
            return [(name, self._fact(fact, periods).cte_body(aggregates))]
        from semantic_layer.sql.converted import ConvertedSelect

        return ConvertedSelect(self._plan, fact, self._tables).ctes(name, aggregates)

    def _fact(self, fact: Fact, periods: str) -> FactSelect | KeptSelect | AveragedSelect:
        """Return what builds the CTE of a fact."""
        if _is_averaged(fact):
            from semantic_layer.sql.averaged import AveragedSelect

            return AveragedSelect(self._plan, fact, self._tables)
        if fact.frames:
            from semantic_layer.sql.framed import FramedSelect

            rows: FactSelect = FramedSelect(self._plan, fact, self._tables, periods)
        else:
            rows = FactSelect(self._plan, fact, self._tables)
        if fact.kept is not None:
            from semantic_layer.sql.kept import KeptSelect

            return KeptSelect(self._plan, fact, rows)
        return rows

    def _period_ctes(self) -> tuple[list[Cte], str]:
        """Return the CTEs of the periods that facts with frames look back from, and their name."""
        if self._plan.periods is None or all(_is_averaged(f) for f in self._plan.facts if f.frames):
            return [], ""
        from semantic_layer.sql.periods import PeriodTables

        return PeriodTables(self._plan, self._tables).of_rows(self._plan.periods)

    def _fill_ctes(self, names: PartNames) -> tuple[list[Cte], exp.Select | None]:
        """Return the CTEs of every period of the answer, and the rows that show them."""
        if self._plan.fill is None:
            return [], None
        from semantic_layer.sql.periods import PeriodTables

        whole = of_groups(self._plan, names)
        return PeriodTables(self._plan, self._tables).of_answer(self._plan.fill, whole)

    def with_values(self, tree: Node, value: Callable[[int], Node]) -> Node:
        """Return an expression over aggregates with their values in their places."""

        def step(part: Node) -> Node | None:
            return value(part.position) if isinstance(part, AggregateRef) else None

        return rewrite(self.instants.comparing(tree.copy(), self._types), step)

    def output_name(self, alias: str) -> str:
        """Return the name that an output has in the statement."""
        return self._alias_map.get(alias, alias)


def _is_simple(fact: Fact) -> bool:
    """Whether one SELECT says all of a fact."""
    plain = fact.kept is None and fact.conversion is None
    return plain and not fact.ranked and not fact.frames


def _is_averaged(fact: Fact) -> bool:
    """Whether a fact's values are averages over finer periods, of which it makes its own."""
    if not fact.frames:
        return False
    from semantic_layer.plan.frames import averaged

    return averaged(fact.frames) is not None


def _what_it_holds(fact: Fact) -> str:
    """Return the words for the CTE of a fact."""
    words = "ranked" if fact.ranked else "agg" if fact.kept is None else "kept"
    if fact.conversion is not None:
        words = "converted"
    elif fact.frames:
        from semantic_layer.plan.frames import word_of

        words = word_of(fact.frames)
    if fact.is_total:
        return "total" if words == "agg" else f"total_{words}"
    return words
