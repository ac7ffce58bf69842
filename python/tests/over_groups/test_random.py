"""The planner's SQL against the evaluator, on random rows and questions over groups."""

from __future__ import annotations

from oracle.search import Search
from over_groups.checking import check
from over_groups.evaluator import Evaluator
from over_groups.random_cases import cases
from over_groups.shrinking import shrunk
from support.databases import Database


def test_answers_over_groups_equal_the_evaluators(
    every_database: list[Database], search: Search
) -> None:
    for world, questions in cases(search):
        for question in questions:
            expected = Evaluator(world, question).answer()
            for database in every_database:
                wrong = check(world, question, expected, database)
                if wrong:
                    raise shrunk(world, question, database, wrong)
