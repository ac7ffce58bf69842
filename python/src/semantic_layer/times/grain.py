"""Truncating times: second to year, weeks from Monday, the same on every dialect."""

from __future__ import annotations

from semantic_layer.errors import Origin, SemanticError, close_names
from semantic_layer.models import ColumnRole, SourceColumn
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.times.calendar import FISCAL, PERIODS, Calendar, check_fiscal
from semantic_layer.times.storage import call, cast, text
from semantic_layer.times.zone import UTC

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
_CLICKHOUSE_FORMATS = {
    "second": "%Y-%m-%d %H:%i:%S",
    "minute": "%Y-%m-%d %H:%i:00",
    "hour": "%Y-%m-%d %H:00:00",
}
_SUB_DAY = ("second", "minute", "hour")
# DATE_TRUNC takes a time without a zone for an instant of the session's there, and moves it where
# the zone skips an hour: 02:30 to 03:00 (Spark 4.3.0).
_AS_INSTANTS = {"databricks", "spark"}
_WITHOUT_ZONE = {
    "bigquery": "DATETIME",
    "databricks": "TIMESTAMP_NTZ",
    "snowflake": "TIMESTAMP_NTZ",
    "spark": "TIMESTAMP_NTZ",
    "tsql": "DATETIME2",
}


def check_granularity(
    granularity: str | None, column: SourceColumn, origin: Origin, calendar: Calendar | None = None
) -> str | None:
    """Return the granularity in lower case; raises when unknown or when the column is no time."""
    if granularity is None:
        return None
    wanted = granularity.lower()
    custom = calendar.custom(granularity) if calendar is not None else None
    if custom is None and wanted not in (*GRANULARITIES, *FISCAL):
        raise _unknown(granularity, calendar, origin)
    if column.type != "time" and column.role is not ColumnRole.time:
        raise origin.error(
            f"a granularity needs a time column, and this one is of type {column.type}.",
            fix="Leave the granularity out, or declare the column with `type: time`.",
        )
    own = (column.natural_granularity or "").lower()
    if custom is not None:
        if own in PERIODS[1:]:
            raise origin.error(
                f"'{custom.name}' is a period of days, and the column's times are of a {own} each.",
                fix="Use another column, or correct the column's `natural_granularity`.",
            )
        return custom.name
    if wanted in FISCAL or own in FISCAL:
        check_fiscal(wanted, own, calendar, origin)
    elif own in GRANULARITIES and GRANULARITIES.index(wanted) < GRANULARITIES.index(own):
        raise origin.error(
            f"'{wanted}' is finer than the column's times, which are of a {own} each.",
            fix=f"Use {own} or a coarser one, or correct the column's `natural_granularity`.",
            suggestions=[own],
        )
    return wanted


def _unknown(granularity: str, calendar: Calendar | None, origin: Origin) -> SemanticError:
    own: list[str] = []
    if calendar is not None and calendar.fiscal_year_start is not None:
        own += FISCAL
    if calendar is not None and calendar.time_spine is not None:
        own += [item.name for item in calendar.time_spine.custom_granularities]
    shown = ", ".join((*GRANULARITIES, *own))
    return origin.error(
        f"'{granularity}' is not a granularity. Granularities: {shown}.",
        suggestions=close_names(granularity, (*GRANULARITIES, *FISCAL, *own)),
    )


def truncated(value: Node, granularity: str, dialect: str, zone: str = UTC) -> Node:
    """Return `value` truncated to the start of its second, …, year.

    A day and what is longer are a DATE, what is shorter a time without a zone: the clock of the
    zone that the session is in.
    """
    if dialect == "sqlite":
        return _sqlite(value, granularity)
    if dialect == "mysql":
        return _mysql(value, granularity)
    if dialect == "clickhouse":
        return _clickhouse(value, granularity, zone)
    special = {"bigquery": _bigquery, "snowflake": _snowflake, "tsql": _tsql}.get(dialect)
    if special is not None:
        start = special(value, granularity)
    elif dialect in _AS_INSTANTS and granularity in _SUB_DAY:
        return _without_rest(value, granularity, dialect)
    elif dialect == "trino":
        start = _trino(value, granularity, zone)
    else:
        # PostgreSQL makes a moment with a zone of a DATE; a cast takes it back in the same zone.
        start = call("DATE_TRUNC", text(granularity), value)
    return cast(start, _type_of(granularity, dialect), dialect)


def _type_of(granularity: str, dialect: str) -> str:
    if granularity not in _SUB_DAY:
        return "DATE"
    return _WITHOUT_ZONE.get(dialect, "TIMESTAMP")


