"""Which lookups a filter makes necessary: a row that finds no match there cannot pass it.

The join may then drop unmatched rows itself. Databases plan such a join far better: a condition
between two LEFT-joined sources can make DuckDB compute most of their product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from semantic_layer.graph.edges import JoinEdge
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, Node

# NULL when either side is. Subclasses may differ, so the exact class counts.
_STRICT_BINARY = frozenset(
    {
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like),
        *(exp.Add, exp.Sub, exp.Mul),
    }
)
_STRICT_UNARY = frozenset({exp.Paren, exp.Neg, exp.Not, exp.Cast, exp.Between})


def required_nodes(conditions: Iterable[Node], edges: Mapping[str, JoinEdge]) -> set[str]:
    """Return the nodes that a row must have found for every condition to hold.

    `edges` are those by which nodes are looked up; what leads to a required node is required too.
    """
    required: set[str] = set()
    for condition in conditions:
        for node in _never_true(condition):
            while node in edges and node not in required:
                required.add(node)
                node = edges[node].from_source
    return required


def _never_true(tree: Node) -> frozenset[str]:
    """Return the nodes without whose match a condition is NULL or false.

    Every column of an unmatched node is NULL, computed ones too.
    """
    if isinstance(tree, exp.Paren):
        return _never_true(tree.this)
    if isinstance(tree, exp.And):
        return _never_true(tree.this) | _never_true(tree.expression)
    if isinstance(tree, exp.Or):
        return _never_true(tree.this) & _never_true(tree.expression)
    value = _known_not_null(tree)
    if value is not None:
        return _null(value)
    return _null(tree)


def _known_not_null(tree: Node) -> Node | None:
    """Return x of `x IS NOT NULL`, which a dialect may parse as NOT around IS or as IS itself."""
    outside = isinstance(tree, exp.Not)
    test = tree.this.unnest() if outside else tree
    if not isinstance(test, exp.Is) or not isinstance(test.expression, exp.Null):
        return None
    return test.this if outside != bool(test.args.get("negate")) else None


def _null(tree: Node) -> frozenset[str]:
    """Return the nodes without whose match an expression is certainly NULL."""
    if isinstance(tree, ColumnRef):
        return frozenset({tree.node})
    if isinstance(tree.expression, (exp.All, exp.Any)):
        return frozenset()  # true of nothing, and so of NULL too
    if type(tree) in _STRICT_BINARY:
        return _null(tree.this) | _null(tree.expression)
    lists_values = type(tree) is exp.In and bool(tree.expressions)
    if lists_values or type(tree) in _STRICT_UNARY:
        return _null(tree.this)
    return frozenset()
