"""Measures as functions of groups: what aggregates they are made of, and whose rows these count.

A measure of the model is read by the names of its source, an expression of the question by those
of the question. What a measure is filtered by holds for the measures that it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from semantic_layer.measure_definition import MeasureDefinition
from semantic_layer.metric_definition import METRICS, MetricDefinition
from semantic_layer.models import QueryMeasure
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.aggregates import Atom, Call, folding, is_aggregate, recognised
from semantic_layer.verify.compiling import Compute, Leaf
from semantic_layer.verify.joins import Joins
from semantic_layer.verify.model import (
    OWN,
    MetricNames,
    Model,
    Names,
    QuestionNames,
    SourceNames,
    placed,
)
from semantic_layer.verify.values import Unchecked


class Condition(NamedTuple):
    """A condition on rows: its text, the nodes that it names, and its truth."""

    text: str
    nodes: frozenset[str]
    holds: Callable[[Any], bool | None]


class NeedsBase(Exception):
    """A count of rows that does not say whose."""


Filters = tuple[tuple[Node, Names], ...]
Shown = Callable[[exp.Column], Compute | None]
"""Gives the output that a bare name means, if it means one."""


class Measures:
    """The measures of a model and a question; collects the aggregates that are asked for."""

    def __init__(
        self,
        model: Model,
        joins: Joins,
        names: QuestionNames,
        own: Mapping[str, QueryMeasure],
        segments: Sequence[str],
    ) -> None:
        """Prepare: `own` are the measures that the question names, `segments` those it has."""
        self.model = model
        self.joins = joins
        self.names = names
        self.compiler = model.compiler
        self.atoms: list[Atom] = []
        self.default_base: Callable[[], str] | None = None
        """Whose rows a count is over that names no source; None where that is not known yet."""
        self._own = own
        self._sources: dict[str, SourceNames] = {}
        self._stack: list[tuple[str, str]] = []
        self._known: dict[tuple[str, str], Compute] = {}
        self._segments = self._read_segments(segments)

    def source_names(self, source: str) -> SourceNames:
        """Return what names mean in the text of a source."""
        if source not in self._sources:
            self._sources[source] = SourceNames(self.model, source, self.joins.levels(source))
        return self._sources[source]

    def measure(self, source: str, name: str, outer: Filters = ()) -> Compute:
        """Return a measure's value of a group; `outer` are filters of measures built on it."""
        key = (source, name)
        if key in self._stack:
            raise Unchecked(f"a measure that is defined by itself: {name}")
        if not outer and key in self._known:
            return self._known[key]
        self._stack.append(key)
        try:
            found = self._defined(source, name, outer)
        finally:
            self._stack.pop()
        if not outer:
            self._known[key] = found
        return found

    def _defined(self, source: str, name: str, outer: Filters) -> Compute:
        if source == OWN:
            return self.lower_text(self._own[name].expr, self.names, outer)
        if source not in self.model.catalog and source != METRICS:
            return self._input(source.removeprefix(f"{METRICS}."), name, outer)
        definition = self.model.catalog.measure(source, name)
        assert definition is not None
        names, what = self._names_in(source, definition), f"the measure {source}.{name}"
        if definition.conversion is not None:
            raise placed(Unchecked("a conversion"), what)
        if not definition.expr or definition.non_additive or definition.fill_nulls_with is not None:
            raise placed(Unchecked("a measure over time"), what)
        filters = list(outer)
        if definition.filter:
            filters.append((self.model.parse(definition.filter, what), names))
        filters += [self._segment(source, segment) for segment in definition.segments]
        try:
            return self.lower_text(definition.expr, names, tuple(filters))
        except Unchecked as error:
            raise placed(error, what) from None

    def _names_in(self, source: str, definition: MeasureDefinition) -> Names:
        if isinstance(definition, MetricDefinition):
            return MetricNames(self.model, definition, has_inputs=True)
        return self.source_names(source)

    def _input(self, metric: str, name: str, outer: Filters) -> Compute:
        """Return what an input of a metric stands for."""
        definition = self.model.catalog.measure(METRICS, metric)
        assert isinstance(definition, MetricDefinition)
        names = MetricNames(self.model, definition, has_inputs=False)
        given, what = definition.input(name), f"the input {name} of the metric {metric}"
        if given.offset is not None:
            raise placed(Unchecked("a measure over time"), what)
        own = ((self.model.parse(given.filter, what), names),) if given.filter else ()
        try:
            return self.lower_text(given.of, names, (*outer, *own))
        except Unchecked as error:
            raise placed(error, what) from None

    def _segment(self, source: str, name: str) -> tuple[Node, Names]:
        for segment in self.model.catalog[source].segments:
            if segment.name == name:
                tree = self.model.parse(segment.expr, f"the segment {source}.{name}")
                return tree, self.source_names(source)
        raise Unchecked(f"the segment {source}.{name}")

    def _read_segments(self, texts: Sequence[str]) -> dict[str, list[tuple[Node, Names]]]:
        found: dict[str, list[tuple[Node, Names]]] = {}
        for text in texts:
            known = [
                (source, name)
                for source, name in readings(text)
                if source in self.model.catalog
                and any(item.name == name for item in self.model.catalog[source].segments)
            ]
            if len(known) != 1:
                raise Unchecked(f"the segment {text}")
            found.setdefault(known[0][0], []).append(self._segment(*known[0]))
        return found

    def condition(self, tree: Node, names: Names, text: str) -> Condition:
        """Return a condition on rows."""
        leaves, nodes = self._row_leaves(names)
        holds = self.compiler.condition(tree, leaves)
        return Condition(text, frozenset(nodes), holds)

    def _row_leaves(self, names: Names) -> tuple[Callable[[Node], Leaf | None], set[str]]:
        nodes: set[str] = set()

        def leaves(node: Node) -> Leaf | None:
            if not isinstance(node, exp.Column):
                return None
            ref = names.column(node)
            nodes.add(ref.node)
            return self.model.leaf(ref, bool(node.this.args.get("quoted")))

        return leaves, nodes

    def lower_text(self, text: str, names: Names, filters: Filters) -> Compute:
        """Return an expression over aggregates and measures as a value of a group."""
        return self.lower(self.model.parse(text, f"`{text}`"), names, filters)

    def lower(
        self,
        tree: Node,
        names: Names,
        filters: Filters,
        shown: Shown = lambda part: None,
    ) -> Compute:
        """Return an expression over aggregates and measures as a value of a group."""
        calls = [recognised(part) for part in _outermost(tree)]
        bases = {base for call in calls if (base := self._base(call, names)) is not None}

        def leaves(node: Node) -> Leaf | None:
            if is_aggregate(node):
                return self._aggregate(recognised(node), names, filters, bases)
            if not isinstance(node, exp.Column):
                return None
            output = shown(node)
            if output is not None:
                return Leaf(output)
            key = names.measure(node)
            if key is None:
                raise Unchecked(f"the name {node.sql()}")
            return Leaf(self.measure(*key, outer=filters))

        return self.compiler.compile(tree, leaves)

    def _aggregate(self, call: Call, names: Names, filters: Filters, bases: set[str]) -> Leaf:
        base = self._base(call, names) or self._counted(bases)
        leaves, needs = self._row_leaves(names)
        value, fold = folding(call, self.compiler, leaves)
        conditions = [self.compiler.condition(tree, leaves) for tree in call.conditions]
        for tree, scope in (*filters, *self._segments.get(base, ())):
            inner, nodes = self._row_leaves(scope)
            conditions.append(self.compiler.condition(tree, inner))
            needs |= nodes
        index = len(self.atoms)
        self.atoms.append(Atom(base, frozenset(needs), value, tuple(conditions), fold))
        is_time = (
            call.kind in ("min", "max")
            and call.argument is not None
            and self.compiler.is_time(call.argument, leaves)
        )
        return Leaf(lambda group: group.folded(index), is_time)

    def _base(self, call: Call, names: Names) -> str | None:
        """Return the source whose rows an aggregate is over; None when it does not say."""
        own = names.own_source()
        if own is not None:
            return own
        counted = call.node.this if isinstance(call.node, exp.Count) else None
        if isinstance(counted, exp.Column) and counted.is_star:
            return names.qualifier(counted)
        trees = [*([call.argument] if call.argument is not None else []), *call.conditions]
        nodes = list(
            dict.fromkeys(
                names.column(part).node for tree in trees for part in tree.find_all(exp.Column)
            )
        )
        finest = [
            node
            for node in nodes
            if all(self.joins.reaches(node, other) for other in nodes if other != node)
        ]
        if nodes and (len(finest) != 1 or finest[0] not in self.model.catalog):
            raise Unchecked("an aggregate over several sources")
        return finest[0] if finest else None

    def _counted(self, bases: set[str]) -> str:
        if len(bases) == 1:
            return next(iter(bases))
        if self.default_base is None:
            raise NeedsBase
        return self.default_base()


def _outermost(tree: Node) -> Iterator[Node]:
    if is_aggregate(tree):
        yield tree
        return
    for part in tree.iter_expressions():
        yield from _outermost(part)


def splits(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to read a text as a source and a name, for either may have dots."""
    for position, letter in enumerate(text):
        if letter == ".":
            yield text[:position], text[position + 1 :]


def readings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the same, and a name in quotes without them."""
    for source, name in splits(text):
        yield source, name
        for mark in '"`':
            if len(name) > 2 and name[0] == name[-1] == mark:
                yield source, name[1:-1].replace(mark * 2, mark)
