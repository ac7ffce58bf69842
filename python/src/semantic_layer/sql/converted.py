"""A fact of conversions: rows of another source, each given to one row of the base.

Three steps: the rows that take part, numbered; each beside the base rows that it could be given
to, these numbered from the latest; and the aggregates over the pairs that come first. Filters of
the question are applied to the pairs: they choose base rows, and never which of them is the latest.
"""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.plan.conversions import Conversion
from semantic_layer.plan.logical import Aggregate, Fact, LogicalPlan
from semantic_layer.sql.fact import group_by
from semantic_layer.sql.outer import Cte
from semantic_layer.sql.rows import LookupRows, dimension_value
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.aggregates import null_of_no_rows, real_average
from semantic_layer.syntax.lean_sqlglot import dialect_named, exp
from semantic_layer.syntax.percentile import native
from semantic_layer.syntax.tree import (
    ColumnRef,
    Node,
    aliased,
    column,
    conjunction,
    from_table,
    identifier,
    is_not_null,
    number,
    refs,
    rewrite,
    select,
    unused_name,
)
from semantic_layer.times.instants import COMPARED
from semantic_layer.times.moments import moment, moment_later

_LONG = 55
"""A name of two sources that a database may cut off, so that two of them would be one."""


class ConvertedSelect:
    """Builds the steps of one such fact."""

    def __init__(self, plan: LogicalPlan, fact: Fact, tables: Tables) -> None:
        assert fact.conversion is not None
        self._plan = plan
        self._fact = fact
        self._conversion: Conversion = fact.conversion
        self._instants = tables.instants
        self._base = LookupRows(plan.graph, fact.base, fact.routes.values(), tables)
        routes = fact.conversion_routes.values()
        self._source = LookupRows(plan.graph, fact.conversion.source, routes, tables)
        # They stand in FROM beside the base, which may be called so too.
        nodes = [*fact.nodes_read()]
        called = [*nodes, *(tables.alias(node).name for node in nodes)]
        beside = tables.taken | {name.casefold() for name in called}
        pairs = f"{fact.base}_before_{fact.conversion.source}"
        self._given = unused_name(f"{fact.conversion.source}_to_give", beside)
        self._pairs = unused_name(pairs if len(pairs) < _LONG else "rows_before", beside)
        tables.taken.update((self._given.casefold(), self._pairs.casefold()))
        self._names = _Names(fact, plan)

    def ctes(self, name: str, aggregates: Sequence[str]) -> list[Cte]:
        """Return the steps; the last is the fact as a table of dimensions and aggregates."""
        return [
            (self._given, self._given_body()),
            (self._pairs, self._pairs_body()),
            (name, self._fact_body(aggregates)),
        ]

    def _given_body(self) -> exp.Select:
        """Return the rows that take part, each with a number of its own among its entity's."""
        conversion, names = self._conversion, self._names
        same = [self._source.expand(pair[1]) for pair in conversion.pairs]
        self._instants.note(conversion.time, COMPARED)
        time = self._source.expand(conversion.time)
        columns = [aliased(tree, name) for tree, name in zip(same, names.same, strict=True)]
        columns.append(aliased(time, names.time))
        columns += [aliased(self._source.expand(ref), name) for ref, name in names.values()]
        ordered = [self._ordered(self._moment(time)), *self._by_grain(self._source, False)]
        columns.append(aliased(_numbered([same[0].copy()], ordered), names.row))
        query = self._source.attach(select(columns), conversion.filters)
        return query.where(is_not_null(same[0].copy()), copy=False)

    def _pairs_body(self) -> exp.Select:
        """Return each of those rows beside the base rows that it could be given to."""
        conversion, names = self._conversion, self._names
        columns: list[Node] = [
            aliased(dimension_value(item, self._base), item.alias) for item in self._fact.dimensions
        ]
        # Named anew: ClickHouse calls one that the base has too `orders_to_give.amount`.
        columns += [aliased(column(name, self._given), name) for _, name in names.values()]
        if filters := self._filters():
            columns.append(aliased(self._flag(filters), names.passes))
        self._instants.note(conversion.base_time, COMPARED)
        latest = self._moment(self._base.expand(conversion.base_time))
        ordered = [self._ordered(latest, descending=True), *self._by_grain(self._base, True)]
        of_one: list[Node] = [column(name, self._given) for name in (names.same[0], names.row)]
        columns.append(aliased(_numbered(of_one, ordered), names.place))
        query = self._base.attach(select(columns), conversion.base_filters)
        alias = exp.TableAlias(this=identifier(self._given))
        table = exp.Table(this=identifier(self._given), alias=alias)
        query.append("joins", exp.Join(this=table, on=self._could_be_given()))
        return query

    def _could_be_given(self) -> Node:
        """Return the condition that a row could be given to a base row."""
        conversion, names = self._conversion, self._names
        equal: list[Node] = [
            exp.EQ(this=self._base.expand(pair[0]), expression=column(name, self._given))
            for pair, name in zip(conversion.pairs, names.same, strict=True)
        ]
        base_time = self._base.expand(conversion.base_time)
        time = self._moment(column(names.time, self._given))
        within: list[Node] = [exp.LTE(this=self._moment(base_time), expression=time)]
        if conversion.window is not None:
            dialect, zone = self._plan.dialect, self._instants.zone
            end = moment_later(base_time.copy(), conversion.window, dialect, zone)
            within.append(exp.LT(this=time.copy(), expression=end))
        return conjunction([*equal, *within])

    def _fact_body(self, aggregates: Sequence[str]) -> exp.Select:
        """Return the aggregates over the rows, each at the base row that it is given to."""
        dimensions = [column(item.alias, self._pairs) for item in self._fact.dimensions]
        values = [
            aliased(self._aggregate(self._plan.aggregates[index]), aggregates[index])
            for index in self._fact.aggregates
        ]
        query = from_table(select([*dimensions, *values]), exp.Table(this=identifier(self._pairs)))
        for name in (self._names.place, *([self._names.passes] if self._filters() else [])):
            is_one = exp.EQ(this=column(name, self._pairs), expression=number(1))
            query.where(is_one, copy=False)
        return group_by(query, [item.copy() for item in dimensions])

    def _filters(self) -> list[Node]:
        """Return what the question asks of base rows; its segments are those of all aggregates."""
        segments = {
            tree for i in self._fact.aggregates for tree in self._plan.aggregates[i].filters
        }
        return [*self._fact.filters, *sorted(segments, key=repr)]

    def _aggregate(self, aggregate: Aggregate) -> Node:
        if aggregate.argument is not None and aggregate.fraction is not None:
            if aggregate.ranked:
                raise aggregate.origin.unsupported(
                    "this database has no percentile, and of conversions none is computed.",
                    fix="Use another aggregate.",
                )
            value = self._of_pairs(aggregate.argument)
            return native(value, aggregate.fraction.copy(), self._plan.dialect)
        dialect = self._plan.dialect
        tree = real_average(aggregate.call.copy(), dialect, self._source.is_number)
        value = null_of_no_rows(self._of_pairs(tree), dialect)
        if not self._instants.is_extreme(aggregate.call):
            return value
        self._instants.note(aggregate.call, COMPARED)
        return self._instants.extreme(value)

    def _of_pairs(self, tree: Node) -> Node:
        """Return an expression over the rows that are given as one over the pairs."""

        def step(part: Node) -> Node | None:
            if not isinstance(part, ColumnRef):
                return None
            return column(self._names.value_of(part), self._pairs)

        return rewrite(self._instants.comparing(tree.copy()), step)

    def _flag(self, filters: Sequence[Node]) -> Node:
        """Return 1 for base rows that pass, and 0 for the others."""
        for tree in filters:
            self._instants.note_condition(tree)
        condition = conjunction([self._base.expand(tree) for tree in filters])
        return exp.Case(ifs=[exp.If(this=condition, true=number(1))], default=number(0))

    def _moment(self, value: Node) -> Node:
        return moment(value.copy(), self._plan.dialect, self._instants.zone)

    def _by_grain(self, rows: LookupRows, of_base: bool) -> list[exp.Ordered]:
        source = self._fact.base if of_base else self._conversion.source
        names = self._plan.graph.catalog[source].grain
        found = [ColumnRef(node=source, name=name, quoted=False) for name in names]
        return [self._ordered(rows.expand(ref)) for ref in found]

    def _ordered(self, tree: Node, *, descending: bool = False) -> exp.Ordered:
        """Return a term of an order, NULLs where the database puts them anyway."""
        order = dialect_named(self._plan.dialect).NULL_ORDERING
        first = order == ("nulls_are_large" if descending else "nulls_are_small")
        return exp.Ordered(this=tree, desc=descending, nulls_first=first)


