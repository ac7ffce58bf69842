"""Rules 3, 7, 8, 12, 13, 14, 16, 17: what measures are, apart and together."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.parser import DIALECTS
from support.asking import Asker
from support.shop import TABLES, model


def test_two_facts_are_each_aggregated_then_merged(ask: Asker) -> None:
    rows = ask("orders.revenue", "refunds.refunded", by=("customers.name",), include_empty=False)
    assert rows == [("Ann", 30, 5), ("Bob", 30, None), ("Dan", None, 7), (None, 90, 11)]


def test_two_facts_without_dimensions_give_one_row(ask: Asker) -> None:
    assert ask("orders.revenue", "refunds.refunded") == [(150, 23)]


def test_three_facts(ask: Asker) -> None:
    rows = ask("orders.revenue", "refunds.n", "customers.customer_count", by=("regions.name",))
    assert rows == [
        ("east", None, 1, 1),
        ("north", 30, 1, 1),
        ("south", 30, 0, 1),
        (None, 90, 1, 1),
    ]


def test_facts_with_nothing_in_common(ask: Asker) -> None:
    changed = model()
    changed["refunds"]["joins"] = []
    assert ask("orders.revenue", "refunds.n", model=changed) == [(150, 3)]


def test_dimension_that_one_fact_cannot_see_is_refused(ask: Asker) -> None:
    error = ask.refused("orders.revenue", "refunds.n", by=("orders.status",))
    assert "orders" in error.message


def test_include_empty_adds_values_without_facts(ask: Asker) -> None:
    rows = ask("orders.revenue", "orders.order_count", by=("customers.name",))
    assert rows == [("Ann", 30, 2), ("Bob", 30, 1), ("Dan", None, 0), (None, 90, 2)]


def test_include_empty_with_a_dimension_of_the_fact(ask: Asker) -> None:
    rows = ask("orders.order_count", by=("orders.status", "regions.name"))
    assert rows == [
        ("open", None, 1),
        ("paid", "north", 1),
        ("paid", "south", 1),
        ("paid", None, 1),
        ("refunded", "north", 1),
        (None, "east", 0),
    ]


def test_include_empty_keeps_to_the_filter_on_the_dimension(ask: Asker) -> None:
    rows = ask("orders.order_count", by=("regions.name",), filters=["regions.name <> 'south'"])
    assert rows == [("east", 0), ("north", 2)]


def test_include_empty_shows_values_whose_facts_a_filter_removed(ask: Asker) -> None:
    rows = ask("orders.order_count", by=("regions.name",), filters=["orders.amount = 30"])
    assert rows == [("east", 0), ("north", 0), ("south", 1)]


def test_derived_measure_shows_its_parts_before_itself(ask: Asker) -> None:
    assert ask("orders.margin") == [(150, 19, 131, pytest.approx(131 / 150))]


def test_derived_measure_keeps_precedence(ask: Asker) -> None:
    question = {"expr": "orders.profit / orders.revenue", "name": "m"}
    assert ask(question) == [(pytest.approx(131 / 150),)]
    twice = {"expr": "2 * orders.profit", "name": "m"}
    assert ask(twice) == [(262,)]


def test_derived_over_two_facts(ask: Asker) -> None:
    share = {"expr": "refunds.refunded / orders.revenue", "name": "share"}
    assert ask(share) == [(pytest.approx(23 / 150),)]
    rows = ask(share, by=("customers.name",), include_empty=False)
    assert rows == [
        ("Ann", pytest.approx(5 / 30)),
        ("Bob", None),
        ("Dan", None),
        (None, pytest.approx(11 / 90)),
    ]


def test_division_is_real_and_by_zero_gives_null(ask: Asker) -> None:
    seven_halves = {"expr": "count(orders.id) / count(orders.channel) * 2.8", "name": "x"}
    assert ask(seven_halves) == [(pytest.approx(3.5),)]
    assert ask({"expr": "sum(orders.amount) / (count(*) - 5)", "name": "x"}) == [(None,)]
    assert ask({"expr": "sum(orders.amount) % (count(*) - 5)", "name": "x"}) == [(None,)]
    assert ask({"expr": "sum(orders.amount) / 100", "name": "x"}) == [(1.5,)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_guards_division(dialect: str) -> None:
    # SQLite and DuckDB would give NULL without the guard; others stop with an error.
    question = {"measures": ["orders.margin", "orders.revenue % orders.order_count"]}
    sql = SemanticEngine.from_sources(model(), dialect).query(question).sql.upper()
    assert sql.count("NULLIF(") == 2


def test_measure_filter_restricts_its_own_aggregate_only(ask: Asker) -> None:
    rows = ask("orders.paid_count", "orders.order_count", by=("orders.channel",))
    assert rows == [("shop", 1, 1), ("web", 2, 3), (None, 0, 1)]


def test_own_segment_and_query_segment(ask: Asker) -> None:
    rows = ask("orders.web_revenue", "orders.revenue", by=("orders.status",))
    assert rows == [("open", None, 50), ("paid", 50, 80), ("refunded", 20, 20)]
    rows = ask("orders.web_revenue", "orders.revenue", segments=["orders.settled"])
    assert rows == [(70, 100)]


def test_query_segment_never_removes_a_group(ask: Asker) -> None:
    rows = ask("orders.order_count", by=("orders.status",), segments=["orders.web"])
    assert rows == [("open", 0), ("paid", 2), ("refunded", 1)]


def test_query_segment_reaches_the_parts_of_a_derived_measure(ask: Asker) -> None:
    ratio = {"expr": "orders.revenue / orders.order_count", "name": "x"}
    assert ask(ratio, segments=["orders.web"]) == [(pytest.approx(70 / 3),)]


@pytest.mark.parametrize("segment", ["web", "orders.nope", "nope.web", "refunds.web"])
def test_bad_query_segment_is_refused(ask: Asker, segment: str) -> None:
    assert ask.refused("orders.revenue", segments=[segment]).kind == "invalid_query"


def test_segment_that_restricts_nothing_is_refused(ask: Asker) -> None:
    assert "restricts nothing" in ask.refused("refunds.n", segments=["orders.web"]).message


def test_filter_on_a_derived_measure_reaches_its_aggregates(ask: Asker) -> None:
    changed = model()
    changed["orders"]["measures"].append(
        {"name": "web_average", "expr": "revenue / order_count", "filter": "channel = 'web'"}
    )
    question = {"expr": "orders.web_average", "name": "x"}
    assert ask(question, model=changed) == [(pytest.approx(70 / 3),)]


def test_empty_groups(ask: Asker) -> None:
    measures: list[Any] = [
        "orders.order_count",
        "orders.revenue",
        {"expr": "avg(orders.amount)", "name": "mean"},
        {"expr": "min(orders.amount)", "name": "low"},
        "orders.typical",
    ]
    assert ask(*measures, filters=["orders.amount > 999"]) == [(0, None, None, None, None)]


def test_median_and_percentile(ask: Asker) -> None:
    assert ask("orders.typical", "orders.typical_web") == [(30, 20)]
    rows = ask("orders.typical", "orders.order_count", by=("orders.status",))
    assert rows == [("open", 50, 1), ("paid", 30, 3), ("refunded", 20, 1)]
    assert ask({"expr": "percentile(orders.amount, 0.9)", "name": "p"}) == [(46,)]
    within = "percentile_cont(0.25) WITHIN GROUP (ORDER BY orders.amount)"
    assert ask({"expr": within, "name": "p"}) == [(20,)]
    assert ask({"expr": "percentile(orders.amount, 1)", "name": "p"}) == [(50,)]


def test_median_interpolates_and_divides(ask: Asker) -> None:
    half = {"expr": "median(orders.amount) / 4", "name": "x"}
    assert ask(half, filters=["orders.amount < 45"]) == [(6.25,)]


def test_percentile_fraction_must_be_a_number(ask: Asker) -> None:
    for text in ("percentile(orders.amount, 2)", "percentile(orders.amount, orders.id)"):
        assert ask.refused(text).kind == "invalid_query"


def test_ad_hoc_forms(ask: Asker) -> None:
    assert ask("count_distinct(orders.status)") == [(3,)]
    assert ask("count(distinct orders.status)") == [(3,)]
    assert ask("count(*)", by=("orders.status",)) == [("open", 1), ("paid", 3), ("refunded", 1)]
    assert ask("sum(amount)", model={"orders": dict(model()["orders"], joins=[])}) == [(150,)]
    assert ask(
        {"expr": "sum(orders.amount) FILTER (WHERE orders.channel = 'web')", "name": "x"}
    ) == [(70,)]
    assert ask({"expr": "round(sum(orders.amount) / 7, 1) + 1", "name": "x"}) == [(22.4,)]


def test_aggregate_over_a_looked_up_column(ask: Asker) -> None:
    assert ask({"expr": "count(distinct customers.name)", "name": "x"}) == [(3,)]
    mixed = {"expr": "sum(orders.amount * customers.region_id)", "name": "x"}
    assert ask(mixed) == [(10 + 20 + 60,)]


def test_row_count_without_a_source_is_refused_when_two_are_meant(ask: Asker) -> None:
    assert "whose rows" in ask.refused("count(*)", by=("orders.status", "customers.name")).message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("sum(orders.amount) OVER ()", "window"),
        ("sum(count(orders.id))", "inside an aggregate"),
        ("orders.amount", "outside an aggregate"),
        ("sum(orders.amount) + orders.id", "outside an aggregate"),
        ("1 + 1", "neither an aggregate"),
        ("sum(orders.amuont)", "does not exist"),
        ("sum(ordres.amount)", "no source"),
        ("sum(amount)", "ambiguous"),
        ("n_of_everything", "neither a column nor a measure"),
        ("sum(orders.amount - refunds.amount)", "no single source"),
        ("sum(orders.amount", "not an SQL expression"),
        ("sum((SELECT 1))", "sub-query"),
    ],
)
def test_bad_measures_are_refused(ask: Asker, text: str, part: str) -> None:
    error = ask.refused(text)
    assert part in error.message
    assert error.kind in ("invalid_query", "unsupported")


def test_suggestions(ask: Asker) -> None:
    assert ask.refused("sum(orders.amuont)").suggestions == ["amount"]
    assert ask.refused("sum(ordres.amount)").suggestions == ["orders"]


def test_circular_measures_are_refused(ask: Asker) -> None:
    changed = model()
    changed["orders"]["measures"] += [
        {"name": "a", "expr": "b + 1"},
        {"name": "b", "expr": "a - 1"},
    ]
    error = ask.refused("orders.a", model=changed)
    assert error.message.count("Circular dependency detected: a") == 1
    assert error.kind == "invalid_model"


def test_same_measure_name_in_two_sources(ask: Asker) -> None:
    changed = model()
    changed["refunds"]["measures"].append({"name": "order_count", "expr": "count(*)"})
    assert ask("orders.order_count", "refunds.order_count", model=changed) == [(5, 3)]
    assert "multiple sources" in ask.refused("order_count", model=changed).message


def test_tables_are_the_ones_the_answers_were_worked_out_from() -> None:
    assert sum(row[4] for row in TABLES["orders"][1]) == 150


@pytest.mark.parametrize("dialect", ["redshift", "tsql"])
def test_average_of_integers_keeps_its_fraction(dialect: str) -> None:
    # Not executed here: these two dialects round the average of integers down.
    for text in ("avg(orders.amount)", "avg(distinct orders.amount)"):
        sql = SemanticEngine.from_sources(model(), dialect).query({"measures": [text]}).sql
        assert "CAST(orders.amount AS " in sql


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_answers_and_its_sql_parses(dialect: str) -> None:
    from sqlglot import exp, parse_one

    question = {
        "measures": ["orders.margin", "orders.typical_web", "refunds.n", "customers.known_ssn"],
        "dimensions": ["customers.label", "regions.name"],
        "filters": ["orders.revenue > 1 OR refunds.n > 0", "customers.name <> 'x'"],
        "order_by": [{"field": "margin", "direction": "desc"}],
    }
    sql = SemanticEngine.from_sources(model(), dialect).query(question).sql
    tree = parse_one(sql, read=dialect, into=exp.Select)
    assert tree.named_selects[:2] == ["label", "name"]
    assert tree.args["limit"] is not None
