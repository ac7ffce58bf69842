"""What cannot be asked over groups is refused by every dialect, with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from over_groups.world import model
from semantic_layer.errors import SemanticError
from support.asking import Asker
from support.databases import Database

CITY, REGION = "shops.city", "shops.region"
MONTHLY = {"field": "metric_time", "granularity": "month"}
BY_CITY: dict[str, Any] = {"by": (CITY,)}
BY_MONTH: dict[str, Any] = {"by": (MONTHLY,)}
TOTAL_FORM, RANK_FORM = "total(orders.revenue, customers.region)", "rank(orders.revenue, customers"
NO_MEASURE = "neither an aggregate nor a predefined measure"


@pytest.fixture
def everywhere(every_database: list[Database]) -> Asker:
    return Asker(every_database)


@pytest.mark.parametrize(
    ("measure", "message", "fix"),
    [
        ("rank()", "`rank` is not written so", "Write rank(orders.revenue)"),
        ("rank(5)", NO_MEASURE, "Aggregate a column"),
        ("rank(*)", "`*`", "Name each column"),
        ("total(*)", "`*`", "Name each column"),
        ("rank(shops.city)", "'shops.city' stands outside an aggregate", "Aggregate it"),
        ("rank(sales.price)", "'sales.price' stands outside an aggregate", "sum(sales.price)"),
        ("rank(sales.nope)", "'nope' does not exist", "Use one of the names"),
        ("total(sales.nope)", "'nope' does not exist", "Use one of the names"),
        ("rank(sales.revenue, 'shops.city')", "`rank` is not written so", RANK_FORM),
        ("rank(sales.revenue, 1)", "`rank` is not written so", RANK_FORM),
        ("total(sales.revenue, 'shops.city')", "`total` is not written so", TOTAL_FORM),
        ("rank(sales.revenue, upper(shops.city))", "`rank` is not written so", RANK_FORM),
        ("total(sales.revenue, shops.cit)", "'cit' does not exist", "Use one of the names"),
        ("total(sales.revenue, sales.n)", "'n' is a measure", "Use one of the names"),
        ("total(total(sales.revenue))", "a total is of groups", "Turn them round"),
        ("sum(total(sales.revenue))", "sum(total(sales.revenue))", ""),
        ("sum(rank(sales.price))", "an aggregate inside an aggregate", "two measures"),
        ("rank(sales.revenue) over ()", "a window function", "`sql` source"),
        ("rank(sales.revenue desc)", "is not an SQL expression", "Correct the text"),
    ],
)
def test_a_measure(everywhere: Asker, measure: str, message: str, fix: str) -> None:
    _check(everywhere.refused(measure, model=model(), **BY_CITY), message, fix)


@pytest.mark.parametrize(
    ("measure", "message", "fix"),
    [
        ("cumulative(total(sales.revenue))", "a total is of groups", "Turn them round"),
        ("offset(total(sales.revenue), '1 month')", "a total is of groups", "Turn them round"),
    ],
)
def test_a_measure_over_time(everywhere: Asker, measure: str, message: str, fix: str) -> None:
    _check(everywhere.refused(measure, model=model(), **BY_MONTH), message, fix)


@pytest.mark.parametrize(
    ("measures", "rest", "message", "fix"),
    [
        ([], {**BY_CITY, "top": 1}, "no measure by which", "`limit`"),
        (["sales.n"], {**BY_CITY, "top": 1, "per": [REGION]}, REGION, CITY),
        (["sales.n"], {**BY_CITY, "top": 1, "per": ["sales.n"]}, "sales.n", CITY),
        (["sales.n"], {**BY_CITY, "top": 1, "order_by": ["sales.revenue"]}, "revenue", "sales.n"),
        (["sales.n"], {**BY_CITY, "order_by": ["rank(sales.n)"]}, "rank(sales.n)", "sales.n"),
        (
            ["sales.n"],
            {**BY_CITY, "filters": [f"rank(sales.n) = 1 or {CITY} = 'Oslo'"]},
            "mixes a condition on the column",
            "separate filters",
        ),
        (["sales.n"], {**BY_CITY, "compare": "1 year"}, "no periods", "metric_time:month"),
        (["sales.n"], {**BY_CITY, "compare": "previous"}, "no periods", "metric_time:month"),
        (["sales.n"], {**BY_MONTH, "compare": "year"}, "'year' is not a duration", "'1 month'"),
        (["sales.n"], {**BY_MONTH, "compare": ""}, "'' is not a duration", "'1 month'"),
        (["total(sales.n)"], {**BY_MONTH, "compare": "1 year"}, "a total is of groups", "round"),
        (["sales.share"], {**BY_MONTH, "compare": "1 year"}, "a total is of groups", "round"),
    ],
)
def test_a_question(
    everywhere: Asker, measures: list[str], rest: dict[str, Any], message: str, fix: str
) -> None:
    _check(everywhere.refused(*measures, model=model(), **rest), message, fix)


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ({"top": 0}, "top must be positive"),
        ({"top": -1}, "top must be positive"),
        ({"top": 1.5}, "valid integer"),
        ({"per": [CITY]}, "there is no 'top'"),
    ],
)
def test_a_number_of_groups(everywhere: Asker, rest: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        everywhere("sales.n", model=model(), **BY_CITY, **rest)


def test_a_total_of_a_column_where_there_is_no_such_aggregate(everywhere: Asker) -> None:
    others = Asker([item for item in everywhere.databases if item.dialect != "sqlite"])
    error = others.refused("total(sales.price)", model=model(), **BY_CITY)
    _check(error, "'sales.price' stands outside an aggregate", "sum(sales.price)")


def test_a_total_of_a_cumulative_for_all_periods(every_database: list[Database]) -> None:
    # SQLite's own words for it are in `test_known`.
    others = Asker([item for item in every_database if item.dialect != "sqlite"])
    error = others.refused("total(cumulative(sales.n))", "sales.n", model=model(), **BY_MONTH)
    _check(error, "a value in each period", "total(…, metric_time)")


def _check(error: SemanticError, message: str, fix: str) -> None:
    assert message in str(error)
    assert error.fix
    assert fix in error.fix
