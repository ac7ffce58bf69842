"""The planner's SQL against the naive evaluator, on random models, data and questions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle.evaluate import Refused, evaluate
from oracle.model import Case, definitions
from oracle.strategies import cases, questions
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database, Table


def tables(case: Case) -> dict[str, Table]:
    loaded: dict[str, Table] = {}
    for source in case.sources:
        keys = [f"fk_{join.target}" for join in case.joins if join.source == source]
        columns = ["id", "x", *keys, "a"]
        kinds = ", ".join(f"{name} {'TEXT' if name == 'a' else 'INTEGER'}" for name in columns)
        rows = [tuple(row[name] for name in columns) for row in case.rows[source]]
        loaded[source] = (kinds, rows)
    return loaded


def test_answers_equal_the_naive_evaluator(databases: list[Database], oracle_examples: int) -> None:
    outcomes = {"answered": 0, "refused": 0}

    @settings(
        max_examples=oracle_examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(cases())
        question = data.draw(questions(case))
        for database in databases:
            outcomes[compare(case, question, database)] += 1

    check()
    assert min(outcomes.values()) > oracle_examples // 5


def compare(case: Case, question: Any, database: Database) -> str:
    engine = SemanticEngine.from_sources(definitions(case), database.dialect)
    query = question.as_query()
    try:
        expected = evaluate(case, question)
    except Refused:
        with pytest.raises(SemanticError):
            engine.query(query)
        return "refused"
    sql = engine.query(query).sql
    database.load(tables(case))
    actual = database.records(sql)
    assert len(actual) == len(expected), sql
    for ours, theirs in zip(actual, expected, strict=True):
        assert ours == pytest.approx(theirs), f"{database.dialect}: {query}\n{sql}"
    return "answered"
