"""Where a source's rows come from: its table, or a common table expression for its SELECT."""

from __future__ import annotations

from semantic_layer.errors import INVALID_MODEL, Origin, SemanticError
from semantic_layer.graph import JoinGraph
from semantic_layer.instants import Instants
from semantic_layer.lean_sqlglot import exp
from semantic_layer.sql import Node, identifier, unused_name


class Tables:
    """The tables and common table expressions of one statement, and how it writes times."""

    def __init__(
        self, graph: JoinGraph, sources: list[str], instants: Instants | None = None
    ) -> None:
        self.instants = instants or Instants(graph)
        self._graph = graph
        self._trees: dict[str, Node] = {source: self._read(source) for source in sources}
        # A name read anywhere must not be captured by a CTE of ours.
        self.taken = {
            table.name.casefold()
            for tree in self._trees.values()
            for table in tree.find_all(exp.Table)
        }
        self._cte_names = {
            source: unused_name(source, self.taken)
            for source, tree in self._trees.items()
            if isinstance(tree, exp.Query)
        }

    def ctes(self) -> list[tuple[str, exp.Query]]:
        """Return the names and bodies of the SQL sources, in order of use."""
        bodies = []
        for source, name in self._cte_names.items():
            tree = self._trees[source]
            assert isinstance(tree, exp.Query)
            bodies.append((name, tree))
        return bodies

    def table(self, node: str) -> Node:
        """Return what to write in FROM for a node."""
        source = self._graph.source_of(node)
        alias = exp.TableAlias(this=identifier(node))
        if source in self._cte_names:
            name = self._cte_names[source]
            table: Node = exp.Table(this=identifier(name))
            if name == node:
                return table
        else:
            table = self._trees[source].copy()
        table.set("alias", alias)
        return table

    def _read(self, source: str) -> Node:
        definition = self._graph.catalog[source]
        parser = self._graph.parser
        if definition.sql is not None:
            origin = Origin(f"sql of source '{source}'", source, ("sql",))
            body = parser.parse_select(definition.sql, origin)
            if parser.dialect == "tsql" and body.find(exp.With):
                raise origin.unsupported(
                    "WITH inside another query is not possible in T-SQL.",
                    fix="Write the parts as sub-queries, or create a view.",
                )
            return body
        if definition.table is not None:
            origin = Origin(f"table of source '{source}'", source, ("table",))
            return parser.parse_table(definition.table, origin)
        raise SemanticError(
            INVALID_MODEL,
            f"Source '{source}' has neither 'table' nor 'sql'.",
            fix="Give it the name of a table, or a SELECT.",
            source=source,
        )
