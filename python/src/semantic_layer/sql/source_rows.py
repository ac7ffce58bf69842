"""SELECTs of the rows of one source as they are: how many there are, its keys, its columns."""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.plan.logical import Sample
from semantic_layer.sql.tables import NO_NULLS_LAST, Tables
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, Node, from_table, identifier, number, select


class SourceRows:
    """Writes what reads one source, or the sample in its place."""

    def __init__(self, graph: JoinGraph, source: str, samples: Sequence[Sample] = ()) -> None:
        self._source = source
        self._dialect = graph.parser.dialect
        known = {item.source: item for item in samples}
        needed = [source]
        for name in needed:
            partners = known[name].partners if name in known else ()
            needed += [item.source for item in partners if item.source not in needed]
        self._tables = Tables(graph, needed, samples=[s for s in samples if s.source in needed])

    def count(self, most: int) -> exp.Select:
        """Return how many rows there are, counted up to `most`."""
        inner = self._from([exp.Alias(this=number(1), alias=identifier("ktx_row"))])
        limited = exp.Subquery(
            this=inner.limit(most, copy=False),
            alias=exp.TableAlias(this=identifier("ktx_rows")),
        )
        every = exp.Count(this=exp.Star(), big_int=True)
        outer = from_table(select([exp.Alias(this=every, alias=identifier("ktx_count"))]), limited)
        return self._with(outer)

    def key_at(self, columns: Sequence[str], place: int, behind: bool) -> exp.Select:
        """Return the key of the row at a place, counted from 0 from either end."""
        terms = [self._column(name) for name in columns]
        query = self._from(terms)
        for name in columns:  # NULLs are on no side of a key.
            known = exp.Not(this=exp.Is(this=self._column(name), expression=exp.Null()))
            query.where(known, copy=False)
        # Where each dialect puts them anyway: saying otherwise adds terms.
        first = not behind if self._dialect in NO_NULLS_LAST else False
        ordered = [exp.Ordered(this=term.copy(), desc=behind, nulls_first=first) for term in terms]
        query.set("order", exp.Order(expressions=ordered))
        return self._with(query.limit(1, copy=False).offset(place, copy=False))

    def rows(self, columns: Sequence[tuple[str, bool]]) -> exp.Select:
        """Return columns, each with whether it was written in quotes; a constant for none."""
        terms: list[Node] = [self._column(name, quoted) for name, quoted in columns]
        return self._with(self._from(terms or [number(1)]))

    def distinct(self, columns: Sequence[tuple[str, bool]]) -> exp.Select:
        """Return how many values of columns are different to the database, in one row."""
        terms = [self._column(name, quoted) for name, quoted in columns]
        counts: list[Node] = [
            exp.Alias(
                this=exp.Count(this=exp.Distinct(expressions=[term]), big_int=True),
                alias=identifier(f"ktx_count_{place}"),
            )
            for place, term in enumerate(terms)
        ]
        return self._with(self._from(counts))

    def _column(self, name: str, quoted: bool = False) -> exp.Column:
        ref = ColumnRef(node=self._source, name=name, quoted=quoted)
        return self._tables.column(self._source, ref)

    def _from(self, terms: Sequence[Node]) -> exp.Select:
        return from_table(select(terms), self._tables.table(self._source))

    def _with(self, query: exp.Select) -> exp.Select:
        for name, body in self._tables.ctes():
            query.with_(identifier(name), as_=body, copy=False)
        return query
