"""The planner's SQL against the naive evaluator, on random rows and questions over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

import pytest
from hypothesis import strategies as st

from metrics.checking import check, right
from metrics.random_questions import questions
from metrics.random_worlds import SPANS, worlds
from oracle.search import Search
from oracle.wrong import Signature
from support.databases import Database

QUESTIONS = 4
"""About the same rows: loading them costs more than asking."""
SHARE = 1 / 15
"""Of the random questions that the planner is asked."""


def test_answers_over_time_equal_the_naive_evaluator(
    every_database: list[Database], search: Search
) -> None:
    outcomes: Counter[str] = Counter()

    def follow(data: st.DataObject, dialect: str | None, known: Container[Signature]) -> None:
        span = data.draw(st.sampled_from(SPANS))
        world = data.draw(worlds(span))
        wanted = [item for item in every_database if dialect in (None, item.dialect)]
        for _ in range(QUESTIONS):
            question = data.draw(questions(span))
            outcomes[check(world, question, right(world, question), wanted, known)] += 1

    found = search.run("metrics", SHARE / QUESTIONS, follow)
    if found:
        pytest.fail("\n\n".join(map(str, found)), pytrace=False)
    assert outcomes["answered"] > outcomes.total() // 2, outcomes