def _sqlite(value: Node, granularity: str) -> Node:
    if granularity == "week":
        # The Sunday that ends the week, then back to its Monday.
        return call("DATE", value, text("weekday 0"), text("-6 days"))
    if granularity == "quarter":
        month = exp.Sub(
            this=call("STRFTIME", text("%m"), value.copy()), expression=exp.Literal.number(1)
        )
        back = exp.Mod(this=exp.Paren(this=month), expression=exp.Literal.number(3))
        months = exp.DPipe(
            this=exp.DPipe(this=text("-"), expression=exp.Paren(this=back)),
            expression=text(" months"),
        )
        return call("DATE", value, text("start of month"), months)
    return call("STRFTIME", text(_SQLITE_FORMATS[granularity]), value)


def _mysql(value: Node, granularity: str) -> Node:
    if granularity == "day":
        return call("DATE", value)
    if granularity == "week":
        days = exp.Interval(this=call("WEEKDAY", value.copy()), unit=exp.var("DAY"))
        return exp.Sub(this=call("DATE", value), expression=days)
    if granularity == "quarter":
        first = call("MAKEDATE", call("YEAR", value), exp.Literal.number(1))
        quarters = exp.Sub(this=call("QUARTER", value.copy()), expression=exp.Literal.number(1))
        return exp.Add(
            this=first,
            expression=exp.Interval(this=exp.Paren(this=quarters), unit=exp.var("QUARTER")),
        )
    shown = call("DATE_FORMAT", value, text(_MYSQL_FORMATS[granularity]))
    target = "DATETIME" if granularity in _SUB_DAY else "DATE"
    return exp.Cast(this=shown, to=exp.DataType.build(target, dialect="mysql"))


def _clickhouse(value: Node, granularity: str, zone: str) -> Node:
    """Return a Date32, or a DateTime64 that shows the clock of the zone.

    Seen with 26.9: without a zone, a DateTime is cut in that of its column or of the server, not of
    the session; there is no hour of a Date, and no zone in the week or month of one. Each of these
    functions refuses a number and a text, which `toDateTime64` would take for seconds.
    """
    if granularity in _SUB_DAY:
        clock = call("formatDateTime", value, text(_CLICKHOUSE_FORMATS[granularity]), text(zone))
        # `OrNull` for NULL alone: without it the function reads what a NULL hides too, and fails.
        return call("toDateTime64OrNull", clock, exp.Literal.number(0), text(UTC))
    start = call("dateTrunc", text("day"), value, text(zone))
    if granularity != "day":
        start = call("dateTrunc", text(granularity), start)
    return call("toDate32", start)


def _bigquery(value: Node, granularity: str) -> Node:
    if granularity in _SUB_DAY:
        moment = cast(value, "TIMESTAMP", "bigquery")
        return call("TIMESTAMP_TRUNC", moment, exp.var(granularity.upper()))
    if granularity == "week":
        monday = call("WEEK", exp.var("MONDAY"))
        return call("DATE_TRUNC", value, monday)
    return call("DATE_TRUNC", value, exp.var(granularity.upper()))


def _snowflake(value: Node, granularity: str) -> Node:
    if granularity != "week":
        return call("DATE_TRUNC", text(granularity), value)
    # DATE_TRUNC('week') depends on the session's WEEK_START; DAYOFWEEKISO does not.
    days = exp.Sub(this=exp.Literal.number(1), expression=call("DAYOFWEEKISO", value.copy()))
    return call("DATEADD", text("day"), days, call("DATE_TRUNC", text("day"), value))


def _tsql(value: Node, granularity: str) -> Node:
    part = "ISO_WEEK" if granularity == "week" else granularity.upper()
    # A DATE has no hours, and an offset of its own would otherwise decide what day it is.
    moment = call("SWITCHOFFSET", cast(value, "DATETIMEOFFSET", "tsql"), text("+00:00"))
    return call("DATETRUNC", exp.var(part), cast(moment, "DATETIME2", "tsql"))


def _without_rest(value: Node, granularity: str, dialect: str) -> Node:
    """Return a time on the clock of the session's zone, less what it is past its start."""
    clock = cast(value, _WITHOUT_ZONE[dialect], dialect)
    second: Node = exp.Extract(this=exp.var("SECOND"), expression=clock.copy())
    zero = exp.Literal.number(0)
    minutes: Node = zero
    if granularity == "second":
        second = exp.Mod(this=second, expression=exp.Literal.number(1))
    elif granularity == "hour":
        minutes = call("MINUTE", clock.copy())
    rest = call("MAKE_DT_INTERVAL", zero.copy(), zero.copy(), minutes, second)
    return exp.Sub(this=clock, expression=rest)


def _trino(value: Node, granularity: str, zone: str) -> Node:
    if value.meta.get("local_clock"):
        return call("DATE_TRUNC", text(granularity), value)
    # A DATE has no hours, and a value with a zone is cut in that zone and not in the session's.
    # All its digits are kept: of fewer, the last moment of a day is rounded to the next one.
    moment = call("AT_TIMEZONE", cast(value, "TIMESTAMPTZ(12)", "trino"), text(zone))
    return call("DATE_TRUNC", text(granularity), moment)
