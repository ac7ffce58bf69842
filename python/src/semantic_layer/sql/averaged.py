"""A fact over time of which a period shows the average of the finer periods' values in it.

The finer periods are those from the first to the last row of the question's facts. One without a
value counts where the value is a count, which is 0 then, and else not.
"""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.plan.frames import averaged, word_of
from semantic_layer.plan.logical import Aggregate, Dimension, Fact, LogicalPlan
from semantic_layer.plan.periods import Bounds, PeriodPlan
from semantic_layer.sql.fact import group_by
from semantic_layer.sql.framed import FramedSelect
from semantic_layer.sql.kept import KeptSelect
from semantic_layer.sql.periods import START, PeriodTables, bound_conditions
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.aggregates import real_average
from semantic_layer.syntax.division import real
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    Node,
    aliased,
    column,
    from_table,
    identifier,
    select,
    unused_name,
)

_COUNT = "period_count"


class FinerSelect(FramedSelect):
    """The same fact by a finer period, within the longer periods that filters on the time show."""

    def __init__(
        self, plan: LogicalPlan, fact: Fact, tables: Tables, periods: str, shown: str
    ) -> None:
        super().__init__(plan, fact, tables, periods)
        self._shown = shown

    def _own_bounds(self) -> list[Node]:
        start = self._cut(column(START, self._periods), self._shown)
        return bound_conditions(self._fact.bounds or Bounds(), start, self._plan.dialect)


class AveragedSelect:
    """Builds the CTE of such a fact, and before it those of the finer periods."""

    def __init__(self, plan: LogicalPlan, fact: Fact, tables: Tables) -> None:
        self._plan = plan
        self._fact = fact
        self._tables = tables
        window = averaged(fact.frames)
        assert window is not None
        self._window = window
        period = fact.dimensions[fact.periods[0]]
        self._grain = period.granularity or "day"
        self._finer = period.replaced(granularity=window.grain)

    def cte_body(self, names: Sequence[str]) -> exp.Select:
        """Return the fact as a table of dimensions and averages; `names` has those of all."""
        fact, periods = self._fact, self._finer_periods()
        taken = {*map(str.casefold, (*names, *(item.alias for item in fact.dimensions)))}
        alias = unused_name(self._window.grain, taken)
        self._finer = self._finer.replaced(alias=alias)
        table = self._by_finer(periods, names)
        start = self._cut(column(self._finer.alias, table), self._grain)
        groups = [self._group(item, start, table) for item in fact.dimensions]
        shown = [
            aliased(tree.copy(), item.alias)
            for tree, item in zip(groups, fact.dimensions, strict=True)
        ]
        aggregates = [self._plan.aggregates[index] for index in fact.aggregates]
        counts = self._counts(periods) if any(item.is_count for item in aggregates) else ""
        for index, item in zip(fact.aggregates, aggregates, strict=True):
            value = column(names[index], table)
            shown.append(aliased(self._average(item, value, counts), names[index]))
        query = from_table(select(shown), exp.Table(this=identifier(table)))
        if counts:
            same = exp.EQ(this=column(START, counts), expression=start.copy())
            query.append("joins", exp.Join(this=exp.Table(this=identifier(counts)), on=same))
        return group_by(query, groups)

    def _by_finer(self, periods: str, names: Sequence[str]) -> str:
        """Add the fact by finer periods, with the other dimensions that it has; return its name."""
        fact, window = self._fact, self._window
        others = [d for place, d in enumerate(fact.dimensions) if place not in fact.periods]
        frames = (*fact.frames[:-1], window.replaced(average=False))
        finer = fact.replaced(dimensions=(self._finer, *others), periods=(0,), frames=frames)
        rows = FinerSelect(self._plan, finer, self._tables, periods, self._grain)
        kept = KeptSelect(self._plan, finer, rows) if fact.kept is not None else None
        body = (kept or rows).cte_body(names)
        wanted = f"{fact.base}_{word_of(frames)}_by_{window.grain}"
        return self._step(wanted, body)

    def _step(self, wanted: str, body: exp.Query) -> str:
        name = unused_name(wanted, self._tables.taken)
        self._tables.add_step(name, body)
        return name

    def _finer_periods(self) -> str:
        """Return the name of the table of the finer periods, which facts share."""
        grain, known = self._window.grain, self._tables.finer
        if (grain, "") not in known:
            assert self._plan.periods is not None
            periods = PeriodPlan(grain, self._plan.periods.rows, (), Bounds())
            names = (f"{grain}_range", f"every_{grain}")
            ctes, known[grain, ""] = PeriodTables(self._plan, self._tables).of_rows(periods, names)
            for step, body in ctes:
                self._tables.add_step(step, body)
        return known[grain, ""]

    def _counts(self, periods: str) -> str:
        """Return the name of the table that says how many finer periods each period has."""
        key, known = (self._window.grain, self._grain), self._tables.finer
        if key not in known:
            whole = self._cut(column(START, periods), self._grain)
            count = exp.Count(this=exp.Star(), big_int=True)
            query = select([aliased(whole, START), aliased(count, _COUNT)])
            from_table(query, exp.Table(this=identifier(periods)))
            known[key] = self._step(f"{key[0]}s_of_{key[1]}", group_by(query, [whole.copy()]))
        return known[key]

    def _cut(self, value: Node, grain: str) -> Node:
        return self._tables.instants.cut(value, grain)

    def _group(self, dimension: Dimension, start: Node, table: str) -> Node:
        """Return a dimension of the values by finer periods; those of the time are of a period."""
        places = [self._fact.dimensions[place] for place in self._fact.periods]
        if not any(dimension is place for place in places):
            return column(dimension.alias, table)
        grain = dimension.granularity or self._grain
        return start.copy() if grain == self._grain else self._cut(start.copy(), grain)

    def _average(self, aggregate: Aggregate, value: Node, counts: str) -> Node:
        """Return the average of the values of finer periods; of counts, those that are 0 too."""
        dialect = self._plan.dialect
        if not aggregate.is_count:
            return real_average(exp.Avg(this=value), dialect, lambda part: True)
        counted = real(exp.Sum(this=value), dialect, lambda part: True)
        return exp.Div(this=counted, expression=exp.Max(this=column(_COUNT, counts)))
