"""Metrics of several sources, with the rows that are right worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from metrics.checking import asked_columns, equal
from model_metrics.shop import TABLES, model
from semantic_layer import SemanticEngine
from support.databases import Database

REGION = ["customers.region"]
MONTH = [{"field": "metric_time", "granularity": "month"}]
JAN, FEB, MAR, APR = (f"2024-0{month}-01" for month in range(1, 5))
CASES: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
    "a_ratio_of_two_sources": (
        {"measures": ["return_rate"], "dimensions": REGION},
        [("asia", None), ("eu", 0.1), ("us", None), (None, 0.05)],
    ),
    "its_other_name": (
        {"measures": ["metrics.return_rate"], "dimensions": REGION},
        [("asia", None), ("eu", 0.1), ("us", None), (None, 0.05)],
    ),
    "in_any_case": ({"measures": ["Metrics.RETURN_RATE"]}, [(0.045,)]),
    "of_all": ({"measures": ["return_rate"]}, [(0.045,)]),
    "a_metric_of_a_metric": (
        {"measures": ["kept"], "dimensions": REGION},
        [("asia", None), ("eu", 0.9), ("us", None), (None, 0.95)],
    ),
    "an_input_has_rows_of_its_own": (
        {"measures": ["paid_share", "orders.order_count"], "dimensions": REGION},
        [("asia", 0, None), ("eu", 2, 0.5), ("us", 1, 1), (None, 1, 0)],
    ),
    "an_input_of_an_earlier_time": (
        {"measures": ["growth"], "dimensions": MONTH},
        [(JAN, None), (FEB, 40), (MAR, 30), (APR, None)],
    ),
    "cumulative": (
        {"measures": ["revenue_to_date"], "dimensions": MONTH},
        [(JAN, 30), (FEB, 100), (MAR, 200)],
    ),
    "an_offset": (
        {"measures": ["visits_a_month_ago"], "dimensions": MONTH},
        [(FEB, 2), (MAR, 2)],
    ),
    "a_filter_restricts_all_that_it_is_made_of": (
        {"measures": ["european"], "dimensions": REGION},
        [("asia", 0), ("eu", 36), ("us", 0), (None, 0)],
    ),
    "the_filters_of_metric_and_input_both_hold": (
        {"measures": ["paid_in_europe"], "dimensions": REGION},
        [("asia", 0), ("eu", 1), ("us", 0), (None, 0)],
    ),
    "a_conversion": (
        {"measures": ["visit_to_order"], "dimensions": [{"field": "visits.seen_at"}]},
        [("2024-01-01", 0), ("2024-01-02", 1), ("2024-02-01", 1), ("2024-02-02", None)],
    ),
    "a_hidden_measure": ({"measures": ["least_order"]}, [(10,)]),
    "a_hidden_metric": ({"measures": ["of_secret"]}, [(18,)]),
    "aggregates_of_columns": ({"measures": ["mean_order"]}, [(50,)]),
    "beside_measures_and_in_arithmetic": (
        {"measures": ["orders.revenue", {"expr": "orders.revenue * return_rate", "name": "lost"}]},
        [(200, 9)],
    ),
    "compared_in_a_filter": (
        {"measures": ["orders.revenue"], "dimensions": REGION, "filters": ["return_rate > 0.07"]},
        [("eu", 40)],
    ),
    "compared_in_a_filter_by_its_other_name": (
        {
            "measures": ["orders.revenue"],
            "dimensions": REGION,
            "filters": ["metrics.return_rate > 0.07"],
        },
        [("eu", 40)],
    ),
    "ordered_by": (
        {
            "measures": ["paid_share"],
            "dimensions": REGION,
            "order_by": [{"field": "paid_share", "direction": "desc"}],
            "include_empty": False,
        },
        [("us", 1), ("eu", 0.5), (None, 0)],
    ),
    "ordered_by_its_other_name": (
        {
            "measures": ["paid_share"],
            "dimensions": REGION,
            "order_by": [{"field": "metrics.paid_share", "direction": "desc"}],
            "include_empty": False,
        },
        [("us", 1), ("eu", 0.5), (None, 0)],
    ),
    "the_best": (
        {"measures": ["paid_share"], "dimensions": REGION, "top": 1, "include_empty": False},
        [("us", 1)],
    ),
    "of_all_groups": (
        {
            "measures": ["return_rate", "total(return_rate)"],
            "dimensions": REGION,
            "include_empty": False,
        },
        [("eu", 0.1, 0.045), ("us", None, 0.045), (None, 0.05, 0.045)],
    ),
    "ranked": (
        {"measures": ["rank(return_rate)"], "dimensions": REGION, "include_empty": False},
        [("eu", 1), ("us", None), (None, 2)],
    ),
    "to_date_in_the_question": (
        {"measures": ["cumulative(return_rate)"], "dimensions": MONTH},
        [(JAN, None), (FEB, 0.04), (MAR, 0.045)],
    ),
    "filters_of_the_question": (
        {"measures": ["return_rate"], "filters": ["customers.region = 'eu'"]},
        [(0.1,)],
    ),
}


@pytest.mark.parametrize(("question", "expected"), CASES.values(), ids=CASES)
def test_every_database_has_them(
    question: dict[str, Any], expected: list[tuple[Any, ...]], every_database: list[Database]
) -> None:
    for database in every_database:
        result = SemanticEngine.from_sources(model(), database.dialect).query(question)
        database.load(TABLES)
        got = asked_columns(result, database.rows(result.sql))
        assert equal(expected, got), (database.dialect, got, result.sql)
