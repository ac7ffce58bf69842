"""Rule 23: the model's SQL means what the database means by it, or it is refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.parser import DIALECTS as ALL_DIALECTS
from support.asking import Asker
from support.databases import DIALECTS, Database, Table, of_dialect

TABLES: dict[str, Table] = {
    "tools": (
        "id INTEGER, name TEXT, maker INTEGER, price INTEGER",
        [(1, "drill", 1, 30), (2, "Drill bit", 1, 5), (3, "saw", 2, 20), (4, None, None, None)],
    ),
    "makers": ("id INTEGER, name TEXT", [(1, "acme"), (2, "bolt"), (3, "none")]),
}


def source(name: str, columns: str, **rest: Any) -> dict[str, Any]:
    listed = [{"name": column, "type": "string"} for column in columns.split()]
    listed += rest.pop("computed", [])
    table = {} if "sql" in rest else {"table": name}
    return {"name": name, **table, "grain": ["id"], "columns": listed, **rest}


def tools(**rest: Any) -> dict[str, Any]:
    """Return a model of tools and their makers; `rest` are more parts of `tools`."""
    measures = [{"name": "n", "expr": "count(*)"}, *rest.pop("measures", [])]
    joins = [{"to": "makers", "on": "maker = makers.id", "relationship": "many_to_one"}]
    return {
        "tools": source(
            "tools",
            "id name maker price",
            measures=measures,
            joins=rest.pop("joins", joins),
            **rest,
        ),
        "makers": source("makers", "id name", measures=[{"name": "n", "expr": "count(*)"}]),
    }


def one(
    databases: list[Database], dialect: str, query: dict[str, Any], model: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Answer a question on one database."""
    database = of_dialect(databases, dialect)
    database.load(TABLES)
    return database.rows(SemanticEngine.from_sources(model, dialect).query(query).sql)


@pytest.mark.parametrize(
    ("dialect", "condition", "right"),
    [
        ("duckdb", "tools.name ~ '.*rill.*'", 2),
        ("duckdb", "tools.name SIMILAR TO 'saw'", 1),
        ("postgres", "tools.name ~ 'rill'", 2),
        ("postgres", "tools.name ~* '^DRILL'", 2),
        ("postgres", "tools.name SIMILAR TO '%(saw|bit)'", 2),
        ("sqlite", "tools.name GLOB 'd*'", 1),
        ("sqlite", "tools.name LIKE 'd%'", 2),
        ("sqlite", "tools.name IS NOT NULL AND tools.id IS 1", 1),
    ],
)
def test_operators_keep_their_meaning(
    databases: list[Database], dialect: str, condition: str, right: int
) -> None:
    query = {"measures": ["tools.n"], "filters": [condition]}
    assert one(databases, dialect, query, tools()) == [(right,)]
    bare = condition.replace("tools.", "")
    computed = [{"name": "fits", "type": "boolean", "expr": bare}]
    places = {
        "measures": [{"name": "some", "expr": "count(*)", "filter": bare}],
        "segments": [{"name": "some", "expr": bare}],
    }
    model = tools(computed=computed, **places)
    assert one(databases, dialect, {"measures": ["tools.some"]}, model) == [(right,)]
    query = {"measures": ["tools.n"], "segments": ["tools.some"]}
    assert one(databases, dialect, query, model) == [(right,)]
    # As an operand the computed column keeps its meaning too: NOT binds tighter than nothing.
    query = {"measures": ["tools.n"], "filters": ["(NOT tools.fits) = FALSE"]}
    if dialect != "sqlite":
        assert one(databases, dialect, query, model) == [(right,)]


def test_sql_source_is_used_byte_for_byte(databases: list[Database]) -> None:
    text = "SELECT id, name, 'a\n  b' AS note -- a comment\nFROM tools WHERE   NAME ~ 'saw'"
    for ending in ("", ";", " ; ; ", "; -- done", " -- done", "\n/* done; */ ;", "-- done)\n"):
        sql = f"/* first */ {text}{ending}"
        model = {"q": source("q", "id name note", sql=sql)}
        for dialect in ("duckdb", "postgres"):
            made = (
                SemanticEngine.from_sources(model, dialect)
                .query({"measures": [], "dimensions": ["q.note"]})
                .sql
            )
            assert text in made
            query = {"measures": [], "dimensions": ["q.note"]}
            assert one(databases, dialect, query, model) == [("a\n  b",)]


def test_two_statements_are_refused(ask: Asker) -> None:
    for sql in ("SELECT 1 AS id; SELECT 2 AS id", "SELECT 1 AS id; DROP TABLE tools"):
        model = {"q": source("q", "id", sql=sql)}
        assert "a `;` ends it" in ask.refused(by=("q.id",), model=model).message
    error = ask.refused("tools.n", filters=["tools.id = 1; tools.id = 2"], model=tools())
    assert "a `;` ends it" in error.message
    rows = ask("tools.n", filters=["tools.name <> 'a;b';"], model=tools(), tables=TABLES)
    assert rows == [(3,)]


