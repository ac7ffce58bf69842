"""The planner's answer on each database, beside the right one."""

from __future__ import annotations

from oracle.answering import Case, wrong_answer
from oracle.answering import in_order as equal
from oracle.wrong import Wrong
from over_groups.evaluator import Rows
from over_groups.question import Question
from over_groups.world import World, model
from support.databases import Database

__all__ = ["check", "equal", "kinds"]


def check(world: World, question: Question, expected: Rows, database: Database) -> Wrong | None:
    """Return what is wrong with the rows that a database gives, if they are not the right ones."""
    case = Case(model(), question.query(), world.tables(), expected, kinds(question))
    return wrong_answer(case, database)


def kinds(question: Question) -> list[str]:
    """Return what a question has, for a title."""
    found = {type(part).__name__.lower() for tree in question.trees for part in tree.parts()}
    found |= {
        key
        for key in ("rows", "having", "order", "top", "per", "compare", "empty", "fill")
        if getattr(question, key)
    }
    return sorted(found - {"plain", "number"})
