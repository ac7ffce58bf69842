"""Rules 6, 9, 11, 14, 18: filters, hidden columns, times, order, limit and names."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.parser import DIALECTS
from support.asking import Asker
from support.shop import MODEL, model


def test_filters_are_parenthesised(ask: Asker) -> None:
    filters = ["orders.status = 'paid' OR orders.status = 'refunded'", "orders.channel = 'web'"]
    assert ask("orders.revenue", filters=filters) == [(70,)]
    assert ask("orders.revenue", filters=list(reversed(filters))) == [(70,)]


def test_filter_on_a_measure_applies_after_aggregation(ask: Asker) -> None:
    rows = ask("orders.revenue", by=("orders.status",), filters=["orders.revenue > 20"])
    assert rows == [("open", 50), ("paid", 80)]
    assert ask("orders.revenue", filters=["orders.revenue > 999"]) == []
    assert ask("orders.revenue", filters=["orders.revenue > 9"]) == [(150,)]


def test_filter_on_measures_with_or_and_with_rows(ask: Asker) -> None:
    filters = [
        "orders.revenue > 60 OR orders.order_count = 1",
        "orders.amount <> 40 AND revenue > 20",
    ]
    rows = ask("orders.revenue", by=("orders.status",), filters=filters)
    assert rows == [("open", 50)]


def test_filter_on_an_aggregate_and_on_an_unselected_measure(ask: Asker) -> None:
    rows = ask("orders.revenue", by=("orders.status",), filters=["sum(orders.amount) / 2 > 30"])
    assert rows == [("paid", 80)]
    rows = ask("orders.revenue", by=("customers.name",), filters=["refunds.refunded >= 7"])
    assert rows == [("Dan", None), (None, 90)]


def test_filter_mixing_rows_and_measures_is_refused(ask: Asker) -> None:
    error = ask.refused("orders.revenue", filters=["orders.revenue > 1 OR orders.status = 'paid'"])
    assert "mixes" in error.message


def test_filter_name_that_is_a_column_and_a_measure_is_refused(ask: Asker) -> None:
    changed = model()
    changed["orders"]["measures"].append({"name": "amount", "expr": "sum(amount)"})
    for text in ("orders.amount > 5", "amount > 5"):
        error = ask.refused("orders.amount", model=changed, filters=[text])
        assert "both a column and a measure" in error.message


def test_filter_every_fact_reaches_applies_to_every_fact(ask: Asker) -> None:
    rows = ask("orders.revenue", "refunds.refunded", filters=["customers.name = 'Ann'"])
    assert rows == [(30, 5)]
    assert ask.warnings == []


def test_filter_some_facts_reach_is_reported(ask: Asker) -> None:
    rows = ask("orders.revenue", "refunds.refunded", filters=["orders.status = 'paid'"])
    assert rows == [(80, 23)]
    assert ask.warnings == ["filter_partial"]


def test_three_valued_logic(ask: Asker) -> None:
    assert ask("orders.order_count", filters=["NOT orders.channel = 'web'"]) == [(1,)]


@pytest.mark.parametrize(
    "spelling",
    [
        {"by": ("customers.ssn",)},
        {"by": ("ssn",)},
        {"by": ("customers.SSN",)},
        {"by": ('customers."ssn"',)},
        {"by": ('"ssn"',)},
        {"filters": ["ssn = 's-1'"]},
        {"filters": ["customers.ssn IS NOT NULL"]},
        {"filters": ["CUSTOMERS.Ssn > ''"]},
        {"filters": ["customers.id IN (SELECT id FROM customers WHERE ssn = 's-1')"]},
        {"filters": ["max(customers.ssn) > ''"]},
        {"measures": ("count(customers.ssn)",)},
        {"measures": ("max(ssn)",)},
        {"measures": ({"expr": 'min(customers."ssn")', "name": "x"},)},
        {"measures": ("count(*) FILTER (WHERE customers.ssn = 's-1')",)},
        {"order_by": ["customers.ssn"]},
    ],
)
def test_hidden_columns_are_refused_in_any_spelling(ask: Asker, spelling: dict[str, Any]) -> None:
    measures = spelling.pop("measures", ("customers.customer_count",))
    error = ask.refused(*measures, **spelling)
    assert error.kind in ("invalid_query", "unsupported")


def test_the_models_own_measures_may_use_hidden_columns(ask: Asker) -> None:
    assert ask("customers.known_ssn", {"expr": "orders.spent", "name": "s"}) == [(4, 19)]


TIMES = {
    "second": ["2024-01-01 00:00:00", "2024-01-07 23:59:59", "2024-01-08 10:15:30"],
    "minute": ["2024-01-01 00:00:00", "2024-01-07 23:59:00", "2024-01-08 10:15:00"],
    "hour": ["2024-01-01 00:00:00", "2024-01-07 23:00:00", "2024-01-08 10:00:00"],
    "day": ["2024-01-01", "2024-01-07", "2024-01-08"],
    "week": ["2024-01-01", "2024-01-01", "2024-01-08"],
    "month": ["2024-01-01", "2024-01-01", "2024-01-01"],
    "quarter": ["2024-01-01", "2024-01-01", "2024-01-01"],
    "year": ["2024-01-01", "2024-01-01", "2024-01-01"],
}
LAST = {
    "second": ["2024-02-29 12:30:45", "2024-12-31 23:00:01"],
    "minute": ["2024-02-29 12:30:00", "2024-12-31 23:00:00"],
    "hour": ["2024-02-29 12:00:00", "2024-12-31 23:00:00"],
    "day": ["2024-02-29", "2024-12-31"],
    "week": ["2024-02-26", "2024-12-30"],
    "month": ["2024-02-01", "2024-12-01"],
    "quarter": ["2024-01-01", "2024-10-01"],
    "year": ["2024-01-01", "2024-01-01"],
}


@pytest.mark.parametrize("granularity", list(TIMES))
def test_granularities(databases: list[Any], granularity: str) -> None:
    from support.shop import TABLES

    query = {
        "measures": ["orders.order_count"],
        "dimensions": ["orders.id", {"field": "orders.ordered_at", "granularity": granularity}],
        "order_by": ["orders.id"],
    }
    for database in databases:
        sql = SemanticEngine.from_sources(MODEL, database.dialect).query(query).sql
        database.load(TABLES)
        found = [str(row[1]) for row in database.rows(sql)]
        expected = TIMES[granularity] + LAST[granularity]
        assert [text.removesuffix(" 00:00:00") for text in found] == [
            text.removesuffix(" 00:00:00") for text in expected
        ]


def test_granularity_is_checked(ask: Asker) -> None:
    def by(field: str, granularity: str) -> Any:
        return ask.refused("orders.order_count", by=({"field": field, "granularity": granularity},))

    error = by("orders.ordered_at", "fortnight")
    assert "second, minute, hour, day, week, month, quarter, year" in error.message
    assert by("orders.ordered_at", "mnth").suggestions[0] == "month"
    assert "time column" in by("orders.status", "month").message


def test_order_direction_is_checked(ask: Asker) -> None:
    error = ask.refused("orders.revenue", order_by=[{"field": "revenue", "direction": "sideways"}])
    assert "asc, desc" in error.message


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("asc", [("Ann", 5), ("Dan", 7), (None, 11), ("Bob", None)]),
        ("DESC", [(None, 11), ("Dan", 7), ("Ann", 5), ("Bob", None)]),
    ],
)
def test_order_puts_nulls_last(ask: Asker, direction: str, expected: list[Any]) -> None:
    rows = ask(
        "refunds.refunded",
        by=("customers.name",),
        order_by=[{"field": "refunds.refunded", "direction": direction}],
    )
    assert rows == expected


def test_order_by_an_unknown_field_is_refused(ask: Asker) -> None:
    error = ask.refused("orders.revenue", order_by=["revenu"])
    assert error.message.startswith("ORDER BY field 'revenu' is not a recognized measure")
    assert error.suggestions == ["revenue"]


def test_limit_keeps_the_first_rows_of_the_order(ask: Asker) -> None:
    order = [{"field": "orders.revenue", "direction": "desc"}]
    rows = ask("orders.revenue", by=("orders.status",), order_by=order, limit=1)
    assert rows == [("paid", 80)]
    assert ask("orders.revenue", by=("orders.status",), limit=0) == []


def test_names_of_dimensions(ask: Asker) -> None:
    query = {
        "measures": ["orders.order_count"],
        "dimensions": [
            "customers.name",
            "regions.name",
            "customers.name",
            {"field": "orders.ordered_at", "granularity": "Month"},
        ],
    }
    result = SemanticEngine.from_sources(MODEL, "duckdb").query(query)
    assert [column.name for column in result.plan.columns] == [
        "customers_name",
        "regions_name",
        "ordered_at_month",
        "order_count",
    ]
    assert [column.name for column in result.columns] == [
        "customers.name",
        "regions.name",
        "orders.ordered_at",
        "orders.order_count",
    ]


def test_clashing_output_names_are_refused(ask: Asker) -> None:
    for name in ("status", "ORDER_COUNT"):
        error = ask.refused(
            {"expr": "sum(orders.amount)", "name": name},
            {"expr": "orders.paid_count - orders.revenue", "name": name.lower()},
            by=("orders.status",),
        )
        assert "output name" in error.message


def test_equal_questions_give_equal_text() -> None:
    query = {
        "measures": ["orders.margin", "refunds.n"],
        "dimensions": ["customers.name", "regions.name"],
        "filters": ["regions.name <> 'x'"],
    }
    shuffled = {name: MODEL[name] for name in sorted(MODEL, reverse=True)}
    for dialect in DIALECTS:
        first = SemanticEngine.from_sources(MODEL, dialect).query(query)
        second = SemanticEngine.from_sources(shuffled, dialect).query(query)
        assert first.sql == second.sql
        assert first == second


def test_quoted_and_reserved_names(ask: Asker) -> None:
    table = ('"order" INTEGER, "Total Amount" INTEGER', [(1, 5), (1, 6), (2, 7)])
    source = {
        "name": "select",
        "table": '"group"',
        "grain": ["order"],
        "columns": [
            {"name": "order", "type": "number"},
            {"name": "Total Amount", "type": "number"},
        ],
        "measures": [{"name": "end", "expr": 'sum("Total Amount")'}],
    }
    rows = ask(
        "select.end", by=("select.order",), model={"select": source}, tables={"group": table}
    )
    assert rows == [(1, 11), (2, 7)]
    rows = ask(
        "select.end",
        by=("select.Total Amount",),
        model={"select": source},
        tables={"group": table},
        limit=1,
    )
    assert rows == [(5, 5)]
