"""Refusing aggregates that would count each looked-up row as often as it is found."""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.routes import Routes
from semantic_layer.syntax.aggregates import AggregateCall
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, Node, column, rewrite
from semantic_layer.syntax.verbatim import called_name, written

# What a value that comes several times does not change.
_UNHARMED = (
    *(exp.Min, exp.Max, exp.LogicalAnd, exp.LogicalOr, exp.AnyValue, exp.ApproxDistinct),
    *(exp.ArgMax, exp.ArgMin, exp.BitwiseAndAgg, exp.BitwiseOrAgg),
)
_UNHARMED_NAMES = frozenset(
    {"any_value", "every", "bool_and", "bool_or", "bit_and", "bit_or", "max_by", "min_by"}
)


def check_own_rows(
    call: AggregateCall,
    nodes: Sequence[str],
    home: str,
    graph: JoinGraph,
    routes: Routes,
    origin: Origin,
) -> None:
    """Raise when a call adds up columns of looked-up `nodes` over the rows of `home`.

    A row of `home` finds one row there, but that row may be found by many: added up, its values
    would count once for each.
    """
    if _is_unharmed(call.call):
        return
    repeated = [node for node in nodes if not _is_found_once(node, home, routes)]
    if repeated:
        raise _refusal(call, _finest(repeated, routes), home, graph, origin)


def _is_unharmed(call: Node) -> bool:
    is_distinct = isinstance(call.this, exp.Distinct)
    return isinstance(call, _UNHARMED) or is_distinct or called_name(call) in _UNHARMED_NAMES


def _is_found_once(node: str, home: str, routes: Routes) -> bool:
    """Whether no row of a node is found by two rows of `home`, and that is proved."""
    return all(
        edge.relationship == "one_to_one" and not edge.back().uncovered_grain()
        for edge in routes.of(home).route(node)
    )


def _finest(nodes: Sequence[str], routes: Routes) -> str:
    """Return the one that looks up the others: whose rows an argument over all of them is of."""
    others = [(node, [other for other in nodes if other != node]) for node in nodes]
    reaching = [node for node, rest in others if all(map(routes.of(node).reaches, rest))]
    return (reaching or list(nodes))[0]


def _refusal(
    call: AggregateCall, node: str, home: str, graph: JoinGraph, origin: Origin
) -> SemanticError:
    source = graph.source_of(node)
    text = _written(call.call, graph.parser.dialect)
    there = _written(call.call, graph.parser.dialect, node)
    return origin.error(
        f"`{text}` would count each row of '{node}' as often as a row of '{home}' looks it up.",
        fix=f"Define a measure `{there}` on '{source}' and use that, or use a column of "
        f"'{home}' in the argument. To count rows of '{home}', write `count(*)` with a filter; "
        "min, max and count_distinct are possible here.",
    )


def _written(call: Node, dialect: str, bare: str | None = None) -> str:
    """Return a call as SQL over the model's names; those of `bare` without their source."""

    def step(part: Node) -> Node | None:
        if not isinstance(part, ColumnRef):
            return None
        return column(part.column, None if part.node == bare else part.node)

    return written(rewrite(call.copy(), step), dialect, copy=False)
