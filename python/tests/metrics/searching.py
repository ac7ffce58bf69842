"""The random cases: which, and what is left of one that fails when all that may go is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from metrics.question import Question, World
from metrics.random_questions import random_question
from metrics.random_worlds import SPANS, random_world
from oracle.search import Search

QUESTIONS = 4
"""About the same rows: loading them costs more than asking."""
SHARE = 1 / 15
"""Of the random questions that the planner is asked."""
Fails = Callable[[World, Question], bool]


def cases(search: Search) -> Iterator[tuple[World, list[Question]]]:
    """Yield rows and questions about them; the same for the same search."""
    count = max(1, round(search.examples * SHARE / QUESTIONS))
    for number in range(search.shard - 1, count, search.shards):
        rng = Random(f"metrics {search.seed} {number}")
        span = rng.choice(SPANS)
        yield random_world(rng, span), [random_question(rng, span) for _ in range(QUESTIONS)]


def shrunk(world: World, question: Question, fails: Fails) -> tuple[World, Question]:
    """Return the smallest case found by leaving out, one by one, what it fails without."""
    while True:
        for smaller in _smaller(world, question):
            if fails(*smaller):
                world, question = smaller
                break
        else:
            return world, question


def _smaller(world: World, question: Question) -> Iterator[tuple[World, Question]]:
    for item in _simpler(question):
        yield world, item
    for name, rows in world.rows.items():
        for index in range(len(rows)):
            yield World({**world.rows, name: rows[:index] + rows[index + 1 :]}), question


def _simpler(question: Question) -> Iterator[Question]:
    for name in ("measures", "dimensions", "filters", "having"):
        items = getattr(question, name)
        if name == "measures" and len(items) == 1:
            continue
        for index in range(len(items)):
            yield replace(question, **{name: items[:index] + items[index + 1 :]})
    if question.fill:
        yield replace(question, fill=False)
    if question.include_empty:
        yield replace(question, include_empty=False)
    for index, measure in enumerate(question.measures):
        for plain in (replace(measure, where=None), replace(measure, fill_nulls_with=None)):
            if plain != measure:
                measures = (*question.measures[:index], plain, *question.measures[index + 1 :])
                yield replace(question, measures=measures)
