"""When an expression is NULL because a column in it is: one rule, and what follows from it.

Every column of a looked-up source is NULL in a row that found no match there, computed ones too.
An expression that is NULL there anyway needs no guard. A filter that cannot hold there makes the
match a necessary one, and the join may drop the row itself. Databases plan such a join far better:
a condition between two LEFT-joined sources can make DuckDB compute most of their product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, Node

if TYPE_CHECKING:
    from semantic_layer.graph.edges import JoinEdge

_EITHER, _FIRST = ("this", "expression"), ("this",)
_Operands = dict[type[Node], tuple[str, ...]]
# NULL when one of these operands is, whatever the database and its settings are.
_EVERYWHERE: _Operands = {
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), _EITHER),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), _EITHER),
    **dict.fromkeys((exp.Paren, exp.Neg, exp.Not, exp.Cast, exp.Between), _FIRST),
}
# Where that holds of what the planner writes, or of a function by the usual meaning of its name.
_AS_WRITTEN: _Operands = {
    **_EVERYWHERE,
    **dict.fromkeys((exp.Div, exp.Mod, exp.DPipe), _EITHER),
    **dict.fromkeys((exp.Like, exp.Upper, exp.Lower, exp.Trim, exp.Substring), _FIRST),
    **dict.fromkeys((exp.Length, exp.Abs, exp.Round), _FIRST),
}
_KINDS = tuple(_AS_WRITTEN)
_GUARDED = "null_when_unmatched"


def is_strict(tree: Node) -> bool:
    """Whether an expression is certainly NULL when all its columns are."""
    if isinstance(tree, exp.Column) or tree.meta.get(_GUARDED):
        return True
    if not isinstance(tree, _KINDS):
        return False
    kind = next(kind for kind in type(tree).__mro__ if kind in _AS_WRITTEN)
    return any(is_strict(tree.args[key]) for key in _AS_WRITTEN[kind])


def take_for_strict(tree: Node, strict: bool = True) -> Node:
    """Say of an expression whether it is NULL when its columns are; returns it."""
    tree.meta[_GUARDED] = strict
    return tree


def required_nodes(conditions: Iterable[Node], edges: Mapping[str, JoinEdge]) -> set[str]:
    """Return the nodes that a row must have found for every condition to hold.

    `edges` are those by which nodes are looked up; what leads to a required node is required too.
    """
    required: set[str] = set()
    for condition in conditions:
        for node in never_true(condition):
            while node in edges and node not in required:
                required.add(node)
                node = edges[node].from_source
    return required


def never_true(tree: Node) -> frozenset[str]:
    """Return the nodes without whose match a condition is NULL or false."""
    if isinstance(tree, exp.Paren):
        return never_true(tree.this)
    if isinstance(tree, exp.And):
        return never_true(tree.this) | never_true(tree.expression)
    if isinstance(tree, exp.Or):
        return never_true(tree.this) & never_true(tree.expression)
    value = _known_not_null(tree)
    return _null(value if value is not None else tree)


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
    operands = _certain_operands(tree)
    return frozenset[str]().union(*(_null(tree.args[key]) for key in operands))


def _certain_operands(tree: Node) -> tuple[str, ...]:
    """Return the operands of a node that make it NULL everywhere.

    Subclasses may differ, so the exact class counts.
    """
    if type(tree) is exp.In:
        return _FIRST if tree.expressions else ()
    if type(tree) is exp.Like:
        return _EITHER
    return _EVERYWHERE.get(type(tree), ())
