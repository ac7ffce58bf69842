"""SQL that counts the rows which break what a model declares of them, with an example.

Each statement returns one row, or none: how many keys, or rows, are at fault, and the key of one.
"""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.data.record import Frozen
from semantic_layer.generator import SqlGenerator
from semantic_layer.graph.condition import Window
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.sql.rows import LookupRows
from semantic_layer.sql.tables import NO_NULLS_LAST, Tables
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    AS_MOMENTS,
    ColumnRef,
    Node,
    aliased,
    column,
    conjunction,
    from_table,
    identifier,
    is_not_null,
    number,
    refs,
    select,
    unused_name,
)
from semantic_layer.times.instants import Instants

_COUNT, _BEGINS, _ENDS = "ktx_count", "ktx_begins", "ktx_ends"
_EARLIER, _LATEST, _ENDLESS = "ktx_earlier", "ktx_latest_end", "ktx_endless"


class FaultSql(Frozen):
    """A statement, and the names of the columns that its example has behind the count."""

    sql: str
    names: list[str]


class FaultStatements:
    """Writes statements about the rows of one node that have a key, each for one `key`."""

    def __init__(
        self, graph: JoinGraph, node: str, key: Sequence[Node], filters: Sequence[Node], zone: str
    ) -> None:
        self._graph = graph
        self._key = list(key)
        self._filters = list(filters)
        source = graph.source_of(node)
        self._tables = Tables(graph, [source], Instants(graph, zone))
        self._rows = LookupRows(graph, node, [], self._tables)
        self._steps: list[tuple[str, exp.Select]] = []

    def repeated(self) -> FaultSql:
        """Count the keys that several rows have."""
        keyed = self._step("keyed_rows", self._attached(self._key_columns()))
        several = exp.GT(this=_count(), expression=number(1))
        return self._of_keys(self._grouped(keyed).having(several, copy=False))

    def incomplete(self) -> FaultSql:
        """Count the rows with a NULL in the key."""
        missing: Node = _is_null(self._rows.expand(self._key[0]))
        for part in self._key[1:]:
            missing = exp.Or(this=missing, expression=_is_null(self._rows.expand(part)))
        query = self._rows.attach(select([aliased(_count(), _COUNT)]), self._filters)
        return FaultSql(sql=self._text(query.where(missing, copy=False)), names=[])

    def backwards(self, start: Node, end: Node) -> FaultSql:
        """Count the rows whose window ends before it begins."""
        first, last = self._moments(start, end)
        query = self._attached([aliased(_count(), _COUNT)])
        query.where(exp.LT(this=last, expression=first), copy=False)
        return FaultSql(sql=self._text(query), names=[])

    def overlapping(self, start: Node, end: Node) -> FaultSql:
        """Count the keys of which two rows hold at one moment.

        A row meets an earlier one if it begins before the last of the ends of all of these.
        """
        holding = self._step("windows", self._windows(start, end))
        names = [name for name, _, _ in self._columns()]
        terms: list[Node] = [column(name) for name in [*names, *self._shown_names(), _BEGINS]]
        endless = _case(_is_null(column(_ENDS)), 1, 0)
        for value, alias in (
            (_count(), _EARLIER),
            (exp.Max(this=column(_ENDS)), _LATEST),
            (exp.Max(this=endless), _ENDLESS),
        ):
            terms.append(aliased(self._over_earlier(value), alias))
        placed = self._step("placed_windows", from_table(select(terms), _table(holding)))
        return self._of_keys(self._grouped(placed).where(_meets_earlier(), copy=False))

    def _windows(self, start: Node, end: Node) -> exp.Select:
        """Return the keys and ends of the rows that hold at any moment."""
        first, last = self._moments(start, end)
        ends = [aliased(first.copy(), _BEGINS), aliased(last.copy(), _ENDS)]
        query = self._attached([*self._key_columns(), *ends])
        for tree, moment in ((start, first), (end, last)):
            value = self._rows.expand(tree)
            if value != moment:  # What cannot be read as a time is no end that is far away.
                read = exp.Or(this=_is_null(value), expression=is_not_null(moment.copy()))
                query.where(exp.Paren(this=read), copy=False)
        either = exp.Or(this=_is_null(first.copy()), expression=_is_null(last.copy()))
        lasts = exp.Or(this=either, expression=exp.LT(this=first, expression=last))
        return query.where(exp.Paren(this=lasts), copy=False)

    def _moments(self, start: Node, end: Node) -> tuple[Node, Node]:
        """Return the two ends as what times are compared by."""
        pair = exp.LT(this=start.copy(), expression=end.copy())
        pair.meta[AS_MOMENTS] = True
        written = self._rows.expand(pair)
        return written.this, written.expression

    def _over_earlier(self, value: Node) -> Node:
        """Return an aggregate over the rows of the key that begin before this one, or with it."""
        never = _case(_is_null(column(_BEGINS)), 0, 1)
        endless = _case(_is_null(column(_ENDS)), 0, 1)
        terms = [never, column(_BEGINS), endless, column(_ENDS)]
        # Where each dialect puts NULLs anyway: the terms before say it, and saying it adds terms.
        # BigQuery has no NULLS LAST in a window.
        first = self._graph.parser.dialect in (*NO_NULLS_LAST, "bigquery")
        ordered = [exp.Ordered(this=term, desc=False, nulls_first=first) for term in terms]
        spec = exp.WindowSpec(
            kind="ROWS",
            start="UNBOUNDED",
            start_side="PRECEDING",
            end=number(1),
            end_side="PRECEDING",
        )
        return exp.Window(
            this=value,
            partition_by=[column(name) for name, _, _ in self._columns()],
            order=exp.Order(expressions=ordered),
            spec=spec,
        )

    def _columns(self) -> list[tuple[str, Node, Node]]:
        """Return the parts of the key: a name, what is compared, and what is shown."""
        found = []
        for place, tree in enumerate(self._key, 1):
            same = self._rows.expand(exp.EQ(this=tree.copy(), expression=tree.copy()))
            found.append((f"ktx_key_{place}", same.this, self._rows.expand(tree)))
        return found

    def _shown_names(self) -> list[str]:
        """Return the names of what is shown of the key where that is not what is compared."""
        return [f"{name}_shown" for name, same, shown in self._columns() if same != shown]

    def _key_columns(self) -> list[Node]:
        columns = self._columns()
        terms: list[Node] = [aliased(same, name) for name, same, _ in columns]
        others = [(name, shown) for name, same, shown in columns if same != shown]
        return [*terms, *(aliased(shown, f"{name}_shown") for name, shown in others)]

    def _attached(self, terms: Sequence[Node]) -> exp.Select:
        """Return terms of the rows that have a key; a row without one is not found by it."""
        query = self._rows.attach(select(terms), self._filters)
        for _, same, _ in self._columns():
            query.where(is_not_null(same), copy=False)
        return query

    def _grouped(self, step: str) -> exp.Select:
        names = [name for name, _, _ in self._columns()]
        shown: list[Node] = [
            aliased(exp.Min(this=column(name)), name) for name in self._shown_names()
        ]
        query = from_table(select([*map(column, names), *shown]), _table(step))
        return query.group_by(*map(column, names), copy=False)

    def _of_keys(self, faulty: exp.Select) -> FaultSql:
        """Return how many keys there are in a step, and the first of them."""
        step = self._step("faulty_keys", faulty)
        if self._is_hidden():
            query = from_table(select([aliased(_count(), _COUNT)]), _table(step))
            return FaultSql(sql=self._text(query), names=[])
        columns = self._columns()
        compared = [column(name) for name, _, _ in columns]
        shown = [column(f"{n}_shown" if same != value else n) for n, same, value in columns]
        every = exp.Window(this=_count())
        query = from_table(select([aliased(every, _COUNT), *shown]), _table(step))
        first = self._graph.parser.dialect in NO_NULLS_LAST
        ordered = [exp.Ordered(this=term, desc=False, nulls_first=first) for term in compared]
        query.set("order", exp.Order(expressions=ordered))
        names = [",".join(ref.column for ref in refs(tree)) for tree in self._key]
        return FaultSql(sql=self._text(query.limit(1, copy=False)), names=names)

    def _is_hidden(self) -> bool:
        """Whether the values of the key are not to be shown."""
        found = [ref for tree in self._key for ref in refs(tree)]
        declared = [
            self._graph.catalog.column(self._graph.source_of(ref.node), ref.column) for ref in found
        ]
        return any(item is not None and item.visibility == "hidden" for item in declared)

    def _step(self, name: str, body: exp.Select) -> str:
        chosen = unused_name(name, self._tables.taken)
        self._steps.append((chosen, body))
        return chosen

    def _text(self, query: exp.Select) -> str:
        for name, body in (*self._tables.ctes(), *self._steps):
            query.with_(identifier(name), as_=body, copy=False)
        return SqlGenerator(self._graph.parser.dialect).text(query)


