"""Merging facts and dimension values: UNION ALL, then a second grouping.

NULL equals NULL in GROUP BY, which no FULL JOIN that every dialect accepts can do.
"""

from __future__ import annotations

from semantic_layer.data.record import Frozen
from semantic_layer.plan.logical import Fact, LogicalPlan, Spine
from semantic_layer.sql.fact import group_by
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    Node,
    aliased,
    column,
    from_table,
    identifier,
    is_not_null,
    number,
    same_value,
    select,
)
from semantic_layer.syntax.verbatim import called_name, keep_parts

# Aggregates of PostgreSQL whose values have no order, or not always, and thus no MAX.
_UNORDERED = ("json", "xml", "range", "bit_", "any_value", "mode", "percentile_disc")
# Where a UNION gives a column of NULLs a type before it sees the column's values.
_EARLY_TYPES = {"postgres", "redshift", "snowflake", "tsql"}


class PartNames(Frozen):
    """What the parts of a statement are called: its CTEs, and the aggregates' columns in them."""

    facts: tuple[str, ...]
    aggregates: tuple[str, ...]
    spines: tuple[str, ...]


def of_groups(plan: LogicalPlan, names: PartNames) -> PartNames:
    """Return the names of the facts that have every group, and of their aggregates."""
    pairs = list(zip(names.facts, plan.facts, strict=True))
    whole = [(name, fact) for name, fact in pairs if not fact.is_total]
    own = sorted({index for _, fact in whole for index in fact.aggregates})
    return PartNames(
        tuple(name for name, _ in whole),
        tuple(names.aggregates[index] for index in own),
        names.spines,
    )


class Merge:
    """Builds the query over the CTEs of several facts and spines."""

    def __init__(
        self, plan: LogicalPlan, names: PartNames, filled: exp.Select | None = None
    ) -> None:
        self._filled = filled
        self._plan = plan
        self._names = names
        pairs = zip(names.facts, plan.facts, strict=True)
        self._facts = [(name, fact) for name, fact in pairs if not fact.is_total]
        own = {index for _, fact in self._facts for index in fact.aggregates}
        self._aggregates = [(names.aggregates[index], index) for index in sorted(own)]
        self._spines = list(zip(names.spines, plan.spines, strict=True))

    def body(self) -> exp.Select:
        """Return one row for each group of any branch, with the aggregates of all."""
        union = self._union()
        dimensions = [column(item.alias, "parts") for item in self._plan.dimensions]
        query = select([*dimensions, *self._merged_aggregates()])
        alias = exp.TableAlias(this=identifier("parts"))
        from_table(query, exp.Subquery(this=union, alias=alias))
        return group_by(query, [item.copy() for item in dimensions])

    def _merged_aggregates(self) -> list[Node]:
        merged: list[Node] = []
        for name, index in self._aggregates:
            aggregate = self._plan.aggregates[index]
            value = _the_one(column(name, "parts"), aggregate.call, self._plan.dialect)
            if aggregate.is_count:
                value = exp.Coalesce(this=value, expressions=[number(0)])
            merged.append(aliased(value, name))
        return merged

    def _union(self) -> exp.Query:
        branches = [self._fact(name, fact) for name, fact in self._facts]
        branches += [self._spine(name, spine) for name, spine in self._spines]
        branches += [self._filled] if self._filled is not None else []
        if len(self._facts) > 2 and self._plan.dialect in _EARLY_TYPES:
            self._type_columns(branches[0])
        union: exp.Query = branches[0]
        for branch in branches[1:]:
            union = exp.Union(this=union, expression=branch, distinct=False)
        return union

    def _fact(self, table: str, fact: Fact) -> exp.Select:
        columns: list[Node] = [column(item.alias, table) for item in self._plan.dimensions]
        for name, index in self._aggregates:
            own = index in fact.aggregates
            columns.append(column(name, table) if own else aliased(exp.Null(), name))
        return from_table(select(columns), exp.Table(this=identifier(table)))

    def _type_columns(self, first: exp.Select) -> None:
        """Take the first branch's NULLs from joins that match nothing, for their types."""
        columns = list(first.expressions)
        offset = len(self._plan.dimensions)
        places = {index: place for place, (_, index) in enumerate(self._aggregates)}
        for name, fact in self._facts[1:]:
            for index in fact.aggregates:
                value = column(self._names.aggregates[index], name)
                columns[offset + places[index]] = value
            never = exp.EQ(this=number(1), expression=number(0))
            table = exp.Table(this=identifier(name))
            first.append("joins", exp.Join(this=table, side="LEFT", on=never))
        first.set("expressions", columns)

    def _spine(self, name: str, spine: Spine) -> exp.Select:
        columns: list[Node] = []
        own = [self._plan.dimensions[index].alias for index in spine.dimensions]
        for dimension in self._plan.dimensions:
            covered = dimension.alias in own
            value: Node = (
                column(dimension.alias, name) if covered else aliased(exp.Null(), dimension.alias)
            )
            columns.append(value)
        columns += [aliased(exp.Null(), column_name) for column_name, _ in self._aggregates]
        query = from_table(select(columns), exp.Table(this=identifier(name)))
        if len(own) < len(self._plan.dimensions):
            self._only_missing(query, name, own)
        return query

    def _only_missing(self, query: exp.Select, name: str, own: list[str]) -> None:
        """Keep the values that no fact shows: other dimensions of theirs are unknown."""
        for fact, _ in self._facts:
            if self._plan.dialect == "clickhouse":
                query.where(_not_in(own, name, fact), copy=False)
                continue
            matches: Node | None = None
            for alias in own:
                equal = same_value(column(alias, fact), column(alias, name))
                matches = exp.And(this=matches, expression=equal) if matches else equal
            found = from_table(select([number(1)]), exp.Table(this=identifier(fact)))
            found.set("where", exp.Where(this=matches))
            query.where(exp.Not(this=exp.Exists(this=found)), copy=False)


