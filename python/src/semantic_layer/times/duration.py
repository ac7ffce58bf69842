"""Durations in words, as `28 days`, and dates that lie one of them earlier or later."""

from __future__ import annotations

import re
from datetime import date

from semantic_layer.data.record import Frozen
from semantic_layer.errors import Origin, close_names
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.times.calendar import FISCAL, PERIODS
from semantic_layer.times.grain import GRANULARITIES
from semantic_layer.times.storage import call, cast, text

CALENDAR = ("day", "week", "month", "quarter", "year")
"""The grains whose periods are dates, from fine to coarse; weeks lie across months."""
_MONTHS = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "year": 12, "fiscal_year": 12}
_DAYS = {"day": 1, "week": 7}
_WORDS = re.compile(r"\s*(\d+)\s+([a-z]+?)s?\s*", re.IGNORECASE)
_MOST = 10_000


class Duration(Frozen):
    """Some days, weeks, months, quarters or years."""

    count: int
    grain: str

    @property
    def months(self) -> int:
        """How many months it has; 0 when it is one of days."""
        return self.count * _MONTHS.get(self.grain, 0)

    @property
    def days(self) -> int:
        """How many days it has; 0 when it is one of months."""
        return self.count * _DAYS.get(self.grain, 0)

    def __str__(self) -> str:
        return f"{self.count} {self.grain}{'' if self.count == 1 else 's'}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def read_duration(words: str, origin: Origin) -> Duration:
    """Return the duration that words say; raises with what to write instead."""
    found = _WORDS.fullmatch(words)
    grain = found[2].lower() if found else ""
    if any(fiscal in words.lower() for fiscal in FISCAL):
        raise origin.error(
            f"'{words}' is not a duration: a fiscal year is as long as a year.",
            fix="Count in quarters or years, as '1 year'; `to_date` knows when fiscal years begin.",
        )
    if found is None or not 0 < int(found[1]) <= _MOST or grain not in GRANULARITIES:
        raise origin.error(
            f"'{words}' is not a duration.",
            fix="Write a number and a grain: '28 days', '1 month', '2 years'.",
            suggestions=close_names(grain, CALENDAR) if grain else (),
        )
    _check_calendar(grain, words, origin)
    return Duration(int(found[1]), grain)


def read_grain(word: str, origin: Origin) -> str:
    """Return the grain that a word names, of a day or longer."""
    grain = word.strip().lower()
    if grain in FISCAL:
        return grain
    if grain not in GRANULARITIES:
        raise origin.error(
            f"'{word}' is not a grain. Grains: {', '.join(CALENDAR)}.",
            suggestions=close_names(grain, PERIODS),
        )
    _check_calendar(grain, word, origin)
    return grain


def _check_calendar(grain: str, words: str, origin: Origin) -> None:
    if grain not in CALENDAR:
        raise origin.unsupported(
            f"'{words}': windows and offsets are counted in days or longer.",
            fix=f"Use one of {', '.join(CALENDAR)}.",
        )


def date_literal(day: date, dialect: str) -> Node:
    """Return a day as SQL, of the type that `truncated` gives."""
    shown = text(day.isoformat())
    if dialect == "sqlite":
        return shown
    return call("toDate32", shown) if dialect == "clickhouse" else cast(shown, "DATE", dialect)


def shifted(
    day: Node, by: Duration, dialect: str, *, back: bool = False, first: bool = False
) -> Node:
    """Return a DATE some time later, or earlier with `back`: 31 March less a month is the 28th.

    `first` says that the day is the first of a month, so that no month is too short for it.
    """
    unit, count = ("month", by.months) if by.months else ("day", by.days)
    return moved(day, -count if back else count, unit, dialect, first=first)


def moved(day: Node, count: int, unit: str, dialect: str, *, first: bool = False) -> Node:
    """Return a DATE some days or months later; earlier for a number below 0."""
    size: Node = exp.Literal.number(abs(count))
    if count < 0:
        size = exp.Neg(this=size)
    if dialect == "sqlite":
        return _sqlite(day, count, unit, first)
    if dialect in ("duckdb", "postgres", "redshift"):
        step = exp.Interval(this=text(str(count)), unit=exp.var(unit.upper()))
        return cast(exp.Paren(this=exp.Add(this=day, expression=step)), "DATE", dialect)
    if dialect in ("mysql", "bigquery"):
        step = exp.Interval(this=size, unit=exp.var(unit.upper()))
        return exp.Anonymous(this="DATE_ADD", expressions=[day, step])
    if dialect == "clickhouse":
        return call("addMonths" if unit == "month" else "addDays", day, size)
    if dialect in ("spark", "databricks"):
        return call("ADD_MONTHS" if unit == "month" else "DATE_ADD", day, size)
    if dialect == "trino":
        return call("DATE_ADD", text(unit), size, day)
    return call("DATEADD", exp.var(unit.upper()), size, day)


def _sqlite(day: Node, count: int, unit: str, first: bool) -> Node:
    if unit == "day" or first:
        return call("DATE", day, text(f"{count:+d} {unit}s"))
    # SQLite makes 3 March of 31 February: the day is counted from the first, up to the last.
    month = (text("start of month"), text(f"{count:+d} months"))
    number = exp.Cast(this=call("STRFTIME", text("%d"), day.copy()), to=exp.DataType.build("int"))
    past = exp.Paren(this=exp.Sub(this=number, expression=exp.Literal.number(1)))
    days = exp.DPipe(this=past, expression=text(" days"))
    same = call("DATE", day.copy(), *month, days)
    last = call(
        "DATE", day.copy(), *(item.copy() for item in month), text("+1 month"), text("-1 day")
    )
    return call("MIN", same, last)
