"""Windows that could find several rows, or none that anybody meant, are refused in words."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.manifest import apply_overlay
from validity.world import columns, model, source, to

BY_TIER = {"measures": ["orders.n"], "dimensions": ["history.tier"]}
BY_CATEGORY = {"measures": ["items.pieces"], "dimensions": ["prices.category"]}


def changed(join: dict[str, Any] | None = None, **valid: str | None) -> dict[str, Any]:
    """Return the model with another join from orders to history, or another window of it."""
    sources = deepcopy(model())
    declared = sources["orders"]["joins"][0]
    declared.update(join or {})
    window = {**declared["valid"], **valid}
    declared["valid"] = {key: text for key, text in window.items() if text is not None}
    return sources


def refusal(sources: dict[str, Any], query: dict[str, Any] = BY_TIER) -> SemanticError:
    """Return the error of a question; a check of the model tells the same."""
    engine = SemanticEngine.from_sources(sources, "duckdb")
    with pytest.raises(SemanticError) as caught:
        engine.query(query)
    found = [item.message for item in engine.validate().findings if item.severity == "error"]
    assert str(caught.value) in found, found
    return caught.value


JOIN = "join 1 of source 'orders' to 'history'"
WRONG_ENDS: dict[str, tuple[dict[str, Any], str, list[Any]]] = {
    "no_such_column": (
        {"from": "sinse"},
        f"`valid.from` of {JOIN}: Column 'sinse' does not exist in source 'history'. "
        "Available: customer_id, score, since, tier, until, versions.",
        ["from"],
    ),
    "no_time": (
        {"to": "score"},
        f"`valid.to` of {JOIN}: 'history.score' is a number, and a window is of times.",
        ["to"],
    ),
    "of_the_other_side": (
        {"to": "orders.shipped_at"},
        f"`valid.to` of {JOIN}: `orders.shipped_at` is not a column of 'history', whose rows have "
        "the window.",
        ["to"],
    ),
    "one_column_for_both": (
        {"to": "since"},
        f"`valid.to` of {JOIN}: 'since' is where the window begins as well.",
        ["to"],
    ),
    "an_expression": (
        {"to": "coalesce(until, since)"},
        f"`valid.to` of {JOIN}: `coalesce(until, since)` is not the name of a column.",
        ["to"],
    ),
    "a_time_that_is_none": (
        {"at": "amount"},
        f"`valid.at` of {JOIN}: 'orders.amount' is a number, and a window is of times.",
        ["at"],
    ),
    "a_time_of_the_target": (
        {"at": "history.since"},
        f"`valid.at` of {JOIN}: `history.since` is a column of the rows that are looked for.",
        ["at"],
    ),
    "a_time_of_nobody": (
        {"at": "order.ordered_at"},
        f"`valid.at` of {JOIN}: there is no source 'order'. "
        "Sources: history, items, orders, prices, titles.",
        ["at"],
    ),
    "a_time_of_the_many_side": (
        {"at": "prices.since"},
        f"`valid.at` of {JOIN}: a row of 'orders' has no one row of 'prices'.",
        ["at"],
    ),
    "a_time_in_a_window": (
        {"at": "shipped_to.since"},
        f"`valid.at` of {JOIN}: 'shipped_to' is itself looked up by a window.",
        ["at"],
    ),
}


@pytest.mark.parametrize("name", WRONG_ENDS)
def test_an_end_or_a_time_that_cannot_be_meant(name: str) -> None:
    valid, message, path = WRONG_ENDS[name]
    error = refusal(changed(**valid))
    assert str(error) == message
    assert (error.source, error.path) == ("orders", ["joins", 0, "valid", *path])


def test_a_bare_name_that_another_source_has() -> None:
    sources = deepcopy(model())
    sources["items"]["joins"][1]["valid"]["at"] = "ordered_at"
    error = refusal(sources, BY_CATEGORY)
    assert "Column 'ordered_at' does not exist in source 'items'" in str(error)
    assert error.fix == "Write orders.ordered_at."
    assert error.suggestions == ["orders.ordered_at"]


def test_no_time_at_all() -> None:
    sources = deepcopy(model())
    del sources["items"]["joins"][1]["valid"]["at"]
    error = refusal(sources, BY_CATEGORY)
    assert str(error) == (
        "`valid` of join 2 of source 'items' to 'prices': it does not say when a row of 'items' "
        "happened, and neither does the source."
    )
    assert error.fix == (
        "Add `at: <a time column>` to `valid`, or `default_time_dimension: <a time column>` to "
        "the source 'items'."
    )


@pytest.mark.parametrize("relationship", ["one_to_many", "one_to_one"])
def test_another_relationship(relationship: str) -> None:
    sources = changed({"relationship": relationship})
    engine = SemanticEngine.from_sources(sources, "duckdb")
    (finding,) = [item for item in engine.validate().findings if item.severity == "error"]
    assert finding.message == (
        f"`valid` of {JOIN}: a join with a window is many_to_one, and this one is {relationship}."
    )
    with pytest.raises(SemanticError):
        engine.query(BY_TIER)


@pytest.mark.parametrize(
    "grain", [["version_id"], ["customer_id", "tier"], ["customer_id", "since", "until"], ["tier"]]
)
def test_a_grain_that_does_not_say_whose_windows_they_are(grain: list[str]) -> None:
    sources = changed()
    sources["history"]["grain"] = grain
    sources["history"]["columns"] += columns(version_id="string")
    error = refusal(sources)
    assert str(error) == (
        f"`valid` of {JOIN}: the grain of 'history' is [{', '.join(grain)}], which does not say "
        "whose windows they are: several rows could hold at one time."
    )
    assert error.fix == (
        "If no two rows with one customer_id hold at once, declare `grain: [customer_id, since]` "
        "in 'history'; otherwise add to `on` what tells them apart."
    )
    assert error.suggestions == ["grain: [customer_id, since]"]


@pytest.mark.parametrize(
    ("grain", "on"),
    [
        (["customer_id", "since"], "customer_id = history.customer_id"),
        (["customer_id", "until"], "customer_id = history.customer_id"),
        (["customer_id"], "customer_id = history.customer_id"),
        (["since", "customer_id", "tier"], "customer_id = history.customer_id AND tier = 'gold'"),
    ],
)
def test_a_grain_that_proves_it(grain: list[str], on: str) -> None:
    sources = changed({"on": on})
    sources["history"]["grain"] = grain
    del sources["orders"]["joins"][1]
    engine = SemanticEngine.from_sources(sources, "duckdb")
    assert engine.validate().findings == []
    assert engine.query(BY_TIER).warnings == []


def test_a_snapshot_of_dbt_needs_its_grain() -> None:
    """Its unique key is a surrogate; one line in an overlay says whose versions they are."""
    names = {"dbt_scd_id": "string", "dbt_valid_from": "time", "dbt_valid_to": "time"}
    sources = changed(
        {"to": "snapshot", "on": "customer_id = snapshot.customer_id"},
        **{"from": "dbt_valid_from", "to": "dbt_valid_to"},
    )
    del sources["orders"]["joins"][1]
    made = source("snapshot", ["dbt_scd_id"], columns(customer_id="number", tier="string", **names))
    query = {"measures": ["orders.n"], "dimensions": ["snapshot.tier"]}
    sources["snapshot"] = made
    error = refusal(sources, query)
    overlay = {"name": "snapshot", "grain": ["customer_id", "dbt_valid_from"]}
    assert error.suggestions == ["grain: [customer_id, dbt_valid_from]"]
    sources["snapshot"] = apply_overlay(made, overlay)
    assert SemanticEngine.from_sources(sources, "duckdb").query(query).warnings == []


@pytest.mark.parametrize(
    ("valid", "message"),
    [
        ({"from": "since"}, "'valid' needs 'to': a column of 'history'"),
        ({"to": "until"}, "'valid' needs 'from': a column of 'history'"),
        (
            {"from": "since", "to": "until", "until": "x"},
            "'valid' has 'from', 'to' and 'at', and no 'until'",
        ),
    ],
)
def test_a_window_is_whole(valid: dict[str, str], message: str) -> None:
    sources = changed()
    sources["orders"]["joins"][0]["valid"] = valid
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(sources, "duckdb").query(BY_TIER)
    assert message in str(caught.value)


def test_two_windows_on_one_history_need_an_alias() -> None:
    sources = changed()
    del sources["orders"]["joins"][1]["alias"]
    sources["orders"]["joins"][1]["on"] = "customer_id = history.customer_id"
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(sources, "duckdb").query(BY_TIER)
    assert "The route from 'orders' to 'history' is ambiguous: 2 routes" in str(caught.value)
    assert "history.since <= orders.shipped_at < history.until" in str(caught.value)
    assert caught.value.fix == "Give one of the joins an alias and query the alias."


def test_a_history_cannot_be_grouped_by_what_looks_it_up() -> None:
    sources = changed()
    del sources["orders"]["joins"][1]
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(sources, "duckdb").query(
            {"measures": ["history.versions"], "dimensions": ["orders.region"]}
        )
    assert "'orders' is on the many side of 'history'" in str(caught.value)


def test_a_value_that_is_looked_up_is_not_added_up() -> None:
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(model(), "duckdb").query(
            {"measures": ["sum(history.score)"], "dimensions": ["orders.region"]}
        )
    assert "history" in str(caught.value)


def test_a_time_by_another_way_than_the_rest_of_the_question() -> None:
    """A line's order is also reached by a parcel here, and the window needs the line's own."""
    sources = deepcopy(model())
    sources["parcels"] = source(
        "parcels",
        ["id"],
        columns(id="number", order_id="number"),
        joins=[to("orders", "order_id = orders.id")],
    )
    sources["items"]["columns"] += columns(parcel_id="number")
    sources["items"]["joins"].append(to("parcels", "parcel_id = parcels.id"))
    query = {
        "measures": ["items.pieces"],
        "dimensions": ["prices.category", "orders.region"],
        "join_path": [["items", "parcels", "orders"]],
    }
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(sources, "duckdb").query(query)
    assert "'orders' is reached from 'items' in two ways" in str(caught.value)


def test_a_time_in_the_row_that_is_counted() -> None:
    """One to one, a detail of an order finds a price at the time of the order itself."""
    sources = deepcopy(model())
    sources["details"] = source(
        "details",
        ["order_id"],
        columns(order_id="number", product_id="number"),
        joins=[
            {"to": "orders", "on": "order_id = orders.id", "relationship": "one_to_one"},
            to(
                "prices",
                "product_id = prices.product_id",
                valid={"from": "since", "to": "until", "at": "orders.ordered_at"},
            ),
        ],
        measures=[{"name": "n", "expr": "count(*)"}],
    )
    engine = SemanticEngine.from_sources(sources, "duckdb")
    engine.query({"measures": ["details.n"], "dimensions": ["prices.category"]})
    with pytest.raises(SemanticError) as caught:
        engine.query({"measures": ["orders.n"], "dimensions": ["prices.category"]})
    assert "the time of its window is looked up in 'orders', from where" in str(caught.value)


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "clickhouse"])
def test_a_line_whose_time_is_in_the_row_that_is_asked_about(dialect: str) -> None:
    """Inside, `orders` would be the order of the line, and not the one around it."""
    query = {"measures": ["orders.n"], "filters": ["any(items, prices.category = 'pen')"]}
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(model(), dialect).query(query)
    assert str(caught.value) == (
        "The condition on rows of 'items' is also about what rows of 'orders' look up, for which "
        "they are looked for."
    )


def test_clickhouse_asks_no_window_about_the_many_side() -> None:
    sources = changed()
    del sources["orders"]["joins"][1]
    query = {"measures": ["history.versions"], "filters": ["any(orders)"]}
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(sources, "clickhouse").query(query)
    assert "on ClickHouse rows of the many side are found by equal columns only" in str(
        caught.value
    )
