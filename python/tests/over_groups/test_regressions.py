"""What the planner once got wrong, each as small as it can be asked."""

from __future__ import annotations

from typing import Any

import pytest

from oracle.values import short_time
from over_groups.world import WORLD, model
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.asking import approx
from support.databases import Database, in_own_quotes

MONTHLY = {"field": "metric_time", "granularity": "month"}
YEARLY = {"field": "metric_time", "granularity": "year"}
CITY, REGION = "shops.city", "shops.region"
SQLITE, ALL = ("sqlite",), ("sqlite", "duckdb", "postgres", "mysql")
BY_CITY = [("Lima", 142), ("Oslo", 142), ("Rome", 142), (None, 142)]
EVERYWHERE = [
    ("Cairo", 142, 3),
    ("Lima", 142, 3),
    ("Oslo", 142, 3),
    ("Rome", 142, 3),
    (None, 142, 3),
]


def once_wrong(name: str, *values: Any) -> Any:
    return pytest.param(*values, id=name)


@pytest.mark.parametrize(
    ("dialects", "measures", "by", "rest", "rows"),
    [
        once_wrong("sqlite_takes_the_total_of_arithmetic_for_its_own", SQLITE,
              ["total(sales.revenue / sales.buyers)"], [REGION], {},
              [("north", 35.5), ("south", 35.5), (None, 35.5)]),
        once_wrong("sqlite_takes_the_total_of_a_cumulative_for_its_own", SQLITE,
              ["sales.n", "total(cumulative(sales.n), metric_time)"], [YEARLY], {},
              [("2024-01-01", 6, 6), ("2025-01-01", 2, 8)]),
        once_wrong("a_total_of_groups_in_a_filter", ALL, ["sales.n"], [CITY, REGION],
              {"filters": [f"total(sales.n, {REGION}) > 2", "sales.n < 2"]},
              [("Lima", "south", 1)]),
        once_wrong("only_totals_by_metric_time", ALL, ["total(sales.revenue)"], [YEARLY], {},
              [("2024-01-01", 142), ("2025-01-01", 142)]),
        once_wrong("only_totals_of_two_facts_have_the_groups_of_both", ALL,
              ["total(sales.revenue)", "total(returns.returned)"], [CITY], {}, EVERYWHERE),
        once_wrong("a_quoted_dimension_is_the_dimension", ALL,
              ['total(sales.revenue, "shops"."city")', "sales.n"], [CITY], {},
              [("Lima", 30, 1), ("Oslo", 30, 2), ("Rome", 30, 2), (None, 52, 3)]),
        # The name is in double quotes, which are MySQL's of texts.
        once_wrong("a_comparison_of_a_name_with_a_space", ("mysql",),
              [{"expr": "sales.n", "name": "odd name"}], [YEARLY], {"compare": "1 year"},
              [("2024-01-01", 6, 0, 6, None), ("2025-01-01", 2, 6, -4, -400 / 6)]),
    ],
)  # fmt: skip
def test_rows(
    dialects: tuple[str, ...],
    measures: list[Any],
    by: list[Any],
    rest: dict[str, Any],
    rows: list[tuple[Any, ...]],
    every_database: list[Database],
) -> None:
    for database in every_database:
        if database.dialect in dialects:
            assert approx(_rows(database, measures, by, rest)) == rows


@pytest.mark.parametrize(
    ("dialects", "measures", "by", "rest"),
    [
        # Shown as if the dimension were not there: 142 for each city.
        once_wrong("a_total_of_groups_that_the_question_has_not", ALL,
              ["sales.revenue", f"total(sales.revenue, {REGION})"], [CITY], {}),
        once_wrong("a_place_among_groups_that_the_question_has_not", ALL,
              ["sales.revenue", f"rank(sales.revenue, {REGION})"], [CITY], {}),
        once_wrong("metric_time_that_the_question_has_not", ALL,
              ["sales.revenue", "total(sales.revenue, metric_time)"], [CITY], {}),
        once_wrong("in_the_models_measure", ALL, ["sales.share_of_region"], [CITY], {}),
        # Shown as the place of the total, which is 1 for every group.
        once_wrong("the_total_of_places", ALL, ["total(rank(sales.revenue))", "sales.n"],
                   [CITY], {}),
        # Shown as the place of what is cumulated.
        once_wrong("the_cumulative_of_places", ALL, ["cumulative(rank(sales.revenue))", "sales.n"],
              [MONTHLY], {}),
        # ValueError: Unsupported expression type RankOf.
        once_wrong("the_place_by_a_place", ALL, ["rank(rank(sales.revenue))"], [CITY], {}),
        # IndexError: list index out of range.
        once_wrong("a_total_of_nothing", SQLITE, ["total()"], [CITY], {}),
        # SQL that the database does not take.
        once_wrong("distinct_in_a_place", ALL, ["rank(distinct sales.revenue)"], [CITY], {}),
        once_wrong("an_order_in_a_place", ALL, ["rank(sales.revenue order by 1)"], [CITY], {}),
        # Of the month, not of the year; `per` refuses the same as ambiguous.
        once_wrong("metric_time_of_two_grains", ALL, ["sales.n", "total(sales.n, metric_time)"],
              [MONTHLY, YEARLY], {}),
        # Refused as "ORDER BY field 'cty'", which the question has not.
        once_wrong("per_names_itself", ALL, ["sales.n"], [CITY], {"top": 1, "per": ["cty"]}),
    ],
)  # fmt: skip
def test_refusals(
    dialects: tuple[str, ...],
    measures: list[Any],
    by: list[Any],
    rest: dict[str, Any],
    every_database: list[Database],
) -> None:
    for database in every_database:
        if database.dialect in dialects:
            with pytest.raises(SemanticError) as caught:
                _rows(database, measures, by, rest)
            assert caught.value.fix
            assert "ORDER BY" not in str(caught.value)


def _rows(
    database: Database, measures: list[Any], by: list[Any], rest: dict[str, Any]
) -> list[tuple[Any, ...]]:
    asked = {"measures": measures, "dimensions": by, "include_empty": False, **rest}
    own_model, own = in_own_quotes([model(), asked], database.dialect)
    result = SemanticEngine.from_sources(own_model, database.dialect).query(own)
    database.load(WORLD.tables())
    return [tuple(map(short_time, row)) for row in database.rows(result.sql)]
