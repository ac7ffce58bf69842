"""Texts with quotes, backslashes, wildcards and line breaks, in all parts of a model."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.parser import DIALECTS, ExpressionParser
from support.databases import Database, Row

VALUES = [
    "O'Brien",
    "OBrien",
    "a\\b",
    "ab",
    "100%",
    "100 in",
    "a_b",
    'say "x"',
    "one\ntwo",
    "''",
    "",
]
TABLE = ("id INTEGER, name TEXT", list(enumerate(VALUES)))


def engine(database: Database, **rest: Any) -> SemanticEngine:
    """Return a model whose parts compare with O'Brien in words of the standard."""
    people = {
        "name": "people",
        "table": "people",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "name", "type": "string"},
            {"name": "one", "type": "number", "expr": "case when name = 'O''Brien' then 1 end"},
            {"name": "half", "type": "number", "expr": "case name when 'O''Brien' then 1 / 2 end"},
        ],
        "segments": [{"name": "irish", "expr": "people.name = 'O''Brien'"}],
        "measures": [
            {"name": "n", "expr": "count(*)"},
            {"name": "irish", "expr": "count(*)", "filter": "name IN ('O''Brien', 'x')"},
            {"name": "last", "expr": "max(coalesce(name, 'it''s'))"},
        ],
        **rest,
    }
    if "sql" in rest:
        del people["table"]
    database.load({"people": TABLE})
    return SemanticEngine.from_sources({"people": people}, database.dialect)


def ask(database: Database, *measures: str, **rest: Any) -> list[Row]:
    """Return the rows of a question."""
    found = engine(database).query({"measures": list(measures), **rest})
    return database.rows(found.sql)


@pytest.mark.parametrize("value", VALUES)
def test_each_text_is_found_alone(every_database: list[Database], value: str) -> None:
    for database in every_database:
        for condition in (
            f"people.name = {database.literal(value)}",
            f"people.name IN ('x', {database.literal(value)})",
            f"coalesce(people.name, 'x') = {database.literal(value)}",
            f"case when people.name = {database.literal(value)} then 2 / 4 end > 0",
        ):
            found = ask(database, "people.n", filters=[condition])
            assert found == [(1,)], (database.dialect, condition)
        for pattern in (f"people.name = {database.literal(value)}", "people.n > 0"):
            grouped = ask(database, "people.n", dimensions=["people.name"], filters=[pattern])
            assert len(grouped) == (1 if "=" in pattern else len(VALUES))


@pytest.mark.parametrize(
    "question",
    [
        {"filters": ["people.name = 'O''Brien'"]},
        {"filters": ["people.name LIKE 'O''B%'"]},
        {"filters": ["people.name LIKE '%''Brien' AND people.id < 5"]},
        {"filters": ["people.name IN ('O''Brien', 'nobody')"]},
        {"filters": ["people.one = 1"]},
        {"filters": ["people.half > 0"]},
        {"segments": ["people.irish"]},
        {"filters": ["people.name BETWEEN 'O''Brien' AND 'O''Brien'"]},
    ],
)
def test_a_quote_is_written_twice(every_database: list[Database], question: Any) -> None:
    for database in every_database:
        assert ask(database, "people.n", **question) == [(1,)], database.dialect
        assert ask(database, "people.irish", **question) == [(1,)], database.dialect


def test_a_quote_in_a_select_of_the_model(every_database: list[Database]) -> None:
    for database in every_database:
        sql = "SELECT * FROM people WHERE name = 'O''Brien'"
        found = engine(database, sql=sql).query({"measures": ["people.n"]})
        assert database.rows(found.sql) == [(1,)], database.dialect


@pytest.mark.parametrize("dialect", ["spark", "databricks"])
@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x = 'O''Brien'", r"x = 'O\'Brien'"),
        ("x = ''''", r"x = '\''"),
        ("x = ''''''", r"x = '\'\''"),
        ("x = ''", "x = ''"),
        ("x = 'a' 'b'", "x = 'a' 'b'"),
        ("x = 'a''' 'b'", r"x = 'a\'' 'b'"),
        ('x = "say ""no"""', r'x = "say \"no\""'),
        (r"x = 'a\\''b'", r"x = 'a\\\'b'"),
        (r"x = 'a\''''", r"x = 'a\'\''"),
        ("x = \"it's\" '' ", "x = \"it's\" ''"),
        ("x = r'a''b'", "x = r'a''b'"),
    ],
)
def test_spark_escapes_what_its_versions_read_differently(
    dialect: str, text: str, written: str
) -> None:
    select = ExpressionParser(dialect).select_text(f"SELECT 1 WHERE {text}")
    assert select == f"SELECT 1 WHERE {written}"


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"spark", "databricks"}))
def test_others_keep_the_text(dialect: str) -> None:
    text = "SELECT 1 WHERE x = 'O''Brien'"
    if dialect != "bigquery":  # It has no such escape, and says so.
        assert ExpressionParser(dialect).select_text(text) == text
