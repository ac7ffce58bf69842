"""What a name in an expression means, be it in a text of the model or in a question."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from semantic_layer.errors import Origin, SemanticError, close_names
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.measure_definition import MeasureDefinition, MeasureVisibility
from semantic_layer.metric_definition import METRICS
from semantic_layer.models import ColumnVisibility, SourceColumn
from semantic_layer.plan.question_names import OWN, QuestionNames
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, MetricTime

# Where two columns may differ by nothing but capitals.
_CAPITALS_MATTER = frozenset({"postgres", "clickhouse"})


class Scope(ABC):
    """Resolves column names to columns of the model."""

    needs_source = False
    """Whether a count of rows must say whose: what else a question asks for must not decide."""

    def __init__(self, graph: JoinGraph) -> None:
        self.graph = graph
        self.catalog = graph.catalog

    @abstractmethod
    def resolve(self, part: exp.Column, origin: Origin) -> ColumnRef | MetricTime:
        """Return the column a name means, or raise saying why it means no column."""

    def within(self, node: str) -> Scope:
        """Return the scope of a condition on rows of a node: its own columns go first."""
        return InnerScope(self, node)

    def qualifier(self, part: exp.Column, origin: Origin) -> str:
        """Return the node that qualifies a column."""
        text = ".".join(identifier.name for identifier in part.parts[:-1])
        node = self.graph.find_node(text, bool(part.args["table"].args.get("quoted")))
        if node is None:
            raise (
                self._dotted(part, origin)
                or self._no_column_of_metrics(text, part.name, origin)
                or self._unknown_source(text, origin)
            )
        return node

    def _unknown_source(self, name: str, origin: Origin) -> SemanticError:
        message, suggestions = self.catalog.unknown_source(name)
        return origin.error(message, fix="Use one of the names listed.", suggestions=suggestions)

    def _no_column_of_metrics(self, text: str, name: str, origin: Origin) -> SemanticError | None:
        """Return the error for a name that stands behind `metrics`, else None."""
        if self.catalog.metrics is None or text.casefold() != METRICS:
            return None
        if self.catalog.measure(METRICS, name) is not None:
            return origin.error(
                f"'{name}' is a metric, and a column must stand here.",
                fix="Name a column of a source.",
            )
        known = [item.name for item in self.catalog.metrics.measures]
        return origin.error(
            f"there is no metric '{name}'. Metrics: {', '.join(known)}.",
            fix="Use one of the names listed.",
            suggestions=close_names(name, known),
        )

    def _dotted(self, part: exp.Column, origin: Origin) -> SemanticError | None:
        """Return the error for a name with a dot that stands without quotes, else None."""
        names = [identifier.name for identifier in part.parts]
        for position in range(1, len(names) - 1):
            source, column = ".".join(names[:position]), ".".join(names[position:])
            node = self.graph.find_node(source, False)
            declared = None if node is None else self.declared(node, column)
            if declared is not None:
                name = exp.to_identifier(declared.name, quoted=True)
                written = f"{source}.{name.sql(self.graph.parser.dialect)}"
                return origin.error(
                    f"the column '{declared.name}' of '{source}' has a dot in its name, "
                    "and must stand in quotes here.",
                    fix=f"Write {written}.",
                    suggestions=[written],
                )
        return None

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


class InnerScope(Scope):
    """Names in a condition on rows of the many side."""

    def __init__(self, outer: Scope, node: str) -> None:
        super().__init__(outer.graph)
        self._outer = outer
        self._node = node

    def resolve(self, part: exp.Column, origin: Origin) -> ColumnRef | MetricTime:
        """Resolve a name, a bare one as a column of the node if it has it."""
        if part.args.get("table") is None and self.declared(self._node, part.name):
            part = exp.Column(this=part.this.copy(), table=exp.Identifier(this=self._node))
        return self._outer.resolve(part, origin)


class ModelScope(Scope):
    """Names in a source's own text: its columns first, then those that it looks up."""

    def __init__(self, graph: JoinGraph, source: str) -> None:
        super().__init__(graph)
        self.source = source

    def resolve(self, part: exp.Column, origin: Origin) -> ColumnRef:
        """Resolve a name; a source without declared columns is taken to have any column."""
        if part.args.get("table") is not None:
            return self.column_of(self.qualifier(part, origin), part, origin)
        quoted = bool(part.this.args.get("quoted"))
        if self.declared(self.source, part.name, quoted):
            return self.column_of(self.source, part, origin)
        owners = [node for node in self._looked_up() if self.declared(node, part.name, quoted)]
        if owners:
            own = self.catalog.measure(self.source, part.name)
            if own is not None or len(owners) > 1:
                raise self._unclear(part.name, owners, own is not None, origin)
            return self.column_of(owners[0], part, origin)
        if not self.catalog[self.source].columns:
            return ColumnRef(node=self.source, name=part.name, quoted=quoted)
        message, suggestions = self.catalog.unknown_column(self.source, part.name)
        raise origin.error(message, fix="Use one of the names listed.", suggestions=suggestions)

    def _unclear(
        self, name: str, owners: list[str], is_measure: bool, origin: Origin
    ) -> SemanticError:
        if is_measure:
            return origin.error(
                f"'{name}' is a measure of '{self.source}' and a column of {', '.join(owners)}; "
                "a measure cannot stand here.",
                fix=f"Write `{owners[0]}.{name}` for the column.",
                suggestions=[f"{owner}.{name}" for owner in owners],
            )
        return origin.error(
            f"column '{name}' is ambiguous: {', '.join(owners)} have it.",
            fix=f"Write `{owners[0]}.{name}`.",
            suggestions=[f"{owner}.{name}" for owner in owners],
        )

    def _looked_up(self) -> Iterator[str]:
        """Yield what the source looks up: over one hop, over two hops, …"""
        level, seen = [self.source], {self.source}
        while level:
            reached = {
                edge.to_source
                for node in level
                for edge in self.graph.to_one_from(node)
                if edge.to_source in self.catalog
            }
            level = sorted(reached - seen)
            seen |= reached
            yield from level


