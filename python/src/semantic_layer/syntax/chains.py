"""Long chains of one operator, made shallow: `a OR b OR c …` is as deep as it is long when read.

Whatever walks a tree goes down into it, databases too (SQLite takes a depth of 1000), so a long
AND or OR becomes a balanced tree of parentheses. A long sum is not touched in its order, for that
would change what its numbers round to: it becomes one node with all its operands.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.limits import MAX_NESTING, too_deep
from semantic_layer.syntax.reading import Reading, Span
from semantic_layer.syntax.templates import Unreadable
from semantic_layer.syntax.tree import SHORT, Node

_CONNECTORS = (exp.And, exp.Or)
# These take a depth of about 1000 at most, what stands around the chain included. ClickHouse (26.9)
# counts an operator and its list of operands as two.
_DEEPEST = {"sqlite": 900, "duckdb": 900, "mysql": 900, "clickhouse": 450}
_DIVISIONS = (exp.Mul, exp.Div, exp.Mod, exp.IntDiv)
_GROUPS: tuple[tuple[type[Node], ...], ...] = ((exp.Add, exp.Sub), (exp.DPipe,), _DIVISIONS)


class Chain(exp.Expression):
    """The operands of a long chain of operators, written as its text has them."""

    arg_types = {"expressions": True}


def shortened(root: Node, reading: Reading) -> Node:
    """Return the tree with its long chains made shallow."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        kind = _kind(node)
        if kind is not None:
            operands = list(_operands(node, kind))
            if len(operands) > SHORT:
                if kind is _DIVISIONS:
                    _check_divisions(len(operands))
                    waiting += operands
                    continue
                if type(node) not in _CONNECTORS:
                    _check_depth(len(operands), reading.dialect)
                short = _balanced(node, operands, reading) or _flat(operands, reading)
                if node is root:
                    root = short
                else:
                    node.replace(short)
            waiting += operands
        else:
            waiting += node.iter_expressions()
    return root


def _kind(node: Node) -> tuple[type[Node], ...] | None:
    if type(node) in _CONNECTORS:
        return (type(node),)
    return next((group for group in _GROUPS if type(node) in group), None)


def _operands(node: Node, kind: tuple[type[Node], ...]) -> Iterator[Node]:
    """Yield what the operators of a chain stand between, from left to right."""
    right: list[Node] = []
    while type(node) in kind:
        right.append(node.expression)
        node = node.this
    yield node
    yield from reversed(right)


def _balanced(node: Node, operands: list[Node], reading: Reading) -> Node | None:
    if not isinstance(node, _CONNECTORS):
        return None
    level = [_detached(operand, reading) for operand in operands]
    while len(level) > 1:
        pairs = [
            type(node)(this=_grouped(left), expression=_grouped(right))
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def _detached(node: Node, reading: Reading) -> Node:
    """Return an operand, in parentheses if it is a chain of another operator."""
    if isinstance(node, exp.Connector):
        reading.note(paren := exp.Paren(this=node), reading.span(node))
        return paren
    return node


def _grouped(node: Node) -> Node:
    return exp.Paren(this=node) if isinstance(node, _CONNECTORS) else node


def _check_depth(operands: int, dialect: str) -> None:
    """Refuse what databases would that go down as deep as a chain is long."""
    if operands > _DEEPEST.get(dialect, operands):
        raise too_deep()


def _check_divisions(operands: int) -> None:
    """Refuse a chain of divisions, each of which is guarded by itself, that is far too long."""
    if operands > MAX_NESTING:
        raise too_deep()


def _flat(operands: list[Node], reading: Reading) -> Node:
    spans = [reading.inner_span(operand) for operand in operands]
    if any(span is None for span in spans):
        raise Unreadable
    known = [span for span in spans if span is not None]
    if any(left.end >= right.start for left, right in pairwise(known)):
        raise Unreadable
    chain = Chain(expressions=operands)
    reading.note(chain, Span(known[0].start, known[-1].end))
    return chain
