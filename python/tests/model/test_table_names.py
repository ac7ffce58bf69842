"""Reading table names."""

from __future__ import annotations

import pytest

from semantic_layer.sql_table_extractor import extract_table_refs, ref_matches_source_table
from semantic_layer.table_identifier_parser import (
    ParseTableIdentifierItem,
    parse_table_identifier_batch,
)


@pytest.mark.parametrize(
    ("text", "dialect", "parts"),
    [
        ("a.b.c", "postgres", ("a", "b", "c", "a.b.c")),
        ("`p-1.d.t`", "bigquery", ("p-1", "d", "t", "`p-1`.d.t")),
        ('"My Schema".t', "snowflake", (None, "My Schema", "t", '"My Schema".t')),
        ("t AS x", "mysql", (None, None, "t", "t")),
    ],
)
def test_parts(text: str, dialect: str, parts: tuple[str | None, ...]) -> None:
    item = ParseTableIdentifierItem(key="k", sql_table_name=text, dialect=dialect)
    found = parse_table_identifier_batch([item])["k"]
    assert found.ok
    assert (found.catalog, found.schema, found.name, found.canonical_table) == parts


@pytest.mark.parametrize(
    ("text", "dialect", "reason"),
    [
        ("t", "oracle", "unsupported_dialect"),
        ("${orders.SQL_TABLE_NAME}", "postgres", "looker_template_unresolved"),
        ("@{schema}.t", "postgres", "looker_template_unresolved"),
        ("(SELECT * FROM t)", "postgres", "derived_table_not_supported"),
        ("a, b", "postgres", "multiple_table_references"),
        ("a JOIN b ON a.x = b.x", "postgres", "multiple_table_references"),
        ("generate_series(1, 2)", "postgres", "no_physical_table"),
        ("a b c (", "postgres", "parse_error"),
    ],
)
def test_reasons(text: str, dialect: str, reason: str) -> None:
    item = ParseTableIdentifierItem(key="k", sql_table_name=text, dialect=dialect)
    found = parse_table_identifier_batch([item])["k"]
    assert (found.ok, found.reason) == (False, reason)


def test_table_references_of_a_select() -> None:
    sql = 'WITH c AS (SELECT * FROM S."T1") SELECT * FROM c JOIN t2 ON c.x = t2.x'
    assert extract_table_refs(sql) == ["s.t1", "t2"]
    assert extract_table_refs("not (sql") == []
    assert ref_matches_source_table("t1", "public.T1")
    assert not ref_matches_source_table("a.t1", "b.t1")
