"""What a model declares of its rows and no file proves: statements that ask the database.

The grain of a source tells its rows apart; the windows of one key do not overlap; and a join that
is declared to find one row finds no two. Whoever asks runs the statements and counts.
"""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from semantic_layer.catalog import Catalog
from semantic_layer.errors import INVALID_MODEL, Origin, SemanticError
from semantic_layer.graph.edges import Declaration, JoinEdge
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.models import Location
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, Node, conjuncts, refs
from semantic_layer.times.zone import chosen_zone
from semantic_layer.validate.data_sql import FaultSql, FaultStatements, window_ends
from semantic_layer.validate.findings import Finding, Severity, finding_of


class DataCheck(Finding):
    """A finding that holds if `sql`, in a session of the zone `timezone`, counts any.

    The statement returns the count, and behind it an example: a value for each of `names`. The
    message is to end in both.
    """

    sql: str
    names: list[str]
    timezone: str


class DataChecks:
    """The checks of a model, or of one source of it: its grain, and the joins that it declares."""

    def __init__(
        self, catalog: Catalog, dialect: str, timezone: str | None, only: str | None
    ) -> None:
        self._catalog = catalog
        self._graph = JoinGraph(catalog, dialect)
        self._timezone = timezone
        self._only = only
        self.checks: list[DataCheck] = []
        self.unchecked: list[Finding] = []

    def run(self) -> None:
        """Make the checks; what is wrong in the files itself is left to those who read them."""
        for name in sorted(self._catalog):
            if self._only in (None, name):
                self._guard(Origin(f"grain of source '{name}'", name, ("grain",)), self._grain)
        for join in self._graph.declarations:
            if self._only in (None, join.source) and join.target in self._catalog:
                self._guard(join.origin, partial(self._join, join))

    def _guard(self, origin: Origin, check: Callable[[Origin], object]) -> None:
        try:
            check(origin)
        except SemanticError as error:
            if error.kind == INVALID_MODEL:
                return
            if error.source is None:
                error = origin.error(error.message, fix=error.fix)
            self.unchecked.append(finding_of("data_unchecked", error))

    def _grain(self, origin: Origin) -> None:
        name = origin.source
        assert name is not None
        key = [ColumnRef(node=name, name=part, quoted=False) for part in self._catalog[name].grain]
        columns = ", ".join(self._catalog[name].grain)
        self._add(
            _finding(
                "grain_duplicate",
                f"the grain of '{name}' ({columns}) does not tell its rows apart; grains that "
                "several rows have",
                origin,
                "Declare the columns that tell rows apart as the grain, or remove the duplicates.",
            ),
            name,
            self._statements(name, key).repeated(),
        )
        settled = self._settled(name)
        always = [ref for ref in key if ref.column not in settled]
        if not always:
            return
        columns = ", ".join(ref.column for ref in always)
        self._add(
            _finding(
                "grain_null",
                f"rows of '{name}' with a NULL in the grain ({columns})",
                origin,
                "Declare a grain that every row has, or leave such rows out of the source.",
                severity="warning",
            ),
            name,
            self._statements(name, always).incomplete(),
        )

    def _settled(self, source: str) -> set[str]:
        """Return the ends of windows in a grain: NULL says there that a row holds since ever."""
        found: set[str] = set()
        for join in self._graph.declarations:
            if join.target == source and join.valid is not None:
                with suppress(SemanticError):  # What is wrong there is said of the join.
                    window = self._graph.condition(join).window
                    found |= window.settles if window is not None else set()
        return found

    def _join(self, join: Declaration, _: Origin) -> None:
        for edge in self._graph.edges_of(join):
            looked_up = _lookup(edge) if edge.to_one else None
            if looked_up is None:
                continue
            if edge.window is not None:
                self._windows(edge, *looked_up)
            elif edge.uncovered_grain():
                self._duplicates(edge, *looked_up)

    def _windows(self, edge: JoinEdge, key: list[Node], filters: list[Node]) -> None:
        join, window = edge.declaration, edge.window
        assert window is not None
        start, end = window_ends(window, edge.to_source)
        origin = Origin(join.origin.label, join.source, ("joins", join.position, "valid"))
        self._add(
            _finding(
                "window_overlap",
                f"`valid` of {origin.label}: two rows of '{join.target}' with one key hold at "
                "once; such keys",
                origin,
                f"Correct '{start.column}' and '{end.column}' of these rows: one ends where the "
                "next begins.",
                join.target,
            ),
            edge.to_source,
            self._statements(edge.to_source, key, filters).overlapping(start, end),
        )
        self._add(
            _finding(
                "window_backwards",
                f"`valid` of {origin.label}: rows of '{join.target}' end before they begin, and "
                "never hold; such rows",
                origin,
                f"Correct '{start.column}' and '{end.column}' of these rows.",
                join.target,
                severity="warning",
            ),
            edge.to_source,
            self._statements(edge.to_source, key, filters).backwards(start, end),
        )

    def _duplicates(self, edge: JoinEdge, key: list[Node], filters: list[Node]) -> None:
        join = edge.declaration
        target = self._graph.source_of(edge.to_source)
        self._add(
            _finding(
                "join_duplicate",
                f"{join.origin.label} is declared {join.relationship}, and several rows of "
                f"'{target}' have one key; such keys",
                Origin(join.origin.label, join.source, ("joins", join.position, "relationship")),
                "Join on what tells the rows apart, or correct the relationship.",
                join.target,
            ),
            edge.to_source,
            self._statements(edge.to_source, key, filters).repeated(),
        )

    def _statements(
        self, node: str, key: list[Node] | list[ColumnRef], filters: list[Node] | None = None
    ) -> FaultStatements:
        return FaultStatements(self._graph, node, key, filters or [], self._zone(node))

    def _zone(self, node: str) -> str:
        source = self._catalog[self._graph.source_of(node)]
        dialect = self._graph.parser.dialect
        return chosen_zone(None, [source], self._timezone, dialect, cuts=False)

    def _add(self, finding: Finding, node: str, found: FaultSql) -> None:
        self.checks.append(
            DataCheck(
                **dict(finding.model_dump()),
                sql=found.sql,
                names=found.names,
                timezone=self._zone(node),
            )
        )


def _finding(
    code: str,
    message: str,
    origin: Origin,
    fix: str,
    concerned: str | None = None,
    severity: Severity = "error",
) -> Finding:
    assert origin.source is not None
    return Finding(
        code=code,
        severity=severity,
        message=message[0].upper() + message[1:],
        fix=fix,
        location=Location(source=origin.source, path=list(origin.path)),
        concerned=[concerned] if concerned is not None else [],
    )


def _lookup(edge: JoinEdge) -> tuple[list[Node], list[Node]] | None:
    """Return the key of the looked-up rows, and the conditions on these alone.

    None for a join that compares in other ways too: which rows it finds is then not a matter of
    the key.
    """
    near, far = edge.from_source, edge.to_source
    key = [other for _, other in edge.key_pairs()]
    both, filters = 0, []
    for part in conjuncts(edge.written_on()):
        nodes = _nodes(part)
        if near in nodes and far in nodes:
            both += 1
            if not isinstance(part, exp.EQ):
                return None
        elif far in nodes:
            filters.append(part)
    return (key, filters) if both == len(key) else None


def _nodes(tree: Node) -> set[str]:
    return {ref.node for ref in refs(tree)}