PLACEHOLDERS = (
    "?",
    "?1",
    ":name",
    "@who",
    "$1",
    "$name",
    "%s",
    "%(name)s",
    "{{ name }}",
    "${name}",
)


@pytest.mark.parametrize("dialect", ALL_DIALECTS)
@pytest.mark.parametrize("shown", PLACEHOLDERS)
def test_placeholders_that_nobody_fills_are_refused(dialect: str, shown: str) -> None:
    if dialect == "duckdb" and shown == "@who":
        return  # the absolute value of a column
    model = tools(measures=[{"name": "some", "expr": "count(*)", "filter": f"name = {shown}"}])
    model["q"] = source("q", "id", sql=f"SELECT id FROM tools WHERE name = {shown}")
    engine = SemanticEngine.from_sources(model, dialect)
    questions: list[dict[str, Any]] = [
        {"measures": ["tools.n"], "filters": [f"tools.name = {shown}"]},
        {"measures": ["tools.some"]},
        {"measures": [], "dimensions": ["q.id"]},
    ]
    for question in questions:
        with pytest.raises(SemanticError) as caught:
            engine.query(question)
        # ClickHouse has no `$` in its text at all.
        if dialect != "clickhouse":
            assert "nobody fills" in caught.value.message
    errors = [item for item in engine.validate().findings if item.severity == "error"]
    places = {item.location.source for item in errors if item.location is not None}
    assert places >= {"tools", "q"}


@pytest.mark.parametrize("shown", ["{{ name }}", "{% if a %}b{% endif %}", "${name}"])
def test_a_template_in_quotes_is_none_the_less_unfilled(ask: Asker, shown: str) -> None:
    model = tools()
    model["q"] = source("q", "id", sql=f"SELECT id FROM tools WHERE name = '{shown}'")
    for question in (
        {"measures": ("tools.n",), "filters": [f"tools.name = '{shown}'"]},
        {"measures": (), "by": ("q.id",)},
    ):
        error = ask.refused(*question.pop("measures"), model=model, **question)
        assert "nobody fills" in error.message


def test_what_looks_like_a_placeholder_is_none(databases: list[Database], ask: Asker) -> None:
    rows = ask(
        "tools.n", filters=["tools.name <> '? :x $1 {y}' -- ?"], model=tools(), tables=TABLES
    )
    assert rows == [(3,)]
    for dialect, text in (
        ("postgres", "tools.price::text = '30'"),
        ("postgres", "(ARRAY[tools.price, 1])[1:1] = ARRAY[30]"),
        ("postgres", """'{"a": 1}'::jsonb ? 'a' AND tools.price = 30"""),
        ("duckdb", "@ (tools.price - 60) = 30"),
        ("duckdb", "{'a': tools.price}.a = 30"),
        ("duckdb", "[tools.price, 1][1:1] = [30]"),
    ):
        query = {"measures": ["tools.n"], "filters": [text]}
        assert one(databases, dialect, query, tools()) == [(1,)], text


@pytest.mark.parametrize(
    ("dialect", "text", "nearest"),
    [
        ("sqlite", "try_cast(tools.name AS INTEGER) = 1", "CASE WHEN"),
        ("postgres", "try_cast(tools.name AS INTEGER) = 1", "CASE WHEN"),
        ("mysql", "try_cast(tools.name AS INTEGER) = 1", "CASE WHEN"),
        ("sqlite", "tools.name ILIKE 'd%'", "LIKE"),
        ("mysql", "tools.name ILIKE 'd%'", "LIKE"),
        ("sqlite", "tools.price::text = '1'", "CAST"),
        ("mysql", "tools.price::char = '1'", "CAST"),
        ("sqlite", "tools.name REGEXP 'x'", "GLOB"),
        ("sqlite", "date_trunc('month', tools.name) = 'x'", "strftime"),
        ("tsql", "tools.made > CURRENT_DATE - INTERVAL '7 days'", "DATEADD(day, -7, x)"),
        ("tsql", "tools.made > CURRENT_DATE - INTERVAL 7 DAY", "DATEADD"),
        ("trino", "tools.made > CURRENT_DATE - INTERVAL '7 days'", "`INTERVAL '7' DAY`"),
    ],
)
def test_sql_that_a_database_lacks_is_refused(dialect: str, text: str, nearest: str) -> None:
    engine = SemanticEngine.from_sources(tools(), dialect)
    with pytest.raises(SemanticError) as caught:
        engine.query({"measures": ["tools.n"], "filters": [text]})
    assert caught.value.kind == "unsupported"
    assert nearest in (caught.value.fix or "")


