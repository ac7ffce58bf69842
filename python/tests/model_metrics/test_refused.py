"""Metrics that mean nothing, and names that mean two things: what is said of them, and where."""

from __future__ import annotations

from typing import Any

import pytest

from model_metrics.shop import METRICS, SOURCES, model
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError

REGION = ["customers.region"]
# What is asked, the start of what is said, and where the model says what is wrong.
QUESTIONS: dict[str, tuple[dict[str, Any], str, str, list[str | int]]] = {
    "no such metric": (
        {"measures": ["metrics.return_rat"]},
        "measure `metrics.return_rat`: there is no metric 'return_rat'. Metrics: return_rate,",
        "Use one of the names listed.",
        ["measures", 0],
    ),
    "hidden": (
        {"measures": ["secret"]},
        "measure `secret`: 'secret' is neither a column nor a measure.",
        "Write `source.column` or `source.measure`.",
        ["measures", 0],
    ),
    "hidden, in full": (
        {"measures": ["metrics.secret"]},
        "measure `metrics.secret`: the measure 'metrics.secret' is hidden and cannot be used",
        "Use a measure that is made of it, or another one.",
        ["measures", 0],
    ),
    "as a dimension": (
        {"measures": ["orders.revenue"], "dimensions": ["metrics.return_rate"]},
        "dimension 'metrics.return_rate': 'return_rate' is a metric, and a column must stand",
        "Name a column of a source.",
        ["dimensions", 0],
    ),
    "aggregated": (
        {"measures": ["sum(metrics.return_rate)"]},
        "measure `sum(metrics.return_rate)`: 'return_rate' is a metric, and a column must stand",
        "Name a column of a source.",
        ["measures", 0],
    ),
    "an earlier time, without a period": (
        {"measures": ["growth"]},
        "input 'before' of metric 'growth': it looks at another time than that of its group",
        "Add the dimension `metric_time:month`, or `orders.ordered_at:month` (day, week, month, "
        "quarter or year).",
        ["measures", 3, "inputs", "before", "of"],
    ),
    "by what one of them cannot look up": (
        {"measures": ["return_rate"], "dimensions": ["orders.status"]},
        "'orders' is on the many side of 'returns': ",
        "",
        [],
    ),
}


@pytest.mark.parametrize(("asked", "said", "fix", "path"), QUESTIONS.values(), ids=QUESTIONS)
def test_questions(asked: dict[str, Any], said: str, fix: str, path: list[str | int]) -> None:
    error = refused(asked)
    assert error.message.startswith(said)
    assert error.fix == fix or not fix
    assert list(error.path) == path or not path


# A metric, what is said of it, what to do, and where it is.
FAULTS: dict[str, tuple[dict[str, Any], str, str, list[str | int]]] = {
    "a typo": (
        {"name": "odd", "expr": "returns.refunds / orders.revenu"},
        "metric 'odd': Column 'revenu' does not exist in source 'orders'.",
        "Use one of the names listed.",
        ["measures", 0, "expr"],
    ),
    "itself": (
        {"name": "odd", "expr": "odd + 1"},
        "metric 'odd': 'odd' is neither a column nor a measure.",
        "Write `source.column` or `source.measure`.",
        ["measures", 0, "expr"],
    ),
    "whose rows": (
        {"name": "odd", "expr": "count(*)"},
        "metric 'odd': it does not say whose rows to count.",
        "Name the source: `count(orders.*)`, or a measure that counts.",
        ["measures", 0, "expr"],
    ),
    "a column alone": (
        {"name": "odd", "expr": "orders.amount"},
        "metric 'odd': column 'orders.amount' stands outside an aggregate.",
        "Aggregate it, for example `sum(orders.amount)`.",
        ["measures", 0, "expr"],
    ),
    "a filter that one of them cannot see": (
        {
            "name": "odd",
            "expr": "orders.revenue - returns.refunds",
            "filter": "orders.status = 'paid'",
        },
        "filter of metric 'odd': it restricts all that the metric is made of, and rows of "
        "'returns' do not look up 'orders'.",
        "Give a `filter` to an input of the metric instead: inputs: { name: { of: source.measure, "
        "filter: … } }.",
        ["measures", 0, "filter"],
    ),
    "a filter on a measure": (
        {"name": "odd", "expr": "orders.revenue", "filter": "sum(orders.amount) > 2"},
        "filter of metric 'odd': an aggregate is not allowed in a condition on rows",
        "Filter on the measure in the query instead.",
        ["measures", 0, "filter"],
    ),
    "a filter on the time of a question": (
        {"name": "odd", "expr": "orders.revenue", "filter": "metric_time > '2024-01-01'"},
        "filter of metric 'odd': `metric_time` is of a question, and cannot stand in a metric.",
        "Name the time column: `orders.ordered_at`.",
        ["measures", 0, "filter"],
    ),
    "an input that is nothing": (
        {"name": "odd", "expr": "a", "inputs": {"a": {"of": "orders.nothing"}}},
        "input 'a' of metric 'odd': Column 'nothing' does not exist in source 'orders'.",
        "Use one of the names listed.",
        ["measures", 0, "inputs", "a", "of"],
    ),
    "an input's filter": (
        {"name": "odd", "expr": "a", "inputs": {"a": {"of": "orders.revenue", "filter": "stat"}}},
        "filter of input 'a' of metric 'odd': 'stat' is neither a column nor a measure.",
        "Write `source.column` or `source.measure`.",
        ["measures", 0, "inputs", "a", "filter"],
    ),
    "an input made of another": (
        {"name": "odd", "expr": "b", "inputs": {"a": "orders.revenue", "b": "a + 1"}},
        "input 'b' of metric 'odd': 'a' is neither a column nor a measure.",
        "Write `source.column` or `source.measure`.",
        ["measures", 0, "inputs", "b", "of"],
    ),
    "an input's duration": (
        {"name": "odd", "expr": "a", "inputs": {"a": {"of": "orders.revenue", "offset": "1 yaer"}}},
        "input 'a' of metric 'odd': '1 yaer' is not a duration.",
        "",
        ["measures", 0, "inputs", "a", "of"],
    ),
}


