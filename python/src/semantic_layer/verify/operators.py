"""The operators of SQL: comparisons, logic, CASE, arithmetic with numbers and with times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from semantic_layer.syntax.chains import Chain
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.reading import Marked
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.compiling import Build, Compilation, Compute, checked_args, name_of
from semantic_layer.verify.times import shifted
from semantic_layer.verify.values import (
    Unchecked,
    Value,
    as_number,
    both,
    divided,
    either,
    negated,
    quotient,
    reckoned,
    remainder,
    truth,
)


class Span(NamedTuple):
    """An INTERVAL."""

    months: int
    rest: timedelta


def _literal(self: Compilation, node: Node) -> Compute:
    value: Value = node.name
    if not node.is_string:
        plain = node.name.isdigit()
        value = int(node.name) if plain else Decimal(node.name)
        if not plain and (self.dialect == "sqlite" or "e" in node.name.lower()):
            value = float(value)
    return lambda row: value


def _comparison(test: Callable[[int], bool]) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expression")
        left, right = self.compared([node.this, node.expression])
        order = self.comparing.order

        def compute(row: Any) -> bool | None:
            found = order(left(row), right(row))
            return None if found is None else test(found)

        return compute

    return build


def _equality(holds: bool) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expression")
        sides = [node.this.unnest(), node.expression.unnest()]
        if all(isinstance(side, exp.Tuple) for side in sides):
            return self.of(_by_parts(sides[0], sides[1], holds))
        left, right = self.compared([node.this, node.expression])
        equal = self.comparing.equal

        def compute(row: Any) -> bool | None:
            found = equal(left(row), right(row))
            return found if holds else negated(found)

        return compute

    return build


def _by_parts(left: Node, right: Node, holds: bool) -> Node:
    """Return an equality of rows of values as one of each pair."""
    pairs = zip(left.expressions, right.expressions, strict=True)
    parts: list[Node] = [exp.EQ(this=one.copy(), expression=two.copy()) for one, two in pairs]
    whole = parts[0]
    for part in parts[1:]:
        whole = exp.And(this=whole, expression=part)
    return whole if holds else exp.Not(this=exp.Paren(this=whole))


def _sameness(holds: bool) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expression")
        left, right = self.compared([node.this, node.expression])
        same = self.comparing.same
        return lambda row: same(left(row), right(row)) is holds

    return build


def _is(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expression", "negate")
    asked: Any = node.expression
    negate = bool(node.args.get("negate"))
    if isinstance(asked, exp.Not):
        asked, negate = asked.this, not negate
    if isinstance(asked, exp.Null):
        part = self.of(node.this)
        return lambda row: (part(row) is None) is not negate
    if isinstance(asked, exp.Boolean):
        wanted, part = bool(asked.this), self.of(node.this)
        return lambda row: (truth(part(row)) is wanted) is not negate
    if self.dialect == "sqlite":  # IS compares any two values there.
        left, right = self.compared([node.this, asked])
        same = self.comparing.same
        return lambda row: same(left(row), right(row)) is not negate
    raise Unchecked("IS with other than NULL and truths")


def _connector(
    combine: Callable[[bool | None, bool | None], bool | None],
) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expression")
        left, right = self.of(node.this), self.of(node.expression)
        return lambda row: combine(truth(left(row)), truth(right(row)))

    return build


def _not(self: Compilation, node: Node) -> Compute:
    part = self.of(node.this)
    return lambda row: negated(truth(part(row)))


def _in(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expressions")
    first, *rest = self.compared([node.this, *node.expressions])
    equal = self.comparing.equal

    def compute(row: Any) -> bool | None:
        value, found = first(row), False
        for item in rest:
            same = equal(value, item(row))
            if same:
                return True
            found = found if same is False else None  # type: ignore[assignment]
        return found

    return compute


def _between(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "low", "high")
    value, low, high = self.compared([node.this, node.args["low"], node.args["high"]])
    order = self.comparing.order

    def compute(row: Any) -> bool | None:
        found = value(row)
        above, below = order(found, low(row)), order(found, high(row))
        return both(None if above is None else above >= 0, None if below is None else below <= 0)

    return compute


def _case(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "ifs", "default")
    branches = node.args["ifs"]
    results = self.all([branch.args["true"] for branch in branches])
    default = self.of(node.args["default"]) if node.args.get("default") is not None else None
    if node.this is None:
        tests = self.all([branch.this for branch in branches])
        checks: list[Compute] = [lambda row, t=test: truth(t(row)) for test in tests]  # type: ignore[misc]
    else:
        value, *others = self.compared([node.this, *(branch.this for branch in branches)])
        equal = self.comparing.equal
        checks = [lambda row, o=other: equal(value(row), o(row)) for other in others]  # type: ignore[misc]

    def compute(row: Any) -> Value:
        for check, result in zip(checks, results, strict=True):
            if check(row) is True:
                return result(row)
        return default(row) if default is not None else None

    return compute


def _if(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "true", "false")
    test, chosen = self.of(node.this), self.of(node.args["true"])
    other = self.of(node.args["false"]) if node.args.get("false") is not None else None

    def compute(row: Any) -> Value:
        if truth(test(row)) is True:
            return chosen(row)
        return other(row) if other is not None else None

    return compute


def _arithmetic(operator: str) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expression")
        left, right = self.of(node.this), self.of(node.expression)
        if self.dialect == "sqlite" and any(map(self.is_time, (node.this, node.expression))):
            raise Unchecked("arithmetic with texts that are times")
        return lambda row: _reckoned(self, operator, left(row), right(row))

    return build


def _reckoned(self: Compilation, operator: str, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    if isinstance(left, (date, Span)) or isinstance(right, (date, Span)):
        return _calendar(self, operator, left, right)
    return reckoned(operator, left, right)


def _calendar(self: Compilation, operator: str, left: Value, right: Value) -> Value:
    """Return a time and a span added up, or the days between two dates."""
    if isinstance(left, Span) and isinstance(right, date) and operator == "+":
        left, right = right, left
    if isinstance(left, date) and isinstance(right, Span):
        sign = 1 if operator == "+" else -1
        if isinstance(left, datetime) and left.tzinfo is not None:
            local = self.clock.local(left)
            moved: Any = shifted(local, sign * right.months, sign * right.rest)
            return moved.replace(tzinfo=self.clock.zone)
        return shifted(self.clock.local(left), sign * right.months, sign * right.rest)
    plain = not isinstance(left, datetime) and not isinstance(right, datetime)
    if operator == "-" and plain and isinstance(left, date) and isinstance(right, date):
        return (left - right).days
    if plain and isinstance(left, date) and type(right) is int and operator in "+-":
        return left + timedelta(days=right if operator == "+" else -right)
    raise Unchecked("arithmetic with these times")


_UNITS: dict[str, Span] = {
    "SECOND": Span(0, timedelta(seconds=1)),
    "MINUTE": Span(0, timedelta(minutes=1)),
    "HOUR": Span(0, timedelta(hours=1)),
    "DAY": Span(0, timedelta(days=1)),
    "WEEK": Span(0, timedelta(weeks=1)),
    "MONTH": Span(1, timedelta()),
    "QUARTER": Span(3, timedelta()),
    "YEAR": Span(12, timedelta()),
}


def _interval(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "unit")
    unit = node.args.get("unit")
    one = _UNITS.get(unit.name.upper().removesuffix("S")) if unit is not None else None
    text = node.this.name if isinstance(node.this, exp.Literal) else ""
    if one is None or not text.lstrip("-").isdigit():
        raise Unchecked("an INTERVAL of this form")
    span = Span(one.months * int(text), one.rest * int(text))
    return lambda row: span


def _divide(
    function: Callable[[Value, Value], Value],
) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expression")
        left, right = self.of(node.this), self.of(node.expression)
        whole = function is not divided and self.dialect not in ("sqlite", "duckdb", "postgres")
        if whole:
            raise Unchecked(name_of(node))
        return lambda row: function(left(row), right(row))

    return build


def _negative(self: Compilation, node: Node) -> Compute:
    return self.strict([node.this], lambda value: -as_number(value))


def _text_of(self: Compilation, value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Unchecked("a number or a time written as text")


def _concatenated(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expression")
    return self.strict(
        [node.this, node.expression], lambda a, b: _text_of(self, a) + _text_of(self, b)
    )


def _constant(value: Value) -> Build:
    return lambda self, node: lambda row: value


def _boolean(self: Compilation, node: Node) -> Compute:
    value = bool(node.this)
    return lambda row: value


def _chain(self: Compilation, node: Node) -> Compute:
    """Return a long sum, which is read as one node with all its operands."""
    template = node.args.get("verbatim")
    words = [part.strip() for part in template.parts if isinstance(part, str)] if template else []
    parts = self.all(node.expressions)
    if len(words) != len(parts) - 1 or not set(words) <= {"+", "-"}:
        raise Unchecked("a long chain of operators")

    def compute(row: Any) -> Value:
        found = parts[0](row)
        for word, part in zip(words, parts[1:], strict=True):
            found = _reckoned(self, word, found, part(row))
        return found

    return compute


def _inner(self: Compilation, node: Node) -> Compute:
    return self.of(node.this)


OPERATORS: dict[type[Node], Build] = {
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _constant(None),
    exp.Paren: _inner,
    Chain: _chain,
    Marked: _inner,
    exp.EQ: _equality(True),
    exp.NEQ: _equality(False),
    exp.LT: _comparison(lambda order: order < 0),
    exp.LTE: _comparison(lambda order: order <= 0),
    exp.GT: _comparison(lambda order: order > 0),
    exp.GTE: _comparison(lambda order: order >= 0),
    exp.NullSafeEQ: _sameness(True),
    exp.NullSafeNEQ: _sameness(False),
    exp.Is: _is,
    exp.And: _connector(both),
    exp.Or: _connector(either),
    exp.Not: _not,
    exp.In: _in,
    exp.Between: _between,
    exp.Case: _case,
    exp.If: _if,
    exp.Add: _arithmetic("+"),
    exp.Sub: _arithmetic("-"),
    exp.Mul: _arithmetic("*"),
    exp.Div: _divide(divided),
    exp.Mod: _divide(remainder),
    exp.IntDiv: _divide(quotient),
    exp.Neg: _negative,
    exp.DPipe: _concatenated,
    exp.Interval: _interval,
}
