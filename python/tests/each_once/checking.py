"""The planner's answer on each database, beside the right one."""

from __future__ import annotations

from typing import Any

from each_once.evaluator import Rows
from each_once.question import Question
from each_once.world import World, model
from oracle.outputs import same
from oracle.values import short_time
from oracle.wrong import Wrong
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
    kept = [i for i, item in enumerate(result.columns) if not item.part]
    got = [tuple(short_time(row[i]) for i in kept) for row in found]
    return None if equal(expected, got) else wrong("rows", sql=result.sql, got=got)


def equal(expected: Rows, got: Rows) -> bool:
    """Whether rows are the same, in any order, but for the last digits of numbers."""
    pairs = zip(sorted(expected, key=_by_group), sorted(got, key=_by_group), strict=False)
    return len(expected) == len(got) and all(
        len(one) == len(two) and all(map(same, one, two)) for one, two in pairs
    )


def _by_group(row: tuple[Any, ...]) -> str:
    return repr([value if isinstance(value, str | None) else 0 for value in row])


def kinds(question: Question) -> list[str]:
    """Return what a question has, for a title."""
    found = {item.kind for item in question.measures} | set(question.by)
    found |= {f"filter of {item.column}" for item in question.filters}
    return sorted(found | ({"empty"} if question.empty else set()))
