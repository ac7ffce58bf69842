"""Which expressions of a model are fine by their fingerprints, without planning each of them.

An expression passes when the sample of its fingerprint is fine (see `samples`) and the names in it
mean own columns and measures that pass themselves. Whatever else there is about an expression, it
does not pass, and the full check says what is wrong with it, if anything is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from semantic_layer.errors import SemanticError
from semantic_layer.graph.edges import Declaration
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.measure_definition import MeasureDefinition
from semantic_layer.models import Segment, SourceDefinition
from semantic_layer.sql.tables import Tables
from semantic_layer.validate.fingerprints import Fingerprint, Fingerprinter
from semantic_layer.validate.samples import JoinSample, Samples, Types

_DEEPEST = 12
"""How many measures deep a measure may be built on others."""


class _Passed(NamedTuple):
    """A measure that is fine; one that `combines` can be part of another."""

    combines: bool
    depth: int


class _Needs(NamedTuple):
    """A text is fine in a source that has these columns and measures, which are fine.

    `named` are the qualifiers in it; they have to be the source's name.
    """

    columns: frozenset[str]
    measures: tuple[str, ...]
    combines: bool
    named: frozenset[str]


class ModelVerdicts:
    """The verdicts on the expressions of one model."""

    def __init__(self, graph: JoinGraph) -> None:
        self.fingerprints = Fingerprinter()
        self.samples = Samples(graph.parser.dialect)
        self._graph = graph
        self._catalog = graph.catalog
        self._sources: dict[str, SourceVerdicts] = {}
        self._canonical: dict[str, str | None] = {}
        self._needs: dict[tuple[str, Types, bool | None], _Needs | None] = {}

    def of(self, source: SourceDefinition) -> SourceVerdicts:
        """Return the verdicts of one source."""
        if source.name not in self._sources:
            self._sources[source.name] = SourceVerdicts(self, source)
        return self._sources[source.name]

    def tells_apart(self, measures: Sequence[MeasureDefinition]) -> bool:
        """Whether no two measures have the same expression and segments."""
        seen: set[tuple[Any, ...]] = set()
        for measure in measures:
            canonical = self.canonical(measure.text)
            if canonical is None:
                return False
            seen.add((canonical, tuple(sorted(measure.segments)), measure.beside_the_text()))
        return len(seen) == len(measures)

    def canonical(self, text: str) -> str | None:
        """Return how the parsed text prints, or None when the text is not plain."""
        if text not in self._canonical:
            fingerprint = self.fingerprints.read(text)
            found = self.samples.canonical(fingerprint) if fingerprint is not None else None
            self._canonical[text] = found
        return self._canonical[text]

    def needs_of_measure(self, text: str, types: dict[str, str], restricted: bool) -> _Needs | None:
        """Return what a measure of a source needs that has columns of these types.

        `restricted` ones have a filter or segment.
        """
        fingerprint = self.fingerprints.read(text)
        if fingerprint is None:
            return None
        typed = fingerprint.typed(types)
        key = (text, typed, restricted)
        if key not in self._needs:
            sample = self.samples.measure(fingerprint, typed, restricted)
            self._needs[key] = (
                _needs(fingerprint, sample.columns, sample.measures, sample.combines)
                if sample is not None
                else None
            )
        return self._needs[key]

    def needs_of_condition(self, text: str, types: dict[str, str]) -> _Needs | None:
        """Return what a condition on the rows of a source needs, as `needs_of_measure`."""
        fingerprint = self.fingerprints.read(text)
        if fingerprint is None:
            return None
        typed = fingerprint.typed(types)
        key = (text, typed, None)
        if key not in self._needs:
            columns = self.samples.condition(fingerprint, typed)
            self._needs[key] = _needs(fingerprint, columns) if columns is not None else None
        return self._needs[key]

    def has_rows(self, source: SourceDefinition) -> bool:
        """Whether the source's table or SELECT can be read."""
        fingerprint = self.fingerprints.read(source.table) if source.table is not None else None
        if fingerprint is not None:
            return self.samples.is_table(fingerprint)
        try:
            Tables(self._graph, [source.name])
        except SemanticError:
            return False
        return True

    def join(self, join: Declaration) -> bool:
        """Whether a declared join is fine in every respect."""
        if join.alias is not None or join.valid is not None:
            return False
        if join.source.casefold() == join.target.casefold():
            return False
        fingerprint = self.fingerprints.read(join.on)
        if fingerprint is None or not {join.source, join.target}.issuperset(fingerprint.qualifiers):
            return False
        left, right = self.of(self._catalog[join.source]), self.of(self._catalog[join.target])
        sides = "".join("l" if name == join.source else "r" for name in fingerprint.qualifiers)
        shared = [placed for placed, word in fingerprint.names.items() if right.finds(word)]
        shared += [word for word in fingerprint.fixed if right.finds(word)]
        sample = self.samples.join(fingerprint, sides, frozenset(shared))
        return (
            sample is not None
            and left.declares(map(fingerprint.meaning, sample.left))
            and right.declares(map(fingerprint.meaning, sample.right))
            and _is_unique(join, fingerprint, sample, left.grain, right.grain)
        )


