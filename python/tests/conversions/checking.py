"""The planner's answer on each database, beside the right one."""

from __future__ import annotations

from conversions.evaluator import Rows
from conversions.question import Conversion, Question
from conversions.world import World, model, tables
from oracle.answering import Case, wrong_answer
from oracle.answering import in_order as equal
from oracle.wrong import Wrong
from support.databases import Database

__all__ = ["check", "equal", "kinds", "may_refuse"]


def check(world: World, question: Question, expected: Rows, database: Database) -> Wrong | None:
    """Return what is wrong with the rows that a database gives, if they are not the right ones."""
    case = Case(
        model(question),
        question.query(),
        tables(world, database.dialect),
        expected,
        kinds(question),
        may_refuse(question, database.dialect),
    )
    return wrong_answer(case, database)


def may_refuse(question: Question, dialect: str) -> bool:
    """Whether a question is refused with good reason: no percentile is computed of conversions
    where the database has none."""
    folds = {item.conversion.fold for item in question.conversions()}
    return "median" in folds and dialect in ("sqlite", "mysql", "trino")


def kinds(question: Question) -> list[str]:
    """Return what a question has, for a title."""
    found = {type(item).__name__.lower() for item in question.measures}
    names = ("calculate", "window", "constant", "where", "fill")
    for item in question.conversions():
        found |= {f"{name}" for name in names if getattr(item, name)}
        found.add(item.conversion.fold)
    found |= {
        name for name in ("filters", "segments", "having", "empty") if getattr(question, name)
    }
    return sorted(found - {Conversion.__name__.lower()})
