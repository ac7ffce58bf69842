"""Measures that a question names: they go before the model's, and may name each other."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from rules.test_names import MODEL, TABLES, refusal, rows
from support.asking import Asker

SPENT = {"expr": "sum(sales.price)", "name": "revenue"}
TWICE = {"expr": "revenue * 2", "name": "twice"}
MORE = {"expr": "twice + revenue / 4", "name": "more"}
VALUES = {"revenue": 145, "twice": 290, "more": 326.25}


@pytest.mark.parametrize("measures", list(permutations([SPENT, TWICE, MORE])))
def test_in_any_order(ask: Asker, measures: Any) -> None:
    assert rows(ask, *measures) == [tuple(VALUES[item["name"]] for item in measures)]


def test_the_models_measure_has_its_source(ask: Asker) -> None:
    assert rows(ask, SPENT, "sales.revenue", TWICE, "sales.revenue * 2") == [(145, 105, 290, 210)]
    share = {"expr": "sales.revenue / revenue", "name": "share"}
    assert rows(ask, SPENT, share) == [(145, pytest.approx(105 / 145))]


def test_without_the_questions_own_it_is_the_models(ask: Asker) -> None:
    assert rows(ask, TWICE) == [(210,)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["revenue > 140"], []),
        (["revenue > 100"], [("Oslo", 140, 280)]),
        (["twice < 11"], [("Rome", 5, 10)]),
        (["twice - revenue = 140"], [("Oslo", 140, 280)]),
        (["Revenue > 100"], [("Oslo", 140, 280)]),
        (["sales.revenue > 99"], [("Oslo", 140, 280)]),
        (["sales.revenue > 100"], []),
    ],
)
def test_in_filters(ask: Asker, filters: list[str], expected: Any) -> None:
    assert rows(ask, SPENT, TWICE, by=("shops.city",), filters=filters) == expected


def test_in_order_by(ask: Asker) -> None:
    for field in ("revenue", "twice", "TWICE"):
        found = rows(ask, TWICE, SPENT, by=("shops.city",), order_by=[field])
        assert found == [("Rome", 10, 5), ("Oslo", 280, 140)]


def test_over_two_facts(ask: Asker) -> None:
    net = {"expr": "revenue - back", "name": "net"}
    back = {"expr": "refunds.total", "name": "back"}
    found = rows(ask, net, SPENT, back, by=("shops.city",))
    assert found == [("Oslo", 133, 140, 7), ("Rome", 2, 5, 3)]


def test_rows_are_counted_where_the_parts_are(ask: Asker) -> None:
    count = {"expr": "count(*)", "name": "n"}
    mean = {"expr": "revenue / n", "name": "mean"}
    assert rows(ask, mean, count, SPENT) == [(pytest.approx(145 / 3), 3, 145)]


@pytest.mark.parametrize(
    ("measures", "circle"),
    [
        ([{"expr": "b + 1", "name": "a"}, {"expr": "a + 1", "name": "b"}], "a -> b -> a"),
        ([{"expr": "revenue * 2", "name": "revenue"}], "revenue -> revenue"),
        (
            [
                SPENT,
                *({"expr": text, "name": name} for name, text in zip("xyz", "yzx", strict=True)),
            ],
            "x -> y -> z -> x",
        ),
    ],
)
def test_a_circle_is_named(ask: Asker, measures: list[Any], circle: str) -> None:
    assert circle in refusal(ask, *measures).message


def test_the_way_out_of_a_circle_is_the_models_spelling(ask: Asker) -> None:
    error = refusal(ask, {"expr": "revenue * 2", "name": "revenue"})
    assert error.suggestions == ["sales.revenue"]
    assert rows(ask, {"expr": "sales.revenue * 2", "name": "revenue"}) == [(210,)]


def test_a_bare_text_beside_the_name_is_refused(ask: Asker) -> None:
    for measures in permutations([SPENT, "revenue"]):
        error = refusal(ask, *measures)
        assert "the name that this question gives" in error.message
        assert error.suggestions == ["sales.revenue"]


def test_one_name_for_two_expressions(ask: Asker) -> None:
    for name in ("revenue", "Revenue"):
        error = refusal(ask, SPENT, {"expr": "sum(refunds.price)", "name": name})
        assert "used for two expressions" in error.message
    assert rows(ask, SPENT, SPENT) == [(145,)]


def test_a_name_that_is_a_columns_too(ask: Asker) -> None:
    named = {"expr": "sum(sales.price)", "name": "rent"}
    assert rows(ask, named, {"expr": "rent * 2", "name": "x"}) == [(145, 290)]
    assert rows(ask, {"expr": "sum(rent)", "name": "rent"}) == [(24,)]
    for rest in ({"filters": ["rent > 5"]}, {"filters": ["rent = 5 AND sales.kind = 'new'"]}):
        error = refusal(ask, named, **rest)
        assert error.suggestions == ["shops.rent"]
    error = refusal(ask, named, {"expr": "max(rent)", "name": "x"})
    assert error.suggestions == ["shops.rent"]
    assert rows(ask, named, {"expr": "max(shops.rent)", "name": "x"}) == [(145, 13)]


def test_a_name_that_is_a_word_of_sql(ask: Asker) -> None:
    named = [{"expr": "sum(sales.price)", "name": "order"}, {"expr": "order / 2", "name": "case"}]
    found = rows(
        ask, *named, by=("shops.city",), filters=["order > 9", "case > 9"], order_by=["case"]
    )
    assert found == [("Oslo", 140, 70)]


def test_the_report_names_the_parts() -> None:
    from semantic_layer import SemanticEngine

    engine = SemanticEngine.from_sources(MODEL, "sqlite")
    query = {"measures": [TWICE, SPENT, {"expr": "twice / sales.total", "name": "ratio"}]}
    measures = engine.query(query).plan.measures
    assert [item.depends_on for item in measures] == [["revenue"], [], ["twice", "sales.total"]]
    assert "computed from the values of revenue" in str(engine.explain(query))


def test_an_engine_keeps_no_names_of_a_question(ask: Asker) -> None:
    from semantic_layer import SemanticEngine

    engine = SemanticEngine.from_sources(MODEL, "sqlite")
    engine.query({"measures": [SPENT]})
    assert engine.query({"measures": [TWICE]}).sql.count("CASE WHEN") == 1
    assert TABLES