class QueryScope(Scope):
    """Names in a query: qualified, or of a column that one source has; never hidden ones."""

    def __init__(self, graph: JoinGraph) -> None:
        super().__init__(graph)
        self.names = QuestionNames()
        self.sees_hidden = False
        """Whether measures that are hidden may be named: by who checks the model."""
        self.being_read: set[str] = set()
        """The measures of the question, in small letters, whose text is being resolved."""

    def resolve(self, part: exp.Column, origin: Origin) -> ColumnRef | MetricTime:
        """Resolve a name in an expression; raises when it could mean a measure as well."""
        if part.args.get("table") is None and self.graph.is_metric_time(part.name):
            return MetricTime()
        ref = self.resolve_column(part, origin)
        if part.args.get("table") is None:
            self._check_measures(part.name, ref.node, origin)
        return ref

    def resolve_column(self, part: exp.Column, origin: Origin) -> ColumnRef:
        """Resolve a name where only a column can stand; a hidden one is refused."""
        if part.args.get("table") is not None:
            ref = self.column_of(self.qualifier(part, origin), part, origin)
        else:
            ref = self._bare(part, origin)
        declared = self.declared(ref.node, ref.column)
        if declared is None or self._is_hidden(ref.node, declared):
            raise hidden_column(ref.node, ref.column, origin)
        return ref

    def _is_hidden(self, node: str, declared: SourceColumn) -> bool:
        """Whether a column is hidden, be it under other capitals of the same name."""
        if declared.visibility is ColumnVisibility.hidden:
            return True
        if self.graph.parser.dialect in _CAPITALS_MATTER or declared.expr is not None:
            return False
        return any(
            item.visibility is ColumnVisibility.hidden
            and item.name.casefold() == declared.name.casefold()
            for item in self.catalog[self.graph.source_of(node)].columns
        )

    def _check_measures(self, name: str, owner: str, origin: Origin) -> None:
        """Refuse a column's bare name that a measure of another source or of the question has.

        Beside a measure of its own source it is clear: `sum(amount)` is how `amount` is defined.
        """
        column = f"{owner}.{name}"
        if name in self.names and name.casefold() not in self.being_read:
            raise two_meanings(name, [column], [name], origin)
        others = [".".join(found) for found in self.measures_named(name) if found[0] != owner]
        if others:
            raise two_meanings(name, [column], others, origin)

    def check_measure(self, source: str, name: str, origin: Origin) -> None:
        """Raise when a question names a hidden measure."""
        found = self.catalog.measure(source, name)
        if found is None or self._is_public(found):
            return
        raise origin.error(
            f"the measure '{source}.{name}' is hidden and cannot be used in a question.",
            fix="Use a measure that is made of it, or another one.",
        )

    def _is_public(self, measure: MeasureDefinition) -> bool:
        return self.sees_hidden or measure.visibility is MeasureVisibility.public

    def measure(self, name: str, origin: Origin) -> tuple[str, str] | None:
        """Return what a bare name means where a measure can stand, as (source, name), or None.

        The question's own measures go first; the model's must not be a column elsewhere.
        """
        if name in self.names:
            return OWN, self.names.get(name)[0]
        found = self.unique_measure(name, origin)
        columns = self.columns_named(name) if found is not None else []
        if found is not None and columns and found[0] not in columns:
            spelled = [f"{source}.{name}" for source in columns]
            raise two_meanings(name, spelled, [".".join(found)], origin)
        return found

    def unique_measure(self, name: str, origin: Origin) -> tuple[str, str] | None:
        """Return the model's measure of this bare name; several sources having it is an error."""
        found = self.measures_named(name)
        if len(found) > 1:
            spellings = [".".join(key) for key in found]
            raise origin.error(
                f"measure '{name}' is ambiguous: it exists in multiple sources: "
                f"{', '.join(source for source, _ in found)}.",
                fix=f"Write `{spellings[0]}`.",
                suggestions=spellings,
            )
        return found[0] if found else None

    def measures_named(self, name: str) -> list[tuple[str, str]]:
        """Return the model's measures of a bare name that a question may use, as (source, name)."""
        found = [
            (source, self.catalog.measure(source, name))
            for source in self.catalog.sources_with_measure(name)
        ]
        return [
            (source, measure.name)
            for source, measure in found
            if measure is not None and self._is_public(measure)
        ]

    def columns_named(self, name: str, quoted: bool = False) -> list[str]:
        """Return the sources that have a column of this name which a query may use."""
        return [
            source
            for source in self.catalog.sources_with_column(name)
            if self.catalog.column(source, name, quoted) is not None
            and not self._hidden(source, name)
        ]

    def _bare(self, part: exp.Column, origin: Origin) -> ColumnRef:
        visible = self.columns_named(part.name, bool(part.this.args.get("quoted")))
        if len(visible) > 1:
            raise origin.error(
                f"column '{part.name}' is ambiguous: it exists in {', '.join(visible)}.",
                fix=f"Write `{visible[0]}.{part.name}`.",
                suggestions=[f"{owner}.{part.name}" for owner in visible],
            )
        if visible:
            return self.column_of(visible[0], part, origin)
        if owners := self.catalog.sources_with_column(part.name):
            raise hidden_column(owners[0], part.name, origin)
        if part.name in self.names or self.measures_named(part.name):
            raise origin.error(
                f"'{part.name}' is a measure, and a column has to stand here.",
                fix="Aggregate a column, or name the measure outside of an aggregate.",
            )
        raise origin.error(
            f"'{part.name}' is neither a column nor a measure.",
            fix="Write `source.column` or `source.measure`.",
            suggestions=close_names(part.name, self._known_names()),
        )

    def _hidden(self, source: str, name: str) -> bool:
        declared = self.catalog.column(source, name)
        return declared is not None and declared.visibility is ColumnVisibility.hidden

    def _known_names(self) -> Iterable[str]:
        for source in self.catalog.owners:
            for field in ("columns", "measures"):
                for item in self.catalog.declared(source, field):
                    if item.get("visibility") != "hidden":
                        yield f"{item.get('name')}"


def two_meanings(
    name: str, columns: list[str], measures: list[str], origin: Origin
) -> SemanticError:
    """Build the error for a bare name that columns and measures have, each as it is written.

    A measure that the question names has no other spelling than that name.
    """
    both = set(columns) & set(measures)
    clear = [text for text in (*columns, *measures) if text not in both and text != name]
    fix = "Write the aggregate itself to filter the measure, or rename one of the two in the model."
    if clear:
        fix = (
            f"Write {' or '.join(f'`{text}`' for text in clear)}, or give the measure another name."
        )
    return origin.error(
        f"'{name}' is both a column and a measure: {', '.join(dict.fromkeys(columns))} and "
        f"{', '.join(dict.fromkeys(_shown(text, name, both) for text in measures))}.",
        fix=fix,
        suggestions=clear,
    )


def _shown(measure: str, name: str, both: set[str]) -> str:
    if measure == name:
        return "the one of this question"
    return "the measure of that name" if measure in both else measure


def hidden_column(node: str, name: str, origin: Origin) -> SemanticError:
    """Build the error for a query that names a hidden column."""
    return origin.error(
        f"column '{node}.{name}' is hidden and cannot be used in a query.",
        fix="Use a measure or a visible column of the model.",
    )
