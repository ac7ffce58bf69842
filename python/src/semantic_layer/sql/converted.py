"""A fact of conversions: rows of another source, each given to one row of the base.

Three steps: the rows that take part, numbered; each beside the base rows that it could be given
to, these numbered from the latest; and the aggregates over the pairs that come first. Filters of
the question are applied to the pairs: they choose base rows, and never which of them is the latest.
"""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.plan.conversions import Conversion
from semantic_layer.plan.logical import Aggregate, Fact, LogicalPlan
from semantic_layer.sql.fact import dimension_value, group_by
from semantic_layer.sql.outer import Cte
from semantic_layer.sql.rows import LookupRows
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.aggregates import null_of_no_rows, real_average
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
    is_not_null,
    number,
    refs,
    rewrite,
    select,
    unused_name,
)
from semantic_layer.times.instants import COMPARED
from semantic_layer.times.moments import moment, moment_later


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
        beside = tables.taken | {node.casefold() for node in fact.nodes_read()}
        names = (
            f"{fact.conversion.source}_to_give",
            f"{fact.base}_before_{fact.conversion.source}",
        )
        self._given, self._pairs = (unused_name(name, beside) for name in names)
        tables.taken.update((self._given.casefold(), self._pairs.casefold()))
        self._taken = {item.alias.casefold() for item in fact.dimensions}
        self._values: dict[tuple[str, str], str] = {}
        self._refs: list[ColumnRef] = []

    def ctes(self, name: str, aggregates: Sequence[str]) -> list[Cte]:
        """Return the steps; the last is the fact as a table of dimensions and aggregates."""
        used = [self._plan.aggregates[index] for index in self._fact.aggregates]
        for ref in (ref for item in used for ref in refs(item.aggregated)):
            key = (ref.node, ref.column)
            if key not in self._values:
                self._refs.append(ref)
                self._values[key] = unused_name(ref.column, self._taken)
        entity, happened, row, place, passes = (
            unused_name(wanted, self._taken)
            for wanted in ("entity", "converted_at", "row_of_entity", "place", "passes")
        )
        same = [entity] + [unused_name("constant", self._taken) for _ in self._conversion.pairs[1:]]
        values = [
            (aggregates[index], self._plan.aggregates[index]) for index in self._fact.aggregates
        ]
        return [
            (self._given, self._given_body(same, happened, row)),
            (self._pairs, self._pairs_body(same, happened, row, place, passes, used)),
            (name, self._fact_body(values, place, passes)),
        ]

    def _given_body(self, same: Sequence[str], happened: str, row: str) -> exp.Select:
        """Return the rows that take part, each with a number of its own among its entity's."""
        conversion = self._conversion
        theirs = [self._source.expand(pair[1]) for pair in conversion.pairs]
        self._instants.note(conversion.time, COMPARED)
        time = self._source.expand(conversion.time)
        columns = [aliased(tree, name) for tree, name in zip(theirs, same, strict=True)]
        columns.append(aliased(time, happened))
        values = zip(self._refs, self._values.values(), strict=True)
        columns += [aliased(self._source.expand(ref), name) for ref, name in values]
        grain = [self._source.expand(ref) for ref in self._grain(conversion.source)]
        numbered = _numbered([theirs[0].copy()], [(self._moment(time), False)], grain)
        query = self._source.attach(select([*columns, aliased(numbered, row)]), conversion.filters)
        return query.where(is_not_null(theirs[0].copy()), copy=False)

    def _pairs_body(
        self,
        same: Sequence[str],
        happened: str,
        row: str,
        place: str,
        passes: str,
        used: Sequence[Aggregate],
    ) -> exp.Select:
        """Return each of those rows beside the base rows that it could be given to."""
        conversion = self._conversion
        dialect = self._plan.dialect
        columns = [
            aliased(dimension_value(item, self._base, dialect), item.alias)
            for item in self._fact.dimensions
        ]
        columns += [column(name, self._given) for name in self._values.values()]
        filters = [*self._fact.filters, *(used[0].filters if used else ())]
        if filters:
            columns.append(aliased(self._flag(filters), passes))
        self._instants.note(conversion.base_time, COMPARED)
        latest = [(self._moment(self._base.expand(conversion.base_time)), True)]
        grain = [self._base.expand(ref) for ref in self._grain(self._fact.base)]
        which = [column(name, self._given) for name in (same[0], row)]
        columns.append(aliased(_numbered(which, latest, grain), place))
        query = self._base.attach(select(columns), conversion.base_filters)
        on = self._could_be_given(same, happened)
        join = exp.Join(this=exp.Table(this=identifier(self._given)), on=on)
        query.append("joins", join)
        return query

    def _could_be_given(self, same: Sequence[str], happened: str) -> Node:
        """Return the condition that a row could be given to a base row."""
        conversion = self._conversion
        equal: list[Node] = [
            exp.EQ(this=self._base.expand(pair[0]), expression=column(name, self._given))
            for pair, name in zip(conversion.pairs, same, strict=True)
        ]
        base_time = self._base.expand(conversion.base_time)
        time = self._moment(column(happened, self._given))
        within: list[Node] = [exp.LTE(this=self._moment(base_time), expression=time)]
        if conversion.window is not None:
            dialect, zone = self._plan.dialect, self._instants.zone
            end = moment_later(base_time.copy(), conversion.window, dialect, zone)
            within.append(exp.LT(this=time.copy(), expression=end))
        return conjunction([*equal, *within])

    def _fact_body(
        self, values: Sequence[tuple[str, Aggregate]], place: str, passes: str
    ) -> exp.Select:
        """Return the aggregates over the rows, each at the base row that it is given to."""
        dimensions = [column(item.alias, self._pairs) for item in self._fact.dimensions]
        aggregates = [aliased(self._aggregate(item), name) for name, item in values]
        query = select([*dimensions, *aggregates])
        from_table(query, exp.Table(this=identifier(self._pairs)))
        conditions = [place]
        if self._fact.filters or any(item.filters for _, item in values):
            conditions.append(passes)
        for name in conditions:
            first = exp.EQ(this=column(name, self._pairs), expression=number(1))
            query.where(first, copy=False)
        return group_by(query, [item.copy() for item in dimensions])

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
            return column(self._values[part.node, part.column], self._pairs)

        return rewrite(self._instants.comparing(tree.copy()), step)

    def _flag(self, filters: Sequence[Node]) -> Node:
        """Return 1 for base rows that pass, and 0 for the others."""
        for tree in filters:
            self._instants.note_condition(tree)
        condition = conjunction([self._base.expand(tree) for tree in filters])
        return exp.Case(ifs=[exp.If(this=condition, true=number(1))], default=number(0))

    def _moment(self, value: Node) -> Node:
        return moment(value.copy(), self._plan.dialect, self._instants.zone)

    def _grain(self, source: str) -> list[ColumnRef]:
        names = self._plan.graph.catalog[source].grain
        return [ColumnRef(node=source, name=name, quoted=False) for name in names]


def _numbered(
    groups: Sequence[Node], times: Sequence[tuple[Node, bool]], grain: Sequence[Node]
) -> Node:
    """Return the place of a row in its group by times, and among equal ones by the grain."""
    terms = [(tree, False) for tree in grain]
    # NULLs where each dialect puts them anyway: saying otherwise adds terms.
    ordered = [
        exp.Ordered(this=tree, desc=descending, nulls_first=not descending)
        for tree, descending in (*times, *terms)
    ]
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=list(groups),
        order=exp.Order(expressions=ordered),
        over="OVER",
    )
