"""The planner's answer on each database, beside the right one."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from metrics.as_metrics import sources_and_metrics
from metrics.definitions import modelled, query, sources, tables, time_text
from metrics.evaluator import Refused, evaluate
from metrics.question import Aggregate, Cumulative, Measure, Offset, Question, World, walk
from oracle.outputs import same
from oracle.values import short_time
from oracle.wrong import Signature, Wrong
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.models import QueryResult
from semantic_layer.times.calendar import Calendar
from support.databases import Database

Rows = list[tuple[Any, ...]]


def right(world: World, question: Question) -> Rows | Refused:
    """Return the naive evaluator's rows as a database would show them, or why there are none."""
    try:
        found = evaluate(world, question)
    except Refused as reason:
        return reason
    return [tuple(map(time_text, row)) for row in found]


def check(
    world: World,
    question: Question,
    expected: Rows | Refused,
    databases: Sequence[Database],
    known: Container[Signature] = frozenset(),
    calendar: Calendar | None = None,
) -> str:
    """Raise `Wrong` where a database's rows are not the right ones; return what came out.

    "declined" is the refusal of what the evaluator answers, where that is known.
    """
    outcome = ""
    for database in databases:
        outcome, wrong = _asked(world, question, expected, database, calendar)
        if wrong and wrong.signature not in known:
            raise wrong
    return outcome


def _asked(
    world: World,
    question: Question,
    expected: Rows | Refused,
    database: Database,
    calendar: Calendar | None,
) -> tuple[str, Wrong | None]:
    make = sources_and_metrics if question.has_metrics else sources
    model, asked = make(modelled(question)), query(question)
    loaded = tables(world, database.dialect, [name for name in model if name != "metrics"])

    def wrong(what: str, **about: Any) -> tuple[str, Wrong]:
        lines = [line for name, (_, rows) in loaded.items() for line in (name, *rows) if rows]
        kinds, about = question.kinds(), {"expected": _shown(expected), **about}
        parts = {"model": model, "tables": lines, "question": asked}
        return "wrong", Wrong(what, kinds, database.dialect, **parts, **about)

    try:
        engine = SemanticEngine.from_sources(model, database.dialect)
        result = engine.query(asked, calendar=calendar)
    except SemanticError as error:
        if isinstance(expected, Refused):
            return "refused", None
        is_declined = may_refuse(question, database.dialect)
        return ("declined", None) if is_declined else wrong("refused", got=f"{error} {error.fix}")
    except Exception as error:
        return wrong("crash", got=f"{type(error).__name__}: {error}"[:300])
    try:
        database.load(loaded)
        got = database.rows(result.sql)
    except Exception as error:
        what = f"error of the database ({type(error).__name__})"
        return wrong(what, sql=result.sql, got=str(error).partition("\n")[0])
    if isinstance(expected, Refused):
        return wrong("not refused", sql=result.sql, got=got)
    shown = asked_columns(result, got)
    return (
        ("answered", None) if equal(expected, shown) else wrong("rows", sql=result.sql, got=shown)
    )


def may_refuse(question: Question, dialect: str) -> bool:
    """Whether a question is refused with good reason: each says so to the user.

    Windows and offsets count days yet, and no shorter periods. Where a database has no percentile,
    none is taken of the rows of the last day.
    """
    parts = [part for measure in question.measures for part in walk(measure)]
    framed = [part for part in parts if isinstance(part, Cumulative | Offset)]
    grains = {item.grain for item in question.dimensions if framed or question.fill}
    grains |= {part.window.grain for part in framed if isinstance(part, Cumulative) and part.window}
    grains |= {part.by.grain for part in framed if isinstance(part, Offset) and part.by}
    no_median = dialect in ("sqlite", "mysql") and any(
        isinstance(part, Aggregate) and part.non_additive and part.fold == "median"
        for part in parts
    )
    return no_median or _has_no_average(parts) or bool(grains & {"hour", "minute", "second"})


def _has_no_average(parts: Sequence[Measure]) -> bool:
    """Whether an average of finer periods is asked for where there is none.

    Of weeks, of what is filled or made of others, and at another time.
    """
    averages = [p for p in parts if isinstance(p, Cumulative) and p.period == "average"]
    return any(
        not isinstance(part.of, Aggregate)
        or part.of.fill_nulls_with is not None
        or (part.window is not None and part.window.grain == "week")
        for part in averages
    ) or any(isinstance(part, Offset) and part.of in averages for part in parts)


def asked_columns(result: QueryResult, rows: Rows) -> Rows:
    """Return the rows without the columns that are only parts of what was asked."""
    kept = [i for i, item in enumerate(result.columns) if not getattr(item, "part", False)]
    return [tuple(short_time(row[i]) for i in kept) for row in rows]


def equal(expected: Rows, got: Rows) -> bool:
    """Whether rows are the same, but for the last digits of numbers."""
    return len(expected) == len(got) and all(
        len(one) == len(two) and all(map(same, one, two))
        for one, two in zip(expected, got, strict=True)
    )


def _shown(expected: Rows | Refused) -> Any:
    return f"a refusal, {expected}" if isinstance(expected, Refused) else expected
