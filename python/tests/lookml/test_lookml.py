"""Reading LookML projects: each rule on a project that is as small as shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ktx_daemon.dispatch import dispatch
from ktx_daemon.lookml import LookMLFileInput, ParseLookMLRequest, parse_lookml_project


def parse(content: str, **more: Any) -> dict[str, Any]:
    files = [LookMLFileInput(path="a.lkml", content=content)]
    for path, text in more.pop("files", {}).items():
        files.append(LookMLFileInput(path=path, content=text))
    return parse_lookml_project(ParseLookMLRequest(files=files, **more)).model_dump()


def view(content: str, **more: Any) -> dict[str, Any]:
    """Return the one view of a project that has these lines in it, over a table."""
    parsed = parse(f"view: v {{ sql_table_name: s.t ;; {content} }}", **more)
    found: dict[str, Any] = parsed["views"][0]
    return found


def columns(content: str) -> list[tuple[Any, ...]]:
    return [(column["name"], column["type"], column["expr"]) for column in view(content)["columns"]]


def measures(content: str) -> dict[str, tuple[str, str | None]]:
    return {
        measure["name"]: (measure["expr"], measure["filter"])
        for measure in view(content)["measures"]
    }


def test_a_view_over_a_table() -> None:
    assert view(
        """label: "Orders"
        dimension: order_id { primary_key: yes type: number sql: ${TABLE}.id ;; hidden: yes
            description: "Their number" }"""
    ) == {
        "name": "v",
        "source_type": "table",
        "table_ref": "s.t",
        "sql": None,
        "grain": ["id"],
        "columns": [
            {
                "name": "id",
                "lookml_name": "order_id",
                "type": "number",
                "role": "default",
                "visibility": "hidden",
                "description": "Their number",
                "is_computed": False,
                "expr": None,
            }
        ],
        "measures": [],
        "description": "Orders",
        "skipped_dimensions": [],
        "skipped_measures": [],
    }


@pytest.mark.parametrize(
    ("lookml", "type_"),
    [
        *[(name, "string") for name in ("string", "tier", "zipcode", "location", "unheard_of")],
        *[(name, "number") for name in ("number", "duration")],
        ("yesno", "boolean"),
        *[(name, "time") for name in ("time", "date", "date_time", "date_raw")],
    ],
)
def test_types(lookml: str, type_: str) -> None:
    assert columns(f"dimension: x {{ type: {lookml} sql: ${{TABLE}}.x ;; }}") == [
        ("x", type_, None)
    ]


def test_columns_and_expressions() -> None:
    assert columns(
        """dimension: plain {}
        dimension: quoted { sql: ${TABLE}."Odd Name" ;; }
        dimension: net { type: number sql: ${TABLE}.gross - ${tax} ;; }
        dimension: tax { type: number sql: ${TABLE}.gross * 0.2 ;; }
        dimension: is_big { type: yesno sql: ${v.net} > 10 ;; }
        dimension: upper { sql: upper(${quoted}) ;; }"""
    ) == [
        ("plain", "string", None),
        ("Odd Name", "string", None),
        ("net", "number", "gross - (gross * 0.2)"),
        ("tax", "number", "gross * 0.2"),
        ("is_big", "boolean", "(gross - (gross * 0.2)) > 10"),
        ("upper", "string", 'upper("Odd Name")'),
    ]


def test_dimension_groups() -> None:
    found = view(
        """dimension_group: created { type: time timeframes: [raw, date] sql: ${TABLE}.at ;; }
        dimension_group: waited { type: duration sql_start: ${TABLE}.a ;; sql_end: ${TABLE}.b ;; }
        dimension: day { type: date sql: ${created_date} ;; }
        dimension: raw { type: time sql: ${created_raw} ;; }
        dimension: week { type: date sql: ${created_week} ;; }"""
    )
    group = found["columns"][-1]
    assert (group["name"], group["lookml_name"], group["type"], group["role"]) == (
        "at",
        "created",
        "time",
        "time",
    )
    assert [column["expr"] for column in found["columns"][:2]] == ["CAST(at AS DATE)", "at"]
    assert {item["name"]: item["item_type"] for item in found["skipped_dimensions"]} == {
        "waited": "dimension_group",
        "week": "dimension",
    }


@pytest.mark.parametrize(
    ("dimension", "reason"),
    [
        ("sql: {% if x %} 1 {% endif %} ;;", "Liquid"),
        ("sql: ${other.x} ;;", "another view"),
        ("sql: ${x} ;;", "refers to itself"),
        ("sql: ${y} ;;", "no field 'y'"),
        ("sql: @{gone} || 'a' ;;", "constant"),
        ('case: { when: { sql: ${TABLE}.a = 1 ;; label: "a" } }', "no sql"),
    ],
)
def test_dimensions_that_are_skipped(dimension: str, reason: str) -> None:
    found = view(f"dimension: x {{ {dimension} }}")
    assert found["columns"] == []
    assert reason in found["skipped_dimensions"][0]["reason"]


def test_two_fields_of_one_column() -> None:
    found = view(
        """dimension: id { sql: ${TABLE}.id ;; }
        dimension: key { primary_key: yes sql: ${TABLE}.id ;; }
        measure: n { type: count_distinct sql: ${key} ;; }"""
    )
    assert (found["grain"], len(found["columns"])) == (["id"], 1)
    assert found["measures"][0]["expr"] == "count_distinct(id)"
    assert found["skipped_dimensions"][0]["name"] == "key"


FIELDS = """
    dimension: amount { type: number sql: ${TABLE}.amt ;; }
    dimension: net { type: number sql: ${amount} * 0.8 ;; }
    dimension: is_paid { type: yesno sql: ${TABLE}.state = 'paid' ;; }
    dimension: flag { type: yesno sql: ${TABLE}.flag ;; }
    dimension: state {}
    dimension_group: at { type: time sql: ${TABLE}.at ;; }