def _not_in(names: list[str], table: str, other: str) -> Node:
    """Return the condition that a row of one table is in no row of another, NULL equal to NULL.

    For ClickHouse, where an EXISTS that names the row outside is not to be had before 25, and with
    26.9 does not find a NULL.
    """

    def comparable(name: str, of: str) -> list[Node]:
        shown = exp.Anonymous(this="toString", expressions=[column(name, of)])
        empty = exp.Anonymous(this="ifNull", expressions=[shown, exp.Literal.string("")])
        return [exp.Anonymous(this="isNull", expressions=[column(name, of)]), empty]

    row = exp.Tuple(expressions=[part for name in names for part in comparable(name, table)])
    rows = select(part for name in names for part in comparable(name, other))
    from_table(rows, exp.Table(this=identifier(other)))
    return exp.Not(this=exp.In(this=row, query=exp.Subquery(this=rows)))


def _the_one(value: Node, call: Node, dialect: str) -> Node:
    """Return the value that is not NULL, of which a group has one: it is in one branch."""
    inner = call.this if isinstance(call, exp.WithinGroup) else call
    name = called_name(inner) or ""
    if isinstance(inner, (exp.LogicalOr, exp.LogicalAnd)) or name == "every":
        return exp.LogicalOr(this=value)
    if dialect == "postgres" and name.startswith(_UNORDERED):
        listed = exp.Anonymous(this="ARRAY_AGG", expressions=[value])
        known = exp.Filter(this=listed, expression=exp.Where(this=is_not_null(value.copy())))
        first = exp.Paren(this=known)
        keep_parts(first, "(", (("this", None),), ")[1]")
        return first
    if dialect == "duckdb" and name:
        return exp.Anonymous(this="ANY_VALUE", expressions=[value])
    return exp.Max(this=value)
