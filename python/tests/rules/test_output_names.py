"""Rule 25: outputs have distinct names, also in the length that the database keeps."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.parser import DIALECTS
from semantic_layer.syntax.names import kept
from support.asking import Asker
from support.databases import Database, Table

TABLES: dict[str, Table] = {
    "visits": (
        "id INTEGER, seen DATE, amount INTEGER, place_id INTEGER",
        [(1, "2025-12-31", 5, 1), (2, "2026-01-01", 7, 1), (3, "2026-02-01", 7, 2)],
    ),
    "places": ("id INTEGER, name TEXT", [(1, "a"), (2, "b"), (3, "c")]),
}


def model(**measures: str) -> dict[str, Any]:
    """Return two sources, the first with these measures."""
    return {
        "visits": {
            "name": "visits",
            "table": "visits",
            "grain": ["id"],
            "columns": [
                *({"name": name, "type": "number"} for name in ("id", "amount", "place_id")),
                {"name": "seen", "type": "time"},
            ],
            "joins": [
                {"to": "places", "on": "place_id = places.id", "relationship": "many_to_one"}
            ],
            "measures": [{"name": name, "expr": text} for name, text in measures.items()],
        },
        "places": {
            "name": "places",
            "table": "places",
            "grain": ["id"],
            "columns": [{"name": "id", "type": "number"}, {"name": "name", "type": "string"}],
            "measures": [{"name": "amount", "expr": "count(*)"}],
        },
    }


MODEL = model(amount="sum(amount)", n="count(*)")


def names(*measures: Any, by: Any = (), sources: Any = MODEL) -> tuple[list[str], list[str]]:
    """Return what the reply calls the outputs, and what the SQL calls them."""
    query = {"measures": list(measures), "dimensions": list(by)}
    result = SemanticEngine.from_sources(sources, "sqlite").query(query)
    assert result.plan is not None
    return [item.name for item in result.columns], [item.name for item in result.plan.columns]


def grain(granularity: str) -> dict[str, str]:
    return {"field": "visits.seen", "granularity": granularity}


def named(name: str, text: str = "sum(visits.amount)") -> dict[str, str]:
    return {"expr": text, "name": name}


@pytest.mark.parametrize(
    ("measures", "by", "shown"),
    [
        (["visits.n"], [grain("month")], ["visits.seen", "visits.n"]),
        (
            ["visits.n"],
            [grain("month"), grain("year")],
            ["visits.seen:month", "visits.seen:year", "visits.n"],
        ),
        (
            ["visits.n"],
            ["visits.seen", grain("Year")],
            ["visits.seen", "visits.seen:year", "visits.n"],
        ),
        (["visits.amount"], ["visits.amount"], ["visits.amount", "visits_amount"]),
        (["visits.amount", "places.amount"], [], ["visits.amount", "places.amount"]),
        (["visits.n", named("visits.n")], [], ["n", "visits.n"]),
        ([named("VISITS.N"), "visits.n"], [], ["VISITS.N", "n"]),
        (["visits.n", named("n")], [], ["visits.n", "n"]),
        ([named("name")], ["places.name"], ["places.name", "name"]),
        (["visits.n", named("m", "visits.n")], [], ["visits.n", "m"]),
        (["visits.n", "visits.n"], [], ["visits.n"]),
        (
            ["sum(visits.id) + 1", "sum(visits.id) - 1", "SUM(visits.id) - 1"],
            [],
            ["sum_visits_id_1", "sum_visits_id_1_2", "sum_visits_id_1_3"],
        ),
    ],
)
def test_names_tell_outputs_apart(measures: Any, by: Any, shown: list[str]) -> None:
    reply, sql = names(*measures, by=by)
    assert reply == shown
    assert len({name.casefold() for name in sql}) == len(sql)


def ordered(databases: list[Database], field: str, *grains: str) -> list[tuple[Any, ...]]:
    """Return the rows by grains and by amount, the last of an order first, times as days."""
    query = {
        "measures": ["visits.amount"],
        "dimensions": [*map(grain, grains), "visits.amount"],
        "order_by": [{"field": field, "direction": "desc"}],
    }
    answers = []
    for database in databases:
        database.load(TABLES)
        sql = SemanticEngine.from_sources(MODEL, database.dialect).query(query).sql
        rows = database.rows(sql)
        answers.append([(*(str(day)[:10] for day in row[:-2]), *row[-2:]) for row in rows])
    assert all(answer == answers[0] for answer in answers)
    return answers[0]


BY_MONTH = [
    ("2026-02-01", "2026-01-01", 7, 7),
    ("2026-01-01", "2026-01-01", 7, 7),
    ("2025-12-01", "2025-01-01", 5, 5),
]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("visits.seen:month", BY_MONTH),
        ("VISITS.seen:Month", BY_MONTH),
        ("seen:month", BY_MONTH),
        ("seen_month", BY_MONTH),
        ("visits.seen:year", [BY_MONTH[1], BY_MONTH[0], BY_MONTH[2]]),
        ("visits_amount", [BY_MONTH[1], BY_MONTH[0], BY_MONTH[2]]),
        ("visits.amount", [BY_MONTH[1], BY_MONTH[0], BY_MONTH[2]]),
    ],
)
def test_order_by_takes_what_is_shown(
    databases: list[Database], field: str, expected: list[Any]
) -> None:
    assert ordered(databases, field, "month", "year") == expected


def test_order_by_refuses_what_two_outputs_are_called(ask: Asker) -> None:
    by = (grain("month"), grain("year"), "visits.amount")
    error = ask.refused("visits.amount", by=by, model=MODEL, order_by=["visits.seen"])
    assert error.message.endswith("it is ambiguous: visits.seen:month, visits.seen:year.")
    error = ask.refused("visits.amount", by=by, model=MODEL, order_by=["amount"])
    assert error.suggestions == ["visits_amount", "visits.amount"]
    error = ask.refused("visits.amount", by=by, model=MODEL, order_by=["seen:day"])
    assert "visits.seen:month, visits.seen:year, visits.amount." in str(error.fix)


@pytest.mark.parametrize("field", ["visits.seen", "visits.seen:year", "seen", "seen_year"])
def test_one_grain_may_be_said_too(databases: list[Database], field: str) -> None:
    assert [row[0] for row in ordered(databases, field, "year")] == ["2026-01-01", "2025-01-01"]


LONG = {
    "ascii": "total_amount_of_confirmed_and_delivered_visits_in_local_currency",
    "two bytes": "größe_" * 15,
    "four bytes": "🙂" * 20,
    "capitals": "TotalAmount" * 8,
}


@pytest.mark.parametrize("start", list(LONG.values()), ids=list(LONG))
def test_long_names_are_kept_apart(ask: Asker, start: str) -> None:
    sources = model(**{f"{start}_gross": "sum(amount)", f"{start}_net": "sum(amount - 1)"})
    measures = [f"visits.{start}_{end}" for end in ("gross", "net")]
    found = ask(*measures, by=("places.name",), model=sources, tables=TABLES)
    assert found == [("a", 12, 10), ("b", 7, 6), ("c", None, None)]
    own = [named(f"{start} {end}", text) for end, text in zip("12", measures, strict=True)]
    found = ask(*own, model=sources, tables=TABLES, filters=["visits.amount > 5"])
    assert found == [(14, 12)]


def test_long_sources_and_aliases(ask: Asker) -> None:
    start = "places_where_somebody_has_been_seen_at_least_once_since_the_start"
    places = {**MODEL["places"], "name": f"{start}_one"}
    other = {**MODEL["places"], "name": f"{start}_two", "sql": "SELECT id, name FROM places"}
    del other["table"]
    joins = [
        {"to": name, "on": f"place_id = {name}.id", "relationship": "many_to_one"}
        for name in (f"{start}_one", f"{start}_two")
    ]
    joins.append({**joins[0], "alias": f"{start}_three", "on": f"place_id = {start}_three.id"})
    sources = {
        "visits": {**MODEL["visits"], "joins": joins},
        f"{start}_one": places,
        f"{start}_two": other,
    }
    by = tuple(f"{start}_{end}.name" for end in ("one", "two", "three"))
    found = ask("visits.n", by=by, model=sources, tables=TABLES, include_empty=False)
    assert found == [("a", "a", "a", 2), ("b", "b", "b", 1)]
    found = ask("visits.n", f"{start}_two.amount", model=sources, tables=TABLES)
    assert found == [(3, 3)]


def test_the_plan_has_the_names_of_the_sql(databases: list[Database]) -> None:
    start = LONG["ascii"]
    sources = model(**{f"{start}_gross": "sum(amount)", f"{start}_net": "sum(amount)"})
    query = {"measures": [f"visits.{start}_gross", f"visits.{start}_net"]}
    for database in databases:
        result = SemanticEngine.from_sources(sources, database.dialect).query(query)
        database.load(TABLES)
        assert result.plan is not None
        (record,) = database.records(result.sql)
        assert list(record) == [item.name for item in result.plan.columns]
        assert [item.name for item in result.columns] == query["measures"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_kept(dialect: str) -> None:
    longest = {"postgres": 63, "mysql": 64, "redshift": 127, "tsql": 128}.get(dialect, 300)
    assert kept("name", dialect) == "name"
    for letter in ("a", "ü", "日", "🙂"):
        found = {kept(letter * 400 + end, dialect) for end in ("", "x", "y")}
        assert len(found) == 3
        if dialect not in ("clickhouse", "duckdb", "sqlite", "trino"):
            assert all(len(name) <= longest for name in found)
        if dialect in ("postgres", "redshift"):
            assert all(len(name.encode()) <= longest for name in found)


def test_dimensions_that_are_called_as_columns_within_the_sql(ask: Asker) -> None:
    columns = "value value_row value_count value_2_count parts ranked".split()
    table: Table = (f"id INTEGER, {', '.join(f'{name} INTEGER' for name in columns)}", [])
    tables = {"visits": (table[0], [(1, 5, 2, 3, 4, 5, 6), (2, 7, 2, 3, 4, 5, 6)])}
    visits = {
        **MODEL["visits"],
        "joins": [],
        "columns": [{"name": name, "type": "number"} for name in ("id", *columns)],
        "measures": [{"name": "n", "expr": "count(*)"}],
    }
    found = ask(
        "median(visits.value)",
        "percentile(visits.id, 1)",
        "visits.n",
        by=tuple(f"visits.{name}" for name in columns[1:]),
        model={"visits": visits},
        tables=tables,
    )
    assert found == [(2, 3, 4, 5, 6, 6, 2, 2)]
