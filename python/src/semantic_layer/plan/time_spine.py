"""The columns that a calendar takes its periods from."""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.plan.logical import CustomGrain
from semantic_layer.syntax.tree import ColumnRef
from semantic_layer.times.calendar import Calendar, TimeSpine

_ORIGIN = Origin("time_spine in ktx.yaml", path=("calendar", "time_spine"))


def spine_column(graph: JoinGraph, spine: TimeSpine) -> ColumnRef:
    """Return the column of a time spine; raises where the model has none that is a time."""
    catalog = graph.catalog
    if spine.source not in catalog:
        message, suggestions = catalog.unknown_source(spine.source)
        raise _ORIGIN.error(
            message,
            fix="Name a source of this connection, or add one to it.",
            suggestions=suggestions,
        )
    declared = catalog.column(spine.source, spine.column, quoted=True)
    if declared is None:
        message, suggestions = catalog.unknown_column(spine.source, spine.column)
        raise _ORIGIN.error(
            message, fix=f"Name a column of '{spine.source}'.", suggestions=suggestions
        )
    if declared.type != "time":
        raise _ORIGIN.error(
            f"column '{declared.name}' of source '{spine.source}' is of type {declared.type}, and "
            "periods are cut from times.",
            fix="Name its column of days, or declare this one with `type: time`.",
        )
    if (declared.natural_granularity or "day").lower() not in ("second", "minute", "hour", "day"):
        raise _ORIGIN.error(
            f"column '{declared.name}' of source '{spine.source}' has a row for each "
            f"{declared.natural_granularity}, and not for each day.",
            fix="Name a source with a row for each day.",
        )
    return ColumnRef(node=spine.source, name=declared.name, quoted=True)


def custom_grain(
    graph: JoinGraph, calendar: Calendar | None, name: str | None
) -> CustomGrain | None:
    """Return what a granularity of one's own is looked up in; None for one that everybody has."""
    custom = calendar.custom(name) if calendar is not None and name is not None else None
    if custom is None or calendar is None or calendar.time_spine is None:
        return None
    spine = calendar.time_spine
    day = spine_column(graph, spine)
    declared = graph.catalog.column(spine.source, custom.column, quoted=True)
    if declared is None:
        place = spine.custom_granularities.index(custom)
        path = (*_ORIGIN.path, "custom_granularities", place, "column")
        message, suggestions = graph.catalog.unknown_column(spine.source, custom.column)
        raise Origin(f"granularity '{custom.name}' in ktx.yaml", path=path).error(
            message, fix=f"Name a column of '{spine.source}'.", suggestions=suggestions
        )
    return CustomGrain(
        custom.name, day, ColumnRef(node=spine.source, name=declared.name, quoted=True)
    )


def check_spine(graph: JoinGraph, calendar: Calendar | None) -> None:
    """Raise what is wrong with the time spine of a calendar."""
    if calendar is None or calendar.time_spine is None:
        return
    spine_column(graph, calendar.time_spine)
    for custom in calendar.time_spine.custom_granularities:
        custom_grain(graph, calendar, custom.name)
