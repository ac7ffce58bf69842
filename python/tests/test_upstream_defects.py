"""Wrong answers that the upstream engine was caught giving: here they are right, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.parser import DIALECTS
from support.asking import Asker
from support.databases import Database, Table
from support.shop import MODEL, TABLES, model


def test_filters_with_or_are_combined_as_wholes(ask: Asker) -> None:
    filters = ["orders.status = 'paid' OR orders.status = 'refunded'", "orders.channel = 'web'"]
    assert ask("orders.revenue", filters=filters) == [(70,)]
    measure_filters = ["orders.revenue > 60 OR orders.order_count > 2", "orders.revenue < 60"]
    assert ask("orders.revenue", by=("orders.status",), filters=measure_filters) == []


def test_bare_hidden_column(ask: Asker) -> None:
    assert "hidden" in ask.refused("customers.customer_count", by=("ssn",)).message
    assert "hidden" in ask.refused("orders.revenue", filters=["ssn = 's-1'"]).message


def test_derived_of_derived(ask: Asker) -> None:
    (row,) = ask("orders.margin")
    assert row[-1] == pytest.approx((150 - 19) / 150)


HISTORY: dict[str, Table] = {
    "sales": ("cid INTEGER, day INTEGER, x INTEGER", [(1, 5, 30)]),
    "versions": ("id INTEGER, vf INTEGER, vt INTEGER, tier TEXT", [(1, 1, 4, "a"), (1, 4, 9, "b")]),
}


def history(on: str) -> dict[str, Any]:
    def source(name: str, columns: str, **rest: Any) -> dict[str, Any]:
        declared = [{"name": column, "type": "number"} for column in columns.split()]
        return {"name": name, "table": name, "grain": ["id"], "columns": declared, **rest}

    join = {"to": "versions", "on": on, "relationship": "many_to_one"}
    measure = {"name": "total", "expr": "sum(x)"}
    return {
        "sales": source("sales", "cid day x", joins=[join], measures=[measure]),
        "versions": source("versions", "id vf vt tier"),
    }


def test_range_terms_of_a_join(ask: Asker) -> None:
    on = "cid = v.id AND day >= v.vf AND day < v.vt"
    rows = ask("sales.total", by=("versions.tier",), model=history(on), tables=HISTORY)
    assert rows == [("a", None), ("b", 30)]


def test_or_in_a_join_is_refused(ask: Asker) -> None:
    on = "cid = versions.id OR day = versions.vf"
    assert ask.refused("sales.total", by=("versions.tier",), model=history(on)).kind == (
        "invalid_model"
    )


def test_swapped_sides_of_a_join(ask: Asker) -> None:
    changed = model()
    for on in ("c.id = o.customer_id", "customers.id = orders.customer_id", "c.id = customer_id"):
        changed["orders"]["joins"][0]["on"] = on
        rows = ask("orders.revenue", by=("customers.name",), include_empty=False, model=changed)
        assert rows == [("Ann", 30), ("Bob", 30), (None, 90)]


def test_null_dimension_values_of_two_facts_are_one_row(ask: Asker) -> None:
    rows = ask("orders.revenue", "refunds.refunded", by=("customers.name",))
    assert [row for row in rows if row[0] is None] == [(None, 90, 11)]


def test_include_empty_does_not_change_the_route() -> None:
    # Two routes of equal length are refused either way: rules/test_rows_and_lookups.py.
    # Here the route is unique, and the rows that both ways have are the same.
    for dialect in DIALECTS:
        engine = SemanticEngine.from_sources(MODEL, dialect)
        question = {"measures": ["orders.revenue"], "dimensions": ["regions.name"]}
        with_empty = engine.query({**question, "include_empty": True}).plan
        without = engine.query({**question, "include_empty": False}).plan
        assert with_empty.joins == without.joins


@pytest.mark.parametrize(
    ("granularity", "start"), [("hour", "2024-01-08 10:00:00"), ("week", "2024-01-08")]
)
def test_hours_and_mondays(databases: list[Database], granularity: str, start: str) -> None:
    query = {
        "measures": [],
        "dimensions": [{"field": "orders.ordered_at", "granularity": granularity}],
        "filters": ["orders.id = 3"],
    }
    for database in databases:
        sql = SemanticEngine.from_sources(MODEL, database.dialect).query(query).sql
        database.load(TABLES)
        ((found,),) = database.rows(sql)
        assert found.removesuffix(" 00:00:00") == start, database.dialect


def test_row_count_of_an_empty_group(ask: Asker) -> None:
    rows = ask("orders.order_count", by=("customers.name",))
    assert ("Dan", 0) in rows


def test_filtered_median(ask: Asker) -> None:
    rows = ask({"expr": "orders.typical_web", "name": "m"}, by=("orders.status",))
    assert rows == [("open", None), ("paid", 25), ("refunded", 20)]


def test_row_count_with_a_filter(ask: Asker) -> None:
    assert ask("orders.paid_count") == [(3,)]


def test_rows_with_null_or_unmatched_keys_are_kept(ask: Asker) -> None:
    total = ask("orders.revenue")[0][0]
    for include_empty in (True, False):
        rows = ask("orders.revenue", by=("regions.name",), include_empty=include_empty)
        assert sum(row[1] or 0 for row in rows) == total == 150


def test_filter_that_one_fact_can_reach_is_reported(ask: Asker) -> None:
    ask("orders.revenue", "refunds.n", filters=["orders.status = 'paid'"], by=("customers.name",))
    assert ask.warnings == ["filter_partial"]


def test_division_by_zero_in_a_simple_query(ask: Asker) -> None:
    ratio = {"expr": "orders.revenue / sum(orders.cost)", "name": "r"}
    error = ask.refused(ratio)
    assert "hidden" in error.message
    zero = {"expr": "orders.revenue / orders.spent", "name": "r"}
    assert ask(zero, filters=["orders.status = 'open'"]) == [(None,)]


@pytest.mark.parametrize("text", ["FORTNIGHT", "day'); DROP TABLE orders; --", ""])
def test_granularity_never_reaches_the_sql_unchecked(ask: Asker, text: str) -> None:
    by = ({"field": "orders.ordered_at", "granularity": text},)
    assert ask.refused("orders.revenue", by=by).kind == "invalid_query"


@pytest.mark.parametrize("text", ["SIDEWAYS", "desc; DROP TABLE orders", ""])
def test_direction_never_reaches_the_sql_unchecked(ask: Asker, text: str) -> None:
    order = [{"field": "orders.revenue", "direction": text}]
    assert ask.refused("orders.revenue", order_by=order).kind == "invalid_query"


TSQL = {
    "week": "DATETRUNC( ISO_WEEK, CAST(SWITCHOFFSET(",
    "hour": "DATETRUNC( HOUR, CAST(SWITCHOFFSET(",
}


@pytest.mark.parametrize("granularity", list(TSQL))
def test_tsql_truncation(granularity: str) -> None:
    query = {
        "measures": ["orders.revenue"],
        "dimensions": [{"field": "orders.ordered_at", "granularity": granularity}],
    }
    sql = SemanticEngine.from_sources(MODEL, "tsql").query(query).sql
    assert TSQL[granularity] in " ".join(sql.split())
    assert "DATE_TRUNC" not in sql


def test_a_fact_with_its_own_key_does_not_go_through_another_source(ask: Asker) -> None:
    def source(name: str, columns: str, joins: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "name": name,
            "table": name,
            "grain": ["id"],
            "columns": [{"name": column, "type": "number"} for column in columns.split()],
            "joins": [{**join, "relationship": "many_to_one"} for join in joins],
            "measures": [{"name": "n", "expr": "count(*)"}],
        }

    sources = {
        "lines": source(
            "lines",
            "id order_id day",
            [
                {"to": "heads", "on": "lines.order_id = heads.id"},
                {"to": "days", "on": "lines.day = days.id"},
            ],
        ),
        "heads": source("heads", "id day", [{"to": "days", "on": "heads.day = days.id"}]),
        "days": source("days", "id label", []),
    }
    tables: dict[str, Table] = {
        "lines": ("id INTEGER, order_id INTEGER, day INTEGER", [(1, 1, 1), (2, 1, 2), (3, 1, 3)]),
        "heads": ("id INTEGER, day INTEGER", [(1, 1)]),
        "days": ("id INTEGER, label INTEGER", [(1, 10), (2, 20), (3, 30)]),
    }
    rows = ask("lines.n", "heads.n", by=("days.label",), model=sources, tables=tables)
    assert rows == [(10, 1, 1), (20, 1, 0), (30, 1, 0)]


def test_filter_over_two_facts_without_a_dimension(ask: Asker) -> None:
    rows = ask("orders.revenue", "refunds.refunded", filters=["customers.id = 1"])
    assert rows == [(30, 5)]


def test_ad_hoc_expression_means_the_sources_it_names(ask: Asker) -> None:
    ratio = {"expr": "refunds.refunded / refunds.n", "name": "r"}
    assert ask("orders.revenue", ratio) == [(150, pytest.approx(23 / 3))]
    assert ask("orders.revenue", {"expr": "sum(refunds.amount) / count(refunds.*)", "name": "r"})[
        0
    ] == (150, pytest.approx(23 / 3))


def test_computed_column_through_an_alias(ask: Asker) -> None:
    changed = model()
    join = changed["orders"]["joins"][0]
    join.update(alias="buyer", on="orders.customer_id = buyer.id")
    rows = ask("orders.revenue", by=("buyer.label",), include_empty=False, model=changed)
    assert rows == [("Ann", 30), ("Bob", 30), (None, 90)]


def test_filter_on_a_derived_measure(ask: Asker) -> None:
    rows = ask(
        {"expr": "orders.profit", "name": "p"},
        by=("orders.status",),
        filters=["orders.margin > 0.8"],
    )
    assert rows == [("open", 50), ("paid", 66)]


def test_two_facts_with_a_dimension_that_both_see(ask: Asker) -> None:
    rows = ask("orders.revenue", "customers.customer_count", by=("customers.name",))
    assert rows == [("Ann", 30, 1), ("Bob", 30, 1), ("Dan", None, 1), (None, 90, 1)]
