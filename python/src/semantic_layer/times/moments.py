"""Moments that are put in order across columns, and moments some days or months later.

A column may be a day and the other a time of day, with a zone or without one: a day is its midnight
in the stated zone, and so many days or months later is the same time of that zone's clock.
"""

from __future__ import annotations

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, number
from semantic_layer.times.duration import Duration
from semantic_layer.times.storage import call, cast, text


def moment(value: Node, dialect: str, zone: str) -> Node:
    """Return a time such that any two can be compared."""
    if dialect == "sqlite":
        return call("JULIANDAY", value)
    if dialect == "clickhouse":
        return call("toDateTime64", value, number(6), text(zone))
    if dialect == "trino":
        # All its digits are kept: of fewer, a moment is rounded to one that may be another's.
        return call("AT_TIMEZONE", cast(value, "TIMESTAMPTZ(12)", "trino"), text(zone))
    return cast(value, "DATETIME", "bigquery") if dialect == "bigquery" else value


def moment_later(value: Node, by: Duration, dialect: str, zone: str) -> Node:
    """Return the moment some time after that of a value: 31 January and a month is in February."""
    unit, count = ("MONTH", by.months) if by.months else ("DAY", by.days)
    if dialect == "sqlite":
        return _sqlite(value, count, unit.lower())
    start = moment(value, dialect, zone)
    if dialect == "clickhouse":
        return call("addMonths" if unit == "MONTH" else "addDays", start, number(count))
    if dialect == "trino":
        return call("DATE_ADD", text(unit.lower()), number(count), start)
    if dialect in ("snowflake", "tsql"):
        return call("DATEADD", exp.var(unit), number(count), start)
    if dialect in ("mysql", "bigquery"):
        step = exp.Interval(this=number(count), unit=exp.var(unit))
        name = "DATE_ADD" if dialect == "mysql" else "DATETIME_ADD"
        return exp.Anonymous(this=name, expressions=[start, step])
    step = exp.Interval(this=text(str(count)), unit=exp.var(unit))
    return exp.Paren(this=exp.Add(this=start, expression=step))


def _sqlite(value: Node, count: int, unit: str) -> Node:
    """Return a Julian day; the shift is made in whole milliseconds, as the day itself is."""
    shift = text(f"+{count} {unit}s")
    if unit == "day":
        return call("JULIANDAY", value, shift)

    def day_of_month(*shifts: Node) -> Node:
        shown = call("STRFTIME", text("%d"), value.copy(), *shifts)
        return exp.Cast(this=shown, to=exp.DataType.build("int"))

    # SQLite makes 3 March of 31 February: what is too much is the day that comes out.
    after = day_of_month(shift.copy())
    is_too_much = exp.LT(this=after, expression=day_of_month())
    past = exp.Case(ifs=[exp.If(this=is_too_much, true=after.copy())], default=number(0))
    back = exp.DPipe(
        this=exp.DPipe(this=text("-"), expression=exp.Paren(this=past)), expression=text(" days")
    )
    return call("JULIANDAY", value, shift, back)
