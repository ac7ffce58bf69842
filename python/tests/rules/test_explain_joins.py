"""Why a join is safe, in words; and that none is called so that the model does not prove so."""

from __future__ import annotations

import pytest

from semantic_layer import SemanticEngine
from support.explaining import explain
from support.shop import model


def test_an_alias_is_a_join_of_its_own() -> None:
    changed = model()
    changed["orders"]["joins"] = [
        {
            "to": "customers",
            "on": "orders.customer_id = payer.id",
            "relationship": "many_to_one",
            "alias": "payer",
        }
    ]
    told = explain("orders.revenue", by=("payer.name",), sources=changed)
    assert told.below("join customers as payer on orders.customer_id = payer.id") == [
        "many_to_one: payer.id is the grain of customers, so no row of orders is repeated"
    ]


def test_a_one_to_one_join_is_safe_from_both_sides() -> None:
    changed = model()
    changed["regions"]["joins"] = [
        {"to": "customers", "on": "regions.id = customers.id", "relationship": "one_to_one"}
    ]
    changed["customers"]["joins"] = []
    forth = explain("count(regions.id)", by=("customers.name",), sources=changed)
    assert forth.below("join customers on regions.id = customers.id") == [
        "one_to_one: customers.id is the grain of customers, so no row of regions is repeated"
    ]
    back = explain("customers.customer_count", by=("regions.name",), sources=changed)
    assert back.below("join regions on regions.id = customers.id") == [
        "one_to_one (regions declares it as one_to_one): "
        "regions.id is the grain of regions, so no row of customers is repeated"
    ]


def test_a_join_from_its_other_end_says_who_declares_it() -> None:
    changed = model()
    changed["orders"]["joins"] = []
    changed["customers"]["joins"].append(
        {"to": "orders", "on": "customers.id = orders.customer_id", "relationship": "one_to_many"}
    )
    told = explain("orders.revenue", by=("customers.name",), sources=changed)
    assert told.below("join customers on ") == [
        "many_to_one (customers declares it as one_to_many): "
        "customers.id is the grain of customers, so no row of orders is repeated"
    ]


def test_a_join_that_leaves_the_grain_open_is_a_warning() -> None:
    changed = model()
    changed["customers"]["grain"] = ["id", "region_id"]
    question = {"measures": ["orders.revenue"], "dimensions": ["customers.name"]}
    told = explain("orders.revenue", by=("customers.name",), sources=changed)
    assert told.below("join customers") == [
        "warning: many_to_one is declared, but the equalities of the join do not cover the grain "
        "of customers (region_id): if several rows of customers match, rows of orders are counted "
        "more than once [join_grain]"
    ]
    heading = (
        "Aggregate orders by customers.name, each of its rows once if the joins are as declared"
    )
    assert heading in told.lines()
    (warning,) = SemanticEngine.from_sources(changed).query(question).warnings
    assert warning.code == "join_grain"
    assert warning.model_dump()["location"] == {"source": "orders", "path": ["joins", 0, "on"]}


@pytest.mark.parametrize(
    ("condition", "grain"),
    [
        ("orders.status = lower(customers.name)", "name"),
        ("orders.status = customers.name AND orders.id > 1", "id"),
    ],
)
def test_nothing_is_called_safe_that_the_grain_does_not_prove(condition: str, grain: str) -> None:
    changed = model()
    changed["customers"]["grain"] = [grain]
    changed["orders"]["joins"] = [
        {"to": "customers", "on": condition, "relationship": "many_to_one"}
    ]
    steps = explain("orders.revenue", by=("customers.label",), sources=changed)
    (reason,) = steps.below("join customers")
    assert reason.startswith("warning: many_to_one is declared, but ")
    assert "repeated" not in reason


def test_several_columns_are_a_grain_together() -> None:
    changed = model()
    changed["customers"]["grain"] = ["id", "region_id"]
    changed["orders"]["joins"] = [
        {
            "to": "customers",
            "on": "orders.customer_id = customers.id AND orders.cost = customers.region_id",
            "relationship": "many_to_one",
        }
    ]
    told = explain("orders.revenue", by=("customers.name",), sources=changed)
    assert told.below("join customers") == [
        "many_to_one: customers.id and customers.region_id together are the grain of customers, "
        "so no row of orders is repeated"
    ]
