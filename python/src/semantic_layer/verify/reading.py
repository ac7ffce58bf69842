"""What is read of a database to verify a question: how many rows, which of them, their columns.

A source with more rows than the bound is sampled by its key: the first and the last rows in the
order of the key, and of what these look up the rows that they meet, so that joins stay whole. The
compiled SQL reads the same samples: they are put into its plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from semantic_layer.data.record import Record
from semantic_layer.errors import UNSUPPORTED, SemanticError
from semantic_layer.generator import SqlGenerator
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.plan.logical import KeyBound, Partner, Sample
from semantic_layer.sql.source_rows import SourceRows
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.cells import value_of
from semantic_layer.verify.model import Row
from semantic_layer.verify.question import Question
from semantic_layer.verify.values import Unchecked, Value

_OVERFLOW = 4
"""A sample may have so many times the bound: keys may be equal, and several rows meet one."""


class Statement(NamedTuple):
    """A SELECT to be run, under a name; of its rows at most `max_rows` are read."""

    name: str
    sql: str
    max_rows: int | None


class Result(Record):
    """What a statement gave: the kinds of its columns, and its rows as cells."""

    kinds: list[str]
    rows: list[list[Any]]
    truncated: bool = False


Results = Mapping[str, Result]


class Reading:
    """The statements of one question, and the rows that they gave."""

    def __init__(self, question: Question, graph: JoinGraph, bound: int) -> None:
        self._question = question
        self._graph = graph
        self._bound = bound
        self._links = question.links()
        self.dialect = graph.parser.dialect
        self._generator = SqlGenerator(self.dialect)
        nodes = [*question.bases(), *(dim.ref.node for dim in question.dimensions)]
        nodes += [end for link in self._links for end in (link.start, link.end)]
        self.sources = list(dict.fromkeys(question.model.source_of(node) for node in nodes))

    def columns(self, source: str) -> list[tuple[str, bool]]:
        """Return the columns to read: those that the question needs, and the key."""
        needed = dict(self._question.model.read.get(source, {}))
        for name in self._key(source):
            needed.setdefault(name, False)
        return list(needed.items())

    def _key(self, source: str) -> tuple[str, ...]:
        """Return the columns of the grain that the database has."""
        catalog = self._graph.catalog
        found = [catalog.column(source, name) for name in catalog[source].grain]
        if catalog[source].columns and any(item is None for item in found):
            return ()
        if any(item is not None and item.expr is not None for item in found):
            return ()
        return tuple(
            item.name if item is not None else name
            for item, name in zip(found, catalog[source].grain, strict=True)
        )

    def counts(self) -> list[Statement]:
        """Return the statements that count the rows, up to one more than the bound."""
        return [
            self._statement(f"count {source}", self._rows_of(source).count(self._bound + 1), 1)
            for source in self.sources
        ]

    def _rows_of(self, source: str, samples: tuple[Sample, ...] = ()) -> SourceRows:
        return SourceRows(self._graph, source, samples)

    def _statement(self, name: str, tree: exp.Select, most: int | None) -> Statement:
        return Statement(name, self._generator.text(tree), most)

    def large(self, results: Results) -> list[str]:
        """Return the sources that have more rows than the bound."""
        return [
            source
            for source in self.sources
            if int(self._cell(results[f"count {source}"]) or 0) > self._bound
        ]

    def keys(self, results: Results) -> list[Statement]:
        """Return the statements that find where the first and the last rows of samples end."""
        found = []
        for source in self.large(results):
            columns = self._key(source)
            if not columns:
                raise SemanticError(
                    UNSUPPORTED,
                    f"'{source}' has more than {self._bound} rows, and cannot be sampled: its "
                    "grain is no plain column of it.",
                    fix="Allow more rows (--rows), or name columns of the table as its grain.",
                )
            half = max(self._bound // 2, 1)
            for end, behind in (("first", False), ("last", True)):
                tree = self._rows_of(source).key_at(columns, half, behind)
                found.append(self._statement(f"{end} {source}", tree, 1))
        return found

    def samples(self, results: Results) -> tuple[Sample, ...]:
        """Return the samples, each behind those that it has to meet."""
        large = self.large(results)
        found: dict[str, Sample] = {}
        for source in self.sources:
            if source in large:
                partners = self._partners(source, found)
                found[source] = Sample(source, self._bounds(source, results), partners)
        return tuple(found.values())

    def _bounds(self, source: str, results: Results) -> tuple[KeyBound, ...]:
        columns = self._key(source)
        bounds = []
        for end, behind in (("first", False), ("last", True)):
            result = results[f"{end} {source}"]
            if not result.rows:
                raise SemanticError(
                    UNSUPPORTED,
                    f"'{source}' has more than {self._bound} rows, and cannot be sampled: its "
                    "key is NULL in most of them.",
                    fix="Allow more rows (--rows), or correct the grain of the source.",
                )
            cells = [
                _literal(value_of(cell, kind, self.dialect))
                for cell, kind in zip(result.rows[0], result.kinds, strict=True)
            ]
            bounds.append(KeyBound(columns, tuple(cells), behind))
        return tuple(bounds)

    def _partners(self, source: str, before: Mapping[str, Sample]) -> tuple[Partner, ...]:
        """Return what looks a source up by plain columns, whose rows are to find theirs."""
        model, found = self._question.model, []
        for link in self._links:
            start, end = model.source_of(link.start), model.source_of(link.end)
            if end != source or start == source:
                continue
            if start not in before and self.sources.index(start) > self.sources.index(source):
                continue
            pairs = self._question.joins.condition(link.declared).plain_pairs()
            if pairs:
                sides = pairs if link.forward else [(right, left) for left, right in pairs]
                found.append(Partner(start, tuple(sides)))
        return tuple(found)

    def whole_joins(self, samples: tuple[Sample, ...]) -> list[str]:
        """Return the sampled sources that are looked up by no plain column: joins may be cut."""
        model = self._question.model
        ends = {model.source_of(link.end) for link in self._links}
        return [item.source for item in samples if item.source in ends and not item.partners]

    def rows(self, samples: tuple[Sample, ...], again: bool = False) -> list[Statement]:
        """Return the statements that read the rows."""
        prefix = "again " if again else ""
        most = self._bound * _OVERFLOW
        return [
            self._statement(
                f"{prefix}rows {source}",
                self._rows_of(source, samples).rows(self.columns(source)),
                most,
            )
            for source in self.sources
        ]

    def read(self, results: Results) -> dict[str, list[Row]]:
        """Return the rows of each source, by the names of its columns."""
        found: dict[str, list[Row]] = {}
        for source in self.sources:
            result, names = results[f"rows {source}"], self.columns(source)
            if result.truncated or (not result.rows and source in self.large(results)):
                size = f"more than {self._bound * _OVERFLOW}" if result.truncated else "no"
                raise SemanticError(
                    UNSUPPORTED,
                    f"The sample of '{source}' has {size} rows: many of its rows have one key.",
                    fix="Allow more rows (--rows), or correct the grain of the source.",
                )
            found[source] = [self._row(names, result.kinds, cells) for cells in result.rows]
        return found

    def texts(self, samples: tuple[Sample, ...], rows: Mapping[str, list[Row]]) -> list[Statement]:
        """Return the statements that count the texts of columns where a collation may matter."""
        return [
            self._statement(f"texts {source}", self._rows_of(source, samples).distinct(columns), 1)
            for source in self.sources
            if (columns := self._alike(source, rows[source]))
        ]

    def _alike(self, source: str, rows: list[Row]) -> list[tuple[str, bool]]:
        """Return the columns with texts that differ in their capitals or blanks only."""
        return [
            (name, quoted)
            for name, quoted in self.columns(source)
            if len(found := _texts(rows, name)) > len({t.rstrip().casefold() for t in found})
        ]

    def check_collations(self, results: Results, rows: Mapping[str, list[Row]]) -> None:
        """Raise `Unchecked` where the database takes different texts for equal."""
        for source in self.sources:
            result = results.get(f"texts {source}")
            if result is None:
                continue
            for place, (name, _) in enumerate(self._alike(source, rows[source])):
                if int(result.rows[0][place]) < len(_texts(rows[source], name)):
                    raise Unchecked(
                        f"the collation of {source}.{name}, by which different texts are equal"
                    )

    def _row(self, names: list[tuple[str, bool]], kinds: list[str], cells: list[Any]) -> Row:
        return {
            name: value_of(cell, kind, self.dialect)
            for (name, _), kind, cell in zip(names, kinds, cells, strict=False)
        }

    def _cell(self, result: Result) -> Value:
        return value_of(result.rows[0][0], result.kinds[0], self.dialect)


def _texts(rows: list[Row], name: str) -> set[str]:
    return {value for row in rows if isinstance(value := row[name], str)}


def _literal(value: Value) -> Node:
    """Return a key's value as SQL has it."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, (int, float, Decimal)):
        text = format(value, "f") if isinstance(value, Decimal) else repr(value)
        literal: Node = exp.Literal.number(text.lstrip("-"))
        return exp.Neg(this=literal) if text.startswith("-") else literal
    if isinstance(value, (str, date)):
        return exp.Literal.string(value if isinstance(value, str) else str(value))
    raise SemanticError(
        UNSUPPORTED,
        "The rows cannot be sampled: a key is neither a number nor a text nor a time.",
        fix="Allow more rows (--rows).",
    )
