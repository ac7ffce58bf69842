"""A model as the evaluator sees it: nodes, columns and their values, and what names mean.

Names are resolved here by the rules of the documentation, and not by the planner's code: a question
that it misunderstands would otherwise be misunderstood twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from semantic_layer.catalog import Catalog
from semantic_layer.errors import Origin
from semantic_layer.metric_definition import METRICS, MetricDefinition
from semantic_layer.models import ColumnVisibility, SourceColumn
from semantic_layer.parser import ExpressionParser
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.compiling import Compiler, Leaf
from semantic_layer.verify.times import of_utc, stored
from semantic_layer.verify.values import Unchecked, Value

Row = dict[str, Value]
"""A row of a source, by the names of its columns in the model; computed ones are added."""


class Ref(NamedTuple):
    """A column as a node, which is a source or the alias of a join, shows it."""

    node: str
    column: str


class Model:
    """Sources, aliases and columns; notes which columns of the database are read."""

    def __init__(self, catalog: Catalog, compiler: Compiler) -> None:
        self.catalog = catalog
        self.compiler = compiler
        self.aliases = {
            str(join["alias"]): str(join["to"])
            for source in catalog
            for join in catalog.declared(source, "joins")
            if join.get("alias")
        }
        self.parser = ExpressionParser(compiler.dialect, self._is_name)
        self.read: dict[str, dict[str, bool]] = {}
        """The columns of each source that are needed, and whether they were written in quotes."""
        self._values: dict[tuple[str, str], Any] = {}

    def _is_name(self, word: str) -> bool:
        catalog = self.catalog
        owners = catalog.sources_with_column(word) or catalog.sources_with_measure(word)
        return bool(owners) or self.find_node(word) is not None

    def parse(self, text: str, what: str, names: Iterable[str] = ()) -> Node:
        """Parse an expression."""
        return self.parser.parse(text, Origin(what), frozenset(names))

    def find_node(self, name: str, quoted: bool = False) -> str | None:
        """Return the source or alias of a name, in any case if that gives one."""
        nodes = [*self.catalog, *self.aliases]
        if name in nodes:
            return name
        same = {node for node in nodes if node.casefold() == name.casefold()}
        return same.pop() if len(same) == 1 and not quoted else None

    def source_of(self, node: str) -> str:
        """Return the source that a node shows."""
        return node if node in self.catalog else self.aliases[node]

    def column(self, node: str, name: str, quoted: bool = False) -> SourceColumn | None:
        """Return the declaration of a node's column."""
        return self.catalog.column(self.source_of(node), name, quoted)

    def leaf(self, ref: Ref, quoted: bool = False) -> Leaf:
        """Return a column as the leaf of an expression over what `Seen` shows of a row."""
        source, node = self.source_of(ref.node), ref.node
        value = self.value(source, ref.column, quoted)
        declared = self.catalog.column(source, ref.column, quoted)

        def compute(seen: Any) -> Value:
            row = seen.row_of(node)
            return None if row is None else value(row)

        return Leaf(compute, declared is not None and declared.type == "time")

    def value(self, source: str, name: str, quoted: bool = False) -> Any:
        """Return the function that gives a column of a row of the source."""
        declared = self.catalog.column(source, name, quoted)
        if declared is None:
            if self.catalog[source].columns:
                raise Unchecked(f"the column {source}.{name}, which is not declared")
            return self._kept(source, name, quoted)
        key = (source, declared.name)
        if key not in self._values:
            self._values[key] = self._column(source, declared, quoted)
        return self._values[key]

    def _kept(self, source: str, name: str, quoted: bool) -> Any:
        self.read.setdefault(source, {}).setdefault(name, quoted)
        return lambda row: row[name]

    def _column(self, source: str, declared: SourceColumn, quoted: bool) -> Any:
        name, storage, dialect = declared.name, declared.storage, self.compiler.dialect
        if declared.expr is None:
            inner = self._kept(source, name, quoted)
        else:
            inner = self._computed(source, declared)
        if declared.zone == "utc" and dialect != "sqlite":
            return lambda row: of_utc(inner(row))
        if storage is None:
            return inner
        return lambda row: stored(inner(row), storage, dialect)

    def _computed(self, source: str, declared: SourceColumn) -> Any:
        tree = self.parse(declared.expr or "", f"column {source}.{declared.name}")

        def leaves(node: Node) -> Leaf | None:
            if not isinstance(node, exp.Column):
                return None
            found = self.catalog.column(source, node.name, bool(node.this.args.get("quoted")))
            if found is declared:  # A column of the same name that the table has.
                return Leaf(self._kept(source, declared.name, False), declared.type == "time")
            is_time = found is not None and found.type == "time"
            return Leaf(self.value(source, node.name), is_time)

        try:
            compute = self.compiler.compile(tree, leaves)
        except Unchecked as error:
            raise placed(error, f"the column {source}.{declared.name}") from None
        key = f"= {declared.name}"

        def value(row: Row) -> Value:
            if key not in row:
                row[key] = compute(row)
            return row[key]

        return value


def placed(error: Unchecked, place: str) -> Unchecked:
    """Add where something was met; what is nearest to it stays."""
    error.place = error.place or place
    return error


