"""Weeks and fiscal years that begin when a project or a connection says so."""

from __future__ import annotations

from datetime import date
from typing import get_args

from semantic_layer.errors import Origin
from semantic_layer.models import Calendar, MonthName
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, number
from semantic_layer.times.duration import PERIODS, moved, period_start
from semantic_layer.times.grain import FISCAL, truncated
from semantic_layer.times.storage import call, cast, text

_MONTHS: tuple[str, ...] = get_args(MonthName)
_DAYS_BEFORE_MONDAY = {"monday": 0, "sunday": 1, "saturday": 2}
_LENGTHS = {"month": 1, "quarter": 3, "year": 12}


def check_fiscal(wanted: str, own: str, calendar: Calendar | None, origin: Origin) -> None:
    """Raise for a granularity without a fiscal year, or one that cuts a column's `own` in two."""
    if wanted in FISCAL:
        check_stated(wanted, calendar, origin)
    if own in FISCAL:
        check_stated(own, calendar, origin)
    if own in PERIODS and not holds_whole(wanted, own, calendar):
        raise origin.error(
            f"'{wanted}' does not begin and end with the column's times, which are of a {own} "
            "each.",
            fix=f"Use {own}, or correct the column's `natural_granularity`.",
            suggestions=[own],
        )


def check_stated(grain: str, calendar: Calendar | None, origin: Origin) -> None:
    """Raise when it is nowhere said when a fiscal year begins."""
    if calendar is None or calendar.fiscal_year_start is None:
        raise origin.error(
            f"'{grain}': it is not said when the fiscal year begins.",
            fix="Add `calendar: { fiscal_year_start: april }`, with the month that it begins with, "
            "to ktx.yaml or to the connection in it.",
        )


def holds_whole(grain: str, other: str, calendar: Calendar | None) -> bool:
    """Whether each period of a grain begins with one of another grain."""
    if grain == other or other not in PERIODS[1:]:
        return True
    if grain not in PERIODS[2:] or other == "week":
        return False
    length, first = _months(grain, calendar)
    finer, finer_first = _months(other, calendar)
    return length % finer == 0 and (first - finer_first) % finer == 0


def first_day(day: date, grain: str, calendar: Calendar) -> date:
    """Return the first day of the period that holds a day."""
    if grain == "week":
        past = (day.weekday() + _DAYS_BEFORE_MONDAY[calendar.week_start]) % 7
        return date.fromordinal(max(day.toordinal() - past, 1))
    if grain not in FISCAL:
        return period_start(day, grain)
    length, first = _months(grain, calendar)
    months = (day.year * 12 + day.month - 1 - first) // length * length + first
    return date(max(months // 12, 1), months % 12 + 1, 1)


def _months(grain: str, calendar: Calendar | None) -> tuple[int, int]:
    """Return how many months a period has, and how many of them lie between it and a plain one."""
    length = _LENGTHS[grain.removeprefix("fiscal_")]
    if grain not in FISCAL or calendar is None or calendar.fiscal_year_start is None:
        return length, 0
    return length, _MONTHS.index(calendar.fiscal_year_start) % length


def start_of(value: Node, grain: str, dialect: str, zone: str, calendar: Calendar) -> Node:
    """Return a time truncated to the start of its week, fiscal year, …, or of another grain."""
    if grain == "week" and calendar.week_start != "monday":
        return _week(value, calendar.week_start, dialect, zone)
    if grain not in FISCAL:
        return truncated(value, grain, dialect, zone)
    plain = grain.removeprefix("fiscal_")
    _, months = _months(grain, calendar)
    if not months:
        return truncated(value, plain, dialect, zone)
    # The plain year that begins so many months earlier: there is a day for every first of a month.
    month = truncated(value, "month", dialect, zone)
    earlier = moved(month, -months, "month", dialect, first=True)
    return moved(truncated(earlier, plain, dialect, zone), months, "month", dialect, first=True)


def _week(value: Node, first: str, dialect: str, zone: str) -> Node:
    if dialect == "sqlite":
        # Its first day is the only such day of the six before and the day itself.
        weekday = {"sunday": "weekday 0", "saturday": "weekday 6"}[first]
        return call("DATE", value, text("-6 days"), text(weekday))
    if dialect == "bigquery":
        start = call("DATE_TRUNC", value, call("WEEK", exp.var(first.upper())))
        return cast(start, "DATE", dialect)
    if dialect == "mysql":
        past = exp.Interval(this=_days_past(call("WEEKDAY", value.copy()), first), unit=_DAY)
        return exp.Sub(this=call("DATE", value), expression=past)
    # The Monday that lies some days earlier: with days added instead, the last day that a
    # database knows would have no week.
    back = 7 - _DAYS_BEFORE_MONDAY[first]
    earlier = moved(truncated(value, "day", dialect, zone), -back, "day", dialect)
    return moved(truncated(earlier, "week", dialect, zone), back, "day", dialect)


_DAY = exp.var("DAY")


def _days_past(since_monday: Node, first: str) -> Node:
    """Return how many days a day lies behind the first of its week."""
    later = exp.Add(this=since_monday, expression=number(_DAYS_BEFORE_MONDAY[first]))
    return exp.Paren(this=exp.Mod(this=exp.Paren(this=later), expression=number(7)))


def beginning(grain: str, calendar: Calendar | None) -> str:
    """Return in words when a period begins; empty where nothing but its name is to be said."""
    if grain == "week":
        return f", a {(calendar.week_start if calendar else 'monday').capitalize()}"
    if grain in FISCAL and calendar is not None and calendar.fiscal_year_start is not None:
        return f", of fiscal years that begin in {calendar.fiscal_year_start.capitalize()}"
    return ""
