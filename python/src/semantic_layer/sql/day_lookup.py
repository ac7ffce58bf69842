"""The periods of one's own that a time spine has for its days, looked up by the day of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.plan.logical import CustomGrain
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    Node,
    aliased,
    column,
    identifier,
    is_not_null,
    select,
    unused_name,
)
from semantic_layer.times.instants import GROUPED

if TYPE_CHECKING:
    from semantic_layer.sql.rows import LookupRows

_DAY = "day_of_spine"


class DayLookup:
    """Joins rows with the one row of a step that has their `day`; `spine` has the model's rows."""

    def __init__(
        self, graph: JoinGraph, tables: Tables, custom: CustomGrain, day: Node, spine: LookupRows
    ) -> None:
        self._custom = custom
        self._day = day
        beside = {*map(str.casefold, (*graph.catalog, *graph.aliases))} | tables.taken
        if custom.name not in tables.custom:
            step = unused_name(f"days_of_{custom.name}", beside)
            tables.taken.add(step.casefold())
            tables.custom[custom.name] = step
            tables.add_step(step, self._body(spine, graph.parser.dialect))
        self._step = tables.custom[custom.name]
        self._alias = unused_name(f"{custom.name}_of_day", beside | {self._step.casefold()})
        tables.taken.add(self._alias.casefold())

    def _body(self, rows: LookupRows, dialect: str) -> exp.Select:
        """Return each day once, with its period; of several, the last."""
        custom = self._custom
        rows.instants.note(custom.day, GROUPED)
        day = rows.instants.cut(rows.expand(custom.day).unnest(), "day")
        value: Node = exp.Max(this=rows.expand(custom.value))
        if dialect == "clickhouse":
            # Where a column that cannot be NULL is not NULL in a LEFT JOIN without a match either.
            value = exp.Anonymous(this="toNullable", expressions=[value])
        query = rows.attach(select([aliased(day, _DAY), aliased(value, custom.name)]))
        query.where(is_not_null(day.copy()), copy=False)
        query.set("group", exp.Group(expressions=[day.copy()]))
        return query

    def join(self) -> exp.Join:
        """Return the join; a row whose day the time spine has not stays, without a period."""
        alias = exp.TableAlias(this=identifier(self._alias))
        same = exp.EQ(this=self._day.copy(), expression=column(_DAY, self._alias))
        table = exp.Table(this=identifier(self._step), alias=alias)
        return exp.Join(this=table, side="LEFT", on=same)

    def value(self) -> Node:
        """Return the period."""
        return column(self._custom.name, self._alias)
