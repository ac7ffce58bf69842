"""Random questions over time, of a calendar whose weeks and years begin when it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple, get_args

from metrics.periods import FISCAL, Calendar
from metrics.question import Measure, Question, World
from metrics.random_questions import random_question
from metrics.random_worlds import MONTHS, YEARS, Span, random_world
from oracle.search import Search
from semantic_layer.times import calendar as planned

QUESTIONS = 4
SHARE = 1 / 15
_WEEKDAYS = {0: "monday", 6: "sunday", 5: "saturday"}
_NAMES = get_args(planned.MonthName)


class Case(NamedTuple):
    """Rows, questions about them, and the calendar."""

    world: World
    questions: list[Question]
    calendar: Calendar


def stated(calendar: Calendar) -> planned.Calendar:
    """Return a calendar as a project states it."""
    return planned.Calendar.model_validate(
        {
            "week_start": _WEEKDAYS[calendar.first_weekday],
            "fiscal_year_start": _NAMES[calendar.first_month - 1],
        }
    )


def cases(search: Search) -> Iterator[Case]:
    """Yield the cases; the same for the same search."""
    count = max(1, round(search.examples * SHARE / QUESTIONS))
    for number in range(search.shard - 1, count, search.shards):
        rng = Random(f"calendars {search.seed} {number}")
        calendar = Calendar(rng.choice((0, 6, 6, 5)), 1 + number % 12)
        span = _calendar_span(rng.choice((YEARS, YEARS, MONTHS)))
        world = random_world(rng, span)
        questions = [fiscal(random_question(rng, span)) for _ in range(QUESTIONS)]
        yield Case(world, questions, calendar)


def _calendar_span(span: Span) -> Span:
    """Return a span whose questions are mostly of periods that a calendar begins."""
    return replace(span, grains=("day", "week", "week", "month", "quarter", "quarter", "year"))


def fiscal(question: Question) -> Question:
    """Return a question with fiscal quarters and years for plain ones."""
    dimensions = tuple(
        replace(item, grain=FISCAL.get(item.grain or "", item.grain))
        for item in question.dimensions
    )
    changed = {item.name: _fiscal_measure(item) for item in question.measures}
    having = tuple(
        replace(item, measure=changed.get(item.measure.name, item.measure))
        for item in question.having
    )
    return replace(question, dimensions=dimensions, measures=tuple(changed.values()), having=having)


def _fiscal_measure(measure: Measure) -> Measure:
    """Return a measure with what it looks back to, its parts too, in fiscal periods."""
    changes: dict[str, Any] = {
        name: _fiscal_measure(part)
        for name in ("of", "left", "right")
        if isinstance(part := getattr(measure, name, None), Measure)
    }
    if (grain := getattr(measure, "to_grain", None)) is not None:
        changes["to_grain"] = FISCAL.get(grain, grain)
    return replace(measure, **changes)
