"""Proving that expressions of a model are fine without planning each of them.

An expression is proven when one of its shape is fine (see `representatives`) and the names in it
mean own columns and measures that are proven themselves. Whatever else there is about an
expression, it is not proven, and the full check says what is wrong with it, if anything is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from semantic_layer.errors import SemanticError
from semantic_layer.graph import Declaration, JoinGraph
from semantic_layer.models import MeasureDefinition, Segment, SourceDefinition
from semantic_layer.representatives import JoinFact, Representatives
from semantic_layer.shapes import Reading, ShapeReader
from semantic_layer.tables import Tables

_DEEPEST = 12
"""How many measures deep a measure may be built on others."""


class _Proven(NamedTuple):
    """A measure that is fine; one that `combines` can be part of another."""

    combines: bool
    depth: int


class ModelProofs:
    """The proofs of one model."""

    def __init__(self, graph: JoinGraph) -> None:
        self.reader = ShapeReader()
        self.facts = Representatives(graph.parser.dialect)
        self._graph = graph
        self._catalog = graph.catalog
        self._sources: dict[str, SourceProofs] = {}
        self._canonical: dict[str, str | None] = {}

    def of(self, source: SourceDefinition) -> SourceProofs:
        """Return the proofs of one source."""
        if source.name not in self._sources:
            self._sources[source.name] = SourceProofs(self, source)
        return self._sources[source.name]

    def tells_apart(self, measures: Sequence[MeasureDefinition]) -> bool:
        """Whether no two measures have the same expression and segments."""
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for measure in measures:
            canonical = self.canonical(measure.expr)
            if canonical is None:
                return False
            seen.add((canonical, tuple(sorted(measure.segments))))
        return len(seen) == len(measures)

    def canonical(self, text: str) -> str | None:
        """Return how the parsed text prints, or None when the text is not plain."""
        if text not in self._canonical:
            reading = self.reader.read(text)
            found = self.facts.canonical(reading) if reading is not None else None
            self._canonical[text] = found
        return self._canonical[text]

    def has_rows(self, source: SourceDefinition) -> bool:
        """Whether the source's table or SELECT can be read."""
        reading = self.reader.read(source.table) if source.table is not None else None
        if reading is not None:
            return self.facts.is_table(reading)
        try:
            Tables(self._graph, [source.name])
        except SemanticError:
            return False
        return True

    def join(self, join: Declaration) -> bool:
        """Whether a declared join is fine in every respect."""
        if join.alias is not None or join.source.casefold() == join.target.casefold():
            return False
        reading = self.reader.read(join.on)
        if reading is None or not {join.source, join.target}.issuperset(reading.qualifiers):
            return False
        left, right = self.of(self._catalog[join.source]), self.of(self._catalog[join.target])
        sides = "".join("l" if name == join.source else "r" for name in reading.qualifiers)
        shared = [placed for placed, word in reading.names.items() if right.finds(word)]
        shared += [word for word in reading.fixed if right.finds(word)]
        fact = self.facts.join(reading, sides, frozenset(shared))
        return (
            fact is not None
            and all(left.declares(reading.meaning(name)) for name in fact.left)
            and all(right.declares(reading.meaning(name)) for name in fact.right)
            and _is_unique(join, reading, fact, left.grain, right.grain)
        )


