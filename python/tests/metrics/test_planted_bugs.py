"""The random questions tell a wrong evaluator from the right one, whatever is wrong with it."""

from __future__ import annotations

import pytest

from metrics.bugs import BUGS
from metrics.evaluator import Evaluator, Refused
from metrics.searching import cases
from oracle.search import Search


@pytest.fixture(scope="module")
def missed() -> set[type[Evaluator]]:
    """The wrong evaluators that no question tells from the right one."""
    left = set(BUGS)
    for world, questions in cases(Search(9000, seed=0, shard=1, shards=1, collects=False)):
        for question in questions:
            try:
                right = Evaluator(world, question).answer()
            except Refused:
                continue
            left -= {bug for bug in left if bug(world, question).answer() != right}
    return left


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_found(bug: type[Evaluator], missed: set[type[Evaluator]]) -> None:
    assert bug not in missed
