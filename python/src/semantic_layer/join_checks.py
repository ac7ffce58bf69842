"""Checking each declared join by itself: its target, its columns and its relationship."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from semantic_layer.catalog import Catalog
from semantic_layer.errors import INVALID_MODEL, SemanticError
from semantic_layer.finding_log import FindingLog
from semantic_layer.graph.condition import LEFT
from semantic_layer.graph.edges import (
    Declaration,
    JoinEdge,
    contradiction,
    fitting,
    undefined_target,
)
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.proofs import ModelProofs
from semantic_layer.syntax.tree import ColumnRef


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
        proofs: ModelProofs | None,
        *,
        complete: bool,
    ) -> None:
        self._catalog = catalog
        self._graph = graph
        self._log = log
        self._proofs = proofs
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
        proven = self._proofs is not None and self._proofs.join(join)
        if not proven and not self._reads(join):
            return False
        other = self._contradicting(join)
        if other is not None:
            error = contradiction(self._graph.edges_of(join)[0], other)
            self._log.note("join_contradiction", error, concerned)
            return False
        if not proven:
            self._check_columns(join)
            for edge in self._graph.edges_of(join):
                self._check_grain(join, edge)
        return True

    def _reads(self, join: Declaration) -> bool:
        return self._log.guard("join_invalid", lambda: self._graph.condition(join), [join.target])

    def _contradicting(self, join: Declaration) -> Declaration | None:
        """Return another declaration of the same join that says something else of it."""
        edge = self._graph.edges_of(join)[0]
        for rival in self._between[_ends(join)]:
            for seen in self._graph.edges_of(rival):
                same_way = (seen.from_source, seen.to_source) == (edge.from_source, edge.to_source)
                disagrees = same_way and seen.relationship != edge.relationship
                if disagrees and self._is_readable(rival) and seen.same_rows(edge):
                    return rival
        return None

    def _is_readable(self, join: Declaration) -> bool:
        try:
            self._graph.condition(join)
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
