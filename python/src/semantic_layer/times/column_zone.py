"""Columns whose type carries no zone, and that say what their times mean: UTC, or a local clock."""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, wrap
from semantic_layer.times.storage import call, cast, text
from semantic_layer.times.zone import UTC

LOCAL = "local_clock"
"""Marks a value whose clock is cut as it stands, where the database would move it to a zone."""
_CONVERTS = frozenset({"snowflake", "spark", "databricks"})
_ONLY_INSTANTS = frozenset({"clickhouse"})


def zoned(value: Node, means: str, dialect: str, zone: str, origin: Origin) -> Node:
    """Return a time without a zone as what it means: an instant, or a clock that never moves."""
    if means == "local":
        return _local(value, dialect, origin)
    # In UTC nothing moves, and ClickHouse has no times but instants.
    if zone == UTC or dialect in _ONLY_INSTANTS:
        return value
    if dialect == "mysql":
        return call("CONVERT_TZ", value, text("+00:00"), text(zone))
    if dialect in _CONVERTS:
        return call("CONVERT_TIMEZONE", text(UTC), text(zone), value)
    if dialect == "trino":
        return call("AT_TIMEZONE", call("WITH_TIMEZONE", value, text(UTC)), text(zone))
    return exp.Paren(this=exp.AtTimeZone(this=wrap(value), zone=text(UTC)))


def _local(value: Node, dialect: str, origin: Origin) -> Node:
    if dialect in _ONLY_INSTANTS:
        raise origin.unsupported(
            "`zone: local`: each time of ClickHouse is an instant, and is cut in a zone.",
            fix="Say the zone in the type of the column, as DateTime('Europe/Berlin'), and leave "
            "`zone` out.",
        )
    if dialect != "trino":
        return value
    # A cast to a moment would give it the session's zone, where an hour may be missing.
    clock = cast(value, "TIMESTAMP(12)", dialect)
    clock.meta[LOCAL] = True
    return clock
