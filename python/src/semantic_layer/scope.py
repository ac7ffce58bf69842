"""What a name in an expression means, for the model's own text and for a query's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from semantic_layer.errors import Origin, SemanticError, close_names
from semantic_layer.graph import JoinGraph
from semantic_layer.lean_sqlglot import exp
from semantic_layer.models import ColumnVisibility, SourceColumn
from semantic_layer.routes import to_one_edges
from semantic_layer.sql import ColumnRef


class Scope(ABC):
    """Resolves column names to columns of the model."""

    def __init__(self, graph: JoinGraph) -> None:
        self.graph = graph
        self.catalog = graph.catalog

    @abstractmethod
    def resolve(self, part: exp.Column, origin: Origin) -> ColumnRef:
        """Return the column a name means, or raise saying why it means none."""

    def qualifier(self, part: exp.Column, origin: Origin) -> str:
        """Return the node that qualifies a column."""
        text = ".".join(identifier.name for identifier in part.parts[:-1])
        node = self.graph.find_node(text, bool(part.args["table"].args.get("quoted")))
        if node is None:
            message, suggestions = self.catalog.unknown_source(text)
            raise origin.error(message, fix="Use one of the names listed.", suggestions=suggestions)
        return node

    def column_of(self, node: str, part: exp.Column, origin: Origin) -> ColumnRef:
        """Return a node's declared column."""
        quoted = bool(part.this.args.get("quoted"))
        declared = self.declared(node, part.name, quoted)
        if declared is None:
            message, suggestions = self.catalog.unknown_column(
                self.graph.source_of(node), part.name
            )
            raise origin.error(message, fix="Use one of the names listed.", suggestions=suggestions)
        return ColumnRef(node=node, name=declared.name, quoted=quoted)

    def declared(self, node: str, name: str, quoted: bool = False) -> SourceColumn | None:
        """Return the declaration of a node's column, or None."""
        return self.catalog.column(self.graph.source_of(node), name, quoted)


class ModelScope(Scope):
    """Names in a source's own text: its columns first, then those it looks up, nearest first."""

    def __init__(self, graph: JoinGraph, source: str) -> None:
        super().__init__(graph)
        self.source = source

    def resolve(self, part: exp.Column, origin: Origin) -> ColumnRef:
        """Resolve a name; a source without declared columns is taken to have any column."""
        if part.args.get("table") is not None:
            return self.column_of(self.qualifier(part, origin), part, origin)
        quoted = bool(part.this.args.get("quoted"))
        for level in self._levels():
            owners = [node for node in level if self.declared(node, part.name, quoted)]
            if len(owners) > 1:
                raise origin.error(
                    f"column '{part.name}' is ambiguous: {', '.join(owners)} have it.",
                    fix=f"Write `{owners[0]}.{part.name}`.",
                )
            if owners:
                return self.column_of(owners[0], part, origin)
        if not self.catalog[self.source].columns:
            return ColumnRef(node=self.source, name=part.name, quoted=quoted)
        message, suggestions = self.catalog.unknown_column(self.source, part.name)
        raise origin.error(message, fix="Use one of the names listed.", suggestions=suggestions)

    def _levels(self) -> Iterator[list[str]]:
        """Yield the source, then what it looks up over one hop, two hops, …"""
        level, seen = [self.source], {self.source}
        while level:
            yield level
            reached = {
                edge.to_source
                for node in level
                for edge in to_one_edges(self.graph, node)
                if edge.to_source in self.catalog
            }
            level = sorted(reached - seen)
            seen |= reached


class QueryScope(Scope):
    """Names in a query: qualified, or of a column that one source has; never hidden ones."""

    def resolve(self, part: exp.Column, origin: Origin) -> ColumnRef:
        """Resolve a name and refuse it when its column is hidden."""
        if part.args.get("table") is not None:
            ref = self.column_of(self.qualifier(part, origin), part, origin)
        else:
            ref = self._bare(part, origin)
        declared = self.declared(ref.node, ref.column)
        if declared is None or declared.visibility is ColumnVisibility.hidden:
            raise hidden_column(ref.node, ref.column, origin)
        return ref

    def has_bare(self, name: str) -> bool:
        """Whether some source has a column of this name."""
        return bool(self.catalog.sources_with_column(name))

    def _bare(self, part: exp.Column, origin: Origin) -> ColumnRef:
        quoted = bool(part.this.args.get("quoted"))
        owners = [
            source
            for source in self.catalog.sources_with_column(part.name)
            if self.catalog.column(source, part.name, quoted) is not None
        ]
        visible = [owner for owner in owners if not self._hidden(owner, part.name)]
        if len(visible) > 1:
            raise origin.error(
                f"column '{part.name}' is ambiguous: it exists in {', '.join(visible)}.",
                fix=f"Write `{visible[0]}.{part.name}`.",
                suggestions=[f"{owner}.{part.name}" for owner in visible],
            )
        if visible:
            return self.column_of(visible[0], part, origin)
        if owners:
            raise hidden_column(owners[0], part.name, origin)
        raise origin.error(
            f"'{part.name}' is neither a column nor a measure.",
            fix="Write `source.column` or `source.measure`.",
            suggestions=close_names(part.name, self._known_names()),
        )

    def _hidden(self, source: str, name: str) -> bool:
        declared = self.catalog.column(source, name)
        return declared is not None and declared.visibility is ColumnVisibility.hidden

    def _known_names(self) -> Iterable[str]:
        for source in self.catalog:
            for field in ("columns", "measures"):
                for item in self.catalog.declared(source, field):
                    if item.get("visibility") != "hidden":
                        yield f"{item.get('name')}"


def hidden_column(node: str, name: str, origin: Origin) -> SemanticError:
    """Build the error for a query that names a hidden column."""
    return origin.error(
        f"column '{node}.{name}' is hidden and cannot be used in a query.",
        fix="Use a measure or a visible column of the model.",
    )
