"""Long and deep conditions are answered, or refused because they are nested too deeply."""

from __future__ import annotations

from typing import Any

import pytest

from rules.test_the_databases_own_sql import TABLES, tools
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.asking import Asker

LONG = 1050


def any_of(column: str, count: int = LONG) -> str:
    return " OR ".join(f"{column} = {value}" for value in range(1, count))


def test_thousands_of_conditions(ask: Asker) -> None:
    def asked(condition: str, **rest: Any) -> list[tuple[Any, ...]]:
        return ask("tools.n", filters=[condition], tables=TABLES, model=tools(), **rest)

    assert asked(any_of("tools.id")) == [(4,)]
    assert asked(" AND ".join(f"tools.id <> {value}" for value in range(2, LONG))) == [(1,)]
    assert asked(" OR ".join(f"tools.id = {n} AND tools.maker = 1" for n in range(600))) == [(2,)]
    assert asked(" AND ".join(f"(tools.id > 2 OR tools.id < -{n})" for n in range(600))) == [(2,)]
    assert asked(f"tools.id IN ({', '.join(map(str, range(5000)))})") == [(4,)]
    assert asked(f"tools.n > 0 AND ({any_of('tools.n')})") == [(4,)]


def test_every_place_of_a_model(ask: Asker) -> None:
    # SQLite itself has no plan for a LEFT JOIN of more than a thousand conditions, however put.
    on = " AND ".join(["maker = makers.id", *(f"makers.id <> {n}" for n in range(5, 400))])
    model = tools(
        measures=[{"name": "some", "expr": "count(id)", "filter": any_of("id")}],
        segments=[{"name": "some", "expr": any_of("id")}],
        computed=[{"name": "low", "type": "boolean", "expr": any_of("id")}],
        joins=[{"to": "makers", "on": on, "relationship": "many_to_one"}],
    )
    rest: dict[str, Any] = {"model": model, "tables": TABLES}
    assert ask("tools.some", **rest) == [(4,)]
    assert ask("tools.n", segments=["tools.some"], **rest) == [(4,)]
    assert ask("tools.n", by=("tools.low",), **rest) == [(True, 4)]
    found = ask("tools.n", by=("makers.name",), include_empty=False, **rest)
    assert found == [("acme", 2), ("bolt", 1), (None, 1)]
    for dialect in ("sqlite", "duckdb", "postgres"):
        assert SemanticEngine.from_sources(model, dialect).validate().errors == []


def test_long_sums_keep_their_order(ask: Asker) -> None:
    total = " + ".join(["tools.price"] * 200) + " - 1"
    measures = [{"name": "m", "expr": f"sum({total.replace('tools.', '')})"}]
    measures.append({"name": "k", "expr": " + ".join(["sum(price)"] * 200)})
    assert ask("tools.m", "tools.k", model=tools(measures=measures), tables=TABLES) == [
        (55 * 200 - 3, 55 * 200)
    ]


@pytest.mark.parametrize("dialect", ["sqlite", "duckdb", "postgres", "mysql", "tsql"])
@pytest.mark.parametrize(
    "text",
    [
        "(" * 900 + "tools.id = 1" + ")" * 900,
        "abs(" * 900 + "tools.id" + ")" * 900 + " = 1",
        "CASE WHEN tools.id = 1 THEN 1 ELSE " * 900 + "2" + " END" * 900 + " = 1",
        "NOT " * 20000 + "tools.id = 1",
        "tools.id = " + " / 1 * ".join(["tools.id"] * 900),
    ],
    ids=["parentheses", "calls", "cases", "nots", "divisions"],
)
def test_what_is_too_deep_is_refused(text: str, dialect: str) -> None:
    engine = SemanticEngine.from_sources(tools(), dialect)
    with pytest.raises(SemanticError, match="nested too deeply"):
        engine.query({"measures": ["tools.n"], "filters": [text]})
    model = tools(segments=[{"name": "deep", "expr": text.replace("tools.", "")}])
    model["q"] = {**model["makers"], "name": "q", "sql": f"SELECT id, name FROM tools WHERE {text}"}
    del model["q"]["table"]
    findings = SemanticEngine.from_sources(model, dialect).validate().findings
    assert "nested too deeply" in " ".join(item.message for item in findings)


def test_nesting_that_people_write_is_answered(ask: Asker) -> None:
    text = "(" * 60 + "tools.id = 1" + ")" * 60
    assert ask("tools.n", filters=[text], model=tools(), tables=TABLES) == [(1,)]
