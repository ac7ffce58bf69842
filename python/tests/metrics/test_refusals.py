"""What has no answer over time is refused, with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from metrics.checking import check, right
from metrics.definitions import sources
from metrics.evaluator import Refused
from metrics.periods import Duration
from metrics.question import Cumulative, Offset, Question
from metrics.shop import MONTH_AGO, PAGES, REGION, REVENUE, SHOP, TO_DATE, VISITS
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.explain.plan import PlanExplanation
from semantic_layer.plan.report import logical_of
from support.databases import DIALECTS, Database

WINDOW = Cumulative("days_28", of=REVENUE, window=Duration(28, "day"))
MONTH = {"field": "metric_time", "granularity": "month"}


@pytest.mark.parametrize(
    "question",
    [
        Question((WINDOW,)),
        Question((WINDOW,), (REGION,)),
        Question((Cumulative("mtd", of=REVENUE, to_grain="month"),)),
        Question((MONTH_AGO,)),
        Question((Offset("of_month", of=REVENUE, to_grain="month"),)),
    ],
    ids=["window", "window by region", "to grain", "offset", "offset to grain"],
)
def test_without_a_period(question: Question, every_database: list[Database]) -> None:
    expected = right(SHOP, question)
    assert isinstance(expected, Refused)
    assert check(SHOP, question, expected, every_database) == "refused"


def refusal(dialect: str, model: dict[str, Any], **query: Any) -> SemanticError:
    """Return the error with which a question is refused."""
    asked = {"measures": ["orders.revenue"], "dimensions": [MONTH], **query}
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(model, dialect).query(asked)
    return caught.value


def model(**measure: Any) -> dict[str, Any]:
    """Return the shop's sources, with one measure more in `orders`."""
    found = sources([REVENUE, TO_DATE, MONTH_AGO, VISITS, PAGES])
    found["customers"]["measures"] = [{"name": "customers", "expr": "count(*)"}]
    if measure:
        found["orders"]["measures"].append({"name": "odd", **measure})
    return found


@pytest.mark.parametrize("dialect", [*DIALECTS, "mysql"])
@pytest.mark.parametrize(
    "condition",
    [
        "metric_time <> '2024-02-01'",
        "metric_time IS NOT NULL",
        "orders.ordered_at IS NULL",
        "metric_time IN ('2024-02-01')",
        "NOT (metric_time < '2024-02-01')",
        "metric_time < '2024-02-01' OR metric_time >= '2024-03-01'",
        "metric_time > orders.shipped_at",
        "metric_time < '2024-02-01' OR orders.status = 'paid'",
    ],
)
def test_a_filter_that_says_of_no_period_that_it_is_shown(dialect: str, condition: str) -> None:
    error = refusal(dialect, model(), measures=["orders.to_date_ever"], filters=[condition])
    assert error.fix


@pytest.mark.parametrize(
    "measure",
    [
        {"cumulative": {"of": "revenue", "window": "28 days", "to_grain": "month"}},
        {"cumulative": {"of": "revenue", "window": "28"}},
        {"cumulative": {"of": "revenue", "window": "0 days"}},
        {"cumulative": {"of": "revenue", "window": "28 moons"}},
        {"cumulative": {"of": "revenue", "period": "middle"}},
        {"cumulative": {"of": "revenue", "to_grain": "moon"}},
        {"cumulative": {"of": "nothing"}},
        {"cumulative": {"of": "odd"}},
        {"cumulative": {"of": "to_date_ever"}},
        {"cumulative": {"of": "month_ago"}},
        {"offset": {"of": "revenue"}},
        {"offset": {"of": "revenue", "by": "1 month", "to_grain": "month"}},
        {"offset": {"of": "revenue", "by": "-1 month"}},
        {"offset": {"of": "odd", "by": "1 month"}},
        {"expr": "sum(amount)", "offset": {"of": "revenue", "by": "1 month"}},
        {"expr": "sum(amount)", "time_dimension": "status"},
        {"expr": "sum(amount)", "time_dimension": "nothing"},
        {"expr": "sum(amount)", "non_additive": {"dimension": "nothing"}},
        {"expr": "sum(amount)", "non_additive": {"dimension": "ordered_at", "keep": "middle"}},
        {"expr": "sum(amount)", "non_additive": {"dimension": "ordered_at", "by": ["nothing"]}},
        {"expr": "sum(amount)", "visibility": "hidden"},
    ],
    ids=str,
)
def test_a_measure_that_means_nothing(measure: dict[str, Any]) -> None:
    asked = {"measures": ["orders.odd"], "dimensions": [MONTH]}
    # A definition of a wrong form is refused as it is read, and by its name.
    with pytest.raises((SemanticError, ValueError)) as caught:
        SemanticEngine.from_sources(model(**measure)).query(asked)
    assert "odd" in str(caught.value) or "orders" in str(caught.value)


