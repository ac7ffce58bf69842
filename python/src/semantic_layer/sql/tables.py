"""Where a source's rows come from: its table, its SELECT, or a sample of either."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from semantic_layer.errors import INVALID_MODEL, Origin, SemanticError
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.plan.logical import Sample
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.names import folds
from semantic_layer.syntax.tree import (
    DECLARED,
    TYPED,
    ColumnRef,
    Node,
    from_table,
    identifier,
    unused_name,
)
from semantic_layer.syntax.verbatim import keep_text
from semantic_layer.times.instants import Instants

if TYPE_CHECKING:
    from semantic_layer.sql.each_once import OnceTable

# Without NULLS LAST, the NULLs are sorted by a term of their own, which cannot use an alias.
NO_NULLS_LAST = frozenset({"mysql", "tsql"})


class Tables:
    """The tables and common table expressions of one statement, and how it writes times."""

    def __init__(
        self,
        graph: JoinGraph,
        sources: list[str],
        instants: Instants | None = None,
        samples: Sequence[Sample] = (),
    ) -> None:
        self.instants = instants or Instants(graph)
        self._graph = graph
        self._trees: dict[str, Node] = {source: self._read(source) for source in sources}
        # A name read anywhere must not be captured by a CTE of ours.
        self.taken = {
            table.name.casefold()
            for tree in self._trees.values()
            for table in tree.find_all(exp.Table)
        }
        self._folded: dict[str, frozenset[str]] = {}
        self._aliases = Aliases(graph, sources)
        self._cte_names = {
            source: unused_name(source, self.taken)
            for source, tree in self._trees.items()
            if isinstance(tree, exp.Query)
        }
        self._samples = {item.source: item for item in samples if item.source in self._trees}
        self._sample_names = {
            source: unused_name(f"{source}_sample", self.taken) for source in self._samples
        }
        self._steps: list[tuple[str, exp.Query]] = []
        self.once: dict[tuple[object, ...], OnceTable] = {}
        self.finer: dict[tuple[str, str], str] = {}
        self.custom: dict[str, str] = {}

    def add_step(self, name: str, body: exp.Query) -> None:
        """Add a common table expression that facts read."""
        self._steps.append((name, body))

    def ctes(self) -> list[tuple[str, exp.Query]]:
        """Return the names and bodies of the SQL sources, of the samples, and of what was added."""
        bodies: list[tuple[str, exp.Query]] = []
        for source, name in self._cte_names.items():
            tree = self._trees[source].copy()
            assert isinstance(tree, exp.Query)
            # The text is used as it is; it was parsed only to know what is in it.
            keep_text(tree, self._graph.parser.select_text(self._graph.catalog[source].sql or ""))
            bodies.append((name, tree))
        bodies += [
            (self._sample_names[item.source], self._sample(item)) for item in self._samples.values()
        ]
        return bodies + self._steps

    def _sample(self, sample: Sample) -> exp.Select:
        """Return the rows of a sample; those of its partners are samples before it, or whole."""
        # Loaded here, for no other question has samples.
        from semantic_layer.sql.sample import sampled

        partners = [(item, self.table(item.source)) for item in sample.partners]
        return sampled(sample, self._whole(sample.source, sample.source), partners, self.column)

    def table(self, node: str) -> Node:
        """Return what to write in FROM for a node."""
        source = self._graph.source_of(node)
        name = self._sample_names.get(source)
        if name is None:
            return self._whole(source, node)
        return exp.Table(this=identifier(name), alias=self.alias(node))

    def alias(self, node: str) -> exp.TableAlias:
        """Return the name of a node's rows in FROM."""
        return exp.TableAlias(this=identifier(self._aliases.of(node)))

    def _whole(self, source: str, node: str) -> Node:
        if source in self._cte_names:
            name = self._cte_names[source]
            table: Node = exp.Table(this=identifier(name))
            if name == self._aliases.of(node):
                return table
        else:
            table = self._trees[source].copy()
        table.set("alias", self.alias(node))
        return table

    def column(self, source: str, ref: ColumnRef) -> exp.Column:
        """Return a column of the source's rows, as the node of the query shows them."""
        kind = TYPED if ref.column.casefold() in self._folded_columns(source) else DECLARED
        name = identifier(ref.column, bool(ref.args.get("quoted")), kind)
        return exp.Column(this=name, table=identifier(self._aliases.of(ref.node)))

    def _folded_columns(self, source: str) -> frozenset[str]:
        """Return the columns that a SELECT of the model names without quotes, in any case.

        `SELECT userId` gives a column `userid` where the database folds names, whatever capitals
        the model declares it with.
        """
        if source not in self._folded:
            tree = self._trees.get(source)
            found = frozenset[str]()
            if isinstance(tree, exp.Query) and folds(self._graph.parser.dialect):
                found = frozenset(_unquoted_outputs(tree))
            self._folded[source] = found
        return self._folded[source]

    def _read(self, source: str) -> Node:
        definition = self._graph.catalog[source]
        parser = self._graph.parser
        if definition.sql is not None:
            origin = Origin(f"sql of source '{source}'", source, ("sql",))
            body = parser.parse_select(definition.sql, origin)
            if parser.dialect == "tsql" and body.find(exp.With):
                raise origin.unsupported(
                    "WITH inside another query is not possible in T-SQL.",
                    fix="Write the parts as sub-queries, or create a view.",
                )
            return body
        if definition.table is not None:
            origin = Origin(f"table of source '{source}'", source, ("table",))
            return _named(parser.parse_table(definition.table, origin))
        raise SemanticError(
            INVALID_MODEL,
            f"Source '{source}' has neither 'table' nor 'sql'.",
            fix="Give it the name of a table, or a SELECT.",
            source=source,
        )


