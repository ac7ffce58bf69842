"""The planner's answer on each database, beside the right one."""

from __future__ import annotations

from typing import Any

from conversions.evaluator import Rows
from conversions.question import Conversion, Question
from conversions.world import World, model, tables
from oracle.outputs import same
from oracle.values import short_time
from oracle.wrong import Wrong
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database


def check(world: World, question: Question, expected: Rows, database: Database) -> Wrong | None:
    """Return what is wrong with the rows that a database gives, if they are not the right ones."""
    asked, loaded, sources = question.query(), tables(world, database.dialect), model(question)

    def wrong(what: str, **about: Any) -> Wrong:
        lines = [line for name, (_, rows) in loaded.items() for line in (name, *rows)]
        parts = {"model": sources, "question": asked, "tables": lines, "expected": expected}
        return Wrong(what, kinds(question), database.dialect, **parts, **about)

    try:
        result = SemanticEngine.from_sources(sources, database.dialect).query(asked)
    except SemanticError as error:
        is_declined = may_refuse(question, database.dialect)
        return None if is_declined else wrong("refused", got=f"{error} {error.fix}")
    try:
        database.load(loaded)
        found = database.rows(result.sql)
    except Exception as error:
        what = f"error of the database ({type(error).__name__})"
        return wrong(what, sql=result.sql, got=str(error).partition("\n")[0])
    got = [tuple(map(short_time, row)) for row in found]
    return None if equal(expected, got) else wrong("rows", sql=result.sql, got=got)


def may_refuse(question: Question, dialect: str) -> bool:
    """Whether a question is refused with good reason: no percentile is computed of conversions
    where the database has none."""
    folds = {item.conversion.fold for item in question.conversions()}
    return "median" in folds and dialect in ("sqlite", "mysql", "trino")


def equal(expected: Rows, got: Rows) -> bool:
    """Whether rows are the same in the same order, but for the last digits of numbers."""
    return len(expected) == len(got) and all(
        len(one) == len(two) and all(same(short_time(a), b) for a, b in zip(one, two, strict=True))
        for one, two in zip(expected, got, strict=True)
    )


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
