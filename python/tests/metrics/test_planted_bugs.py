"""The random questions tell a wrong evaluator from the right one, whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Container

import pytest
from hypothesis import strategies as st

from metrics.bugs import BUGS
from metrics.evaluator import Evaluator, Refused
from metrics.random_questions import questions
from metrics.random_worlds import SPANS, worlds
from metrics.test_random import QUESTIONS, SHARE
from oracle.search import Search
from oracle.wrong import Signature


@pytest.fixture(scope="module")
def told(oracle_examples: int) -> dict[type[Evaluator], int]:
    """How many questions tell each from the right one, among those that the planner is asked."""
    found = dict.fromkeys(BUGS, 0)

    def follow(data: st.DataObject, _: str | None, __: Container[Signature]) -> None:
        span = data.draw(st.sampled_from(SPANS))
        world = data.draw(worlds(span))
        for _question in range(QUESTIONS):
            question = data.draw(questions(span))
            try:
                right = Evaluator(world, question).answer()
            except Refused:
                continue
            for bug in BUGS:
                if not found[bug]:  # One is enough, and some of them take long.
                    found[bug] += bug(world, question).answer() != right

    search = Search(oracle_examples, seed=0, shard=1, shards=1, collects=False)
    search.run("metrics", SHARE / QUESTIONS, follow)
    return found


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_found(bug: type[Evaluator], told: dict[type[Evaluator], int]) -> None:
    assert told[bug]
