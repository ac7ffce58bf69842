"""Bugs of a planner are found, each planted alone, on the databases of the tests.

Every question is answered right before: what is found is the bug, and not the question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from semantic_layer.models import SemanticQuery
from semantic_layer.plan import filters as plan_filters
from semantic_layer.plan import row_resolver
from semantic_layer.planner import QueryPlanner
from semantic_layer.sql import fact as sql_fact
from semantic_layer.sql import merge as sql_merge
from semantic_layer.sql import rows as sql_rows
from semantic_layer.sql import statement as sql_statement
from semantic_layer.syntax.aggregates import filtered as real_filtered
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, number
from semantic_layer.times import instants
from semantic_layer.times.grain import truncated as real_truncated
from semantic_layer.verify.verification import DIFFERENT, EQUAL, Verdict
from support.databases import Database, Table
from verify.asking import verified

Plant = Callable[[pytest.MonkeyPatch], None]

MODEL: dict[str, Any] = {
    "orders": {
        "name": "orders",
        "table": "orders",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "customer", "type": "number"},
            {"name": "amount", "type": "number"},
            {"name": "items", "type": "number"},
            {"name": "day", "type": "time"},
        ],
        "joins": [
            {"to": "customers", "on": "customer = customers.id", "relationship": "many_to_one"}
        ],
        "measures": [
            {"name": "total", "expr": "sum(amount)"},
            {"name": "n", "expr": "count(*)"},
            {"name": "pieces", "expr": "sum(items)"},
            {"name": "price", "expr": "total / pieces"},
            {"name": "large", "expr": "count(*)", "filter": "amount > 1000"},
        ],
    },
    "visits": {
        "name": "visits",
        "table": "visits",
        "grain": ["id"],
        "columns": [{"name": "id", "type": "number"}, {"name": "customer", "type": "number"}],
        "joins": [
            {"to": "customers", "on": "customer = customers.id", "relationship": "many_to_one"}
        ],
        "measures": [{"name": "n", "expr": "count(*)"}],
    },
    "customers": {
        "name": "customers",
        "table": "customers",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "segment", "type": "string"},
            {"name": "referrer", "type": "number"},
        ],
        "joins": [
            {
                "to": "customers",
                "alias": "referrers",
                "on": "customers.referrer = referrers.id",
                "relationship": "many_to_one",
            }
        ],
        "measures": [{"name": "n", "expr": "count(*)"}],
    },
}
TABLES: dict[str, Table] = {
    "orders": (
        "id INTEGER, customer INTEGER, amount INTEGER, items INTEGER, day DATE",
        [
            (1, 1, 10, 2, "2024-01-07"),
            (2, 1, 20, 0, "2024-01-08"),
            (3, 2, 40, 5, "2024-01-14"),
            (4, None, 80, 4, "2024-01-15"),
            (5, 3, 160, 8, None),
            (6, 9, 320, 1, "2024-01-09"),
        ],
    ),
    "visits": ("id INTEGER, customer INTEGER", [(1, 1), (2, 1), (3, 2), (4, None), (5, 4)]),
    "customers": (
        "id INTEGER, segment TEXT, referrer INTEGER",
        [(1, "a", 2), (2, "b", 3), (3, None, None), (4, "c", 3)],
    ),
}
BY_SEGMENT = {"measures": ["orders.total"], "dimensions": ["customers.segment"]}


def _dropped_filter(patch: pytest.MonkeyPatch) -> None:
    real = sql_rows.LookupRows.attach

    def attach(self: Any, query: exp.Select, filters: Sequence[Node] = ()) -> exp.Select:
        return real(self, query, filters[1:])

    patch.setattr(sql_rows.LookupRows, "attach", attach)


def _fan_out(patch: pytest.MonkeyPatch) -> None:
    """Join what is looked up the other way round as well, so that rows come several times."""
    real = sql_rows.LookupRows._on

    def on(self: Any, edge: Any) -> Node:
        always = exp.EQ(this=number(1), expression=number(1))
        return exp.Or(this=real(self, edge), expression=always)

    patch.setattr(sql_rows.LookupRows, "_on", on)


def _no_null_group(patch: pytest.MonkeyPatch) -> None:
    real = sql_fact.FactSelect.grouped

    def grouped(self: Any, query: exp.Select) -> exp.Select:
        found = real(self, query)
        for item in self._plan.dimensions:
            known = exp.Not(this=exp.Is(this=self.dimension(item), expression=exp.Null()))
            found.where(known, copy=False)
        return found

    patch.setattr(sql_fact.FactSelect, "grouped", grouped)


def _swapped_sides(patch: pytest.MonkeyPatch) -> None:
    from semantic_layer.graph.edges import JoinEdge

    patch.setattr(JoinEdge, "_sides", property(lambda self: _turned(self)))


def _turned(edge: Any) -> tuple[str, str]:
    return (edge.to_source, edge.from_source)


def _unguarded_division(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(row_resolver, "with_safe_division", lambda tree, *rest: tree)


def _weeks_from_sunday(patch: pytest.MonkeyPatch) -> None:
    def truncated(value: Node, grain: str, dialect: str, zone: str = "UTC") -> Node:
        found = real_truncated(value, grain, dialect, zone)
        if dialect == "sqlite":
            return exp.Anonymous(this="DATE", expressions=[found, exp.Literal.string("-1 day")])
        day = exp.Interval(this=exp.Literal.string("1"), unit=exp.var("DAY"))
        return exp.Sub(this=found, expression=day)

    patch.setattr(instants, "truncated", truncated)


def _one_for_nothing(patch: pytest.MonkeyPatch) -> None:
    """Count rows with `count(*)`, whatever the measure's filter says of them."""

    def filtered(call: Node, condition: Node | None, dialect: str, origin: Any) -> Node:
        if isinstance(call, exp.Count) and condition is not None:
            return call
        return real_filtered(call, condition, dialect, origin)

    patch.setattr(sql_fact, "filtered", filtered)


