"""The zone in which a question's times are cut: stated, and never that of the machine that asks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from semantic_layer.errors import INVALID_QUERY, UNSUPPORTED, Origin, SemanticError, close_names
from semantic_layer.models import SourceDefinition

UTC = "UTC"
_UTC_NAMES = frozenset({"utc", "etc/utc", "etc/uct", "uct", "zulu", "etc/zulu", "universal"})
_NAME = r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*"
# No session of these has a zone that all their functions heed.
_ONLY_UTC = {
    "sqlite": "SQLite has no time zones",
    "bigquery": "BigQuery cuts in UTC",
    "tsql": "SQL Server has no zone of a session",
}


def chosen_zone(
    asked: str | None,
    sources: Iterable[SourceDefinition],
    connection: str | None,
    dialect: str,
    *,
    cuts: bool,
) -> str:
    """Return the zone that the question states, or else its sources, the connection, or UTC.

    `cuts` says that the question has periods. Raises when sources state different zones, for a
    name that is no zone, and for a zone that the database cannot cut in.
    """
    zone, origin = _stated(asked, sources, connection)
    if zone is None:
        return UTC
    name = checked_zone(zone, origin)
    if name != UTC and dialect in _ONLY_UTC:
        if not cuts and asked is None:
            return UTC
        raise SemanticError(
            UNSUPPORTED,
            f"{origin.label}: {_ONLY_UTC[dialect]}, so times are not cut in {name}.",
            fix="Use `timezone: UTC`, or a computed column that shifts the times.",
            source=origin.source,
            path=origin.path,
        )
    return name


def _stated(
    asked: str | None, sources: Iterable[SourceDefinition], connection: str | None
) -> tuple[str | None, Origin]:
    if asked is not None:
        return asked, Origin("timezone of the query", path=("timezone",))
    stated = {source.name: source.timezone for source in sources if source.timezone is not None}
    if len(set(stated.values())) > 1:
        told = ", ".join(f"'{name}' {zone}" for name, zone in stated.items())
        raise SemanticError(
            INVALID_QUERY,
            f"The query's sources state different time zones: {told}.",
            fix="Say in the query which one it is: `timezone` (--timezone).",
        )
    for name, zone in stated.items():
        return zone, Origin(f"timezone of source '{name}'", name, ("timezone",))
    return connection, Origin("timezone of the connection")


def checked_zone(name: str, origin: Origin) -> str:
    """Return a zone's name, UTC for all its names; raises when there is no such zone."""
    if name.lower() in _UTC_NAMES:
        return UTC
    # Loaded here, for most questions are about UTC.
    from zoneinfo import ZoneInfo, available_timezones

    known: set[str] = set()
    if re.fullmatch(_NAME, name):
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            known = available_timezones()
            if not known:  # A machine without a list of zones leaves it to the database.
                return name
        else:
            return name
    raise origin.error(
        f"'{name}' is not a time zone.",
        fix="Use a name of the IANA list, for example Europe/Berlin, or UTC.",
        suggestions=close_names(name, known),
    )
