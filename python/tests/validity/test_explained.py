"""What an explanation, a plan and a check of a whole model say of a window."""

from __future__ import annotations

from copy import deepcopy

from semantic_layer import SemanticEngine
from semantic_layer.models import JoinDeclaration
from semantic_layer.validate.model import validate_sources
from support.explaining import explain
from validity.world import model


def test_the_window_and_why_it_is_safe_are_said_in_words() -> None:
    told = explain("orders.n", by=("history.tier",), sources=model())
    start = (
        "join history on orders.customer_id = history.customer_id, the row that held at "
        "orders.ordered_at"
    )
    assert told.below(start) == [
        "many_to_one: it holds from history.since (NULL: since ever) until before history.until "
        "(NULL: still); history.customer_id and history.since tell the rows of history apart, of "
        "which no two with one key hold at once as declared, so no row of orders is repeated"
    ]
    assert "Aggregate orders by history.tier, each of its rows once" in told.lines()


def test_the_join_to_the_time_is_explained_too() -> None:
    told = explain("items.pieces", by=("prices.category",), sources=model())
    assert told.below("join prices on items.product_id = prices.product_id, the row that held at ")
    assert told.below("join orders on items.order_id = orders.id")


def test_an_alias_is_told_by_its_own_time() -> None:
    told = explain("orders.n", by=("shipped_to.tier",), sources=model())
    assert told.below(
        "join history as shipped_to on orders.customer_id = shipped_to.customer_id, the row that "
        "held at orders.shipped_at"
    )


def test_the_plan_names_the_window() -> None:
    plan = SemanticEngine.from_sources(model(), "duckdb").plan_only(
        {"measures": ["items.pieces"], "dimensions": ["prices.category"]}
    )
    assert plan.sources_used == ["items", "orders", "prices"]
    assert sorted(plan.join_paths) == [
        "items.order_id = orders.id (many_to_one)",
        "items.product_id = prices.product_id AND prices.since <= orders.ordered_at < "
        "prices.until (many_to_one)",
    ]


def test_the_model_is_sound_but_for_the_two_routes_of_its_two_joins() -> None:
    report = SemanticEngine.from_sources(model(), "duckdb").validate()
    assert {item.code for item in report.findings} == {"route_ambiguous"}


def test_a_time_in_a_source_that_was_not_sent_is_not_judged() -> None:
    sources = deepcopy(model())
    del sources["orders"]
    report = validate_sources(list(sources.values()), "duckdb", None, complete=False)
    assert [item for item in report.findings if item.severity == "error"] == []


def test_a_declaration_without_a_window_is_dumped_as_ever() -> None:
    plain = JoinDeclaration(to="a", on="x = a.x", relationship="many_to_one")
    assert "valid" not in plain.model_dump()
    window = {"from": "since", "to": "until"}
    dated = JoinDeclaration(to="a", on="x = a.x", relationship="many_to_one", valid=window)
    assert dated.model_dump()["valid"] == window
