"""The operation `parse-table-identifier`, and that a name survives being printed and read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ktx_daemon.dispatch import dispatch
from semantic_layer.table_identifier_parser import (
    ParsedTableIdentifier,
    ParseTableIdentifierItem,
    parse_table_identifier_one,
)

DIALECTS = (
    "bigquery",
    "snowflake",
    "postgres",
    "redshift",
    "mysql",
    "sqlite",
    "tsql",
    "clickhouse",
)
# What no database lets a name be made of, or what makes the text a template.
NOT_IN_NAMES = "\0${}@"


def parse(text: str, dialect: str = "postgres") -> ParsedTableIdentifier:
    item = ParseTableIdentifierItem(key="k", sql_table_name=text, dialect=dialect)
    return parse_table_identifier_one(item)


def reply_to(items: list[Any]) -> dict[str, Any]:
    request = json.dumps({"items": items}).encode()
    reply: dict[str, Any] = json.loads(dispatch("parse-table-identifier", request))
    return reply


def test_results_are_by_key() -> None:
    items = [
        {"key": "a", "sql_table_name": "x.y", "dialect": "mysql"},
        {"key": "b", "sql_table_name": "x", "dialect": "oracle"},
    ]
    results = reply_to(items)["ok"]["results"]
    assert list(results) == ["a", "b"]
    assert results["a"] == {
        "ok": True,
        "catalog": None,
        "schema": "x",
        "name": "y",
        "canonical_table": "x.y",
        "reason": None,
        "detail": None,
    }
    assert (results["b"]["reason"], results["b"]["detail"]) == ("unsupported_dialect", "oracle")
    assert reply_to([])["ok"] == {"results": {}}


def test_the_same_key_twice() -> None:
    error = reply_to([{"key": "a", "sql_table_name": "x", "dialect": "mysql"}] * 2)["error"]
    assert (error["kind"], "'a'" in error["message"]) == ("invalid_request", True)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "0 characters"),
        ("a; DROP TABLE b", "more than the name"),
        ("a WHERE x = 1", "more than the name"),
        ("a LIMIT 1", "more than the name"),
        ("a FOR UPDATE", "more than the name"),
        ("a.b.c.d.e", "5 parts"),
        ("a\0b", "NUL"),
        ("(" * 1500, ""),
        ("x" * 10_000_000, "10000000 characters"),
    ],
)
def test_what_is_no_name(text: str, detail: str) -> None:
    found = parse(text)
    assert (found.ok, found.reason) == (False, "parse_error")
    assert detail in (found.detail or "")


@pytest.mark.parametrize("name", ["#t", "[##t]", "tempdb..#t"])
def test_temporary_tables_of_t_sql(name: str) -> None:
    assert parse(name, "tsql").reason == "no_physical_table"


def test_a_table_of_another_database_without_a_schema() -> None:
    found = parse("db..t", "tsql")
    assert (found.catalog, found.schema, found.name) == ("db", None, "t")
    assert found.canonical_table == "db..t"


LETTERS = st.characters(exclude_characters=NOT_IN_NAMES + "\\", codec="utf-8")
# T-SQL's temporary tables begin with #.
NAMES = st.text(LETTERS, min_size=1, max_size=20).filter(
    lambda name: name.strip() == name and not name.startswith("#")
)


@settings(max_examples=600, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=3), st.sampled_from(DIALECTS))
def test_a_printed_name_reads_as_the_same_parts(parts: list[str], dialect: str) -> None:
    quote = "`" if dialect in ("bigquery", "clickhouse", "mysql") else '"'
    quote, end = ("[", "]") if dialect == "tsql" else (quote, quote)
    if dialect == "bigquery":  # Dots inside quotes divide the parts there.
        parts = [part.replace(".", "_").replace("`", "_") for part in parts]
    written = ".".join(quote + part.replace(end, end * 2) + end for part in parts)
    found = parse(written, dialect)
    assert found.ok, (written, found.detail)
    assert [found.catalog, found.schema, found.name][-len(parts) :] == parts
    again = parse(str(found.canonical_table), dialect)
    assert again == found


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.sampled_from(DIALECTS))
def test_any_text_gets_an_answer(text: str, dialect: str) -> None:
    found = parse(text, dialect)
    assert found.ok is (found.reason is None)
    if found.ok:
        assert parse(str(found.canonical_table), dialect) == found