@pytest.mark.parametrize(
    "expr",
    [
        "cumulative(orders.revenue, 'month')",
        "cumulative(orders.revenue, '28 days', '1 month')",
        "to_date(orders.revenue)",
        "to_date(orders.revenue, '28 days')",
        "offset(orders.revenue)",
        "offset(orders.revenue, 1)",
        "offset(orders.amount, '1 month')",
        "cumulative(offset(orders.revenue, '1 month'))",
        "sum(cumulative(orders.revenue))",
    ],
)
def test_words_in_a_question_that_mean_nothing(expr: str) -> None:
    error = refusal("duckdb", model(), measures=[{"expr": expr, "name": "asked"}])
    assert error.message


def test_a_measure_without_a_time_names_its_source_and_the_line_to_add() -> None:
    error = refusal("duckdb", model(), measures=["customers.customers"])
    assert "customers" in error.message
    assert "default_time_dimension" in str(error.fix)


def test_a_source_is_not_called_metric_time() -> None:
    odd = {"metric_time": {**model()["customers"], "name": "metric_time"}}
    with pytest.raises((SemanticError, ValueError), match="metric_time"):
        SemanticEngine.from_sources({**model(), **odd}).query(
            {"measures": ["orders.revenue"], "dimensions": [MONTH]}
        )


def test_no_grain_is_finer_than_the_columns_own() -> None:
    stated = model()
    for column in stated["orders"]["columns"]:
        if column["name"] == "ordered_at":
            column["natural_granularity"] = "month"
    day = {"field": "metric_time", "granularity": "day"}
    error = refusal("duckdb", stated, dimensions=[day])
    assert "month" in str(error)


def test_fill_needs_a_period() -> None:
    assert refusal("duckdb", model(), dimensions=["customers.region"], fill=True).fix


@pytest.mark.parametrize("dialect", [*DIALECTS, "mysql"])
@pytest.mark.parametrize(
    ("expr", "said", "fix"),
    [
        ("cumulative(orders.revenue, '2 weeks', 'average')", "no whole weeks", "28 for 4 weeks"),
        (
            "offset(cumulative(orders.revenue, '2 days', 'average'), '1 month')",
            "is not looked up at another time",
            "leave out `average`",
        ),
        (
            "cumulative(orders.revenue / orders.revenue, '2 days', 'average')",
            "is made of others",
            "Take the average of each measure",
        ),
        (
            "cumulative(max(orders.ordered_at), '2 days', 'average')",
            "its values are no numbers",
            "Leave out `average`",
        ),
        ("cumulative(max(orders.status), 'average')", "its values are no numbers", "Leave out"),
    ],
)
def test_there_is_no_average(dialect: str, expr: str, said: str, fix: str) -> None:
    error = refusal(dialect, model(), measures=[{"expr": expr, "name": "asked"}])
    assert said in error.message
    assert fix in str(error.fix)


def test_a_filled_measure_has_no_average_of_its_own() -> None:
    stated = model(cumulative={"of": "filled", "window": "2 days", "period": "average"})
    stated["orders"]["measures"].append(
        {"name": "filled", "expr": "sum(amount)", "fill_nulls_with": 0}
    )
    error = refusal("duckdb", stated, measures=["orders.odd"])
    assert "is filled where it is NULL" in error.message
    assert "`fill_nulls_with` stand on the cumulative measure" in str(error.fix)


def test_an_average_needs_a_period_even_since_ever() -> None:
    asked = [{"expr": "cumulative(orders.revenue, 'average')", "name": "asked"}]
    assert "no periods" in refusal("duckdb", model(), measures=asked, dimensions=[]).message


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("'28 days'", "the 28 days before its end"),
        ("'28 days', 'first'", "the 28 days before the end of its first day"),
        (
            "'28 days', 'average'",
            "the 28 days before the end of each day in it, and shows the average of these values",
        ),
        (
            "'average'",
            "everything up to the end of each day in it, and shows the average of these values",
        ),
    ],
)
def test_what_a_period_looks_at_is_said(words: str, said: str) -> None:
    measure = {"expr": f"cumulative(orders.revenue, {words})", "name": "asked"}
    plan = SemanticEngine.from_sources(model()).query(
        {"measures": [measure], "dimensions": [MONTH]}
    )
    lines = PlanExplanation(logical_of(plan.plan)).build().lines()
    assert any(f"each period looks at {said};" in line for line in lines)
