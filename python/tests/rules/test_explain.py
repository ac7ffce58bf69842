"""The plan in words: every statement against what the question and the model say."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.cli import main
from support.explaining import explain
from support.shop import MODEL, model

ORDERS_BY_REGION = "Aggregate orders by regions.name, each of its rows once"


def test_a_lookup_says_why_each_join_is_safe() -> None:
    told = explain("orders.revenue", by=("regions.name",))
    assert told.top.line == "orders.revenue by regions.name"
    assert told.below(ORDERS_BY_REGION) == [
        "looks up by LEFT JOIN: a row of orders without a match stays, with NULLs",
        "join customers on orders.customer_id = customers.id",
        "many_to_one: customers.id is the grain of customers, so no row of orders is repeated",
        "join regions on customers.region_id = regions.id",
        "many_to_one: regions.id is the grain of regions, so no row of customers is repeated",
        "SUM(orders.amount) for orders.revenue",
    ]
    # A join that starts at the end of another stands below it.
    assert "join regions on customers.region_id = regions.id" in told.below("join customers")


def test_a_question_to_one_source_has_no_joins_and_no_merge() -> None:
    told = explain("orders.revenue")
    assert told.top.line == "orders.revenue, in one row"
    assert not [line for line in told.lines() if "join" in line or line.startswith("Merge")]
    assert told.below("Aggregate orders into one row") == ["SUM(orders.amount) for orders.revenue"]
    assert told.lines()[-1] == "At most 1000 rows"


def test_two_facts_are_merged_and_a_filter_says_which_one_it_misses() -> None:
    told = explain(
        *("orders.revenue", "refunds.refunded"),
        by=("regions.name",),
        filters=["orders.status = 'paid' AND regions.name <> 'east'"],
    )
    orders = told.below(ORDERS_BY_REGION)
    refunds = told.below("Aggregate refunds by regions.name")
    assert "row filter: orders.status = 'paid'" in orders
    assert "row filter: orders.status = 'paid'" not in refunds
    assert "row filter: regions.name <> 'east'" in orders
    assert "row filter: regions.name <> 'east'" in refunds
    assert told.below("Row filter orders.status = 'paid'") == [
        "applied to the rows of orders before aggregation: keeps those for which it holds",
        "warning: does not reach refunds, which cannot look up orders: "
        "its rows stay unrestricted [filter_partial]",
    ]
    assert told.below("Row filter regions.name <> 'east'") == [
        "applied to the rows of orders and refunds before aggregation: "
        "keeps those for which it holds",
        "applied to the values of regions that are shown without rows",
    ]
    assert told.below("Merge orders, refunds and the values of regions: UNION ALL") == [
        "facts meet only after each is aggregated, so none multiplies another",
        "NULL equals NULL, so rows without a value form one group",
        "where a part has no such group: counts are 0, other aggregates NULL",
    ]


def test_facts_without_a_dimension_are_merged_into_one_row() -> None:
    told = explain("orders.revenue", "refunds.refunded")
    assert "Merge orders and refunds: UNION ALL, then one row" in told.lines()


def test_a_derived_measure_names_its_parts_down_to_their_aggregates() -> None:
    told = explain("orders.margin")
    assert told.below("orders.margin = profit / revenue") == [
        "derived: computed from the values of orders.profit and orders.revenue in each group",
        "division is real, and NULL where the divisor is zero",
    ]
    assert told.below("orders.profit = revenue - spent") == [
        "derived: computed from the values of orders.revenue and orders.spent in each group"
    ]
    users = "orders.revenue, orders.profit and orders.margin"
    assert f"SUM(orders.amount) for {users}" in told.below("Aggregate orders")


def test_an_expression_of_the_query_shows_the_measures_below_it() -> None:
    told = explain({"expr": "orders.margin * 100", "name": "percent"})
    assert told.below("percent = orders.margin * 100 (written in the query)") == [
        "derived: computed from the values of orders.margin in each group",
        "orders.margin = profit / revenue",
        "derived: computed from the values of orders.profit and orders.revenue in each group",
        "orders.profit = revenue - spent",
        "derived: computed from the values of orders.revenue and orders.spent in each group",
        "orders.revenue = sum(amount)",
        "orders.spent = sum(cost)",
        "orders.revenue = sum(amount)",
        "division is real, and NULL where the divisor is zero",
    ]


def test_own_filters_and_segments_restrict_what_a_measure_sees() -> None:
    told = explain("orders.paid_count", "orders.web_revenue", segments=["orders.settled"])
    settled = "sees only rows where orders.status = 'paid' OR orders.status = 'refunded'"
    assert told.below("COUNT(*) for orders.paid_count") == [
        "sees only rows where orders.status = 'paid'",
        settled,
    ]
    assert told.below("SUM(orders.amount) for orders.web_revenue") == [
        "sees only rows where orders.channel = 'web'",
        settled,
    ]
    assert told.below("orders.paid_count = count(*)") == [
        "its own filter: only rows where status = 'paid'"
    ]
    assert told.below("orders.web_revenue = sum(amount)") == [
        "its own segment: only rows of orders.web"
    ]
    assert told.below("Segment orders.settled: status = 'paid' OR status = 'refunded'") == [
        "every measure of orders sees only these rows; no group is removed"
    ]


def test_a_measure_filter_is_applied_after_aggregation() -> None:
    told = explain("orders.revenue", by=("orders.status",), filters=["orders.order_count > 1"])
    assert told.below("Measure filter orders.order_count > 1") == [
        "applied after aggregation: keeps the groups for which it holds, and changes none"
    ]
    # What only the filter needs is aggregated as well.
    assert "COUNT(*) for the filter orders.order_count > 1" in told.below("Aggregate orders")
    assert not [line for line in told.lines() if line.lower().startswith("row filter")]
    merged = explain("orders.revenue", by=("regions.name",), filters=["revenue > 1"])
    assert merged.below("Measure filter revenue > 1")[0].startswith(
        "applied after aggregation and the merge: "
    )


@pytest.mark.parametrize(("granularity", "more"), [("month", ""), ("week", ", a Monday")])
def test_a_time_grain_says_what_a_time_counts_as(granularity: str, more: str) -> None:
    dimension = {"field": "orders.ordered_at", "granularity": granularity}
    told = explain("orders.revenue", by=(dimension,))
    assert told.below(f"orders.ordered_at:{granularity}") == [
        f"time grain: each time counts as the start of its {granularity}{more}"
    ]


def test_a_computed_column_shows_its_expression() -> None:
    told = explain("orders.revenue", by=("orders.size",))
    assert told.below("orders.size") == [
        "computed from its row: case when amount >= 30 then 'L' else 'S' end"
    ]


def test_empty_groups() -> None:
    shown = explain("orders.revenue", by=("regions.name", "orders.status"))
    assert shown.below("Empty groups (include_empty): every value of regions.name in regions") == [
        "added only where no fact has the value; other dimensions are NULL"
    ]
    own = explain("orders.revenue", by=("orders.status",))
    assert (
        "Empty groups (include_empty): none, for the dimensions are columns of the facts"
        in own.lines()
    )
    off = explain("orders.revenue", by=("regions.name",), include_empty=False)
    assert any(line.startswith("Empty groups are left out") for line in off.lines())
    assert not any(line.startswith("Merge") for line in off.lines())


def test_order_and_limit() -> None:
    order = [{"field": "orders.revenue", "direction": "desc"}]
    told = explain("orders.revenue", by=("orders.status",), order_by=order, limit=3)
    text = "Order by orders.revenue descending, orders.status, NULLs last; at most 3 rows"
    assert told.below(text) == [
        "by orders.status too, so that a limit always cuts at the same place"
    ]


def test_percentiles_that_the_dialect_lacks_are_said_to_be_computed() -> None:
    lacking = explain("orders.typical", "orders.revenue")
    assert "Aggregate orders into one row, each of its rows once, percentiles from row numbers" in (
        lacking.lines()
    )
    assert "percentile 0.5 of orders.amount for orders.typical" in lacking.lines()
    having = explain("orders.typical", "orders.revenue", dialect="duckdb")
    assert not any("row numbers" in line for line in having.lines())


def test_without_measures() -> None:
    told = explain(by=("customers.name", "regions.name"))
    assert told.top.line == "The values of customers.name and regions.name"
    assert "Rows of customers: the combinations that occur, each once" in told.lines()


def test_explaining_changes_neither_the_sql_nor_the_plan() -> None:
    question = {"measures": ["orders.margin", "refunds.n"], "dimensions": ["regions.name"]}
    engine = SemanticEngine.from_sources(MODEL)
    plain = engine.query(question)
    engine.explain_plan(plain.plan)
    again = engine.query(question)
    assert engine.generator.generate(plain.plan) == plain.sql == again.sql
    assert plain.plan == again.plan


def test_an_expression_over_several_lines_is_one_statement() -> None:
    changed = model()
    changed["orders"]["measures"][0]["expr"] = "sum(\n  amount\n)\n"
    told = explain("orders.revenue", sources=changed)
    assert "orders.revenue = sum( amount )" in told.lines()


def test_the_command_line_prints_it_indented(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.yaml").write_text(
        "name: t\ntable: t\ngrain: [id]\ncolumns: [{name: id, type: number}]\n"
        "measures: [{name: n, expr: count(id)}]\n",
        encoding="utf-8",
    )
    assert main(["-s", str(tmp_path), "-q", '{"measures": ["t.n"]}', "--explain"]) == 0
    assert capsys.readouterr().out == (
        "t.n, in one row\n"
        "  Aggregate t into one row, each of its rows once\n"
        "    COUNT(t.id) for t.n\n"
        "  Measures\n"
        "    t.n = count(id)\n"
        "  At most 1000 rows\n"
    )