class Aliases:
    """The names that nodes have in FROM: their own, but where a column could be meant.

    On ClickHouse `orders.total` is the part `total` of a column `orders` (of a tuple, of JSON)
    before it is the column `total` of a table `orders`; every column that can be NULL has a part
    `null`. Seen in 26.9.
    """

    def __init__(self, graph: JoinGraph, sources: Sequence[str]) -> None:
        self._columns: set[str] = set()
        if graph.parser.dialect == "clickhouse":
            self._columns = {
                column.name for name in sources for column in graph.catalog[name].columns
            }
        self._graph = graph
        self._found: dict[str, str] = {}

    def of(self, node: str) -> str:
        """Return a node's name."""
        if node not in self._columns:
            return node
        if node not in self._found:
            others = (*self._columns, *self._graph.catalog, *self._graph.aliases)
            taken = {*map(str.casefold, (*others, *self._found.values()))}
            self._found[node] = unused_name(node, taken)
        return self._found[node]


class OptionalRows:
    """The rows of looked-up sources that may have no match: their columns are NULL then.

    On ClickHouse a column without NULL would be 0 or '' there, unless a setting of the session says
    otherwise, which a user with `readonly` may not change. So the columns that are read, and only
    these, are made ones that can be NULL before they are joined.
    """

    def __init__(self, tables: Tables, dialect: str) -> None:
        self._tables = tables
        self._have_null = dialect != "clickhouse"
        self._selects: dict[str, exp.Select] = {}
        self._known: set[tuple[str, str]] = set()

    def column(self, source: str, ref: ColumnRef) -> exp.Column:
        """Return a column as `Tables.column` does; its table has it from now on."""
        column = self._tables.column(source, ref)
        if not self._have_null and (ref.node, ref.column) not in self._known:
            self._known.add((ref.node, ref.column))
            value = exp.Anonymous(this="toNullable", expressions=[column.copy()])
            shown = exp.Alias(this=value, alias=column.this.copy())
            self._select(ref.node).append("expressions", shown)
        return column

    def table(self, node: str) -> Node:
        """Return what to write behind LEFT JOIN; it grows with the columns that are read."""
        if self._have_null:
            return self._tables.table(node)
        query = from_table(self._select(node), self._tables.table(node))
        return exp.Subquery(this=query, alias=self._tables.alias(node))

    def _select(self, node: str) -> exp.Select:
        return self._selects.setdefault(node, exp.Select(expressions=[]))


def _unquoted_outputs(query: exp.Query) -> Iterator[str]:
    for term in query.selects:
        name = term.args.get("alias") if isinstance(term, exp.Alias) else term.this
        if isinstance(name, exp.Identifier) and not name.args.get("quoted"):
            yield name.this.casefold()


def _named(table: Node) -> Node:
    """Let the words of a table's name be quoted where the database reserves them."""
    if isinstance(table, exp.Table):
        for part in (table.this, table.args.get("db"), table.args.get("catalog")):
            if isinstance(part, exp.Identifier):
                part.set("kind", TYPED)
    return table
