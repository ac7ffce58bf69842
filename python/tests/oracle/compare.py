"""One question on every database, against the naive evaluator's answer."""

from __future__ import annotations

from typing import Any

import pytest

from oracle.definitions import definitions, tables
from oracle.evaluate import evaluate
from oracle.model import Case, Question
from oracle.routes import Refused
from oracle.values import short_time
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database


def compare(case: Case, question: Question, databases: list[Database]) -> str:
    """Check the engine's answer or refusal on each database; return which it is."""
    try:
        expected = evaluate(case, question)
    except Refused as reason:
        for database in databases:
            with pytest.raises(SemanticError):
                pytest.fail(f"{reason}\n{_sql(case, question, database)}")
        return "refused"
    for database in databases:
        sql = _sql(case, question, database)
        database.load(tables(case))
        actual = [_short_times(record) for record in database.records(sql)]
        about = f"{database.dialect}: {question.as_query()}\n{case}\n{sql}"
        assert actual == [pytest.approx(record) for record in expected], about
    return "answered"


def _sql(case: Case, question: Question, database: Database) -> str:
    engine = SemanticEngine.from_sources(definitions(case), database.dialect)
    return engine.query(question.as_query()).sql


def _short_times(record: dict[str, Any]) -> dict[str, Any]:
    return {name: short_time(value) for name, value in record.items()}
