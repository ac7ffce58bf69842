"""Truncating times to the weeks and fiscal years of a calendar, the same on every dialect."""

from __future__ import annotations

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, number
from semantic_layer.times.calendar import FISCAL, Calendar, days_before_monday, months_of
from semantic_layer.times.duration import moved
from semantic_layer.times.grain import truncated
from semantic_layer.times.storage import call, cast, text


def start_of(value: Node, grain: str, dialect: str, zone: str, calendar: Calendar) -> Node:
    """Return a time truncated to the start of its week, fiscal year, …, or of another grain."""
    if grain == "week" and calendar.week_start != "monday":
        return _week(value, calendar, dialect, zone)
    if grain not in FISCAL:
        return truncated(value, grain, dialect, zone)
    plain = grain.removeprefix("fiscal_")
    _, months = months_of(grain, calendar)
    if not months:
        return truncated(value, plain, dialect, zone)
    # The plain year that begins so many months earlier: there is a day for every first of a month.
    month = truncated(value, "month", dialect, zone)
    earlier = moved(month, -months, "month", dialect, first=True)
    return moved(truncated(earlier, plain, dialect, zone), months, "month", dialect, first=True)


def _week(value: Node, calendar: Calendar, dialect: str, zone: str) -> Node:
    before = days_before_monday(calendar)
    if dialect == "sqlite":
        # Its first day is the only such day of the six before and the day itself.
        weekday = {"sunday": "weekday 0", "saturday": "weekday 6"}[calendar.week_start]
        return call("DATE", value, text("-6 days"), text(weekday))
    if dialect == "bigquery":
        start = call("DATE_TRUNC", value, call("WEEK", exp.var(calendar.week_start.upper())))
        return cast(start, "DATE", dialect)
    if dialect == "mysql":
        later = exp.Add(this=call("WEEKDAY", value.copy()), expression=number(before))
        past = exp.Paren(this=exp.Mod(this=exp.Paren(this=later), expression=number(7)))
        days = exp.Interval(this=past, unit=exp.var("DAY"))
        return exp.Sub(this=call("DATE", value), expression=days)
    # The Monday that lies some days earlier: with days added instead, the last day that a
    # database knows would have no week.
    back = 7 - before
    earlier = moved(truncated(value, "day", dialect, zone), -back, "day", dialect)
    return moved(truncated(earlier, "week", dialect, zone), back, "day", dialect)
