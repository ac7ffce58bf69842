"""The periods themselves: from the first to the last, those without rows too.

Each database makes them in its own way; the text is written for it and read by nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable

from semantic_layer.plan.logical import LogicalPlan
from semantic_layer.plan.periods import Bounds, Fill, PeriodPlan, PeriodRows
from semantic_layer.sql.merge import PartNames
from semantic_layer.sql.rows import LookupRows
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.aggregates import null_of_no_rows
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    ColumnRef,
    Node,
    aliased,
    column,
    from_table,
    identifier,
    is_not_null,
    number,
    same_value,
    select,
    unused_name,
)
from semantic_layer.times.duration import Duration, date_literal, moved
from semantic_layer.times.instants import COMPARED

START, FIRST, LAST, UNTIL = "period_start", "first_period", "last_period", "until_period"
_SPANS = "spans"
Cte = tuple[str, exp.Query]


class PeriodTables:
    """Builds the CTEs of the periods of a question."""

    def __init__(self, plan: LogicalPlan, tables: Tables) -> None:
        self._plan = plan
        self._tables = tables
        self._dialect = plan.dialect
        if plan.time_spine is not None:  # It stands in FROM beside the range of the periods.
            tables.taken.add(plan.time_spine.node.casefold())

    def of_rows(
        self, periods: PeriodPlan, names: tuple[str, str] = ("period_range", "periods")
    ) -> tuple[list[Cte], str]:
        """Return the CTEs of the periods of rows, whatever filters say of them, and their name."""
        spans = [self._span_of_rows(rows, periods.grain) for rows in periods.rows]
        until = self._beyond(column(LAST, _SPANS), periods)
        ranged = unused_name(names[0], self._tables.taken)
        # It stands in FROM beside the sources, which may be called so too.
        nodes = {node.casefold() for fact in self._plan.facts for node in fact.nodes_read()}
        named = unused_name(names[1], self._tables.taken | nodes)
        self._tables.taken.add(named)
        series = self._series(ranged, periods.grain, (FIRST, LAST))
        return [
            (ranged, _range(spans, until)),
            (named, self._bounded(series, periods.bounds)),
        ], named

    def of_answer(self, fill: Fill, names: PartNames) -> tuple[list[Cte], exp.Select]:
        """Return the CTEs of the periods of an answer, and the rows that show each of them."""
        dimension = self._plan.dimensions[fill.place]
        spans = []
        for fact in names.facts:
            ends = self._ends(column(dimension.alias, fact))
            spans.append(from_table(select(ends), exp.Table(this=identifier(fact))))
        ranged = unused_name("answer_range", self._tables.taken)
        named = unused_name("every_period", self._tables.taken)
        found = _range(spans, column(LAST, _SPANS))
        self._state(found, fill.bounds)
        series = self._series(ranged, fill.grain, ())
        ctes: list[Cte] = [(ranged, found), (named, self._bounded(series, Bounds()))]
        return ctes, self._shown(fill, named, names)

    def _span_of_rows(self, rows: PeriodRows, grain: str) -> exp.Select:
        lookup = LookupRows(self._plan.graph, rows.base, [rows.route], self._tables)
        time = lookup.instants.cut(lookup.expand(rows.time).unnest(), grain)
        return lookup.attach(select(self._ends(time)))

    def _ends(self, time: Node) -> list[Node]:
        """Return the first and the last of the times of some rows; NULL where there are none."""
        return [
            aliased(null_of_no_rows(end, self._dialect), name)
            for end, name in ((exp.Min(this=time), FIRST), (exp.Max(this=time.copy()), LAST))
        ]

    def _beyond(self, last: Node, periods: PeriodPlan) -> Node:
        """Return up to which day periods are made: a few too many hurt nobody."""
        until: Node = exp.Max(this=last)
        # A period more each time: a quarter after a month is the next quarter.
        step = Duration(1, periods.grain)
        days = sum(item.days + step.days for item in periods.beyond)
        months = sum(item.months + step.months for item in periods.beyond)
        if months:
            until = moved(until, months, "month", self._dialect, first=True)
            days += 31 if periods.grain in ("day", "week") else 0
        return moved(until, days, "day", self._dialect) if days else until

    def _state(self, query: exp.Select, bounds: Bounds) -> None:
        """Let the first and the last period be those that a filter names."""
        for place, day in ((0, bounds.first), (1, bounds.last), (2, bounds.last)):
            if day is not None:
                query.expressions[place].set("this", date_literal(day, self._dialect))

    def _bounded(self, series: exp.Query, bounds: Bounds) -> exp.Select:
        """Return the periods within bounds."""
        alias = exp.TableAlias(this=identifier("made"))
        query = from_table(select([exp.Star()]), exp.Subquery(this=series, alias=alias))
        start = column(START, "made")
        for condition in (is_not_null(start), *bound_conditions(bounds, start, self._dialect)):
            query.where(condition, copy=False)
        return query

    def _series(self, ranged: str, grain: str, kept: Iterable[str]) -> exp.Query:
        """Return the periods of a range, with columns of the range beside each of them."""
        if self._plan.time_spine is not None:
            return self._of_table(self._plan.time_spine, ranged, grain, kept)
        text = series_text(self._dialect, ranged, grain, tuple(kept))
        return self._plan.graph.parser.parse_select(text)

    def _of_table(
        self, spine: ColumnRef, ranged: str, grain: str, kept: Iterable[str]
    ) -> exp.Select:
        """Return the periods that the rows of a table are in."""
        rows = LookupRows(self._plan.graph, spine.node, [], self._tables)
        rows.instants.note(spine, COMPARED)
        start = rows.instants.cut(rows.expand(spine).unnest(), grain)
        columns = [aliased(start, START), *(column(name, ranged) for name in kept)]
        query = rows.attach(select(columns)).distinct(copy=False)
        query.append("joins", exp.Join(this=exp.Table(this=identifier(ranged)), kind="CROSS"))
        first, until = column(FIRST, ranged), column(UNTIL, ranged)
        query.where(exp.GTE(this=start.copy(), expression=first), copy=False)
        return query.where(exp.LTE(this=start.copy(), expression=until), copy=False)

    def _shown(self, fill: Fill, table: str, names: PartNames) -> exp.Select:
        """Return a row for each period, unless there is one of it with other dimensions."""
        plan = self._plan
        columns: list[Node] = []
        for place, dimension in enumerate(plan.dimensions):
            value: Node = exp.Null()
            if place == fill.place:
                value = column(START, table)
            elif place in fill.coarser and dimension.granularity is not None:
                value = self._tables.instants.cut(column(START, table), dimension.granularity)
            columns.append(aliased(value, dimension.alias))
        columns += [aliased(exp.Null(), name) for name in names.aggregates]
        query = from_table(select(columns), exp.Table(this=identifier(table)))
        if len(plan.dimensions) > 1 + len(fill.coarser):
            alias = plan.dimensions[fill.place].alias
            for fact in names.facts:
                query.where(_is_missing(alias, table, fact, self._dialect), copy=False)
        return query


def bound_conditions(bounds: Bounds, start: Node, dialect: str) -> list[Node]:
    """Return the conditions that a period is within bounds."""
    kinds = ((exp.GTE, bounds.first), (exp.LTE, bounds.last))
    return [
        kind(this=start.copy(), expression=date_literal(day, dialect))
        for kind, day in kinds
        if day is not None
    ]


def _range(spans: list[exp.Select], until: Node) -> exp.Select:
    """Return the first and the last day of several spans, in one row."""
    union: exp.Query = spans[0]
    for span in spans[1:]:
        union = exp.Union(this=union, expression=span, distinct=False)
    if not until.find(exp.Max):
        until = exp.Max(this=until)
    columns = [
        aliased(exp.Min(this=column(FIRST, _SPANS)), FIRST),
        aliased(exp.Max(this=column(LAST, _SPANS)), LAST),
        aliased(until, UNTIL),
    ]
    alias = exp.TableAlias(this=identifier(_SPANS))
    return from_table(select(columns), exp.Subquery(this=union, alias=alias))


def _is_missing(alias: str, periods: str, fact: str, dialect: str) -> Node:
    """Return the condition that a fact has no row of a period."""
    start = column(START, periods)
    if dialect == "clickhouse":  # See `merge._not_in`.
        rows = from_table(select([column(alias, fact)]), exp.Table(this=identifier(fact)))
        rows.where(is_not_null(column(alias, fact)), copy=False)
        return exp.Not(this=exp.In(this=start, query=exp.Subquery(this=rows)))
    found = from_table(select([number(1)]), exp.Table(this=identifier(fact)))
    found.where(same_value(column(alias, fact), start), copy=False)
    return exp.Not(this=exp.Exists(this=found))


def series_text(dialect: str, ranged: str, grain: str, kept: tuple[str, ...]) -> str:
    """Return a SELECT of the periods from `first_period` to `until_period` of a table of one row.

    `kept` are columns of that row to be shown beside each period.
    """
    step = Duration(1, grain)
    unit, size = ("MONTH", step.months) if step.months else ("DAY", step.days)
    more = "".join(f", {ranged}.{name}" for name in kept)
    first, until = f"{ranged}.{FIRST}", f"{ranged}.{UNTIL}"
    if dialect == "sqlite":
        # SQLite has no limit on the steps of a recursion.
        return (
            f"WITH RECURSIVE steps AS (SELECT {FIRST} AS {START} FROM {ranged} UNION ALL "
            f"SELECT DATE({START}, '+{size} {unit.lower()}s') FROM steps "
            f"WHERE {START} < (SELECT {UNTIL} FROM {ranged})) "
            f"SELECT steps.{START}{more} FROM steps CROSS JOIN {ranged} "
            f"WHERE steps.{START} <= {until}"
        )
    if dialect == "postgres":
        made = f"GENERATE_SERIES(CAST({first} AS TIMESTAMP), {until}, INTERVAL '{size} {unit}')"
        return f"SELECT CAST({made} AS DATE) AS {START}{more} FROM {ranged}"
    if dialect == "duckdb":
        made = f"UNNEST(GENERATE_SERIES({first}, {until}, INTERVAL '{size} {unit}'))"
        return f"SELECT CAST({made} AS DATE) AS {START}{more} FROM {ranged}"
    if dialect == "clickhouse":
        count = f"intDiv(dateDiff('{unit.lower()}', {first}, {until}), {size}) + 1"
        add = "addMonths" if unit == "MONTH" else "addDays"
        made = f"arrayMap(n -> {add}({first}, n * {size}), range(toUInt32(ifNull({count}, 0))))"
        return f"SELECT arrayJoin({made}) AS {START}{more} FROM {ranged}"
    if dialect in ("spark", "databricks"):
        made = f"EXPLODE(SEQUENCE({first}, {until}, INTERVAL '{size}' {unit}))"
        return f"SELECT {made} AS {START}{more} FROM {ranged}"
    if dialect == "trino":
        made = f"UNNEST(SEQUENCE({first}, {until}, INTERVAL '{size}' {unit})) AS made ({START})"
        return f"SELECT made.{START}{more} FROM {ranged} CROSS JOIN {made}"
    if dialect == "bigquery":
        made = f"GENERATE_DATE_ARRAY({first}, {until}, INTERVAL {size} {unit})"
        return f"SELECT {START}{more} FROM {ranged} CROSS JOIN UNNEST({made}) AS {START}"
    if dialect == "mysql":
        return _numbered_in_order(ranged, unit, size, more)
    return _numbered(ranged, unit, size, more)


_DIGITS = 7
"""So many digits number every day from the year 1 to the year 9999."""


_COUNT = " + ".join(f"d{place}.n * {10**place}" for place in range(_DIGITS))
_ONE_DIGIT = " UNION ALL ".join(f"SELECT {digit} AS n" for digit in range(10))
_LARGEST_FIRST = tuple(reversed(range(_DIGITS)))
"""What is too much is then never made: each digit is read only as far as it fits."""


def _numbered_in_order(ranged: str, unit: str, size: int, more: str) -> str:
    """Return periods counted by digits for MySQL, which ends a recursion after 1,000 steps.

    In a stated order: MariaDB would read the small digits first, ten million rows (10.11).
    """
    first, until = f"{ranged}.{FIRST}", f"{ranged}.{UNTIL}"
    span = f"TIMESTAMPDIFF({unit}, {first}, {until})"
    joins = " ".join(
        f"STRAIGHT_JOIN digits AS d{place} ON d{place}.n * {10**place * size} <= {span}"
        for place in _LARGEST_FIRST
    )
    return (
        f"WITH digits AS ({_ONE_DIGIT}) "
        f"SELECT DATE_ADD({first}, INTERVAL ({_COUNT}) * {size} {unit}) AS {START}{more} "
        f"FROM {ranged} {joins} WHERE ({_COUNT}) * {size} <= {span}"
    )


def _numbered(ranged: str, unit: str, size: int, more: str) -> str:
    """Return periods counted by digits, where no series is made and WITH not always nested."""
    first, until = f"{ranged}.{FIRST}", f"{ranged}.{UNTIL}"
    start = f"CAST(DATEADD({unit}, ({_COUNT}) * {size}, {first}) AS DATE)"
    span = f"DATEDIFF({unit}, {first}, {until})"
    tables = [ranged, *(f"({_ONE_DIGIT}) AS d{place}" for place in _LARGEST_FIRST)]
    fits = [f"d{place}.n * {10**place * size} <= {span}" for place in _LARGEST_FIRST]
    # Behind the last day that a date can be, the sum would fail before it could be compared.
    fits.append(f"({_COUNT}) * {size} <= {span}")
    shown = f"SELECT {start} AS {START}{more} FROM {' CROSS JOIN '.join(tables)}"
    return f"{shown} WHERE {' AND '.join(fits)}"