def window_ends(window: Window, node: str) -> tuple[ColumnRef, ColumnRef]:
    """Return the two ends of a window as columns of a node."""
    ends = [
        ColumnRef(node=node, name=ref.column, quoted=bool(ref.args.get("quoted")))
        for ref in (window.start, window.end)
    ]
    return ends[0], ends[1]


def _meets_earlier() -> Node:
    """Return the condition that a row holds at a moment at which an earlier one does.

    Without an earlier row the others say nothing: ClickHouse has a time there, and no NULL.
    """
    endless = exp.EQ(this=column(_ENDLESS), expression=number(1))
    before = exp.LT(this=column(_BEGINS), expression=column(_LATEST))
    met: Node = exp.Or(this=endless, expression=_is_null(column(_BEGINS)))
    met = exp.Or(this=met, expression=before)
    return conjunction([exp.GT(this=column(_EARLIER), expression=number(0)), met])


def _count() -> Node:
    return exp.Count(this=exp.Star(), big_int=True)


def _is_null(tree: Node) -> Node:
    return exp.Is(this=tree, expression=exp.Null())


def _case(condition: Node, yes: int, no: int) -> Node:
    return exp.Case(ifs=[exp.If(this=condition, true=number(yes))], default=number(no))


def _table(name: str) -> Node:
    return exp.Table(this=identifier(name))
