"""Truncating times: second to year, weeks from Monday, the same on every dialect."""

from __future__ import annotations

from semantic_layer.errors import Origin, close_names
from semantic_layer.lean_sqlglot import exp
from semantic_layer.models import ColumnRole, SourceColumn
from semantic_layer.sql import Node

GRANULARITIES = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
_SQLITE_FORMATS = {
    "second": "%Y-%m-%d %H:%M:%S",
    "minute": "%Y-%m-%d %H:%M:00",
    "hour": "%Y-%m-%d %H:00:00",
    "day": "%Y-%m-%d",
    "month": "%Y-%m-01",
    "year": "%Y-01-01",
}
_MYSQL_FORMATS = {
    "second": "%Y-%m-%d %H:%i:%s",
    "minute": "%Y-%m-%d %H:%i:00",
    "hour": "%Y-%m-%d %H:00:00",
    "month": "%Y-%m-01",
    "year": "%Y-01-01",
}
_SUB_DAY = ("second", "minute", "hour")


def check_granularity(granularity: str | None, column: SourceColumn, origin: Origin) -> str | None:
    """Return the granularity in lower case; raises when unknown or when the column is no time."""
    if granularity is None:
        return None
    wanted = granularity.lower()
    if wanted not in GRANULARITIES:
        raise origin.error(
            f"'{granularity}' is not a granularity. Granularities: {', '.join(GRANULARITIES)}.",
            suggestions=close_names(granularity, GRANULARITIES),
        )
    if column.type != "time" and column.role is not ColumnRole.time:
        raise origin.error(
            f"a granularity needs a time column, and this one is of type {column.type}.",
            fix="Leave the granularity out, or declare the column with `type: time`.",
        )
    return wanted


def truncated(value: Node, granularity: str, dialect: str) -> Node:
    """Return `value` truncated to the start of its second, …, year."""
    special = {
        "sqlite": _sqlite,
        "mysql": _mysql,
        "bigquery": _bigquery,
        "snowflake": _snowflake,
        "tsql": _tsql,
    }.get(dialect)
    if special is not None:
        return special(value, granularity)
    return _call("DATE_TRUNC", _text(granularity), value)


def _call(name: str, *args: Node) -> Node:
    # An anonymous call is printed as it stands: it is written for this dialect already.
    return exp.Anonymous(this=name, expressions=list(args))


def _text(value: str) -> Node:
    return exp.Literal.string(value)


def _sqlite(value: Node, granularity: str) -> Node:
    if granularity == "week":
        # The Sunday that ends the week, then back to its Monday.
        return _call("DATE", value, _text("weekday 0"), _text("-6 days"))
    if granularity == "quarter":
        month = exp.Sub(
            this=_call("STRFTIME", _text("%m"), value.copy()), expression=exp.Literal.number(1)
        )
        back = exp.Mod(this=exp.Paren(this=month), expression=exp.Literal.number(3))
        months = exp.DPipe(
            this=exp.DPipe(this=_text("-"), expression=exp.Paren(this=back)),
            expression=_text(" months"),
        )
        return _call("DATE", value, _text("start of month"), months)
    return _call("STRFTIME", _text(_SQLITE_FORMATS[granularity]), value)


def _mysql(value: Node, granularity: str) -> Node:
    if granularity == "day":
        return _call("DATE", value)
    if granularity == "week":
        days = exp.Interval(this=_call("WEEKDAY", value.copy()), unit=exp.var("DAY"))
        return exp.Sub(this=_call("DATE", value), expression=days)
    if granularity == "quarter":
        first = _call("MAKEDATE", _call("YEAR", value), exp.Literal.number(1))
        quarters = exp.Sub(this=_call("QUARTER", value.copy()), expression=exp.Literal.number(1))
        return exp.Add(
            this=first,
            expression=exp.Interval(this=exp.Paren(this=quarters), unit=exp.var("QUARTER")),
        )
    text = _call("DATE_FORMAT", value, _text(_MYSQL_FORMATS[granularity]))
    target = "DATETIME" if granularity in _SUB_DAY else "DATE"
    return exp.Cast(this=text, to=exp.DataType.build(target, dialect="mysql"))


def _bigquery(value: Node, granularity: str) -> Node:
    if granularity in _SUB_DAY:
        return _call("TIMESTAMP_TRUNC", value, exp.var(granularity.upper()))
    if granularity == "week":
        monday = _call("WEEK", exp.var("MONDAY"))
        return _call("DATE_TRUNC", value, monday)
    return _call("DATE_TRUNC", value, exp.var(granularity.upper()))


def _snowflake(value: Node, granularity: str) -> Node:
    if granularity != "week":
        return _call("DATE_TRUNC", _text(granularity), value)
    # DATE_TRUNC('week') depends on the session's WEEK_START; DAYOFWEEKISO does not.
    days = exp.Sub(this=exp.Literal.number(1), expression=_call("DAYOFWEEKISO", value.copy()))
    return _call("DATEADD", _text("day"), days, _call("DATE_TRUNC", _text("day"), value))


def _tsql(value: Node, granularity: str) -> Node:
    part = "ISO_WEEK" if granularity == "week" else granularity.upper()
    return _call("DATETRUNC", exp.var(part), value)
