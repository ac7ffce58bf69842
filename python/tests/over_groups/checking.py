"""The planner's answer on each database, beside the right one."""

from __future__ import annotations

from typing import Any

from oracle.outputs import same
from oracle.values import short_time
from oracle.wrong import Wrong
from over_groups.evaluator import Rows
from over_groups.question import Question
from over_groups.world import World, model
from semantic_layer import SemanticEngine
from support.databases import Database


def check(world: World, question: Question, expected: Rows, database: Database) -> Wrong | None:
    """Return what is wrong with the rows that a database gives, if they are not the right ones."""
    asked, tables = question.query(), world.tables()

    def wrong(what: str, **about: Any) -> Wrong:
        lines = [line for name, (_, rows) in tables.items() for line in (name, *rows)]
        parts = {"model": model(), "question": asked, "tables": lines, "expected": expected}
        return Wrong(what, kinds(question), database.dialect, **parts, **about)

    try:
        result = SemanticEngine.from_sources(model(), database.dialect).query(asked)
    except Exception as error:
        return wrong("refused", got=f"{type(error).__name__}: {error}")
    try:
        database.load(tables)
        found = database.rows(result.sql)
    except Exception as error:
        what = f"error of the database ({type(error).__name__})"
        return wrong(what, sql=result.sql, got=str(error).partition("\n")[0])
    # A measure that is made of others shows its parts, too.
    kept = [i for i, item in enumerate(result.columns) if not getattr(item, "part", False)]
    got = [tuple(short_time(row[i]) for i in kept) for row in found]
    return None if equal(expected, got) else wrong("rows", sql=result.sql, got=got)


def equal(expected: Rows, got: Rows) -> bool:
    """Whether rows are the same in the same order, but for the last digits of numbers."""
    return len(expected) == len(got) and all(
        len(one) == len(two) and all(map(same, one, two))
        for one, two in zip(expected, got, strict=True)
    )


def kinds(question: Question) -> list[str]:
    """Return what a question has, for a title."""
    found = {type(part).__name__.lower() for tree in question.trees for part in tree.parts()}
    found |= {
        key
        for key in ("rows", "having", "order", "top", "per", "compare", "empty", "fill")
        if getattr(question, key)
    }
    return sorted(found - {"plain", "number"})
