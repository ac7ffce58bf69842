"""Checking joins: each by itself, and how sources reach each other by them.

By itself: its target, its columns and its relationship. Together: ambiguous routes, islands, and
sources that nothing uses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from semantic_layer.catalog import Catalog
from semantic_layer.errors import INVALID_MODEL, SemanticError
from semantic_layer.graph.condition import LEFT
from semantic_layer.graph.edges import (
    Declaration,
    JoinEdge,
    contradiction,
    fitting,
    undefined_target,
)
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.route_search import (
    describe,
    has_unique_routes,
    parting_routes,
    shortest_routes,
)
from semantic_layer.syntax.tree import ColumnRef
from semantic_layer.validate.findings import FindingLog
from semantic_layer.validate.verdicts import ModelVerdicts


def misled_by(misled: Collection[str], lookups: Iterable[tuple[str, str]]) -> set[str]:
    """Return these sources and all that look one of them up, in any number of steps."""
    arriving: dict[str, list[str]] = {}
    for start, end in lookups:
        arriving.setdefault(end, []).append(start)
    found, waiting = set(misled), list(misled)
    while waiting:
        for start in arriving.get(waiting.pop(), []):
            if start not in found:
                found.add(start)
                waiting.append(start)
    return found


def _ends(join: Declaration) -> frozenset[str]:
    return frozenset((join.source, join.alias or join.target))


class JoinCheck:
    """Checks joins; unless the model is `complete`, a target may be one that was not sent."""

    def __init__(
        self,
        catalog: Catalog,
        graph: JoinGraph,
        log: FindingLog,
        verdicts: ModelVerdicts | None,
        *,
        complete: bool,
    ) -> None:
        self._catalog = catalog
        self._graph = graph
        self._log = log
        self._verdicts = verdicts
        self._complete = complete
        self._between: dict[frozenset[str], list[Declaration]] = {}
        for join in graph.declarations:
            self._between.setdefault(_ends(join), []).append(join)

    def run(self, join: Declaration) -> bool:
        """Note what is wrong with a join; return whether queries can use it."""
        concerned = [join.target]
        if join.target not in self._catalog:
            if self._complete:
                error = undefined_target(join, self._catalog)
                self._log.note("join_target_undefined", error, concerned)
            return False
        passed = self._verdicts is not None and self._verdicts.join(join)
        if not passed and not self._reads(join):
            return False
        other = self._contradicting(join)
        if other is not None:
            error = contradiction(self._graph.edges_of(join)[0], other)
            self._log.note("join_contradiction", error, concerned)
            return False
        if not passed:
            self._check_columns(join)
            for edge in self._graph.edges_of(join):
                self._check_grain(join, edge)
        return True

    def _reads(self, join: Declaration) -> bool:
        if join.valid is not None and not self._complete and not self._is_readable(join):
            return False  # The time of its window may be of a source that was not sent.
        return self._log.guard("join_invalid", lambda: self._read(join), [join.target])

    def _read(self, join: Declaration) -> None:
        self._graph.condition(join)
        if join.valid is not None:
            self._graph.edges_of(join)[0].time_route()

    def _contradicting(self, join: Declaration) -> Declaration | None:
        """Return another declaration of the same join that says something else of it."""
        declared = self._between[_ends(join)]
        if declared == [join]:
            return None
        edge = self._graph.edges_of(join)[0]
        for rival in declared:
            for seen in self._graph.edges_of(rival):
                same_way = (seen.from_source, seen.to_source) == (edge.from_source, edge.to_source)
                disagrees = same_way and seen.relationship != edge.relationship
                if disagrees and self._is_readable(rival) and seen.same_rows(edge):
                    return rival
        return None

    def _is_readable(self, join: Declaration) -> bool:
        try:
            self._read(join)
        except SemanticError:
            return False  # noted where that join is checked
        return True

    def _check_columns(self, join: Declaration) -> None:
        """Every column of the condition exists on its side, those beside the keys included."""
        named: dict[tuple[str, str], None] = {}
        for ref in self._graph.condition(join).tree.find_all(ColumnRef):
            named[(join.source if ref.node == LEFT else join.target, ref.column)] = None
        for source, name in named:
            if self._catalog[source].columns and self._catalog.column(source, name) is None:
                message, suggestions = self._catalog.unknown_column(source, name)
                error = SemanticError(
                    INVALID_MODEL,
                    f"{join.origin.label}: {message}",
                    fix="Declare the column, or correct the join.",
                    suggestions=suggestions,
                    source=join.source,
                    path=("joins", join.position, "on"),
                )
                self._log.note("join_column_missing", error, [join.target])

    def _check_grain(self, join: Declaration, edge: JoinEdge) -> None:
        """Warn when the side said to be unique is not joined on all of its grain."""
        missing = edge.uncovered_grain() if edge.to_one else []
        if not missing:
            return
        fitting_ones = fitting(self._graph, join)
        relationship = f" to {fitting_ones[0]}" if fitting_ones else ""
        self._log.add(
            "join_grain",
            f"{join.origin.label} is declared {join.relationship}, but does not cover the "
            f"grain of '{edge.to_source}': {', '.join(missing)}. If the joined columns "
            "are not unique there, rows are counted more than once.",
            join.source,
            ("joins", join.position, "relationship"),
            fix=f"Join on the whole grain, or correct the relationship{relationship}.",
            suggestions=fitting_ones,
            concerned=[join.target],
            severity="warning",
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


def check_components(
    graph: JoinGraph, touched: Collection[str], log: FindingLog, time_spine: str | None = None
) -> None:
    """Warn of sources that no query can combine with the others.

    The source of the periods need not be joined.
    """
    components = [names for names in graph.find_components() if names != [time_spine]]
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


def check_unused(graph: JoinGraph, log: FindingLog, time_spine: str | None = None) -> None:
    """Warn of sources that no measure can use: they have none, and none can look them up.

    The source of the periods is used by itself.
    """
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
    for name in sorted(set(graph.catalog) - used - {time_spine}):
        log.add(
            "source_unused",
            f"No measure uses source '{name}': it has none, and no source with measures "
            "looks it up.",
            name,
            ("name",),
            fix="Declare a measure in it, or a many-to-one join to it, or remove it.",
            severity="warning",
        )
