"""The planner's answer on each database, beside the right one."""

from __future__ import annotations

from typing import Any

from each_once.evaluator import Rows
from each_once.question import Question
from each_once.world import World, model
from oracle.answering import Case, in_order, wrong_answer
from oracle.wrong import Wrong
from support.databases import Database


def check(world: World, question: Question, expected: Rows, database: Database) -> Wrong | None:
    """Return what is wrong with the rows that a database gives, if they are not the right ones."""
    case = Case(model(), question.query(), world.tables(), expected, kinds(question), equal=equal)
    return wrong_answer(case, database)


def equal(expected: Any, got: Any) -> bool:
    """Whether rows are the same, in any order, but for the last digits of numbers."""
    return in_order(sorted(expected, key=_by_group), sorted(got, key=_by_group))


def _by_group(row: tuple[Any, ...]) -> str:
    return repr([value if isinstance(value, str | None) else 0 for value in row])


def kinds(question: Question) -> list[str]:
    """Return what a question has, for a title."""
    found = {item.kind for item in question.measures} | set(question.by)
    found |= {f"filter of {item.column}" for item in question.filters}
    return sorted(found | ({"empty"} if question.empty else set()))
