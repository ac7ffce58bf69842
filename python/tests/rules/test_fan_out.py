"""Added up over the rows of another source, a looked-up value counts as often as it is found."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from support.asking import Asker
from support.databases import Table

TABLES: dict[str, Table] = {
    "parcels": ("id INTEGER, weight INTEGER, kind TEXT", [(1, 5, "box"), (2, 7, "box")]),
    "pieces": (
        "id INTEGER, parcel INTEGER, price INTEGER",
        [(1, 1, 20), (2, 1, 30), (3, 2, 10)],
    ),
    "labels": ("parcel INTEGER, cost INTEGER", [(1, 2), (2, 3)]),
}


def model(expr: str = "sum(price)", **measure: Any) -> dict[str, Any]:
    """Three pieces in two parcels, with one label for each parcel; `m` is the measure tried."""
    return {
        "parcels": {
            "name": "parcels",
            "table": "parcels",
            "grain": ["id"],
            "columns": [
                {"name": "id", "type": "number"},
                {"name": "weight", "type": "number"},
                {"name": "kind", "type": "string"},
                {"name": "heavy", "type": "number", "expr": "weight * 2"},
            ],
            "measures": [{"name": "weight_total", "expr": "sum(weight)"}],
        },
        "labels": {
            "name": "labels",
            "table": "labels",
            "grain": ["parcel"],
            "columns": [{"name": "parcel", "type": "number"}, {"name": "cost", "type": "number"}],
            "joins": [{"to": "parcels", "on": "parcel = parcels.id", "relationship": "one_to_one"}],
            "measures": [{"name": "weighed", "expr": "sum(parcels.weight)"}],
        },
        "pieces": {
            "name": "pieces",
            "table": "pieces",
            "grain": ["id"],
            "columns": [
                {"name": "id", "type": "number"},
                {"name": "parcel", "type": "number"},
                {"name": "price", "type": "number"},
            ],
            "joins": [
                {"to": "parcels", "on": "parcel = parcels.id", "relationship": "many_to_one"},
                {
                    "to": "parcels",
                    "alias": "sent",
                    "on": "parcel = sent.id",
                    "relationship": "many_to_one",
                },
            ],
            "measures": [{"name": "m", "expr": expr, **measure}],
        },
    }


@pytest.mark.parametrize(
    "expr",
    [
        "sum(parcels.weight)",
        "sum(weight)",
        "SUM(Parcels.Weight)",
        'sum("parcels"."weight")',
        "avg(parcels.weight)",
        "count(parcels.id)",
        "median(parcels.weight)",
        "percentile(parcels.weight, 0.9)",
        "percentile_cont(0.5) WITHIN GROUP (ORDER BY parcels.weight)",
        "sum(parcels.weight * 2 + 1)",
        "sum(coalesce(parcels.weight, 0))",
        "sum(parcels.heavy)",
        "sum(sent.weight)",
        "sum(case when parcels.kind = 'box' then parcels.weight end)",
        "sum(parcels.weight) filter (where price > 5)",
        "sum(price) + sum(parcels.weight)",
        "max(price) / avg(parcels.weight)",
        "stddev(parcels.weight)",
    ],
)
def test_a_looked_up_value_is_not_added_up_by_the_model(ask: Asker, expr: str) -> None:
    error = ask.refused("pieces.m", model=model(expr))
    assert (error.kind, error.source, error.path) == (
        "invalid_model",
        "pieces",
        ["measures", 0, "expr"],
    )
    assert "as often as a row of 'pieces' looks it up" in error.message
    assert "on 'parcels'" in str(error.fix)
    for dialect in ("sqlite", "duckdb", "postgres"):
        findings = SemanticEngine.from_sources(model(expr), dialect).validate().findings
        assert [f.code for f in findings if f.severity == "error"] == ["measure_invalid"]


def test_nor_by_a_question_over_the_rows_of_another_source(ask: Asker) -> None:
    for text in (
        "sum(parcels.weight) FILTER (WHERE pieces.price > 5)",
        "count(parcels.id) FILTER (WHERE pieces.price > 5)",
        "pieces.m + avg(parcels.weight) FILTER (WHERE pieces.price > 5)",
    ):
        error = ask.refused(text, model=model())
        assert error.kind == "invalid_query"
    filtered = ask.refused(
        "pieces.m", model=model(), filters=["sum(parcels.weight) FILTER (WHERE price > 5) > 1"]
    )
    assert "looks it up" in filtered.message


def test_the_source_itself_adds_it_up_once(ask: Asker) -> None:
    asked = ("parcels.weight_total", "sum(parcels.weight)", "parcels.weight_total / pieces.m")
    assert ask(*asked, model=model()) == [(12, 12, 0.2)]
    assert ask("pieces.m", model=model("parcels.weight_total / sum(price)")) == [(12, 0.2)]


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("max(parcels.weight)", 7),
        ("min(weight)", 5),
        ("count_distinct(parcels.id)", 2),
        ("count(distinct parcels.weight)", 2),
        ("sum(distinct parcels.weight)", 12),
        ("sum(price * parcels.weight)", 20 * 5 + 30 * 5 + 10 * 7),
        ("sum(case when parcels.weight > 5 then price end)", 10),
        ("count(*)", 3),
        ("sum(1)", 3),
    ],
)
def test_what_repetition_does_not_change_is_answered(ask: Asker, expr: str, value: int) -> None:
    assert ask("pieces.m", model=model(expr)) == [(value,)]


def test_the_rows_of_another_source_are_not_counted_by_the_model(ask: Asker) -> None:
    error = ask.refused("pieces.m", model=model("count(parcels.*)"))
    assert "counts the rows of 'pieces', not those of 'parcels'" in error.message
    assert ask("pieces.m", model=model("count(pieces.*)")) == [(3,)]
    assert ask("count(parcels.*)", model=model()) == [(2,)]


def test_a_filter_may_look_up(ask: Asker) -> None:
    filtered = model("count(*)", filter="parcels.weight > 5")
    assert ask("pieces.m", model=filtered) == [(1,)]


def test_a_row_that_is_found_once_is_added_up_once(ask: Asker) -> None:
    assert ask("labels.weighed", model=model(), tables=TABLES) == [(12,)]


@pytest.fixture
def ask(ask: Asker) -> Any:
    """Ask about the tables of this file."""

    def asked(*measures: Any, **rest: Any) -> Any:
        return ask(*measures, **{"tables": TABLES, **rest})

    asked.refused = ask.refused  # type: ignore[attr-defined]
    return asked


def test_one_to_one_is_not_taken_on_its_word(ask: Asker) -> None:
    loose = model("sum(parcels.weight)")
    loose["pieces"]["joins"] = [
        {"to": "parcels", "on": "parcel = parcels.id", "relationship": "one_to_one"}
    ]
    error = ask.refused("pieces.m", model=loose)
    assert "as often as a row of 'pieces' looks it up" in error.message


def test_the_refusal_names_the_source_whose_rows_are_meant(ask: Asker) -> None:
    deeper = model("sum(kinds.fee - parcels.weight)")
    del deeper["pieces"]["joins"][1]
    deeper["kinds"] = {
        "name": "kinds",
        "table": "kinds",
        "grain": ["name"],
        "columns": [{"name": "name", "type": "string"}, {"name": "fee", "type": "number"}],
    }
    deeper["parcels"]["joins"] = [
        {"to": "kinds", "on": "kind = kinds.name", "relationship": "many_to_one"}
    ]
    assert "on 'parcels'" in str(ask.refused("pieces.m", model=deeper).fix)
