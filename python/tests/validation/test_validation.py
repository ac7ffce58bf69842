"""Checking a model: every finding names its place and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.duplicate_check import validate_measure_duplicates
from semantic_layer.models import SourceDefinition
from semantic_layer.validate.findings import ValidationReport
from semantic_layer.validate.model import validate_sources
from support.shop import MODEL, model

Change = Callable[[dict[str, Any]], object]


def report(change: Change = lambda _: None, touched: list[str] | None = None) -> ValidationReport:
    changed = model()
    change(changed)
    return validate_sources(list(changed.values()), "duckdb", touched)


def test_a_sound_model_is_valid() -> None:
    found = report()
    assert (found.valid, found.errors, found.warnings) == (True, [], [])
    assert SemanticEngine.from_sources(model(), "sqlite").validate().valid


def _measure(**fields: Any) -> Change:
    return lambda m: m["orders"]["measures"].append(fields)


def test_measures_over_time_are_looked_at_by_periods() -> None:
    def change(m: dict[str, Any]) -> None:
        m["orders"]["measures"] += [
            {"name": "recent", "cumulative": {"of": "order_count", "window": "28 days"}},
            {"name": "earlier", "offset": {"of": "order_count", "by": "1 year"}},
            {"name": "growth", "expr": "order_count / earlier - 1"},
        ]

    def dated(m: dict[str, Any]) -> None:
        change(m)
        m["orders"]["default_time_dimension"] = "ordered_at"

    assert report(dated).findings == []
    assert "'orders' does not say it" in report(change).errors[0]


def test_what_a_measure_says_beside_its_expression_is_checked() -> None:
    def change(m: dict[str, Any]) -> None:
        m["orders"]["default_time_dimension"] = "ordered_at"
        m["orders"]["measures"] += [
            {"name": "inner", "expr": "count(*)", "visibility": "hidden"},
            {"name": "share", "expr": "inner / total(inner)"},
            {"name": "stock", "expr": "count(*)", "non_additive": {"dimension": "nowhere"}},
            {"name": "later", "cumulative": {"of": "order_count", "window": "3 foos"}},
        ]

    errors = report(change).errors
    assert len(errors) == 2, errors
    assert "measure 'stock'" in errors[0]
    assert "'nowhere'" in errors[0]
    assert "measure 'later' of source 'orders': '3 foos' is not a duration" in errors[1]


def test_measures_of_one_expression_differ_by_what_else_they_say() -> None:
    def change(m: dict[str, Any]) -> None:
        m["orders"]["default_time_dimension"] = "ordered_at"
        m["orders"]["measures"] += [
            {"name": "earlier", "offset": {"of": "order_count", "by": "1 year"}},
            {"name": "earlier_0", "offset": {"of": "order_count", "by": "1 year"}, **FILLED},
            {"name": "again", "offset": {"of": "order_count", "by": "1 year"}},
        ]

    (found,) = report(change).findings
    assert found.code == "measure_same"
    assert "'earlier' and 'again'" in found.message


FILLED = {"fill_nulls_with": 0}


def _on(text: str) -> Change:
    return lambda m: m["orders"]["joins"][0].update(on=text)


@pytest.mark.parametrize(
    ("change", "code", "text", "path"),
    [
        (
            lambda m: m["orders"].update(grain=["nope"]),
            "grain_column_missing",
            "Source 'orders' has grain column 'nope' that is not in its columns list",
            ["grain", 0],
        ),
        (
            lambda m: m["orders"]["joins"][0].update(to="customer"),
            "join_target_undefined",
            "Source 'orders' joins to 'customer', but 'customer' is not defined",
            ["joins", 0, "to"],
        ),
        (_on("orders.customer = customers.id"), "join_column_missing", "'customer'", None),
        (
            _on("orders.customer_id = customers.id AND orders.ordered_at >= customers.since"),
            "join_column_missing",
            "Column 'since' does not exist in source 'customers'",
            ["joins", 0, "on"],
        ),
        (_on("customer_id > customers.id"), "join_invalid", "Invalid join condition", None),
        (
            _measure(name="revenue", expr="sum(id)"),
            "measure_duplicate",
            "Duplicate measure 'revenue' on source 'orders'",
            ["measures", 9, "name"],
        ),
        (_measure(name="x", expr="sum("), "measure_invalid", "not an SQL expression", None),
        (_measure(name="x", expr="sum(amout)"), "measure_invalid", "'amout'", None),
        (_measure(name="x", expr="x + 1"), "measure_invalid", "Circular dependency", None),
        (_measure(name="x", expr="sum(id)", filter="foo = 1"), "measure_invalid", "'foo'", None),
        (_measure(name="x", expr="sum(id)", segments=["foo"]), "measure_invalid", "'foo'", None),
        (
            lambda m: m["orders"]["segments"].append({"name": "s", "expr": "nope"}),
            "segment_invalid",
            "'nope'",
            None,
        ),
        (
            lambda m: m["orders"]["columns"].append(
                {"name": "c", "type": "string", "expr": "sum("}
            ),
            "column_invalid",
            "not an SQL expression",
            None,
        ),
        (
            lambda m: m["orders"].update(table="2024-01-01"),
            "table_invalid",
            "Expected table name but got `2024`",
            ["table"],
        ),
        (
            lambda m: m["orders"].update(table="(", measures=[], segments=[], columns=[]),
            "table_invalid",
            "is not a table name",
            ["table"],
        ),
        (
            lambda m: m["orders"].update(mesures=[]),
            "source_invalid",
            "Source 'orders' failed to parse",
            ["mesures"],
        ),
    ],
)
def test_errors(change: Change, code: str, text: str, path: list[Any] | None) -> None:
    found = report(change)
    assert not found.valid
    finding = next(item for item in found.findings if item.code == code)
    assert text in finding.message
    assert finding.message in found.errors
    assert finding.location is not None
    assert finding.location.source == "orders"
    assert path is None or finding.location.path == path
    assert finding.fix or finding.suggestions


@pytest.mark.parametrize(
    "fields",
    [
        {"expr": "SUM( amount )"},
        {"expr": "sum(amount)", "filter": None},
        {"expr": "count(*)", "filter": "status='paid'"},
    ],
)
def test_measures_that_say_the_very_same_are_a_hint(fields: dict[str, Any]) -> None:
    found = report(_measure(name="x", **fields))
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("measure_same", "hint")
    assert "and 'x' have the same expression and filter" in finding.message
    assert finding.location is not None
    assert finding.location.path == ["measures", 9]
    assert (found.valid, found.errors, found.warnings) == (True, [], [])


@pytest.mark.parametrize(
    "fields",
    [
        {"expr": "sum(amount)", "filter": "id > 1"},
        {"expr": "sum(amount)", "segments": ["settled"]},
        {"expr": "count(*)", "filter": "status = 'open'"},
    ],
)
def test_measures_that_count_other_rows_are_no_finding(fields: dict[str, Any]) -> None:
    assert report(_measure(name="x", **fields)).findings == []


def test_the_public_check_tells_of_measures_that_differ_by_their_filter_too() -> None:
    raw = model()["orders"]
    raw["measures"].append({"name": "again", "expr": "sum(amount)"})
    messages = validate_measure_duplicates(SourceDefinition.model_validate(raw))
    assert any("'revenue' and 'again' have the same expression and filter" in m for m in messages)
    assert any("'paid_count'" in m and "differs only by filter" in m for m in messages)


def test_duplicate_source() -> None:
    found = validate_sources([MODEL["regions"], MODEL["regions"]], "duckdb", None)
    assert found.errors == ["Duplicate source name 'regions'."]


def test_relationship_that_does_not_cover_the_grain() -> None:
    found = report(lambda m: m["customers"].update(grain=["id", "name"]))
    assert found.valid
    assert "does not cover the grain of 'customers': name" in found.warnings[0]


def test_relationship_that_is_declared_the_wrong_way_round() -> None:
    found = report(lambda m: m["orders"]["joins"][0].update(relationship="one_to_many"))
    finding = next(item for item in found.findings if item.code == "join_grain")
    assert finding.severity == "warning"
    assert finding.suggestions == ["many_to_one"]
    assert finding.location is not None
    assert (finding.location.source, finding.location.path) == (
        "orders",
        ["joins", 0, "relationship"],
    )
    assert finding.concerned == ["customers"]


def test_measures_that_refer_to_each_other_are_found_at_each() -> None:
    def change(m: dict[str, Any]) -> None:
        m["orders"]["measures"] += [{"name": "x", "expr": "y + 1"}, {"name": "y", "expr": "x + 1"}]

    circles = [item for item in report(change).findings if "Circular" in item.message]
    assert [item.location.path for item in circles if item.location] == [
        ["measures", 9],
        ["measures", 10],
    ]


def test_source_that_no_measure_can_use() -> None:
    def change(m: dict[str, Any]) -> None:
        m["parcels"] = {
            **m["regions"],
            "name": "parcels",
            "columns": [{"name": "id", "type": "number"}, {"name": "order_id", "type": "number"}],
            "joins": [
                {"to": "orders", "on": "order_id = orders.id", "relationship": "many_to_one"}
            ],
        }

    found = report(change)
    assert found.warnings == [
        "No measure uses source 'parcels': it has none, and no source with measures looks it up."
    ]
    assert found.findings[0].code == "source_unused"


def test_a_faulty_join_hides_nothing_in_sources_that_it_does_not_touch() -> None:
    def change(m: dict[str, Any]) -> None:
        m["orders"]["joins"][0].update(on="1 = 1")
        m["islands"] = {
            **m["regions"],
            "name": "islands",
            "measures": [{"name": "size", "expr": "sum(area)"}],
        }

    codes = [item.code for item in report(change).findings if item.severity == "error"]
    assert codes == ["join_invalid", "measure_invalid"]


def test_two_faulty_joins_to_the_same_source_are_two_findings() -> None:
    def change(m: dict[str, Any]) -> None:
        faulty = {"to": "refunds", "on": "x1.a = x2.b = x3.c", "relationship": "one_to_many"}
        m["regions"]["joins"] = [faulty, {**faulty, "on": "1 = 1"}]

    codes = [item.code for item in report(change).findings if item.severity == "error"]
    assert codes == ["join_invalid", "join_invalid"]


def test_a_faulty_join_hides_only_what_looks_up_across_it() -> None:
    def change(m: dict[str, Any]) -> None:
        m["orders"]["joins"][0].update(on="1 = 1")
        m["orders"]["measures"].append({"name": "x", "expr": "sum(region)"})
        m["refunds"]["measures"].append({"name": "x", "expr": "sum(region)"})
        m["customers"]["measures"].append({"name": "x", "expr": "sum("})

    places = [
        (item.code, item.location.source) for item in report(change).findings if item.location
    ]
    assert places == [
        ("join_invalid", "orders"),
        ("measure_invalid", "customers"),
        ("measure_invalid", "refunds"),
    ]


def test_a_suspect_source_may_need_one_that_was_not_sent() -> None:
    changed = model()
    changed["customers"]["measures"].append({"name": "x", "expr": "sum(profiles.score)"})
    sources = list(changed.values())
    assert not validate_sources(sources, "duckdb", None, complete=False).valid
    assert validate_sources(sources, "duckdb", None, complete=False, suspect=["customers"]).valid


def test_an_incomplete_model_is_judged_by_what_is_there() -> None:
    changed = model()
    del changed["customers"]
    changed["regions"]["measures"] = [{"name": "size", "expr": "sum(area)"}]
    changed["orders"]["measures"].append({"name": "x", "expr": "max(customers.name)"})
    sources = list(changed.values())
    found = validate_sources(sources, "duckdb", None, complete=False)
    assert [item.code for item in found.findings] == ["measure_invalid"]
    assert "'area'" in found.errors[0]
    assert "join_target_undefined" in [
        item.code for item in validate_sources(sources, "duckdb", None).findings
    ]


def test_ambiguous_routes() -> None:
    def change(m: dict[str, Any]) -> None:
        m["orders"]["joins"].append(
            {"to": "refunds", "on": "orders.id = refunds.id", "relationship": "many_to_one"}
        )
        m["refunds"]["joins"] = [
            {"to": "regions", "on": "refunds.id = regions.id", "relationship": "many_to_one"}
        ]

    found = report(change)
    assert "2 equally short routes from 'orders' to 'regions'" in found.warnings[0]
    assert "orders -> customers -> regions" in found.warnings[0]
    finding = next(item for item in found.findings if item.code == "route_ambiguous")
    assert finding.location is not None
    assert finding.location.path == ["joins", 1]
    assert finding.concerned == ["regions"]


def test_disconnected_and_alone() -> None:
    found = report(lambda m: m["refunds"].update(joins=[]), touched=["refunds", "orders"])
    assert found.valid
    assert found.warnings[0].startswith("Model has 2 disconnected components.")
    assert found.per_source_warnings == {
        "refunds": ["Source 'refunds' is now a singleton component."]
    }


def test_sql_source_that_reads_a_table_it_does_not_join() -> None:
    def change(m: dict[str, Any]) -> None:
        m["orders"].pop("table")
        m["orders"]["sql"] = "SELECT o.* FROM raw_orders o JOIN regions r ON r.id = o.id"

    assert report(change).valid
    found = report(change, touched=["orders"])
    assert found.errors[0].startswith("Source 'orders' SQL joins manifest table(s) ['regions']")
