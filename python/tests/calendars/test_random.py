"""The planner's SQL against the naive evaluator, on random questions of random calendars."""

from __future__ import annotations

from collections import Counter

from calendars.cases import cases, stated
from metrics.checking import check, right
from metrics.periods import kept_by
from oracle.search import Search
from support.databases import Database


def test_answers_equal_the_naive_evaluator(every_database: list[Database], search: Search) -> None:
    outcomes: Counter[str] = Counter()
    for world, questions, calendar in cases(search):
        for question in questions:
            with kept_by(calendar):
                expected = right(world, question)
                found = check(world, question, expected, every_database, calendar=stated(calendar))
            outcomes[found] += 1
    assert outcomes["answered"] > outcomes.total() // 2, outcomes
