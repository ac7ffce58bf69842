"""The column that a calendar takes its periods from."""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.syntax.tree import ColumnRef
from semantic_layer.times.calendar import TimeSpine

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
