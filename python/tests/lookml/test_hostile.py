"""Projects that nobody would write: an answer each, never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktx_daemon.dispatch import dispatch

NAMES = st.sampled_from(["a", "b", "+a", "c", "order", "x y"])
SQL = st.sampled_from(
    [
        *("${TABLE}.x", "${a}", "${b}", "${a.b}", "${c.a}", "${a_date}", "${a_week}", "${", "${}"),
        *("@{k}", "@{", "{% x %}", "{{ y }}", "1", "", "max(${a})", "${a} / ${b}", "'it''s'"),
        *("SELECT a, b FROM t", "SELECT * FROM ${b.SQL_TABLE_NAME}", "DELETE FROM t", "(" * 300),
        *("SELECT (", "SELECT 1; SELECT 2", "${a.a} = ${b.b}", "${b.a} = ${c.a} AND 1 = 1"),
    ]
)
TYPES = st.sampled_from(["number", "time", "yesno", "sum", "count", "date", "duration", "odd"])


@st.composite
def fields(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["dimension", "dimension_group", "measure", "filter", "parameter"]))
    parts = draw(
        st.lists(
            st.sampled_from(["hidden: yes", "primary_key: yes", 'filters: [a: "1", c.d: "yes"]'])
            | TYPES.map("type: {}".format)
            | SQL.map("sql: {} ;;".format),
            max_size=4,
            unique_by=lambda part: part.partition(":")[0],
        )
    )
    return f"{kind}: {draw(NAMES)} {{ {' '.join(parts)} }}"


@st.composite
def views(draw: st.DrawFn) -> str:
    parts = draw(
        st.lists(
            NAMES.map("extends: [{}]".format)
            | SQL.map("sql_table_name: {} ;;".format)
            | SQL.map("derived_table: {{ sql: {} ;; }}".format)
            | st.just("extension: required"),
            max_size=3,
            unique_by=lambda part: part.partition(":")[0],
        )
    )
    inner = draw(st.lists(fields(), max_size=5))
    return f"view: {draw(NAMES)} {{ {' '.join(parts + inner)} }}"


@st.composite
def explores(draw: st.DrawFn) -> str:
    joins = draw(st.lists(st.tuples(NAMES, NAMES, SQL), max_size=3))
    lines = [f"join: {a} {{ from: {b} sql_on: {sql} ;; }}" for a, b, sql in joins]
    return f"explore: {draw(NAMES)} {{ {' '.join(lines)} }}"


def reply_to(contents: list[str], **more: Any) -> dict[str, Any]:
    files = [{"path": f"{i}.lkml", "content": text} for i, text in enumerate(contents)]
    request = json.dumps({"files": files, **more}).encode()
    reply: dict[str, Any] = json.loads(dispatch("lookml-parse", request))
    return reply


@settings(max_examples=200, deadline=None)
@given(st.lists(views() | explores(), max_size=5))
def test_any_project_gets_an_answer(contents: list[str]) -> None:
    reply = reply_to(["\n".join(contents)], dialect="mysql")
    assert "ok" in reply, reply["error"]
    found = reply["ok"]
    names = [view["name"] for view in found["views"]]
    assert len(set(names)) == len(names)
    assert not set(names) & set(found["skipped_views"])
    for view in found["views"]:
        assert (view["sql"] is None) != (view["table_ref"] is None)
        columns = [column["name"] for column in view["columns"]]
        assert len(set(columns)) == len(columns)
        assert "${" not in json.dumps([view["columns"], view["measures"]])
    for join in found["joins"]:
        assert {join["source_view"], join["to"]} <= set(names)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=3))
def test_any_text_gets_an_answer(contents: list[str]) -> None:
    assert "ok" in reply_to(contents)


@pytest.mark.parametrize(
    "content",
    [
        "view: a {" * 5000,
        "view: a { dimension: x { sql: " + "(" * 5000 + " ;; } }",
        "view: a { derived_table: { sql: SELECT " + "(" * 5000 + "1" + ")" * 5000 + " ;; } }",
        "view: a { ; }",
        "view: a { sql_table_name: x; ",
        "\0",
        "\ufeffview: a {}",
        "view: a { derived_table: { sql: SELECT '\0' ;; } }",
        "".join(f"view: v{i} {{ extends: [v{i + 1}] }} " for i in range(300)),
        "view: a { sql_table_name: t ;; "
        + "".join(f"dimension: d{i} {{ sql: ${{d{i + 1}}} ;; }} " for i in range(500))
        + "}",
    ],
)
def test_extremes(content: str) -> None:
    assert "ok" in reply_to([content])
