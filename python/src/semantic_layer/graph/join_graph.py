"""The join graph: which source can look up which, and by what condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from semantic_layer.catalog import Catalog, Names, RawSource
from semantic_layer.errors import INVALID_MODEL, SemanticError
from semantic_layer.graph.condition import (
    JoinCondition,
    JoinConditionReader,
)
from semantic_layer.graph.edges import (
    INVERSE,
    Declaration,
    JoinEdge,
    JoinPath,
    Validity,
    to_one_of,
    undefined_target,
)
from semantic_layer.graph.route_search import not_connected, shortest_routes
from semantic_layer.parser import ExpressionParser
from semantic_layer.syntax.tree import METRIC_TIME, ColumnRef


class JoinGraph:
    """All joins of a model, each usable from both ends; conditions are read when needed."""

    def __init__(self, sources: Mapping[str, RawSource], dialect: str = "postgres") -> None:
        self.catalog = sources if isinstance(sources, Catalog) else Catalog(sources)
        self.parser = ExpressionParser(dialect, self._is_name)
        self._conditions: dict[Declaration, JoinCondition] = {}
        self._edges: dict[str, list[JoinEdge]] = {}
        self._to_one: dict[str, list[JoinEdge]] = {}

    def build(self) -> JoinGraph:
        """Index every declared join; a join to an undefined source is an error."""
        for source in self.catalog:
            for index, join in enumerate(self.catalog.declared(source, "joins")):
                target = join.get("to")
                if not isinstance(target, str) or target not in self.catalog:
                    raise undefined_target(self._declaration(source, index, join), self.catalog)
        return self

    @cached_property
    def declarations(self) -> list[Declaration]:
        """Every declared join, in the order of source names."""
        return [
            self._declaration(source, index, join)
            for source in sorted(self.catalog)
            for index, join in enumerate(self.catalog.declared(source, "joins"))
        ]

    def _declaration(self, source: str, index: int, join: dict[str, Any]) -> Declaration:
        values = [join.get(key) for key in ("to", "on", "relationship")]
        well_formed = all(isinstance(value, str) for value in values) and values[2] in INVERSE
        if not well_formed or not isinstance(join.get("alias"), str | None):
            self.catalog[source]  # names the fault
        valid = join.get("valid")
        if valid is not None:
            valid = self._validity(source, valid)
        return Declaration(
            source, index, join["to"], join["on"], join["relationship"], join.get("alias"), valid
        )

    def _validity(self, source: str, valid: Any) -> Validity:
        """Return a window as it is written; where it is not well formed, its source says so."""
        known = isinstance(valid, dict) and {"from", "to"} <= valid.keys() <= {"from", "to", "at"}
        if not known or not all(isinstance(value, str) for value in valid.values()):
            self.catalog[source]
        return Validity(valid["from"], valid["to"], valid.get("at"))

    @cached_property
    def aliases(self) -> dict[str, str]:
        """The join aliases, each with the source it stands for."""
        found: dict[str, str] = {}
        for declaration in self.declarations:
            alias = declaration.alias
            if alias is None:
                continue
            if alias in self.catalog or found.get(alias, declaration.target) != declaration.target:
                raise SemanticError(
                    INVALID_MODEL,
                    f"{declaration.origin.label}: alias '{alias}' is already the name of "
                    "another source or of an alias for one.",
                    fix="Choose an alias that is unique in the model.",
                    source=declaration.source,
                    path=("joins", declaration.position, "alias"),
                )
            found[alias] = declaration.target
        return found

    @cached_property
    def node_names(self) -> Names:
        """The names of sources and aliases."""
        return Names([*self.catalog, *self.aliases])

    def find_node(self, name: str, quoted: bool = False) -> str | None:
        """Return the node of this name, or None; in another case it must be the only one."""
        return name if name in self.catalog else self.node_names.find(name, quoted)

    def _is_name(self, word: str) -> bool:
        """Whether a word is the name of a source, an alias, a column or a measure."""
        catalog = self.catalog
        owners = catalog.sources_with_column(word) or catalog.sources_with_measure(word)
        return bool(owners) or self.find_node(word) is not None

    def source_of(self, node: str) -> str:
        """Return the source a node shows: itself, or what an alias stands for."""
        return node if node in self.catalog else self.aliases[node]

    def is_metric_time(self, name: str) -> bool:
        """Whether a name means the time of each measure's rows: no column is called like that."""
        return name.casefold() == METRIC_TIME and not self.catalog.sources_with_column(name)

    def type_of(self, ref: ColumnRef) -> str | None:
        """Return the declared type of a column; None in a source without declared columns."""
        declared = self.catalog.column(self.source_of(ref.node), ref.column)
        return declared.type if declared is not None else None

    def condition(self, declaration: Declaration) -> JoinCondition:
        """Return the condition of a declared join, parsed once."""
        if declaration not in self._conditions:
            source, target = declaration.source, declaration.target
            if source == target and declaration.alias is None:
                raise declaration.origin.error(
                    "a source joined to itself needs an alias.",
                    fix="Add `alias: <name>` and use the alias in `on`.",
                )
            reader = JoinConditionReader(
                self.catalog, source, target, declaration.alias, declaration.origin
            )
            condition = reader.read(declaration.on, self.parser)
            if declaration.valid is not None:
                from semantic_layer.graph.validity import WindowReader

                condition = WindowReader(self, declaration).read(declaration.valid, condition)
            self._conditions[declaration] = condition
        return self._conditions[declaration]

    def time_route(self, edge: JoinEdge) -> list[JoinEdge]:
        """Return the joins by which the time is looked up that has to be in a join's window."""
        from semantic_layer.graph.validity import time_route

        return time_route(edge)

    def edges_from(self, node: str) -> list[JoinEdge]:
        """Return the joins that leave a node, declared by it or by the other end."""
        if node not in self._edges:
            self._edges[node] = [
                edge for edge in self._all_edges_from(node) if edge.to_source != node
            ]
        return self._edges[node]

    def to_one_from(self, node: str) -> list[JoinEdge]:
        """Return the joins that give a row at most one row, the same join declared twice once."""
        if node not in self._to_one:
            by_target: dict[str, list[JoinEdge]] = {}
            for edge in self.edges_from(node):
                by_target.setdefault(edge.to_source, []).append(edge)
            self._to_one[node] = [edge for same in by_target.values() for edge in to_one_of(same)]
        return self._to_one[node]

    def _all_edges_from(self, node: str) -> Iterable[JoinEdge]:
        source = self.source_of(node)
        for join in self._leaving.get(source, []):
            yield JoinEdge(node, join.alias or join.target, join.relationship, join, False, self)
        for join in self._arriving.get(source, []):
            if join.alias is None or join.alias == node:
                inverse = INVERSE[join.relationship]
                yield JoinEdge(node, join.source, inverse, join, True, self)

    def edges_of(self, join: Declaration) -> list[JoinEdge]:
        """Return a declared join as seen from its two ends."""
        there, inverse = join.alias or join.target, INVERSE[join.relationship]
        return [
            JoinEdge(join.source, there, join.relationship, join, False, self),
            JoinEdge(there, join.source, inverse, join, True, self),
        ]

    @cached_property
    def _leaving(self) -> dict[str, list[Declaration]]:
        return _grouped((join.source, join) for join in self.declarations)

    @cached_property
    def _arriving(self) -> dict[str, list[Declaration]]:
        return _grouped((join.target, join) for join in self.declarations)

    def find_path(self, start: str, end: str) -> JoinPath | None:
        """Return a shortest path over joins of any kind, or None."""
        routes = shortest_routes(self, start, end, to_one_only=True) or shortest_routes(
            self, start, end, to_one_only=False
        )
        if start == end:
            return JoinPath([start], [])
        if not routes:
            return None
        nodes = [start, *(edge.to_source for edge in routes[0])]
        return JoinPath(nodes, routes[0], is_ambiguous=len(routes) > 1)

    def resolve_join_tree(self, sources: Iterable[str], anchor: str | None = None) -> JoinPath:
        """Return the joins that connect `sources` from `anchor` (or the first of them)."""
        wanted = sorted(set(sources))
        start = anchor or wanted[0]
        nodes, edges, ambiguous = [start], [], False
        for name in wanted:
            path = self.find_path(start, name)
            if path is None:
                raise not_connected(start, name)
            ambiguous = ambiguous or path.is_ambiguous
            for edge in path.edges:
                if edge.to_source not in nodes:
                    nodes.append(edge.to_source)
                    edges.append(edge)
        return JoinPath(nodes, edges, ambiguous)

    def find_components(self) -> list[list[str]]:
        """Return the sources that joins connect, each component sorted, largest first."""
        left = set(self.catalog)
        components: list[list[str]] = []
        neighbours: dict[str, set[str]] = {name: set() for name in left}
        for join in self.declarations:
            if join.target in left:
                neighbours[join.source].add(join.target)
                neighbours[join.target].add(join.source)
        for name in sorted(self.catalog):
            if name in left:
                found, stack = set(), [name]
                while stack:
                    current = stack.pop()
                    if current not in found:
                        found.add(current)
                        stack.extend(neighbours[current])
                left -= found
                components.append(sorted(found))
        return sorted(components, key=lambda names: (-len(names), names))


def _grouped(pairs: Iterable[tuple[str, Declaration]]) -> dict[str, list[Declaration]]:
    grouped: dict[str, list[Declaration]] = {}
    for key, join in pairs:
        grouped.setdefault(key, []).append(join)
    return grouped
