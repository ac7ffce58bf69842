"""A question with every name resolved, as functions of rows and groups; no row is read yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from semantic_layer.models import QueryDimension, QueryMeasure, SemanticQuery
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.aggregates import (
    Atom,
    Call,
    folding,
    has_aggregate,
    is_aggregate,
    recognised,
)
from semantic_layer.verify.compiling import Compiler, Compute, Leaf
from semantic_layer.verify.joins import Joins, Link
from semantic_layer.verify.model import OWN, Model, Names, QuestionNames, Ref, SourceNames, placed
from semantic_layer.verify.times import period
from semantic_layer.verify.values import Unchecked, Value


class Condition(NamedTuple):
    """A condition on rows: its text, the nodes that it names, and its truth."""

    text: str
    nodes: frozenset[str]
    holds: Callable[[Any], bool | None]


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


class _NeedsBase(Exception):
    """A count of rows that does not say whose."""


Filters = tuple[tuple[Node, Names], ...]


class Question:
    """A question about a model, compiled."""

    def __init__(self, model: Model, query: SemanticQuery) -> None:
        self.model = model
        self.query = query
        self.joins = Joins(model, query.join_path)
        self.atoms: list[Atom] = []
        self.compiler: Compiler = model.compiler
        self._sources: dict[str, SourceNames] = {}
        self._own = {
            item.name.casefold(): item
            for item in query.measures
            if isinstance(item, QueryMeasure) and item.name
        }
        self.names = QuestionNames(model, [item.name or "" for item in self._own.values()])
        self._stack: list[tuple[str, str]] = []
        self._known: dict[tuple[str, str], Compute] = {}
        self._default_base: Callable[[], str] | None = None
        self._segments = self._read_segments()
        self.dimensions = self._read_dimensions()
        self.outputs: dict[str, Output] = {}
        self._read_measures()
        self._default_base = self._only_base
        self.rows: list[Condition] = []
        self.groups: list[tuple[str, Compute]] = []
        for text in query.filters:
            self._read_filter(text)

    def _read_measures(self) -> None:
        waiting: list[str | QueryMeasure] = []
        for item in self.query.measures:
            try:
                self._read_measure(item)
            except _NeedsBase:
                waiting.append(item)
        self._default_base = self._only_base
        for item in waiting:
            self._read_measure(item)

    def _read_measure(self, item: str | QueryMeasure) -> None:
        text = item if isinstance(item, str) else item.expr
        try:
            key = self._predefined(text) if isinstance(item, str) else None
            if key is not None:
                self.outputs[text] = Output(text, self.measure(*key))
            elif isinstance(item, QueryMeasure) and item.name:
                self.outputs[text] = Output(item.name, self.measure(OWN, item.name.casefold()))
            else:
                self.outputs[text] = Output(text, self._lower_text(text, self.names, ()))
        except Unchecked as error:
            raise placed(error, f"the measure {text}") from None

    def _predefined(self, text: str) -> tuple[str, str] | None:
        """Return the measure of the model that a text names, which needs no SQL quoting."""
        catalog = self.model.catalog
        found = [
            (source, measure.name)
            for source, name in readings(text)
            if source in catalog and (measure := catalog.measure(source, name)) is not None
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
            return self.measure(*key)
        except Unchecked as error:
            raise placed(error, f"the measure {qualified}") from None

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
            return self._lower_text(self._own[name].expr, self.names, outer)
        definition = self.model.catalog.measure(source, name)
        assert definition is not None
        names, what = self.source_names(source), f"the measure {source}.{name}"
        filters = list(outer)
        if definition.filter:
            filters.append((self.model.parse(definition.filter, what), names))
        filters += [self._segment(source, segment) for segment in definition.segments]
        try:
            return self._lower_text(definition.expr, names, tuple(filters))
        except Unchecked as error:
            raise placed(error, what) from None

    def _segment(self, source: str, name: str) -> tuple[Node, Names]:
        for segment in self.model.catalog[source].segments:
            if segment.name == name:
                tree = self.model.parse(segment.expr, f"the segment {source}.{name}")
                return tree, self.source_names(source)
        raise Unchecked(f"the segment {source}.{name}")

    def _read_segments(self) -> dict[str, list[tuple[Node, Names]]]:
        found: dict[str, list[tuple[Node, Names]]] = {}
        for text in self.query.segments:
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

    def _read_dimensions(self) -> list[Dimension]:
        found: dict[tuple[Ref, str | None], Dimension] = {}
        for item in self.query.dimensions:
            wanted = QueryDimension(field=item) if isinstance(item, str) else item
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
                    value = self._lower(part, self.names, (), self._shown)
                    self.groups.append((text, value))
                else:
                    self.rows.append(self._condition(part, self.names, text))
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

    def _condition(self, tree: Node, names: Names, text: str) -> Condition:
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

    def _lower_text(self, text: str, names: Names, filters: Filters) -> Compute:
        return self._lower(self.model.parse(text, f"`{text}`"), names, filters)

    def _lower(
        self,
        tree: Node,
        names: Names,
        filters: Filters,
        shown: Callable[[exp.Column], Compute | None] = lambda part: None,
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
        if self._default_base is None:
            raise _NeedsBase
        return self._default_base()

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


def _outermost(tree: Node) -> Iterator[Node]:
    if is_aggregate(tree):
        yield tree
        return
    for part in tree.iter_expressions():
        yield from _outermost(part)


def _conjuncts(tree: Node) -> Iterator[Node]:
    inner = tree.unnest()
    if isinstance(inner, exp.And):
        yield from _conjuncts(inner.this)
        yield from _conjuncts(inner.expression)
    else:
        yield inner


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


def output_name(text: str) -> str:
    """Return the name that an output without one of its own is given, in small letters."""
    letters = "".join(letter if letter.isalnum() and letter.isascii() else " " for letter in text)
    name = "_".join(letters.lower().split())
    return f"m_{name}" if name[:1].isdigit() else name or "measure"


def values_of(dimensions: Sequence[Dimension], seen: Any) -> tuple[Value, ...]:
    """Return the values of dimensions for a row."""
    return tuple(dimension.value(seen) for dimension in dimensions)
