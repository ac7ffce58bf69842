"""TPC-H: semantic queries answer as the reference SQL does, on the same generated data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from semantic_layer import SemanticEngine
from support.databases import Row, plain
from tpch.data import copied_to_sqlite, generated
from tpch.derived_questions import DERIVED_QUESTIONS
from tpch.plain_questions import PLAIN_QUESTIONS
from tpch.question import Question

MODEL = Path(__file__).parent / "model"
QUESTIONS = sorted([*PLAIN_QUESTIONS, *DERIVED_QUESTIONS], key=lambda item: item.number)
# In smaller data some questions have no row to answer with, or a filter that removes none.
SCALE = 0.05
# Their `sql` sources call functions of DuckDB.
DUCKDB_ONLY = {15, 20}
# Hardly any supplier ships half of its stock of a part in one year: the data has none.
REMOVES_NOTHING = {(20, "partsupp.ps_availqty > 0.5 * yearly_shipment.quantity")}


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = generated(SCALE)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def copy(warehouse: duckdb.DuckDBPyConnection) -> Iterator[sqlite3.Connection]:
    connection = copied_to_sqlite(warehouse)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def engine() -> SemanticEngine:
    return SemanticEngine(MODEL, "duckdb")


def reference(warehouse: duckdb.DuckDBPyConnection, number: int) -> list[Row]:
    """Run the reference SQL of a question, as the extension ships it."""
    found = warehouse.execute(
        "SELECT query FROM tpch_queries() WHERE query_nr = ?", [number]
    ).fetchone()
    assert found is not None
    rows = warehouse.execute(found[0]).fetchall()
    return [tuple(plain(value) for value in row) for row in rows]


def answer(connection: Any, engine: SemanticEngine, question: Question) -> list[Row]:
    """Run the planned SQL of a question, its columns as the reference has them."""
    cursor = connection.execute(engine.query(question.query).sql)
    names = [item[0] for item in cursor.description]
    rows = cursor.fetchall()
    return [tuple(picked(column, names, row) for column in question.columns) for row in rows]


def picked(column: str, names: list[str], row: Row) -> Any:
    name, _, part = column.partition(":")
    value = plain(row[names.index(name)])
    return int(value[:4]) if part == "year" else value


def close(rows: list[Row]) -> list[Row]:
    """Return rows that compare equal to rows with slightly different numbers."""
    return [
        tuple(
            pytest.approx(value, rel=1e-9) if isinstance(value, (int, float)) else value
            for value in row
        )
        for row in rows
    ]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_question(
    warehouse: duckdb.DuckDBPyConnection, engine: SemanticEngine, question: Question
) -> None:
    expected = reference(warehouse, question.number)
    found = answer(warehouse, engine, question)
    assert expected, "the data must have an answer"
    assert all(value is not None for row in expected for value in row)
    keys = [question.columns.index(column) for column in question.order]
    order = [tuple(row[key] for key in keys) for row in expected]
    # The reference leaves the order of rows open that its ORDER BY does not tell apart.
    assert len(expected) == 1 or len(set(order)) == len(expected)
    assert found == close(expected)


@pytest.mark.parametrize(
    "question", [item for item in QUESTIONS if item.number not in DUCKDB_ONLY], ids=str
)
def test_question_on_sqlite(
    warehouse: duckdb.DuckDBPyConnection, copy: sqlite3.Connection, question: Question
) -> None:
    found = answer(copy, SemanticEngine(MODEL, "sqlite"), question)
    assert found == close(reference(warehouse, question.number))


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_every_filter_matters(
    warehouse: duckdb.DuckDBPyConnection, engine: SemanticEngine, question: Question
) -> None:
    expected = answer(warehouse, engine, question)
    filters = question.query.get("filters", [])
    for index, text in enumerate(filters):
        others = [*filters[:index], *filters[index + 1 :]]
        changed = replace(question, query={**question.query, "filters": others})
        same = answer(warehouse, engine, changed) == expected
        assert same == ((question.number, text) in REMOVES_NOTHING), text


def test_a_question_reads_the_derived_tables_it_says(engine: SemanticEngine) -> None:
    for question in QUESTIONS:
        used = engine.query(question.query).plan.sources_used
        nodes = [engine.graph.source_of(node) for node in used]
        derived = [name for name in nodes if engine.sources[name].sql is not None]
        assert tuple(derived) == question.reads, str(question)


def test_the_model_has_no_findings(engine: SemanticEngine) -> None:
    assert engine.validate().findings == []
    questions = [engine.query(question.query) for question in QUESTIONS]
    assert [item for question in questions for item in question.warnings] == []
