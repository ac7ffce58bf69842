"""How a column keeps times that are not the database's own: Unix seconds, …, ISO texts.

Each function gives the moment as the database's own type; on SQLite, which has none, as a text
that sorts by time: `2026-03-05 12:00:00`, with a fraction when there is one.
"""

from __future__ import annotations

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, number, wrap
from semantic_layer.times.zone import UTC

_WITH_ZONE = {"bigquery": "TIMESTAMP", "databricks": "TIMESTAMP", "spark": "TIMESTAMP"}


def stored_time(value: Node, storage: str, dialect: str, zone: str = UTC) -> Node:
    """Return the time that `value` keeps as `storage` says, as `dialect` has times."""
    if dialect == "sqlite":
        return _sqlite(value, storage)
    if storage == "text":
        return _of_text(value, dialect, zone)
    if storage == "julian":
        # In whole milliseconds: a day number has no more, and 10:00 must not become 9:59:59.999.
        days = exp.Paren(this=exp.Sub(this=wrap(value), expression=_decimal("2440587.5")))
        value = call("ROUND", exp.Mul(this=days, expression=number(86_400_000)))
        storage = "unix_ms"
    return _of_number(value, 1000 if storage == "unix_ms" else 1, dialect, zone)


def call(name: str, *args: Node) -> Node:
    """Return a call that is printed as it stands: it is written for its dialect already."""
    return exp.Anonymous(this=name, expressions=list(args))


def text(value: str) -> Node:
    """Return a literal text."""
    return exp.Literal.string(value)


def cast(value: Node, type_: str, dialect: str) -> Node:
    """Return `CAST(value AS type)`, the type in the words of `dialect`."""
    return exp.Cast(this=value, to=exp.DataType.build(type_, dialect=dialect))


def _decimal(value: str) -> Node:
    return exp.Literal.number(value)


def _divided(value: Node, divisor: str) -> Node:
    """Return a division by a decimal; `typed` keeps the SQL library from casting one copy of it."""
    return exp.Div(this=wrap(value), expression=_decimal(divisor), typed=True)


def _sqlite(value: Node, storage: str) -> Node:
    """Return a text; the fraction is cut, because `12:00:00` and `12:00:00.000` are one time."""
    unix = [text("unixepoch")] if storage.startswith("unix") else []
    if storage == "unix_ms":
        value = _divided(value, "1000.0")
    whole = call("STRFTIME", text("%Y-%m-%d %H:%M:%f"), value, *unix)
    return call("RTRIM", call("RTRIM", whole, text("0")), text("."))


