"""The planner's SQL against the naive evaluator, on random models, data and questions."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle.compare import compare
from oracle.shapes import SHAPES, cases
from oracle.strategies import questions
from support.databases import Database

# Several questions about one model: planning and loading it costs more than asking.
QUESTIONS = 4


@pytest.mark.parametrize("shape", list(SHAPES))
def test_answers_equal_the_naive_evaluator(
    databases: list[Database], oracle_examples: int, shape: str
) -> None:
    outcomes: Counter[str] = Counter()

    @settings(
        max_examples=oracle_examples // len(SHAPES) // QUESTIONS,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(cases(shape))
        for _ in range(QUESTIONS):
            outcomes[compare(case, data.draw(questions(case)), databases)] += 1

    check()
    assert min(outcomes["answered"], outcomes["refused"]) > outcomes.total() // 10
