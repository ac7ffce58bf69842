"""The planner's SQL against the evaluator, on random rows and questions by the many side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from each_once.checking import check
from each_once.evaluator import Evaluator
from each_once.question import Question
from each_once.random_cases import cases
from each_once.world import World
from oracle.search import Search
from oracle.wrong import Wrong
from support.databases import Database


def test_answers_equal_the_evaluators(every_database: list[Database], search: Search) -> None:
    for world, questions in cases(search):
        for question in questions:
            expected = Evaluator(world, question).answer()
            for database in every_database:
                wrong = check(world, question, expected, database)
                if wrong:
                    raise smallest(world, question, database, wrong)


def smallest(world: World, question: Question, database: Database, wrong: Wrong) -> Wrong:
    """Return the smallest wrong answer of the kind that is found by leaving parts out."""
    for less, fewer in _smaller(world, question):
        found = check(less, fewer, Evaluator(less, fewer).answer(), database)
        if found is not None and found.args == wrong.args:
            return smallest(less, fewer, database, found)
    return wrong


def _smaller(world: World, question: Question) -> list[tuple[World, Question]]:
    parts: list[dict[str, Any]] = [{"filters": question.filters[1:]}, {"having": None}]
    parts += [{"empty": False}]
    if len(question.measures) > 1:
        parts += [{"measures": (item,), "having": None} for item in question.measures]
    found = [(world, replace(question, **part)) for part in parts]
    found = [(less, fewer) for less, fewer in found if fewer != question]
    for table in world._fields:
        kept = getattr(world, table)
        for row in kept:
            less = world._replace(**{table: tuple(r for r in kept if r is not row)})
            found.append((less, question))
    return found
