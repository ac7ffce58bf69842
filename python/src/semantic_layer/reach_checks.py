"""Checking how a model's sources reach each other: ambiguous routes, islands, unused sources."""

from __future__ import annotations

from collections.abc import Collection

from semantic_layer.finding_log import FindingLog
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.route_search import (
    describe,
    has_unique_routes,
    parting_routes,
    shortest_routes,
)

_SHOWN_ROUTES = 3
_SHOWN_COMPONENTS = 5
_SHOWN_NAMES = 3


def check_ambiguity(graph: JoinGraph, log: FindingLog) -> None:
    """Warn of sources that several equally short routes lead to, each where its routes part."""
    single: dict[str, bool] = {}
    for start in sorted(graph.catalog):
        if has_unique_routes(graph, start, single):
            continue
        for end, count in sorted(parting_routes(graph, start).items()):
            routes = shortest_routes(graph, start, end, to_one_only=True)
            shown = "; ".join(describe(route) for route in routes[:_SHOWN_ROUTES])
            declared = [route[0].declaration for route in routes if not route[0].inverse]
            log.add(
                "route_ambiguous",
                f"There are {count} equally short routes from '{start}' to '{end}'; "
                f"a query that needs one has to choose: {shown}.",
                start,
                ("joins", declared[-1].position) if declared else ("name",),
                fix="Give one of the joins an alias, or let queries use `join_path`.",
                concerned=[graph.source_of(end)],
                severity="warning",
            )


def check_components(graph: JoinGraph, touched: Collection[str], log: FindingLog) -> None:
    """Warn of sources that no query can combine with the others."""
    components = graph.find_components()
    if len(components) < 2:
        return
    shown = [
        f"Component {number} ({len(names)} sources): {_some(names)}"
        for number, names in enumerate(components[:_SHOWN_COMPONENTS], 1)
    ]
    if len(components) > _SHOWN_COMPONENTS:
        shown.append(f"... (+{len(components) - _SHOWN_COMPONENTS} more components)")
    apart = [name for names in components[1:] for name in names]
    log.add(
        "model_disconnected",
        f"Model has {len(components)} disconnected components. {'; '.join(shown)}",
        apart[0],
        ("name",),
        fix="Declare joins between them if queries should combine them.",
        concerned=apart[1:],
        severity="warning",
    )
    for names in components:
        if len(names) == 1 and names[0] in touched:
            log.add(
                "source_alone",
                f"Source '{names[0]}' is now a singleton component.",
                names[0],
                ("joins",),
                fix="Declare a join to another source.",
                severity="warning",
            )


def _some(names: list[str]) -> str:
    """Return the names for people; of many the first two, and how many more there are."""
    if len(names) <= _SHOWN_NAMES:
        return ", ".join(names)
    return f"{names[0]}, {names[1]}, ... (+{len(names) - 2} more)"


def check_unused(graph: JoinGraph, log: FindingLog) -> None:
    """Warn of sources that no measure can use: they have none, and none can look them up."""
    with_measures = [name for name, source in graph.catalog.items() if source.measures]
    if not with_measures:
        return
    seen, waiting = set(with_measures), list(with_measures)
    while waiting:
        for edge in graph.to_one_from(waiting.pop()):
            if edge.to_source not in seen:
                seen.add(edge.to_source)
                waiting.append(edge.to_source)
    used = {graph.source_of(node) for node in seen}
    for name in sorted(set(graph.catalog) - used):
        log.add(
            "source_unused",
            f"No measure uses source '{name}': it has none, and no source with measures "
            "looks it up.",
            name,
            ("name",),
            fix="Declare a measure in it, or a many-to-one join to it, or remove it.",
            severity="warning",
        )