"""


@pytest.mark.parametrize(
    ("measure", "expr"),
    [
        ("type: count sql: ${amount} ;;", "count(*)"),
        ("type: count_distinct sql: ${state} ;;", "count_distinct(state)"),
        ("type: sum sql: ${net} ;;", "sum(net)"),
        ("type: sum_distinct sql: ${TABLE}.x ;; sql_distinct_key: ${state} ;;", "sum(x)"),
        ("type: average sql: ${amount} ;;", "avg(amt)"),
        ("type: average_distinct sql: ${amount} ;;", "avg(amt)"),
        ("type: min sql: ${amount} ;;", "min(amt)"),
        ("type: max sql: ${amount} ;;", "max(amt)"),
        ("type: median sql: ${amount} ;;", "median(amt)"),
        ("type: date sql: ${at_raw} ;;", "min(at)"),
        ("type: date sql: max(${at_raw}) ;;", "max(at)"),
        ("type: number sql: ${all} / nullif(${v.all}, 0) ;;", "all / nullif(all, 0)"),
    ],
)
def test_measures(measure: str, expr: str) -> None:
    found = measures(f"{FIELDS} measure: all {{ type: count }} measure: m {{ {measure} }}")
    assert found["m"] == (expr, None)


def test_a_date_measure_with_max_in_its_name() -> None:
    assert measures(FIELDS + "measure: max_at { type: date sql: ${at_raw} ;; }") == {
        "max_at": ("max(at)", None)
    }


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        ('filters: [is_paid: "yes"]', "(state = 'paid')"),
        ('filters: [is_paid: "No"]', "NOT (state = 'paid')"),
        ('filters: [flag: "no"]', "NOT (flag)"),
        ('filters: [v.state: "it\'s", flag: "yes"]', "state = 'it''s' AND flag"),
        ('filters: { field: state value: "paid" }', "state = 'paid'"),
    ],
)
def test_filters(filters: str, condition: str) -> None:
    found = measures(f"{FIELDS} measure: m {{ type: count {filters} }}")
    assert found["m"] == ("count(*)", condition)


def test_a_filter_expression_is_taken_literally_and_said_so() -> None:
    measure = 'measure: m { type: count filters: [amount: ">5"] }'
    parsed = parse(f"view: v {{ sql_table_name: t ;; {FIELDS} {measure} }}")
    assert parsed["views"][0]["measures"][0]["filter"] == "amt = '>5'"
    assert "v.m" in parsed["warnings"][0]


@pytest.mark.parametrize(
    ("measure", "reason"),
    [
        ("type: sum sql: ${other.x} ;;", "another view"),
        ("type: list list_field: state", "type list"),
        ("type: percentile sql: ${amount} ;;", "type percentile"),
        ("type: sum", "no sql"),
        ("type: sum sql: {{ x }} ;;", "Liquid"),
        ('type: count filters: [other.x: "1"]', "another view"),
        ('type: count filters: [nothing: "1"]', "no field"),
        ("type: number sql: ${gone} / 2 ;;", "'gone', which it needs"),
    ],
)
def test_measures_that_are_skipped(measure: str, reason: str) -> None:
    gone = "measure: gone { type: list }"
    found = view(f"{FIELDS} {gone} measure: m {{ {measure} }}")
    assert found["measures"] == []
    skipped = {item["name"]: item for item in found["skipped_measures"]}
    assert reason in skipped["m"]["reason"]
    assert skipped["m"]["item_type"] == "measure"


def test_constants() -> None:
    files = {"x/manifest.lkml": 'constant: schema { value: "prod" } constant: n { value: "1" }'}
    lookml = "view: v { sql_table_name: @{schema}.t ;; dimension: x { sql: ${TABLE}.a + @{n} ;; } }"
    found = parse(lookml, files=files, constant_overrides={"schema": "test"})["views"][0]
    assert (found["table_ref"], found["columns"][0]["expr"]) == ("test.t", "a + 1")
    unknown = parse(lookml)
    assert unknown["skipped_views"] == ["v"]
    assert "constant" in unknown["warnings"][0]


def test_files_that_do_not_parse_are_skipped() -> None:
    files = {"bad.lkml": "view: { {", "deep.lkml": "view: a {" * 3000, "nul.lkml": "\0"}
    parsed = parse("view: v { sql_table_name: t ;; }", files=files)
    assert [item["name"] for item in parsed["views"]] == ["v"]
    assert all("cannot be parsed" in warning for warning in parsed["warnings"])
    assert len(parsed["warnings"]) >= 2


def test_extends_is_merged_parent_first() -> None:
    parsed = parse(
        """view: base { extension: required sql_table_name: t ;;
            dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
            dimension: x { label: "Base" sql: ${TABLE}.x ;; } }
        view: child { extends: [base] dimension: x { label: "Child" } dimension: y {} }"""
    )
    child = parsed["views"][0]
    assert parsed["skipped_views"] == ["base"]
    assert (child["name"], child["table_ref"], child["grain"]) == ("child", "t", ["id"])
    assert [(c["name"], c["description"]) for c in child["columns"]] == [
        ("id", None),
        ("x", "Child"),
        ("y", None),
    ]


def test_circles_and_missing_parents_are_warnings() -> None:
    parsed = parse(
        """view: a { extends: [b] sql_table_name: t ;; dimension: x {} }
        view: b { extends: [a] sql_table_name: u ;; dimension: y {} }
        view: c { extends: [gone] sql_table_name: t ;; }"""
    )
    assert [item["name"] for item in parsed["views"]] == ["a", "b", "c"]
    assert any("extends itself" in warning for warning in parsed["warnings"])
    assert any("'gone'" in warning for warning in parsed["warnings"])


def test_refinements_change_metadata_and_add_fields() -> None:
    parsed = parse(
        """view: +v { label: "Better" dimension: new {}
            dimension: x { hidden: yes sql: ${TABLE}.other ;; type: number } }
        view: v { sql_table_name: t ;; dimension: x { sql: ${TABLE}.x ;; } }
        view: +gone { dimension: x {} }"""
    )
    found = parsed["views"][0]
    assert found["description"] == "Better"
    assert [(c["name"], c["type"], c["visibility"]) for c in found["columns"]] == [
        ("x", "string", "hidden"),
        ("new", "string", "public"),
    ]
    assert parsed["warnings"] == ["There is no view 'gone' to refine."]


def test_views_that_are_no_sources() -> None:
    parsed = parse(
        """view: v { sql_table_name: t ;; dimension: x {} }
        view: other_name { extends: [v] label: "The same" }
        view: other_rows { extends: [v] sql_table_name: u ;; }
        view: made { derived_table: { explore_source: v { column: x {} } } }
        view: nothing { dimension: x {} }"""
    )
    assert [item["name"] for item in parsed["views"]] == ["v", "other_rows"]
    assert parsed["skipped_views"] == ["other_name", "made", "nothing"]


def test_derived_tables() -> None:
    parsed = parse(
        """view: base { sql_table_name: shop.orders ;; }
        view: v { derived_table: { sql: SELECT ID, count(*) AS N, sum(x) AS s,
                date_trunc('month', at) AS month, at::date AS day, a = b AS same, 'x' AS t
            FROM ${base.SQL_TABLE_NAME} WHERE x::text <> '' GROUP BY 1 ;; }
          dimension: id { type: number sql: ${TABLE}.id ;; } }
        view: w { derived_table: { sql: SELECT * FROM ${v.SQL_TABLE_NAME} AS v ;; } }
        view: bad { derived_table: { sql: DELETE FROM x ;; } }
        view: worse { derived_table: { sql: SELECT FROM WHERE ( ;; } }""",
        dialect="mysql",
    )
    assert parsed["skipped_views"] == ["bad", "worse"]
    found = {item["name"]: item for item in parsed["views"]}
    assert (found["v"]["source_type"], found["v"]["table_ref"]) == ("sql", None)
    assert "FROM shop.orders" in found["v"]["sql"]
    assert "CAST(x AS CHAR) <> ''" in found["v"]["sql"]
    assert [(c["name"], c["type"]) for c in found["v"]["columns"]] == [
        ("id", "number"),
        ("n", "number"),
        ("s", "number"),
        ("month", "time"),
        ("day", "time"),
        ("same", "boolean"),
        ("t", "string"),
    ]
    assert found["w"]["sql"].startswith("SELECT * FROM (SELECT")


SHOP = """
    view: orders { sql_table_name: o ;; dimension: id { primary_key: yes }
        dimension: buyer { sql: ${TABLE}.customer_id ;; } dimension: payer {} }
    view: customers { sql_table_name: c ;; dimension: id { primary_key: yes }
        dimension: region {} }
    view: clients { extends: [customers] }
    view: items { sql_table_name: i ;; dimension: order_id {} }
"""


def joins(explore: str) -> tuple[list[tuple[Any, ...]], list[str]]:
    parsed = parse(SHOP + explore)
    found = [
        (join["source_view"], join["to"], join["alias"], join["on"], join["relationship"])
        for join in parsed["joins"]
    ]
    return found, parsed["warnings"]


def test_joins_of_explores() -> None:
    found, warnings = joins(
        """explore: orders {
            join: customers { sql_on: ${orders.buyer} = ${customers.id} ;; }
            join: payers { from: customers relationship: many_to_one
                sql_on: ${payers.id} = ${orders.payer} ;; }
            join: clients { sql_on: ${orders.buyer} = ${clients.id} ;; }
            join: items { relationship: one_to_many sql_on: ${items.order_id} = ${orders.id} ;; }
        }
        explore: again { from: orders
            join: customers { sql_on: ${again.payer} = ${customers.id} ;; } }
        explore: items { join: orders { foreign_key: order_id } }"""
    )
    assert found == [
        ("orders", "customers", None, "orders.customer_id = customers.id", "many_to_one"),
        ("orders", "customers", "payers", "payers.id = orders.payer", "many_to_one"),
        ("orders", "customers", "clients", "orders.customer_id = clients.id", "many_to_one"),
        ("orders", "items", None, "items.order_id = orders.id", "one_to_many"),
        ("items", "orders", None, "items.order_id = orders.id", "many_to_one"),
    ]
    assert warnings == []


@pytest.mark.parametrize(
    ("join", "reason"),
    [
        ("join: customers {}", "no sql_on"),
        ("join: customers { sql_on: 1 = 1 ;; }", "not between"),
        ("join: gone { sql_on: ${orders.id} = ${gone.id} ;; }", "'gone' is not there"),
        ("join: customers { sql_on: ${orders.gone} = ${customers.id} ;; }", "no field 'gone'"),
        ("join: customers { sql_on: {% x %} ${orders.id} = ${customers.id} ;; }", "Liquid"),
        (
            "join: customers { relationship: many_to_many "
            "sql_on: ${orders.buyer} = ${customers.id} ;; }",
            "many_to_many",
        ),
    ],
)
def test_joins_that_are_left_out(join: str, reason: str) -> None:
    found, warnings = joins(f"explore: orders {{ {join} }}")
    assert found == []
    assert reason in warnings[0]


def test_the_operation() -> None:
    request = {"files": [{"path": "a", "content": "view: v { sql_table_name: t ;; }"}]}
    reply = json.loads(dispatch("lookml-parse", json.dumps(request).encode()))
    assert list(reply["ok"]) == ["views", "joins", "skipped_views", "warnings"]
    bad = json.loads(dispatch("lookml-parse", json.dumps({**request, "dialect": "x"}).encode()))
    assert bad["error"]["kind"] == "unsupported"
