"""The functions of times: parts, periods, and those by which SQLite reads a text as a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.compiling import Build, Compilation, Compute, checked_args, name_of
from semantic_layer.verify.times import as_time, cut_time, julian_day, sqlite_moment
from semantic_layer.verify.values import Unchecked, Value

_FIELDS: dict[str, Callable[[datetime], int]] = {
    "YEAR": lambda t: t.year,
    "QUARTER": lambda t: (t.month + 2) // 3,
    "MONTH": lambda t: t.month,
    "WEEK": lambda t: t.isocalendar().week,
    "DAY": lambda t: t.day,
    "HOUR": lambda t: t.hour,
    "MINUTE": lambda t: t.minute,
    "ISODOW": lambda t: t.isoweekday(),
    "DOW": lambda t: t.isoweekday() % 7,
    "DOY": lambda t: t.timetuple().tm_yday,
}


def _extract(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expression")
    return _field(self, node.this.name.upper(), node.expression)


def _field(self: Compilation, name: str, part: Node) -> Compute:
    if name not in _FIELDS or self.dialect not in ("postgres", "duckdb"):
        raise Unchecked(f"the part {name} of a time")
    read = _FIELDS[name]
    return self.strict([part], lambda value: read(self.clock.local(_a_time(value))))


def _a_time(value: Value) -> date:
    if not isinstance(value, date):
        raise Unchecked("a part of a text that is a time")
    return value


def _field_function(name: str) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this")
        return _field(self, name, node.this)

    return build


def _truncation(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "unit")
    grain = node.args["unit"].name.lower()
    known = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
    if grain not in known or self.dialect not in ("postgres", "duckdb"):
        raise Unchecked(name_of(node))

    def function(value: Value) -> Value:
        moment = _a_time(value)
        start = cut_time(self.clock.local(moment), grain)
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return start.replace(tzinfo=self.clock.zone)
        return start

    return self.strict([node.this], function)


# What SQLite's formats and Python's have in common.
_SAME_FORMATS = re.compile(r"(?:%[YmdHMSFj]|[^%])*")


def _format(self: Compilation, node: Node) -> Compute:
    shape = node.args["format"]
    value = node.this.this if isinstance(node.this, exp.TsOrDsToTimestamp) else node.this
    text = shape.name if isinstance(shape, exp.Literal) else "%"
    if self.dialect != "sqlite" or not _SAME_FORMATS.fullmatch(text):
        raise Unchecked(name_of(node))
    return _sqlite_time(self, value, lambda moment: moment.strftime(text.replace("%F", "%Y-%m-%d")))


def _sqlite_time(self: Compilation, part: Node, show: Callable[[datetime], Value]) -> Compute:
    def function(value: Value) -> Value:
        moment = sqlite_moment(value)
        return None if moment is None else show(moment)

    return self.strict([part], function)


def _date(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this")
    if self.dialect == "sqlite":
        return _sqlite_time(self, node.this, lambda moment: moment.strftime("%Y-%m-%d"))
    if self.dialect in ("postgres", "duckdb"):
        return self.strict([node.this], lambda value: self.clock.local(as_time(value)).date())
    raise Unchecked(name_of(node))


_SQLITE_CALLS: dict[str, Callable[[datetime], Value]] = {
    "date": lambda moment: moment.strftime("%Y-%m-%d"),
    "datetime": lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S"),
    "time": lambda moment: moment.strftime("%H:%M:%S"),
    "julianday": julian_day,
    "unixepoch": lambda moment: int(moment.replace(tzinfo=UTC).timestamp() // 1),
}


def _named(self: Compilation, node: Node) -> Compute:
    if isinstance(node, exp.Anonymous) and self.dialect == "sqlite":
        show = _SQLITE_CALLS.get(node.name.lower())
        if show is not None and len(node.expressions) == 1:
            return _sqlite_time(self, node.expressions[0], show)
    raise Unchecked(name_of(node))


TIME_FUNCTIONS: dict[type[Node], Build] = {
    exp.Extract: _extract,
    exp.Year: _field_function("YEAR"),
    exp.Month: _field_function("MONTH"),
    exp.Day: _field_function("DAY"),
    exp.TimestampTrunc: _truncation,
    exp.DateTrunc: _truncation,
    exp.TimeToStr: _format,
    exp.Date: _date,
    exp.TsOrDsToDate: _date,
    exp.Anonymous: _named,
}
