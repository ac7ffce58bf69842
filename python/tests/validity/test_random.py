"""Random questions over random worlds, answered as the loops over rows answer them."""

from __future__ import annotations

import pytest

from oracle.search import Search
from support.databases import Database
from validity.bugs import BUGS
from validity.checking import found
from validity.evaluator import Evaluator
from validity.random_cases import cases

SHARE = 0.1
"""Which part of the random questions of all tests is about windows."""


def test_each_database_gives_the_right_rows(every_database: list[Database], search: Search) -> None:
    count = max(1, round(search.examples * SHARE / search.shards))
    for world, questions in cases(count, search.seed * 1000 + search.shard):
        for question in questions:
            right = Evaluator(world).answer(question)
            for database in every_database:
                rows = found(world, question, database)
                assert rows == right, (database.dialect, world, question.query())


@pytest.fixture(scope="module")
def told() -> dict[type[Evaluator], int]:
    """How many of the questions tell each wrong evaluator from the right one."""
    counts = dict.fromkeys(BUGS, 0)
    for world, questions in cases(360, 1):
        for question in questions:
            right = Evaluator(world).answer(question)
            for bug in BUGS:
                counts[bug] += bug(world).answer(question) != right
    return counts


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_found(bug: type[Evaluator], told: dict[type[Evaluator], int]) -> None:
    assert told[bug]