class Names(ABC):
    """What a name in a text means."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def column(self, part: exp.Column) -> Ref:
        """Return the column that a name means."""
        quoted = bool(part.this.args.get("quoted"))
        node = self.qualifier(part)
        if node is None:
            return self.bare(part.name, quoted)
        declared = self.model.column(node, part.name, quoted)
        return Ref(node, declared.name if declared is not None else part.name)

    def qualifier(self, part: exp.Column) -> str | None:
        """Return the node that a name begins with, or None for a bare one."""
        table = part.args.get("table")
        if table is None:
            return None
        text = ".".join(identifier.name for identifier in part.parts[:-1])
        node = self.model.find_node(text, bool(table.args.get("quoted")))
        if node is None:
            raise Unchecked(f"the name {text}.{part.name}")
        return node

    @abstractmethod
    def bare(self, name: str, quoted: bool) -> Ref:
        """Return the column that a bare name means."""

    def measure(self, part: exp.Column) -> tuple[str, str] | None:
        """Return the measure, as (source, name), that a name outside aggregates means."""
        catalog = self.model.catalog
        if part.table.casefold() == METRICS and catalog.owns(METRICS):
            metric = catalog.measure(METRICS, part.name)
            return (METRICS, metric.name) if metric is not None else None
        node = self.qualifier(part)
        source = node if node is not None else self.own_source()
        if source is None:
            return self.bare_measure(part.name)
        found = (
            self.model.catalog.measure(source, part.name) if source in self.model.catalog else None
        )
        return (source, found.name) if found is not None else None

    def own_source(self) -> str | None:
        """Return the source whose text it is."""
        return None

    @abstractmethod
    def bare_measure(self, name: str) -> tuple[str, str] | None:
        """Return the measure that a bare name means, or None."""


class SourceNames(Names):
    """Names in the text of a source: its own columns, then those of what it looks up."""

    def __init__(self, model: Model, source: str, looked_up: Iterator[list[str]]) -> None:
        """Prepare; `looked_up` yields the nodes over one join, over two, …"""
        super().__init__(model)
        self.source = source
        self._levels = looked_up
        self._known: list[list[str]] = []

    def own_source(self) -> str | None:
        """Return the source."""
        return self.source

    def bare(self, name: str, quoted: bool) -> Ref:
        """Return the column of the nearest source that has one of this name."""
        declared = self.model.column(self.source, name, quoted)
        if declared is not None:
            return Ref(self.source, declared.name)
        for level in self._every_level():
            owners = [node for node in level if self.model.column(node, name, quoted)]
            if len(owners) > 1:
                raise Unchecked(f"the name {name}, which {', '.join(owners)} have")
            if owners:
                found = self.model.column(owners[0], name, quoted)
                return Ref(owners[0], found.name if found is not None else name)
        return Ref(self.source, name)

    def _every_level(self) -> Iterator[list[str]]:
        yield from self._known
        for level in self._levels:
            self._known.append(level)
            yield level

    def bare_measure(self, name: str) -> tuple[str, str] | None:
        """Return the source's measure of this name."""
        found = self.model.catalog.measure(self.source, name)
        return (self.source, found.name) if found is not None else None


OWN = ""
"""Stands for the source of a measure that the question names."""


class QuestionNames(Names):
    """Names in a question: of its own measures, of columns that one source shows, of measures."""

    def __init__(self, model: Model, own: Iterable[str]) -> None:
        super().__init__(model)
        self.own = {name.casefold(): name for name in own}

    def columns_named(self, name: str, quoted: bool = False) -> list[str]:
        """Return the sources that show a column of this name."""
        found = []
        for source in self.model.catalog.sources_with_column(name):
            declared = self.model.catalog.column(source, name, quoted)
            if declared is not None and declared.visibility is not ColumnVisibility.hidden:
                found.append(source)
        return found

    def bare(self, name: str, quoted: bool) -> Ref:
        """Return the column of the one source that shows it."""
        owners = self.columns_named(name, quoted)
        if len(owners) != 1:
            raise Unchecked(f"the name {name}, which {len(owners)} sources have")
        declared = self.model.column(owners[0], name, quoted)
        return Ref(owners[0], declared.name if declared is not None else name)

    def measures_named(self, name: str) -> list[tuple[str, str]]:
        """Return the model's measures of a bare name."""
        found = []
        for source in self.model.catalog.sources_with_measure(name):
            measure = self.model.catalog.measure(source, name)
            if measure is not None:
                found.append((source, measure.name))
        return found

    def bare_measure(self, name: str) -> tuple[str, str] | None:
        """Return the question's own measure of a name, or the model's only one."""
        if name.casefold() in self.own:
            return OWN, name.casefold()
        found = self.measures_named(name)
        if len(found) > 1:
            raise Unchecked(f"the name {name}, which {len(found)} sources have")
        return found[0] if found else None


class MetricNames(QuestionNames):
    """Names in the text of a metric: its inputs, then as in a question; hidden ones as well."""

    def __init__(self, model: Model, metric: MetricDefinition, *, has_inputs: bool) -> None:
        super().__init__(model, [])
        self._metric = metric
        self._inputs = metric.inputs if has_inputs else {}

    def columns_named(self, name: str, quoted: bool = False) -> list[str]:
        """Return the sources that have a column of this name."""
        catalog = self.model.catalog
        return [
            source
            for source in catalog.sources_with_column(name)
            if catalog.column(source, name, quoted) is not None
        ]

    def bare_measure(self, name: str) -> tuple[str, str] | None:
        """Return an input, or the only measure or metric of a name beside this one."""
        if name in self._inputs:
            return f"{METRICS}.{self._metric.name}", name
        others = [key for key in self.measures_named(name) if key != (METRICS, self._metric.name)]
        if len(others) > 1:
            raise Unchecked(f"the name {name}, which {len(others)} sources have")
        return others[0] if others else None