def _without_parentheses(patch: pytest.MonkeyPatch) -> None:
    def conjunction(trees: Sequence[Node]) -> Node:
        text = " AND ".join(tree.sql() for tree in trees)
        return exp.maybe_parse(text)

    patch.setattr(sql_rows, "conjunction", conjunction)


def _inner_join(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sql_rows, "required_nodes", lambda conditions, edges: set(edges))


def _limit_before_order(patch: pytest.MonkeyPatch) -> None:
    real = sql_statement.StatementBuilder.build

    def build(self: Any) -> exp.Select:
        query = real(self)
        order, limit = query.args["order"], query.args["limit"]
        terms = [
            exp.Ordered(this=exp.Column(this=exp.Identifier(this=item.alias)), desc=False)
            for item in self._plan.dimensions
        ]
        query.set("order", exp.Order(expressions=terms))
        inner = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.Identifier(this="kept")))
        outer = exp.Select(expressions=[exp.Star()]).from_(inner, copy=False)
        outer.set("order", order)
        outer.set("limit", limit.copy())
        return outer

    patch.setattr(sql_statement.StatementBuilder, "build", build)


def _lost_fact(patch: pytest.MonkeyPatch) -> None:
    """Merge several facts by taking NULL for unequal to NULL: the second one's NULL is lost."""
    real = sql_merge.Merge._fact

    def fact(self: Any, table: str, item: Any) -> exp.Select:
        query = real(self, table, item)
        if item is not self._plan.facts[0]:
            for dimension in self._plan.dimensions:
                column = exp.Column(this=exp.Identifier(this=dimension.alias))
                query.where(exp.Not(this=exp.Is(this=column, expression=exp.Null())), copy=False)
        return query

    patch.setattr(sql_merge.Merge, "_fact", fact)


def _order_ignored(patch: pytest.MonkeyPatch) -> None:
    real = QueryPlanner._order

    def order(self: Any, query: Any, *rest: Any) -> Any:
        asked = query.model_dump() | {"order_by": []}
        return real(self, SemanticQuery.model_validate(asked), *rest)

    patch.setattr(QueryPlanner, "_order", order)


def _no_filter_on_measures(patch: pytest.MonkeyPatch) -> None:
    real = plan_filters.FilterResolver._add

    def add(self: Any, part: Node, filters: Any, origin: Any) -> None:
        before = len(filters.having)
        real(self, part, filters, origin)
        del filters.having[before:]

    patch.setattr(plan_filters.FilterResolver, "_add", add)


BUGS: dict[str, tuple[Plant, dict[str, Any]]] = {
    "a dropped filter": (
        _dropped_filter,
        {**BY_SEGMENT, "include_empty": False, "filters": ["orders.amount > 15"]},
    ),
    "fan-out by a join": (_fan_out, BY_SEGMENT),
    "no NULL group": (_no_null_group, {**BY_SEGMENT, "include_empty": False}),
    "swapped sides": (
        _swapped_sides,
        {"measures": ["customers.n"], "dimensions": ["referrers.segment"]},
    ),
    "an unguarded division": (
        _unguarded_division,
        {"measures": ["orders.price"], "dimensions": ["customers.segment"]},
    ),
    "weeks from Sunday": (
        _weeks_from_sunday,
        {
            "measures": ["orders.total"],
            "dimensions": [{"field": "orders.day", "granularity": "week"}],
        },
    ),
    "one for nothing": (_one_for_nothing, {"measures": ["orders.large"]}),
    "no parentheses": (
        _without_parentheses,
        {
            "measures": ["orders.total"],
            "include_empty": False,
            "filters": ["orders.amount > 15", "orders.items = 4 OR orders.id = 1"],
        },
    ),
    "an inner join": (_inner_join, {**BY_SEGMENT, "include_empty": False}),
    "the limit before the order": (
        _limit_before_order,
        {
            **BY_SEGMENT,
            "order_by": [{"field": "orders.total", "direction": "desc"}],
            "limit": 2,
        },
    ),
    "a lost group of a fact": (
        _lost_fact,
        {"measures": ["orders.total", "visits.n"], "dimensions": ["customers.segment"]},
    ),
    "no order": (
        _order_ignored,
        {**BY_SEGMENT, "order_by": [{"field": "orders.total", "direction": "desc"}]},
    ),
    "a dropped filter on a measure": (
        _no_filter_on_measures,
        {**BY_SEGMENT, "filters": ["orders.total > 50"]},
    ),
}


def _verdict(database: Database, query: dict[str, Any], rows: int = 10_000) -> Verdict:
    database.load(TABLES)
    return verified(database, MODEL, query, rows)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(
    databases: list[Database], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plant, query = BUGS[name]
    for database in databases:
        assert _verdict(database, query).outcome == EQUAL
    with monkeypatch.context() as patch:
        plant(patch)
        for database in databases:
            verdict = _verdict(database, query)
            # DuckDB divides as ktx wants it by itself.
            harmless = name == "an unguarded division" and database.dialect == "duckdb"
            assert verdict.outcome == (EQUAL if harmless else DIFFERENT), verdict.sql
            assert bool(verdict.differences) is not harmless