class SourceProofs:
    """The proofs of one source's expressions."""

    def __init__(self, model: ModelProofs, source: SourceDefinition) -> None:
        self.grain = source.grain
        self._model = model
        self._source = source
        self._columns = {item.name: item for item in source.columns}
        self._measures = {item.name: item for item in source.measures}
        self._segments = {item.name: item for item in source.segments}
        self._proven: dict[str, _Proven | None] = {}
        self._proven_columns: dict[str, bool] = {}

    def declares(self, name: str) -> bool:
        """Whether there is a column of this very name."""
        return name in self._columns

    def finds(self, name: str) -> bool:
        """Whether a name means one of the columns, in any case."""
        same = self._folded.count(name.casefold()) if name not in self._columns else 1
        return same == 1

    @cached_property
    def _folded(self) -> list[str]:
        return [name.casefold() for name in self._columns]

    def measure(self, measure: MeasureDefinition) -> bool:
        """Whether a measure can be planned and written."""
        return self._is_readable and self._measure(measure.name) is not None

    def segment(self, segment: Segment) -> bool:
        """Whether a segment is a condition on the source's rows."""
        return self._is_readable and self._is_condition(segment.expr)

    def column(self, name: str) -> bool:
        """Whether a query can use a column."""
        return self._is_readable and self.has(name)

    def has(self, name: str) -> bool:
        """Whether there is such a column and, if it is computed, its expression is fine."""
        if name not in self._proven_columns:
            self._proven_columns[name] = False  # until it is known: it may be its own part
            self._proven_columns[name] = self._is_column(name)
        return self._proven_columns[name]

    @cached_property
    def _is_readable(self) -> bool:
        """Whether names mean one thing each, and the source's rows can be read."""
        named = ((self._columns, self._source.columns), (self._measures, self._source.measures))
        distinct = all(_are_distinct(names, len(items)) for names, items in named)
        distinct = distinct and _are_distinct(self._segments, len(self._source.segments))
        return distinct and self._model.has_rows(self._source)

    def _measure(self, name: str) -> _Proven | None:
        if name not in self._proven:
            self._proven[name] = None  # until it is known: it may be its own part
            self._proven[name] = self._proof(self._measures[name])
        return self._proven[name]

    def _proof(self, measure: MeasureDefinition) -> _Proven | None:
        reading = self._reading(measure.expr)
        restricted = bool(measure.filter or measure.segments)
        fact = self._model.facts.measure(reading, restricted) if reading is not None else None
        if reading is None or fact is None or not self._has_all(reading, fact.columns):
            return None
        if restricted and not self._are_conditions(measure):
            return None
        parts = []
        for name in map(reading.meaning, fact.measures):
            part = self._measure(name) if name in self._measures else None
            if part is None or not part.combines:
                return None
            parts.append(part)
        depth = 1 + max((part.depth for part in parts), default=0)
        return _Proven(fact.combines, depth) if depth <= _DEEPEST else None

    def _are_conditions(self, measure: MeasureDefinition) -> bool:
        """Whether a measure's filter and segments are conditions on the source's rows."""
        named = all(name in self._segments for name in measure.segments)
        texts = [measure.filter] if measure.filter else []
        return named and all(
            map(self._is_condition, texts + [self._segments[n].expr for n in measure.segments])
        )

    def _is_condition(self, text: str) -> bool:
        reading = self._reading(text)
        columns = self._model.facts.condition(reading) if reading is not None else None
        return reading is not None and columns is not None and self._has_all(reading, columns)

    def _is_column(self, name: str) -> bool:
        column = self._columns.get(name)
        if column is None or column.expr is None:
            return column is not None
        reading = self._reading(column.expr)
        parts = self._model.facts.column(reading, name) if reading is not None else None
        if reading is None or parts is None:
            return False
        # Of a computed column by the same name as a table's own, the latter is meant.
        read = [self._columns.get(reading.meaning(part)) for part in parts]
        return all(item is not None and item.expr is None for item in read)

    def _has_all(self, reading: Reading, names: Iterable[str]) -> bool:
        return all(self.has(reading.meaning(name)) for name in names)

    def _reading(self, text: str) -> Reading | None:
        """Read a text that has no qualifier but the source's own name."""
        reading = self._model.reader.read(text)
        if reading is None or not {self._source.name}.issuperset(reading.qualifiers):
            return None
        return reading


def _are_distinct(names: Collection[str], count: int) -> bool:
    """Whether so many items have as many names, in any case, that need no qualifying."""
    folded = {name.casefold() for name in names if "." not in name}
    return len(folded) == count


def _is_unique(
    join: Declaration,
    reading: Reading,
    fact: JoinFact,
    left: Collection[str],
    right: Collection[str],
) -> bool:
    """Whether each side that is said to be unique is joined on all of its grain."""
    if not fact.only_keys:
        return True
    sides = [(right, fact.right_keys)] if join.relationship != "one_to_many" else []
    if join.relationship != "many_to_one":
        sides.append((left, fact.left_keys))
    return all({reading.meaning(key) for key in keys}.issuperset(grain) for grain, keys in sides)
