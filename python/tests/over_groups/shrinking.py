"""Making a wrong answer smaller: without any row or part of the question that it does not need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from oracle.wrong import Wrong
from over_groups.checking import check
from over_groups.evaluator import Evaluator
from over_groups.question import Question
from over_groups.world import World
from support.databases import Database

_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("rows", "having", "order", "per"), ()),
    "top": None,
    "compare": None,
    "empty": False,
    "fill": False,
}


def shrunk(world: World, question: Question, database: Database, wrong: Wrong) -> Wrong:
    """Return the smallest wrong answer of the same kind that is found by leaving parts out."""
    for smaller_world, smaller in _smaller(world, question, wrong.signature[1] != "refused"):
        expected = Evaluator(smaller_world, smaller).answer()
        found = check(smaller_world, smaller, expected, database)
        if found is not None and found.signature[1] == wrong.signature[1]:
            return shrunk(smaller_world, smaller, database, found)
    return wrong


def _smaller(
    world: World, question: Question, is_answered: bool
) -> Iterator[tuple[World, Question]]:
    for name, nothing in _NOTHING.items():
        if getattr(question, name) != nothing and not (name == "top" and question.per):
            yield world, replace(question, **{name: nothing})
    # Without a measure a question may be refused with good reason.
    if is_answered and len(question.measures) > 1 and not question.order:
        for measure in question.measures:
            rest = tuple(item for item in question.measures if item != measure)
            yield world, replace(question, measures=rest)
    for table in ("sales", "returns", "shops"):
        rows = getattr(world, table)
        for row in rows:
            yield world._replace(**{table: tuple(r for r in rows if r != row)}), question