@pytest.mark.parametrize("dialect", ["sqlite", "tsql"])
def test_a_column_may_be_called_interval(dialect: str) -> None:
    source = {
        "name": "t",
        "table": "t",
        "grain": ["id"],
        "columns": [{"name": name, "type": "number"} for name in ("id", "interval")],
    }
    engine = SemanticEngine.from_sources({"t": source}, dialect)
    sql = engine.query({"measures": ["sum(interval)"], "filters": ["interval > 3"]}).sql
    assert "interval" in sql


def test_unknown_function_of_sqlite_has_a_suggestion() -> None:
    engine = SemanticEngine.from_sources(tools(), "sqlite")
    with pytest.raises(SemanticError) as caught:
        engine.query({"measures": ["tools.n"], "filters": ["strftme('%Y', tools.name) = '1'"]})
    assert caught.value.suggestions == ["strftime"]


AGGREGATES = {
    "sqlite": {
        "total(price)": 55,
        "group_concat(name, '/')": "drill/Drill bit/saw",
        "json_group_array(price)": "[30,5,20,null]",
    },
    "duckdb": {
        "product(price)": 3000,
        "list(price ORDER BY price)": [5, 20, 30, None],
        "arg_max(name, price)": "drill",
        "bool_and(price > 1)": True,
        "quantile_disc(price, 0.5)": 20,
    },
    "postgres": {
        "every(price > 1)": True,
        "string_agg(name, '/' ORDER BY id)": "drill/Drill bit/saw",
        "json_agg(price ORDER BY id)": [30, 5, 20, None],
        "array_agg(price ORDER BY id)": [30, 5, 20, None],
        "mode() WITHIN GROUP (ORDER BY maker)": 1,
        "bit_or(price)": 31,
    },
}
FILTERED = {
    "sqlite": {"total(price)": 35, "json_group_array(price)": "[30,5]"},
    "duckdb": {
        "product(price)": 150,
        "list(price ORDER BY price)": [5, 30],
        "arg_min(name, price)": "Drill bit",
    },
    "postgres": {
        "every(price > 10)": False,
        "json_agg(price ORDER BY id)": [30, 5],
        "mode() WITHIN GROUP (ORDER BY maker)": 1,
        "string_agg(name, '/' ORDER BY id)": "drill/Drill bit",
    },
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_aggregates_of_one_database(databases: list[Database], dialect: str) -> None:
    for text, right in AGGREGATES[dialect].items():
        model = tools(measures=[{"name": "m", "expr": text}])
        assert one(databases, dialect, {"measures": ["tools.m"]}, model) == [(right,)], text
        # Beside another fact one value of each group has to be picked.
        both = {"measures": ["tools.m", "makers.n"]}
        assert one(databases, dialect, both, model) == [(right, 3)], text
    for text, right in FILTERED[dialect].items():
        measure = {"name": "m", "expr": text, "filter": "maker = 1"}
        model = tools(measures=[measure])
        assert one(databases, dialect, {"measures": ["tools.m"]}, model) == [(right,)], text


def test_filter_on_an_aggregate_that_keeps_null_is_refused_without_filter() -> None:
    measures = [{"name": "m", "expr": "json_arrayagg(price)", "filter": "maker = 1"}]
    measures.append({"name": "bits", "expr": "bit_or(price)", "filter": "maker = 1"})
    engine = SemanticEngine.from_sources(tools(measures=measures), "mysql")
    with pytest.raises(SemanticError, match="pass over NULL") as caught:
        engine.query({"measures": ["tools.m"]})
    assert caught.value.kind == "unsupported"
    assert "CASE WHEN" in engine.query({"measures": ["tools.bits"]}).sql


def test_the_tilde_of_duckdb_is_that_of_its_version(databases: list[Database]) -> None:
    """It compares the whole text until 1.5, and looks for a part of it from 2.0."""
    [(finds_parts,)] = of_dialect(databases, "duckdb").rows("SELECT 'drill' ~ 'rill'")
    for condition, right in (("~", 2 if finds_parts else 0), ("!~", 1 if finds_parts else 3)):
        query = {"measures": ["tools.n"], "filters": [f"tools.name {condition} 'rill'"]}
        assert one(databases, "duckdb", query, tools()) == [(right,)]


def test_aggregates_of_different_text_are_not_one(databases: list[Database]) -> None:
    measures = [
        {"name": "whole", "expr": "sum(CASE WHEN name LIKE 'rill' THEN 1 ELSE 0 END)"},
        {"name": "part", "expr": "sum(CASE WHEN regexp_matches(name, 'rill') THEN 1 ELSE 0 END)"},
    ]
    query = {"measures": ["tools.whole", "tools.part"]}
    assert one(databases, "duckdb", query, tools(measures=measures)) == [(0, 2)]
