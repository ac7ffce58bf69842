"""Aggregates over a list of values: one row at a time into a group, then folded into one value."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, parts_of
from semantic_layer.verify.compiling import (
    Compilation,
    Compiler,
    Compute,
    Leaves,
    checked_args,
    name_of,
)
from semantic_layer.verify.times import sqlite_moment
from semantic_layer.verify.values import EXACT, Unchecked, Value, as_number, both, either, truth

Fold = Callable[[list[Value]], Value]
_OWN = frozenset({"count_distinct", "count_if", "median", "percentile"})


class Call(NamedTuple):
    """An aggregate call: its argument (None for rows), what must hold of a row, and its name."""

    node: Node
    argument: Node | None
    conditions: tuple[Node, ...]
    kind: str
    distinct: bool = False
    fraction: float = 0.0


def is_aggregate(node: Node) -> bool:
    """Whether a node is an aggregate call, with its FILTER clause if it has one."""
    if isinstance(node, (exp.Filter, exp.WithinGroup)):
        return True
    template = node.args.get("verbatim")
    if template is not None and template.aggregate is not None:
        return bool(template.aggregate)
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in _OWN
    return isinstance(node, exp.AggFunc)


def has_aggregate(tree: Node) -> bool:
    """Whether an expression has an aggregate call."""
    return any(is_aggregate(part) for part in parts_of(tree))


_KINDS: dict[type[Node], str] = {
    exp.Sum: "sum",
    exp.Avg: "avg",
    exp.Min: "min",
    exp.Max: "max",
    exp.LogicalAnd: "every",
    exp.LogicalOr: "any",
}


def recognised(node: Node) -> Call:
    """Return what an aggregate call computes; raises `Unchecked` for one that is not known."""
    if isinstance(node, exp.Filter):
        inner = recognised(node.this)
        return inner._replace(conditions=(*inner.conditions, node.expression.this))
    if isinstance(node, exp.Count):
        return _count(node)
    if isinstance(node, exp.CountIf):
        return Call(node, None, (node.this,), "count")
    if isinstance(node, exp.WithinGroup):
        return _within_group(node)
    if isinstance(node, exp.Median):
        return Call(node, node.this, (), "percentile", fraction=0.5)
    if isinstance(node, (exp.PercentileCont, exp.Quantile)) and _is_interpolated(node):
        fraction = node.args.get("quantile") or node.expression
        return Call(node, node.this, (), "percentile", fraction=_fraction(fraction))
    if isinstance(node, exp.Anonymous):
        return _named(node)
    kind = _KINDS.get(type(node))
    if kind is None:
        raise Unchecked(name_of(node))
    checked_args(node, "this")
    argument, distinct = _argument(node.this)
    return Call(node, argument, (), kind, distinct)


def _is_interpolated(node: Node) -> bool:
    if isinstance(node, exp.PercentileCont):
        return True
    template = node.args.get("verbatim")
    name = template.call.name if template is not None and template.call is not None else ""
    return name in ("", "median", "percentile")


def _count(node: Node) -> Call:
    checked_args(node, "this")
    counted = node.this
    if counted is None or counted.is_star:
        return Call(node, None, (), "count")
    argument, distinct = _argument(counted)
    return Call(node, argument, (), "count", distinct)


def _argument(node: Node) -> tuple[Node, bool]:
    if not isinstance(node, exp.Distinct):
        if isinstance(node, (exp.Order, exp.Limit, exp.HavingMax)):
            raise Unchecked("an aggregate with an order")
        return node, False
    if len(node.expressions) != 1 or node.args.get("on"):
        raise Unchecked("DISTINCT of several values")
    return node.expressions[0], True


def _within_group(node: Node) -> Call:
    terms = node.expression.expressions
    if not isinstance(node.this, exp.PercentileCont) or len(terms) != 1:
        raise Unchecked(name_of(node.this))
    if terms[0].args.get("desc"):
        raise Unchecked("a percentile that counts from the top")
    return Call(node, terms[0].this, (), "percentile", fraction=_fraction(node.this.this))


def _fraction(node: Node) -> float:
    if not isinstance(node, exp.Literal):
        raise Unchecked("a percentile of a fraction that is computed")
    return float(node.name)


def _named(node: Node) -> Call:
    name, args = node.name.lower(), node.expressions
    if name == "count_distinct" and len(args) == 1:
        argument, _ = _argument(args[0])
        return Call(node, argument, (), "count", distinct=True)
    if name == "count_if" and len(args) == 1:
        return Call(node, None, (args[0],), "count")
    if name == "median" and len(args) == 1:
        return Call(node, args[0], (), "percentile", fraction=0.5)
    if name in ("percentile", "quantile_cont") and len(args) == 2:
        return Call(node, args[0], (), "percentile", fraction=_fraction(args[1]))
    raise Unchecked(name_of(node))


class Atom(NamedTuple):
    """One aggregate of a question: whose rows it is over, what of each, and how that is folded."""

    base: str
    needs: frozenset[str]
    value: Compute | None
    conditions: tuple[Callable[[Any], bool | None], ...]
    fold: Fold

    def counts(self, seen: Any) -> bool:
        """Whether a row counts."""
        return all(condition(seen) is True for condition in self.conditions)


def folding(call: Call, compiler: Compiler, leaves: Leaves) -> tuple[Compute | None, Fold]:
    """Return the value of a row that a call folds, and how; None for rows themselves."""
    if call.argument is None:
        return None, len
    compute = Compilation(compiler, leaves).of(call.argument)
    fold = Folds(compiler, compiler.is_time(call.argument, leaves))
    found: Fold = {
        "count": fold.count,
        "sum": fold.sum,
        "avg": fold.mean,
        "min": fold.lowest,
        "max": fold.highest,
        "every": fold.every,
        "any": fold.any,
        "percentile": lambda values: fold.percentile(values, call.fraction),
    }[call.kind]
    if call.distinct:
        return compute, lambda values: found(fold.distinct(values))
    return compute, found


class Folds:
    """The aggregates themselves; each passes over NULL."""

    def __init__(self, compiler: Compiler, is_time: bool) -> None:
        self._dialect = compiler.dialect
        self._comparing = compiler.comparing
        # On SQLite times are texts of several forms.
        self._is_text_time = is_time and compiler.dialect == "sqlite"

    def distinct(self, values: Sequence[Value]) -> list[Value]:
        """Return the values that differ."""
        found: dict[Any, Value] = {}
        for value in _known(values):
            key = sqlite_moment(value) if self._is_text_time else self._comparing.key(value)
            found.setdefault(key, value)
        return list(found.values())

    def count(self, values: Sequence[Value]) -> int:
        """Return how many values there are."""
        return len(_known(values))

    def sum(self, values: Sequence[Value]) -> Value:
        """Return the sum, NULL of nothing."""
        numbers = [as_number(value) for value in _known(values)]
        if not numbers:
            return None
        if any(isinstance(number, float) for number in numbers):
            return math.fsum(float(number) for number in numbers)
        if all(isinstance(number, int) for number in numbers):
            total = sum(numbers)
            if abs(total) >= 2**63 and self._dialect != "postgres":
                raise Unchecked("a sum beyond 64 bits")
            return total
        exact = Decimal(0)
        for number in numbers:
            exact = EXACT.add(exact, Decimal(number))
        return exact

    def mean(self, values: Sequence[Value]) -> Value:
        """Return the average."""
        known = _known(values)
        if not known:
            return None
        numbers = [as_number(value) for value in known]
        if any(isinstance(number, float) for number in numbers):
            return math.fsum(float(number) for number in numbers) / len(numbers)
        total = Decimal(0)
        for number in numbers:
            total = EXACT.add(total, Decimal(number))
        return float(EXACT.divide(total, Decimal(len(numbers))))

    def lowest(self, values: Sequence[Value]) -> Value:
        """Return the least."""
        return self._extreme(values, -1)

    def highest(self, values: Sequence[Value]) -> Value:
        """Return the greatest."""
        return self._extreme(values, 1)

    def _extreme(self, values: Sequence[Value], sign: int) -> Value:
        best: Value = None
        for value in _known(values):
            if best is None or self._order(value, best) == sign:
                best = value
        return best

    def _order(self, value: Value, other: Value) -> int | None:
        if not self._is_text_time:
            return self._comparing.order(value, other)
        one, two = sqlite_moment(value), sqlite_moment(other)
        if one is None or two is None:
            raise Unchecked(f"the value {value!r}, which cannot be read as a time")
        return int(one > two) - int(one < two)

    def every(self, values: Sequence[Value]) -> bool | None:
        """Return whether all are true."""
        found: bool | None = True
        known = _known(values)
        for value in known:
            found = both(found, truth(value))
        return found if known else None

    def any(self, values: Sequence[Value]) -> bool | None:
        """Return whether one is true."""
        found: bool | None = False
        known = _known(values)
        for value in known:
            found = either(found, truth(value))
        return found if known else None

    def percentile(self, values: Sequence[Value], fraction: float) -> Value:
        """Return the value below which a fraction of the others lies, between two of them."""
        numbers = sorted(as_number(value) for value in _known(values))
        if not numbers:
            return None
        position = fraction * (len(numbers) - 1)
        below, above = numbers[math.floor(position)], numbers[math.ceil(position)]
        return float(below) + (float(above) - float(below)) * (position - math.floor(position))


def _known(values: Sequence[Value]) -> list[Value]:
    return [value for value in values if value is not None]
