"""Names with a dot in a question: plain where that is clear, in quotes anywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError

SHOPS: dict[str, Any] = {
    "name": "shops",
    "table": "shops",
    "grain": ["id"],
    "columns": [
        {"name": "id", "type": "number"},
        {"name": "city name", "type": "string"},
        {"name": "Weird.Col", "type": "string"},
        {"name": "d.t", "type": "time"},
    ],
    "measures": [
        {"name": "big.n", "expr": "count(id)"},
        {"name": "half", "expr": '"big.n" / 2'},
    ],
    "segments": [{"name": "old.ones", "expr": "id < 3"}],
}
TABLE = """
CREATE TABLE shops (id INTEGER PRIMARY KEY, "city name" TEXT, "Weird.Col" TEXT, "d.t" TEXT);
INSERT INTO shops VALUES
  (1, 'Oslo', 'a', '2026-01-01'), (2, 'Rome', 'b', '2026-01-02'), (3, 'Rome', 'b', '2026-02-01');
"""


def asked(dialect: str = "sqlite", **question: Any) -> Any:
    engine = SemanticEngine.from_sources({"shops": SHOPS}, dialect)
    return engine.query({"measures": ["shops.big.n"], **question})


def rows(**question: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(TABLE)
        return database.execute(asked(**question).sql).fetchall()


@pytest.mark.parametrize("name", ["shops.Weird.Col", 'shops."Weird.Col"'])
@pytest.mark.parametrize("order", ["shops.Weird.Col", 'shops."Weird.Col"', 'Shops."weird.col"'])
def test_a_dimension(name: str, order: str) -> None:
    ordered = [{"field": order, "direction": "desc"}]
    assert rows(dimensions=[name], order_by=ordered) == [("b", 2), ("a", 1)]


def test_a_time() -> None:
    by_month = {"field": 'shops."d.t"', "granularity": "month"}
    ordered = [{"field": 'shops."d.t":month', "direction": "desc"}]
    twice = [by_month, {"field": "shops.d.t", "granularity": "year"}]
    assert [row[2] for row in rows(dimensions=twice, order_by=ordered)] == [1, 2]


@pytest.mark.parametrize("name", ["shops.big.n", 'shops."big.n"'])
def test_a_measure(name: str) -> None:
    ordered = [{"field": name, "direction": "desc"}]
    question: dict[str, Any] = {
        "measures": [name],
        "dimensions": ["shops.city name"],
        "order_by": ordered,
    }
    assert rows(**question) == [("Rome", 2), ("Oslo", 1)]
    assert asked(**question).columns[1].name == "shops.big.n"


@pytest.mark.parametrize("name", ["shops.old.ones", 'shops."old.ones"', "shops.`old.ones`"])
def test_a_segment(name: str) -> None:
    assert rows(segments=[name]) == [(2,)]


def test_a_condition() -> None:
    assert rows(filters=["shops.\"Weird.Col\" = 'b'"]) == [(2,)]


@pytest.mark.parametrize(
    ("dialect", "written"), [("sqlite", 'shops."Weird.Col"'), ("mysql", "shops.`Weird.Col`")]
)
def test_a_condition_without_quotes_says_how_it_is_written(dialect: str, written: str) -> None:
    with pytest.raises(SemanticError, match="has a dot in its name") as caught:
        asked(dialect, filters=["shops.weird.col = 'b'"])
    assert caught.value.fix == f"Write {written}."
    assert caught.value.suggestions == [written]


def test_what_is_no_column_is_still_an_unknown_source() -> None:
    with pytest.raises(SemanticError, match=r"there is no source 'shops\.weird'"):
        asked(filters=["shops.weird.call = 'b'"])


def test_an_explanation_names_a_part_with_a_dot() -> None:
    engine = SemanticEngine.from_sources({"shops": SHOPS}, "sqlite")
    question = {"measures": ["shops.half"], "segments": ["shops.old.ones"]}
    text = repr(engine.explain(question))
    assert "shops.big.n = count(id)" in text
    assert "Segment shops.old.ones: id < 3" in text
