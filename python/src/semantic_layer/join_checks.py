"""Checking each declared join by itself: its target, its columns and its relationship."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from semantic_layer.catalog import Catalog
from semantic_layer.errors import INVALID_MODEL, SemanticError
from semantic_layer.finding_log import FindingLog
from semantic_layer.graph import Declaration, JoinEdge, JoinGraph, undefined_target
from semantic_layer.join_condition import LEFT
from semantic_layer.proofs import ModelProofs
from semantic_layer.sql import ColumnRef

_FITTING = {
    (True, True): ["one_to_one"],
    (False, True): ["many_to_one"],
    (True, False): ["one_to_many"],
    (False, False): [],
}


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


class JoinCheck:
    """Checks joins; unless the model is `complete`, a target may be one that was not sent."""

    def __init__(
        self,
        catalog: Catalog,
        graph: JoinGraph,
        log: FindingLog,
        proofs: ModelProofs | None,
        *,
        complete: bool,
    ) -> None:
        self._catalog = catalog
        self._graph = graph
        self._log = log
        self._proofs = proofs
        self._complete = complete

    def run(self, join: Declaration) -> bool:
        """Note what is wrong with a join; return whether queries can use it."""
        concerned = [join.target]
        if join.target not in self._catalog:
            if self._complete:
                error = undefined_target(join, self._catalog)
                self._log.note("join_target_undefined", error, concerned)
            return False
        if self._proofs is not None and self._proofs.join(join):
            return True
        if not self._log.guard("join_invalid", lambda: self._graph.condition(join), concerned):
            return False
        self._check_columns(join)
        for edge in self._graph.edges_of(join):
            self._check_grain(join, edge)
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
        fitting = self._fitting(join)
        relationship = f" to {fitting[0]}" if fitting else ""
        self._log.add(
            "join_grain",
            f"{join.origin.label} is declared {join.relationship}, but does not cover the "
            f"grain of '{edge.to_source}': {', '.join(missing)}. If the joined columns "
            "are not unique there, rows are counted more than once.",
            join.source,
            ("joins", join.position, "relationship"),
            fix=f"Join on the whole grain, or correct the relationship{relationship}.",
            suggestions=fitting,
            concerned=[join.target],
            severity="warning",
        )

    def _fitting(self, join: Declaration) -> list[str]:
        """Return the relationship that the two grains speak for, if they do."""
        there, back = self._graph.edges_of(join)
        return _FITTING[(not back.uncovered_grain(), not there.uncovered_grain())]