class _Names:
    """The columns of the steps: distinct from each other and from the dimensions."""

    def __init__(self, fact: Fact, plan: LogicalPlan) -> None:
        assert fact.conversion is not None
        taken = {item.alias.casefold() for item in fact.dimensions}
        self._values: dict[tuple[str, str], tuple[ColumnRef, str]] = {}
        for index in fact.aggregates:
            for ref in refs(plan.aggregates[index].aggregated):
                if (ref.node, ref.column) not in self._values:
                    self._values[ref.node, ref.column] = ref, unused_name(ref.column, taken)
        constants = ["constant" for _ in fact.conversion.pairs[1:]]
        self.same = [unused_name(wanted, taken) for wanted in ("entity", *constants)]
        self.time = unused_name("converted_at", taken)
        self.row = unused_name("row_of_entity", taken)
        self.place = unused_name("place", taken)
        self.passes = unused_name("passes", taken)

    def values(self) -> list[tuple[ColumnRef, str]]:
        """Return the columns that are aggregated, each with its name in the steps."""
        return list(self._values.values())

    def value_of(self, ref: ColumnRef) -> str:
        """Return the name of a column that is aggregated."""
        return self._values[ref.node, ref.column][1]


def _numbered(groups: Sequence[Node], order: Sequence[Node]) -> Node:
    """Return the place of a row in its group."""
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=list(groups),
        order=exp.Order(expressions=list(order)),
        over="OVER",
    )
