"""The planner's SQL against the naive evaluator, on random rows and questions over time."""

from __future__ import annotations

from collections import Counter

import pytest

from metrics.checking import check, right
from metrics.question import Question, World
from metrics.searching import cases, shrunk
from oracle.search import Search
from oracle.wrong import Signature, Wrong
from support.databases import Database


def test_answers_over_time_equal_the_naive_evaluator(
    every_database: list[Database], search: Search
) -> None:
    outcomes: Counter[str] = Counter()
    found: dict[Signature, Wrong] = {}
    for world, questions in cases(search):
        for question in questions:
            for database in every_database:
                wrong = _wrong(world, question, database)
                outcomes[str(wrong)] += isinstance(wrong, str)
                if isinstance(wrong, Wrong) and wrong.signature not in found:
                    found[wrong.signature] = _smallest(world, question, database, wrong)
            if found and not search.collects:
                break
    if found:
        pytest.fail("\n\n".join(map(str, found.values())), pytrace=False)
    assert outcomes["answered"] > outcomes.total() // 2, outcomes


def _wrong(world: World, question: Question, database: Database) -> Wrong | str:
    try:
        return check(world, question, right(world, question), [database])
    except Wrong as wrong:
        return wrong


def _smallest(world: World, question: Question, database: Database, wrong: Wrong) -> Wrong:
    """Return what is wrong with the smallest case that is wrong in the same way."""

    def fails(world: World, question: Question) -> bool:
        found = _wrong(world, question, database)
        return isinstance(found, Wrong) and found.args == wrong.args

    found = _wrong(*shrunk(world, question, fails), database)
    assert isinstance(found, Wrong)
    return found
