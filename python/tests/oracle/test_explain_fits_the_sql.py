"""The plan in words against the SQL of the same plan, on random models and questions."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle.definitions import definitions
from oracle.shapes import SHAPES, cases
from oracle.strategies import questions
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_join_merge_and_filter_of_the_sql_is_told(oracle_examples: int, shape: str) -> None:
    answered = 0
    examples = oracle_examples // len(SHAPES) // 10  # that the rows are right is tested elsewhere

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        nonlocal answered
        case = data.draw(cases(shape))
        question = data.draw(questions(case))
        engine = SemanticEngine.from_sources(definitions(case), "sqlite")
        try:
            result = engine.query(question.as_query())
        except SemanticError:
            return
        lines = [line.strip() for line in engine.explain_plan(result.plan).lines()]
        compare(result.sql, lines)
        answered += 1

    check()
    assert answered > examples // 5


def compare(sql: str, lines: list[str]) -> None:
    """Count what the SQL does and what the words say; values of empty groups join as well."""

    def told(start: str) -> int:
        return sum(line.startswith(start) for line in lines)

    empty_groups = told("Empty groups (include_empty): every value")
    joins = sql.count("JOIN ")
    assert told("join ") == joins if not empty_groups else told("join ") <= joins, sql
    if not empty_groups:
        assert told("inner join: ") == joins - sql.count("LEFT JOIN "), sql
    parts = told("Aggregate ") + told("Rows of ") + empty_groups
    assert sql.count("UNION ALL") == parts - 1, sql
    assert told("Merge ") == (parts > 1), sql
    assert (told("row filter: ") > 0) == (told("Row filter ") > 0), sql
    assert told("At most ") + sum(" at most " in line for line in lines) == 1