def _of_number(value: Node, per_second: int, dialect: str, zone: str) -> Node:
    seconds = value
    if per_second > 1:
        seconds = _divided(value, "1000.0")
    micros = exp.Mul(this=wrap(value), expression=number(1_000_000 // per_second))
    if dialect in ("postgres", "duckdb"):
        return call("TO_TIMESTAMP", seconds)
    if dialect == "redshift":
        second = exp.Interval(this=text("1 second"))
        passed = exp.Mul(this=wrap(seconds), expression=second)
        return exp.Paren(
            this=exp.Add(this=cast(text("epoch"), "TIMESTAMPTZ", dialect), expression=passed)
        )
    if dialect == "mysql":
        # FROM_UNIXTIME gives NULL before 1970 and, on older servers, after 2038.
        whole = cast(micros, "SIGNED", dialect)
        epoch = cast(text("1970-01-01 00:00:00"), "DATETIME", dialect)
        return _shifted(call("TIMESTAMPADD", exp.var("MICROSECOND"), whole, epoch), zone)
    if dialect == "tsql":
        return _tsql(seconds)
    whole = cast(call("ROUND", micros), "BIGINT", dialect)
    if dialect == "snowflake":
        return call("TO_TIMESTAMP_LTZ", whole, number(6))
    if dialect == "clickhouse":
        return call("fromUnixTimestamp64Micro", call("toInt64", micros), text("UTC"))
    if dialect == "trino":
        # FROM_UNIXTIME rounds to milliseconds, and 64 bits of nanoseconds end in 2262.
        exact = cast(value, "DECIMAL(38, 6)", dialect)
        factor = number(1_000_000_000 // per_second)
        return call("FROM_UNIXTIME_NANOS", exp.Mul(this=exact, expression=factor))
    return call("TIMESTAMP_MICROS", whole)


def _tsql(seconds: Node) -> Node:
    """Return days and then milliseconds after 1970: DATEADD takes 32 bits."""
    days = call("FLOOR", _divided(seconds, "86400.0"))
    rest = exp.Sub(
        this=wrap(seconds.copy()), expression=exp.Mul(this=number(86_400), expression=days)
    )
    millis = exp.Mul(this=exp.Paren(this=rest), expression=number(1000))
    day = call(
        "DATEADD",
        exp.var("DAY"),
        cast(days.copy(), "INT", "tsql"),
        cast(text("1970-01-01"), "DATETIME2", "tsql"),
    )
    return call("DATEADD", exp.var("MILLISECOND"), cast(millis, "INT", "tsql"), day)


def _of_text(value: Node, dialect: str, zone: str) -> Node:
    if dialect == "mysql":
        return _mysql_text(value, zone)
    if dialect == "trino":
        iso = call("REPLACE", value, text(" "), text("T"))
        # The one keeps all digits, and takes no mere day and no offset without a colon.
        whole = call("TRY", call("FROM_ISO8601_TIMESTAMP_NANOS", iso))
        return call("COALESCE", whole, call("FROM_ISO8601_TIMESTAMP", iso.copy()))
    if dialect == "clickhouse":
        return _clickhouse_text(value)
    if dialect == "tsql":
        moment = call("SWITCHOFFSET", cast(value, "DATETIMEOFFSET", dialect), text("+00:00"))
        return cast(moment, "DATETIME2", dialect)
    if dialect == "snowflake":
        return cast(value, "TIMESTAMP_LTZ", dialect)
    # With a zone: a cast to a time without one drops the offset that the text may have.
    return cast(value, _WITH_ZONE.get(dialect, "TIMESTAMPTZ"), dialect)


def _clickhouse_text(value: Node) -> Node:
    """Return a DateTime64; with 26.9 the function reads what a NULL hides too, and fails at it."""
    some = call("ifNull", value.copy(), text("1970-01-01"))
    moment = call("parseDateTime64BestEffort", some, number(6), text(UTC))
    return call("if", call("isNull", value), exp.Null(), moment)


def _mysql_text(value: Node, zone: str) -> Node:
    """Return a DATETIME; MariaDB reads neither Z nor an offset, and drops them in silence."""
    sign = call("SUBSTRING", value.copy(), exp.Neg(this=number(6)), number(1))
    colon = call("SUBSTRING", value.copy(), exp.Neg(this=number(3)), number(1))
    ends_in_offset = exp.And(
        this=exp.In(this=sign, expressions=[text("+"), text("-")]),
        expression=exp.EQ(this=colon, expression=text(":")),
    )
    ends_in_z = exp.EQ(this=call("RIGHT", value.copy(), number(1)), expression=text("Z"))
    length = exp.Sub(this=call("CHAR_LENGTH", value.copy()), expression=number(6))
    moment = cast(call("LEFT", value.copy(), length), "DATETIME(6)", "mysql")
    offset = call("RIGHT", value.copy(), number(6))
    shorter = exp.Sub(this=call("CHAR_LENGTH", value.copy()), expression=number(1))
    in_utc = cast(call("LEFT", value.copy(), shorter), "DATETIME(6)", "mysql")
    here = text("+00:00" if zone == UTC else zone)
    return exp.Case(
        ifs=[
            exp.If(this=ends_in_offset, true=call("CONVERT_TZ", moment, offset, here)),
            exp.If(this=ends_in_z, true=_shifted(in_utc, zone)),
        ],
        default=cast(value, "DATETIME(6)", "mysql"),
    )


def _shifted(moment: Node, zone: str) -> Node:
    """Return a DATETIME of UTC as the clock of `zone` showed it."""
    return moment if zone == UTC else call("CONVERT_TZ", moment, text("+00:00"), text(zone))
