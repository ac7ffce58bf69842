"""Whose rows an aggregate counts: its base source, found from the names in it.

An aggregate that would count each looked-up row as often as it is found is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations, product

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.routes import Routes
from semantic_layer.plan.scope import ModelScope, Scope
from semantic_layer.syntax.aggregates import AggregateCall
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, Node, column, nodes_of, rewrite
from semantic_layer.syntax.verbatim import called_name, written


class BaseSources:
    """Decides whose rows are aggregated; `default` has the answer for what names no source."""

    def __init__(self, graph: JoinGraph, routes: Routes) -> None:
        self._graph = graph
        self._routes = routes
        self.default: Callable[[Origin], str] | None = None

    def of_row_counts(
        self, calls: Iterable[AggregateCall], scope: Scope
    ) -> Callable[[Origin], str]:
        """Return what decides whose rows a call counts that names no source.

        That is the one source whose rows the other `calls` of the expression count, or else the
        default; without one, `NeedsBase` is raised.
        """
        bases = {base for call in calls if (base := self._named(call, scope))}

        def decide(origin: Origin) -> str:
            if len(bases) == 1:
                return next(iter(bases))
            if scope.needs_source:
                raise origin.error(
                    "it does not say whose rows to count.",
                    fix="Name the source: `count(orders.*)`, or a measure that counts.",
                )
            if self.default is not None:
                return self.default(origin)
            raise NeedsBase(origin)

        return decide

    def _named(self, call: AggregateCall, scope: Scope) -> str | None:
        try:
            return self.of(call, scope, Origin("expression"))
        except SemanticError:
            return None

    def of(self, call: AggregateCall, scope: Scope, origin: Origin) -> str | None:
        """Return the source whose rows a call aggregates; None when it names no source."""
        counted = call.call.this if call.is_row_count else None
        named = scope.qualifier(counted, origin) if isinstance(counted, exp.Column) else None
        if isinstance(scope, ModelScope):
            if named not in (None, scope.source):
                raise self._of_another(str(named), scope.source, origin)
            return scope.source
        if named is not None:
            return self._source(named, origin)
        parts = [call.argument or call.call, *([call.condition] if call.condition else [])]
        nodes = nodes_of(parts)
        if not nodes:
            return None
        finest = [
            node
            for node in nodes
            if all(self._routes.of(node).reaches(other) for other in nodes if other != node)
        ]
        if len(finest) != 1:
            raise self._not_one(nodes, parts, origin)
        return self._source(finest[0], origin)

    def _not_one(self, nodes: list[str], parts: list[Node], origin: Origin) -> SemanticError:
        for node, other in permutations(nodes, 2):
            renamed = self._routes.of(node).renamed(other, parts)
            if renamed is not None:
                return renamed
        return origin.error(
            f"an aggregate over {', '.join(nodes)} has no single source whose rows it counts.",
            fix="Aggregate each source separately and combine the results, "
            "for example `sum(a.x) - sum(b.y)`.",
        )

    def _of_another(self, named: str, source: str, origin: Origin) -> SemanticError:
        return origin.error(
            f"a measure of '{source}' counts the rows of '{source}', not those of '{named}'.",
            fix=f"Define it on '{self._graph.source_of(named)}', or count distinct values of "
            "its columns.",
        )

    def _source(self, node: str, origin: Origin) -> str:
        if node not in self._graph.catalog:
            source = self._graph.source_of(node)
            raise origin.error(
                f"'{node}' is a join alias of '{source}'; its rows cannot be aggregated.",
                fix=f"Aggregate '{source}' instead, or add a measure to the joining source.",
            )
        return node

    def check_seen(self, conditions: Sequence[Node], bases: Iterable[str], origin: Origin) -> None:
        """Raise unless the rows of all bases have what the conditions of a metric are about."""
        for base, node in product(sorted(bases), nodes_of(conditions)):
            finder = self._routes.of(base)
            if not finder.reaches(node):
                raise finder.renamed(node, conditions) or origin.error(
                    f"it restricts all that the metric is made of, and rows of '{base}' do not "
                    f"look up '{node}'.",
                    fix="Give a `filter` to an input of the metric instead: inputs: "
                    "{ name: { of: source.measure, filter: … } }.",
                )

    def check_own_rows(self, call: AggregateCall, base: str, origin: Origin) -> None:
        """Raise when a call adds up nothing but what the rows of `base` look up."""
        nodes = nodes_of([call.argument if call.argument is not None else call.call])
        if nodes and base not in nodes:
            _check_repeated(call, nodes, base, self._graph, self._routes, origin)


class NeedsBase(Exception):
    """A row count names no source; the rest of the query decides which one it means."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(origin.label)
        self.origin = origin


# What a value that comes several times does not change.
_UNHARMED = (
    *(exp.Min, exp.Max, exp.LogicalAnd, exp.LogicalOr, exp.AnyValue, exp.ApproxDistinct),
    *(exp.ArgMax, exp.ArgMin, exp.BitwiseAndAgg, exp.BitwiseOrAgg),
)
_UNHARMED_NAMES = frozenset(
    {"any_value", "every", "bool_and", "bool_or", "bit_and", "bit_or", "max_by", "min_by"}
)


def _check_repeated(
    call: AggregateCall,
    nodes: Sequence[str],
    base: str,
    graph: JoinGraph,
    routes: Routes,
    origin: Origin,
) -> None:
    """Raise when a call adds up columns of looked-up `nodes` over the rows of `base`.

    A row of `base` finds one row there, but that row may be found by many: added up, its values
    would count once for each.
    """
    if _is_unharmed(call.call):
        return
    repeated = [node for node in nodes if not _is_found_once(node, base, routes)]
    if repeated:
        raise _refusal(call, _finest(repeated, routes), base, graph, origin)


def _is_unharmed(call: Node) -> bool:
    is_distinct = isinstance(call.this, exp.Distinct)
    return isinstance(call, _UNHARMED) or is_distinct or called_name(call) in _UNHARMED_NAMES


def _is_found_once(node: str, base: str, routes: Routes) -> bool:
    """Whether no row of a node is found by two rows of `base`, and that is proved."""
    return all(
        edge.relationship == "one_to_one" and not edge.back().uncovered_grain()
        for edge in routes.of(base).route(node)
    )


def _finest(nodes: Sequence[str], routes: Routes) -> str:
    """Return the one that looks up the others: whose rows an argument over all of them is of."""
    others = [(node, [other for other in nodes if other != node]) for node in nodes]
    reaching = [node for node, rest in others if all(map(routes.of(node).reaches, rest))]
    return (reaching or list(nodes))[0]


def _refusal(
    call: AggregateCall, node: str, base: str, graph: JoinGraph, origin: Origin
) -> SemanticError:
    source = graph.source_of(node)
    text = _written(call.call, graph.parser.dialect)
    there = _written(call.call, graph.parser.dialect, node)
    return origin.error(
        f"`{text}` would count each row of '{node}' as often as a row of '{base}' looks it up.",
        fix=f"Define a measure `{there}` on '{source}' and use that, or use a column of "
        f"'{base}' in the argument. To count rows of '{base}', write `count(*)` with a filter; "
        "min, max and count_distinct are possible here.",
    )


def _written(call: Node, dialect: str, bare: str | None = None) -> str:
    """Return a call as SQL over the model's names; those of `bare` without their source."""

    def step(part: Node) -> Node | None:
        if not isinstance(part, ColumnRef):
            return None
        return column(part.column, None if part.node == bare else part.node)

    return written(rewrite(call.copy(), step), dialect, copy=False)
