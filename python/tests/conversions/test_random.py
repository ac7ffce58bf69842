"""The planner's SQL against the evaluator, on random rows and questions about conversions."""

from __future__ import annotations

from conversions.checking import check
from conversions.evaluator import Evaluator
from conversions.random_cases import cases
from oracle.search import Search
from support.databases import Database


def test_answers_about_conversions_equal_the_evaluators(
    every_database: list[Database], search: Search
) -> None:
    for world, questions in cases(search):
        for question in questions:
            expected = Evaluator(world, question).answer()
            for database in every_database:
                wrong = check(world, question, expected, database)
                if wrong:
                    raise wrong
