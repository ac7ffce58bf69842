"""A question asked of a database, and what is wrong with the rows that it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from oracle.outputs import same
from oracle.values import short_time
from oracle.wrong import Wrong
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database, Table

Rows = Sequence[tuple[Any, ...]]


def in_order(expected: Rows, got: Rows) -> bool:
    """Whether rows are the same in the same order, but for the last digits of numbers."""
    return len(expected) == len(got) and all(
        len(one) == len(two) and all(same(short_time(a), b) for a, b in zip(one, two, strict=True))
        for one, two in zip(expected, got, strict=True)
    )


class Case(NamedTuple):
    """A question about a model and its tables, the right rows, and what to call it by.

    `may_refuse` says that the planner has a good reason to refuse it.
    """

    model: dict[str, Any]
    asked: dict[str, Any]
    tables: Mapping[str, Table]
    expected: Rows
    kinds: list[str]
    may_refuse: bool = False
    equal: Callable[[Rows, Rows], bool] = in_order


def wrong_answer(case: Case, database: Database) -> Wrong | None:
    """Return what is wrong with the rows that a database gives, if they are not the right ones."""

    def wrong(what: str, **about: Any) -> Wrong:
        lines = [line for name, (_, rows) in case.tables.items() for line in (name, *rows)]
        parts = {"model": case.model, "question": case.asked, "tables": lines}
        return Wrong(what, case.kinds, database.dialect, **parts, expected=case.expected, **about)

    try:
        result = SemanticEngine.from_sources(case.model, database.dialect).query(case.asked)
    except SemanticError as error:
        return None if case.may_refuse else wrong("refused", got=f"{error} {error.fix}")
    try:
        database.load(case.tables)
        found = database.rows(result.sql)
    except Exception as error:
        what = f"error of the database ({type(error).__name__})"
        return wrong(what, sql=result.sql, got=str(error).partition("\n")[0])
    # A measure that is made of others shows its parts, too.
    kept = [i for i, item in enumerate(result.columns) if not item.part]
    got = [tuple(short_time(row[i]) for i in kept) for row in found]
    return None if case.equal(case.expected, got) else wrong("rows", sql=result.sql, got=got)
