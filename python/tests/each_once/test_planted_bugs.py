"""The random questions tell a wrong evaluator from the right one, whatever is wrong with it."""

from __future__ import annotations

import pytest

from each_once.bugs import BUGS
from each_once.checking import equal
from each_once.evaluator import Evaluator
from each_once.random_cases import cases
from oracle.search import Search


@pytest.fixture(scope="module")
def told() -> dict[type[Evaluator], int]:
    """How many questions of a landing tell each from the right one."""
    found = dict.fromkeys(BUGS, 0)
    for world, questions in cases(Search(7200, 0, 1, 1, collects=False)):
        for question in questions:
            right = Evaluator(world, question).answer()
            for bug in BUGS:
                found[bug] += not equal(right, bug(world, question).answer())
    return found


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_found(bug: type[Evaluator], told: dict[type[Evaluator], int]) -> None:
    assert told[bug]