class SourceVerdicts:
    """The verdicts on one source's expressions."""

    def __init__(self, model: ModelVerdicts, source: SourceDefinition) -> None:
        self.grain = source.grain
        self._model = model
        self._source = source
        self._columns = {item.name: item for item in source.columns}
        self._measures = {item.name: item for item in source.measures}
        self._segments = {item.name: item for item in source.segments}
        self._passed: dict[str, _Passed | None] = {}
        self._passed_columns: dict[str, bool] = {}

    def declares(self, names: Iterable[str]) -> bool:
        """Whether there are columns of these very names."""
        return self._columns.keys() >= set(names)

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
        if name not in self._passed_columns:
            self._passed_columns[name] = False  # until it is known: it may be its own part
            self._passed_columns[name] = self._is_column(name)
        return self._passed_columns[name]

    @cached_property
    def _is_readable(self) -> bool:
        """Whether names mean one thing each, and the source's rows can be read."""
        named = ((self._columns, self._source.columns), (self._measures, self._source.measures))
        distinct = all(_are_distinct(names, len(items)) for names, items in named)
        distinct = distinct and _are_distinct(self._segments, len(self._source.segments))
        return distinct and self._model.has_rows(self._source)

    def _measure(self, name: str) -> _Passed | None:
        if name not in self._passed:
            self._passed[name] = None  # until it is known: it may be its own part
            self._passed[name] = self._verdict(self._measures[name])
        return self._passed[name]

    def _verdict(self, measure: MeasureDefinition) -> _Passed | None:
        if not measure.is_plain:
            return None
        restricted = bool(measure.filter or measure.segments)
        needs = self._model.needs_of_measure(measure.text, self._types, restricted)
        if needs is None or not self._has_all(needs):
            return None
        if restricted and not self._are_conditions(measure):
            return None
        depth = 1
        for name in needs.measures:
            part = self._measure(name) if name in self._measures else None
            if part is None or not part.combines:
                return None
            depth = max(depth, part.depth + 1)
        return _Passed(needs.combines, depth) if depth <= _DEEPEST else None

    def _are_conditions(self, measure: MeasureDefinition) -> bool:
        """Whether a measure's filter and segments are conditions on the source's rows."""
        segments = [self._segments.get(name) for name in measure.segments]
        return (not measure.filter or self._is_condition(measure.filter)) and all(
            segment is not None and self._is_condition(segment.expr) for segment in segments
        )

    def _is_condition(self, text: str) -> bool:
        needs = self._model.needs_of_condition(text, self._types)
        return needs is not None and self._has_all(needs)

    def _has_all(self, needs: _Needs) -> bool:
        if not needs.named <= {self._source.name} or needs.columns & self._odd_times:
            return False
        return needs.columns <= self._plain or all(map(self.has, needs.columns))

    @cached_property
    def _types(self) -> dict[str, str]:
        """The types of the columns that are no numbers."""
        return {name: item.type for name, item in self._columns.items() if item.type != "number"}

    @cached_property
    def _odd_times(self) -> frozenset[str]:
        """The times of which it depends on more than their type what may be said."""
        zoned = self._source.timezone is not None
        return frozenset(
            name
            for name, item in self._columns.items()
            if item.type == "time"
            and (zoned or item.expr is not None or item.storage or item.zone is not None)
        )

    @cached_property
    def _plain(self) -> frozenset[str]:
        """The columns that are the table's own."""
        return frozenset(name for name, item in self._columns.items() if item.expr is None)

    def _is_column(self, name: str) -> bool:
        column = self._columns.get(name)
        if column is None or column.expr is None:
            return column is not None
        fingerprint = self._model.fingerprints.read(column.expr)
        if fingerprint is None or not {self._source.name}.issuperset(fingerprint.qualifiers):
            return False
        types = fingerprint.typed(self._types)
        parts = self._model.samples.column(fingerprint, types, name)
        # Where it names itself, the table's own column is meant.
        named = frozenset(map(fingerprint.meaning, parts)) if parts is not None else frozenset()
        return parts is not None and named <= self._plain and not named & self._odd_times


def _needs(
    fingerprint: Fingerprint,
    columns: Iterable[str],
    measures: Iterable[str] = (),
    combines: bool = False,
) -> _Needs:
    return _Needs(
        frozenset(map(fingerprint.meaning, columns)),
        tuple(map(fingerprint.meaning, measures)),
        combines,
        frozenset(fingerprint.qualifiers),
    )


def _are_distinct(names: Collection[str], count: int) -> bool:
    """Whether the names of so many items differ in any case, and none has a dot."""
    return len(set(map(str.casefold, names))) == count and "." not in "".join(names)


def _is_unique(
    join: Declaration,
    fingerprint: Fingerprint,
    sample: JoinSample,
    left: Collection[str],
    right: Collection[str],
) -> bool:
    """Whether each side that the relationship calls unique is joined on all of its grain."""
    sides = [(right, sample.right_fixed)] if join.relationship != "one_to_many" else []
    if join.relationship != "many_to_one":
        sides.append((left, sample.left_fixed))
    return all(
        {fingerprint.meaning(name) for name in names}.issuperset(grain) for grain, names in sides
    )