@pytest.mark.parametrize(("metric", "said", "fix", "path"), FAULTS.values(), ids=FAULTS)
def test_models(metric: dict[str, Any], said: str, fix: str, path: list[str | int]) -> None:
    by_month = [{"field": "metric_time", "granularity": "month"}]
    error = refused({"measures": ["metrics.odd"], "dimensions": by_month}, metric)
    assert error.message.startswith(said)
    assert error.fix == fix or not fix
    assert (error.source, list(error.path)) == ("metrics", path) or not path
    report = SemanticEngine.from_sources(model(metric), "duckdb").validate()
    found = next(item for item in report.findings if item.severity == "error")
    assert found.message.startswith(said)
    assert found.location is not None
    assert (found.location.source, found.location.path) == ("metrics", path) or not path


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        (
            [{"name": "a", "expr": "b"}, {"name": "b", "expr": "a"}],
            "metric 'a': Circular dependency detected: a (a -> b -> a).",
        ),
        (
            [{"name": "a"}],
            "The metrics, measures.0: metric 'a' needs exactly one of 'expr',",
        ),
        (
            [{"name": "a", "expr": "orders.revenue", "segments": ["x"]}],
            "The metrics, measures.0: metric 'a': 'segments' is said of a measure, which has rows;",
        ),
        (
            [{"name": "a", "expr": "orders.revenue", "time_dimension": "x"}],
            "The metrics, measures.0: metric 'a': 'time_dimension' is said of a measure,",
        ),
        (
            [{"name": "a", "expr": "orders.revenue", "inputs": {"b": {"off": "b"}}}],
            "The metrics, measures.0.inputs.b",
        ),
    ],
)
def test_definitions(metrics: list[dict[str, Any]], said: str) -> None:
    assert refused({"measures": ["metrics.a"]}, *metrics).message.startswith(said)


def test_a_conversion_of_what_is_no_measure_of_a_source() -> None:
    odd = {"base": "return_rate", "conversion": "orders.order_count", "entity": "customer_id"}
    error = refused({"measures": ["odd"]}, METRICS[0], {"name": "odd", "conversion": odd})
    assert error.message.startswith("metric 'odd': a conversion is of two plain measures, and")
    assert error.path == ["measures", 1, "conversion", "base"]


def test_a_bare_name_that_a_source_has_as_well() -> None:
    both = {"name": "revenue", "expr": "orders.revenue + 1"}
    error = refused({"measures": ["revenue"]}, both)
    assert "it exists in multiple sources: metrics, orders" in error.message
    assert error.suggestions == ["metrics.revenue", "orders.revenue"]


def test_a_metric_may_be_called_as_the_measure_that_it_is() -> None:
    """The metric itself is never what a name in its own text means."""
    sql = SemanticEngine.from_sources(model({"name": "revenue", "expr": "revenue"}), "duckdb")
    assert "SUM(orders.amount)" in sql.query({"measures": ["metrics.revenue"]}).sql


def test_two_metrics_of_one_name() -> None:
    twice = [{"name": "a", "expr": "orders.revenue"}, {"name": "a", "expr": "returns.refunds"}]
    report = SemanticEngine.from_sources(model(*twice), "duckdb").validate()
    assert [(item.message, item.location and item.location.path) for item in report.findings] == [
        ("Duplicate metric 'a'.", ["measures", 1, "name"])
    ]


def test_a_source_may_be_called_metrics() -> None:
    """Unless there are metrics, nothing else is."""
    own = {**SOURCES["orders"], "name": "metrics"}
    engine = SemanticEngine.from_sources({**SOURCES, "metrics": own}, "duckdb")
    assert "FROM orders AS metrics" in engine.query({"measures": ["metrics.revenue"]}).sql


def test_a_good_model_has_no_findings() -> None:
    assert SemanticEngine.from_sources(model(), "duckdb").validate().findings == []


def test_names_of_sources_are_no_metrics() -> None:
    """Metrics have no rows: nothing joins to them, counts them or lists them."""
    engine = SemanticEngine.from_sources(model(), "duckdb")
    assert sorted(engine.sources) == sorted(SOURCES)
    assert "there is no metric '*'" in refused({"measures": ["count(metrics.*)"]}).message


def refused(asked: dict[str, Any], *metrics: dict[str, Any]) -> SemanticError:
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(model(*metrics), "duckdb").query(asked)
    return caught.value


def test_a_measure_that_another_source_has() -> None:
    error = refused({"measures": ["orders.refunds"]})
    assert error.message.endswith("There is a measure returns.refunds.")
    assert error.suggestions[0] == "returns.refunds"
    assert "There is a measure" not in refused({"measures": ["returns.least"]}).message
