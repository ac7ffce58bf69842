"""A question with every name resolved, as functions of rows and groups; no row is read yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from semantic_layer.models import QueryDimension, QueryMeasure, SemanticQuery
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import METRIC_TIME, Node
from semantic_layer.verify.aggregates import has_aggregate
from semantic_layer.verify.compiling import Compiler, Compute
from semantic_layer.verify.joins import Joins, Link
from semantic_layer.verify.measures import Condition, Measures, NeedsBase, readings, splits
from semantic_layer.verify.model import OWN, Model, QuestionNames, Ref, placed
from semantic_layer.verify.times import period
from semantic_layer.verify.values import Unchecked, Value


class Dimension(NamedTuple):
    """A column to group by, cut to a period where it has a granularity."""

    ref: Ref
    grain: str | None
    value: Compute
    is_time: bool


class Output(NamedTuple):
    """A measure to be shown: what it is called, and its value of a group."""

    name: str
    value: Compute


class Question:
    """A question about a model, compiled."""

    def __init__(self, model: Model, query: SemanticQuery) -> None:
        self.model = model
        self.query = query
        self.joins = Joins(model, query.join_path)
        self.compiler: Compiler = model.compiler
        own = {
            item.name.casefold(): item
            for item in query.measures
            if isinstance(item, QueryMeasure) and item.name
        }
        self.names = QuestionNames(model, [item.name or "" for item in own.values()])
        self._measures = Measures(model, self.joins, self.names, own, query.segments)
        self.atoms = self._measures.atoms
        self.dimensions = self._read_dimensions()
        self.outputs: dict[str, Output] = {}
        self._read_measures()
        self.rows: list[Condition] = []
        self.groups: list[tuple[str, Compute]] = []
        for text in query.filters:
            self._read_filter(text)

    def _read_measures(self) -> None:
        waiting: list[str | QueryMeasure] = []
        for item in self.query.measures:
            try:
                self._read_measure(item)
            except NeedsBase:
                waiting.append(item)
        self._measures.default_base = self._only_base
        for item in waiting:
            self._read_measure(item)

    def _read_measure(self, item: str | QueryMeasure) -> None:
        text = item if isinstance(item, str) else item.expr
        try:
            key = self._predefined(text) if isinstance(item, str) else None
            if key is not None:
                self.outputs[text] = Output(text, self._measures.measure(*key))
            elif isinstance(item, QueryMeasure) and item.name:
                self.outputs[text] = Output(
                    item.name, self._measures.measure(OWN, item.name.casefold())
                )
            else:
                self.outputs[text] = Output(text, self._measures.lower_text(text, self.names, ()))
        except Unchecked as error:
            raise placed(error, f"the measure {text}") from None

    def _predefined(self, text: str) -> tuple[str, str] | None:
        """Return the measure of the model that a text names, which needs no SQL quoting."""
        catalog = self.model.catalog
        found = [
            (source, measure.name)
            for source, name in readings(text)
            if catalog.owns(source) and (measure := catalog.measure(source, name)) is not None
        ]
        if len(found) > 1:
            raise Unchecked(f"the name {text}")
        if found or "." in text:
            return found[0] if found else None
        named = self.names.measures_named(text)
        return named[0] if len(named) == 1 else None

    def shown_measure(self, qualified: str) -> Compute:
        """Return a measure of the model by `source.name`, as an answer shows it."""
        key = self._predefined(qualified)
        if key is None:
            raise Unchecked(f"the measure {qualified}")
        try:
            return self._measures.measure(*key)
        except Unchecked as error:
            raise placed(error, f"the measure {qualified}") from None

    def _read_dimensions(self) -> list[Dimension]:
        if self.query.each_once:
            raise Unchecked("groups by the many side (each_once)")
        if self.query.fill:
            raise Unchecked("every period of an answer (fill)")
        found: dict[tuple[Ref, str | None], Dimension] = {}
        for item in self.query.dimensions:
            wanted = QueryDimension(field=item) if isinstance(item, str) else item
            if wanted.field.casefold() == METRIC_TIME:
                raise Unchecked("the time of each measure (metric_time)")
            ref = self._dimension(wanted.field)
            grain = wanted.granularity.lower() if wanted.granularity else None
            try:
                leaf = self.model.leaf(ref)
            except Unchecked as error:
                raise placed(error, f"the dimension {wanted.field}") from None
            value = leaf.compute if grain is None else self._period(leaf.compute, grain)
            found.setdefault((ref, grain), Dimension(ref, grain, value, leaf.is_time))
        return list(found.values())

    def _period(self, compute: Compute, grain: str) -> Compute:
        clock, dialect = self.compiler.clock, self.compiler.dialect
        return lambda seen: period(compute(seen), grain, clock, dialect)

    def _dimension(self, text: str) -> Ref:
        model = self.model
        exact = [
            Ref(node, declared.name)
            for node, name in splits(text)
            if (node in model.catalog or node in model.aliases)
            and (declared := model.column(node, name)) is not None
        ]
        if len(exact) == 1:
            return exact[0]
        if not exact and model.catalog.sources_with_column(text):
            return self.names.bare(text, False)
        tree = model.parse(text, f"the dimension {text}")
        if not isinstance(tree, exp.Column):
            raise Unchecked(f"the dimension {text}")
        return self.names.column(tree)

    def _read_filter(self, text: str) -> None:
        what = f"the filter {text}"
        tree = self.model.parse(text, what, self.names.own)
        try:
            for part in _conjuncts(tree):
                if self._is_of_measures(part):
                    value = self._measures.lower(part, self.names, (), self._shown)
                    self.groups.append((text, value))
                else:
                    self.rows.append(self._measures.condition(part, self.names, text))
        except Unchecked as error:
            raise placed(error, what) from None

    def _shown(self, part: exp.Column) -> Compute | None:
        """Return the output that a bare name in a filter means by the name that it is given."""
        if part.args.get("table") is not None or self.names.bare_measure(part.name) is not None:
            return None
        found = [
            output
            for output in self.outputs.values()
            if output_name(output.name) == part.name.casefold()
        ]
        return found[0].value if len(found) == 1 else None

    def _is_of_measures(self, tree: Node) -> bool:
        if has_aggregate(tree):
            return True
        columns = list(tree.find_all(exp.Column))
        kinds = {self._is_measure(column) for column in columns}
        if len(kinds) > 1:
            raise Unchecked("a condition on columns and on measures")
        return kinds == {True}

    def _is_measure(self, part: exp.Column) -> bool:
        if part.args.get("table") is None:
            if part.name.casefold() not in self.names.own and self.names.columns_named(part.name):
                return False
            return self.names.measure(part) is not None or self._shown(part) is not None
        node = self.names.qualifier(part)
        assert node is not None
        return self.model.column(node, part.name) is None and self.names.measure(part) is not None

    def _only_base(self) -> str:
        named = {atom.base for atom in self.atoms}
        named |= {dimension.ref.node for dimension in self.dimensions}
        named = named or set(self.model.catalog)
        if len(named) != 1:
            raise Unchecked("a count that does not say whose rows it counts")
        return next(iter(named))

    def links(self) -> list[Link]:
        """Return the joins that rows are looked up by, nearest first; reads their conditions."""
        routes = [
            self.joins.route(base, node) for base in self.bases() for node in self._seen_from(base)
        ]
        routes += [self.joins.route(atom.base, node) for atom in self.atoms for node in atom.needs]
        found = {link: None for route in sorted(routes, key=len) for link in route}
        for link in list(found):
            window = self.joins.condition(link.declared).window
            if window is not None and window.node is not None:
                found.update(dict.fromkeys(self.joins.route(link.start, window.node)))
        for link in found:
            self.joins.condition(link.declared)
        return list(found)

    def _seen_from(self, base: str) -> Iterator[str]:
        for dimension in self.dimensions:
            yield dimension.ref.node
        for condition in self.rows:
            if all(self.joins.reaches(base, node) for node in condition.nodes):
                yield from sorted(condition.nodes)

    def bases(self) -> list[str]:
        """Return the sources whose rows are counted, or the one whose rows are listed."""
        found = list(dict.fromkeys(atom.base for atom in self.atoms))
        if found:
            return found
        nodes = list(dict.fromkeys(dimension.ref.node for dimension in self.dimensions))
        for node in nodes:
            if all(self.joins.reaches(node, other) for other in nodes):
                return [node]
        raise Unchecked("the dimensions, which no source ties together")


def _conjuncts(tree: Node) -> Iterator[Node]:
    inner = tree.unnest()
    if isinstance(inner, exp.And):
        yield from _conjuncts(inner.this)
        yield from _conjuncts(inner.expression)
    else:
        yield inner


def output_name(text: str) -> str:
    """Return the name that an output without one of its own is given, in small letters."""
    letters = "".join(letter if letter.isalnum() and letter.isascii() else " " for letter in text)
    name = "_".join(letters.lower().split())
    return f"m_{name}" if name[:1].isdigit() else name or "measure"


def values_of(dimensions: Sequence[Dimension], seen: Any) -> tuple[Value, ...]:
    """Return the values of dimensions for a row."""
    return tuple(dimension.value(seen) for dimension in dimensions)
