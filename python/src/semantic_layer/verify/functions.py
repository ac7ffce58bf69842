"""The functions that databases share, as Python has them: numbers and texts.

Each is written for the dialects where it is known to mean this; elsewhere it is `Unchecked`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.compiling import Build, Compilation, Compute, checked_args, name_of
from semantic_layer.verify.values import Unchecked, Value, as_number, is_number, rounded


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise Unchecked("a function of texts with another value")
    return value


def _of_number(function: Callable[[Any], Value]) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this")
        return self.strict([node.this], lambda value: function(as_number(value)))

    return build


def _of_text(function: Callable[[Compilation, str], Value]) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this")
        return self.strict([node.this], lambda value: function(self, _text(value)))

    return build


def _in_case(change: Callable[[str], str]) -> Callable[[Compilation, str], str]:
    def function(self: Compilation, text: str) -> str:
        if not text.isascii():
            raise Unchecked("capitals of letters that are not ASCII")
        return change(text)

    return function


def _round(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "decimals")
    places = node.args.get("decimals")
    result_is_float = self.dialect == "sqlite"
    parts = [node.this, *([places] if places is not None else [])]

    def function(value: Value, digits: Value = 0) -> Value:
        if not isinstance(digits, int):
            raise Unchecked("round to other than whole places")
        found = rounded(value, digits)
        return float(found) if result_is_float else found

    return self.strict(parts, function)


def _whole_number(function: Callable[[Any], int]) -> Callable[[Any], Value]:
    def compute(value: Any) -> Value:
        found = function(value)
        return float(found) if isinstance(value, float) else found

    return compute


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


def _trim(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expression", "position")
    position = str(node.args.get("position") or "BOTH").upper()
    strip = {"LEADING": str.lstrip, "TRAILING": str.rstrip, "BOTH": str.strip}[position]
    letters = node.args.get("expression")
    if letters is None:
        return self.strict([node.this], lambda value: strip(_text(value), " "))
    return self.strict([node.this, letters], lambda value, set_: strip(_text(value), _text(set_)))


def _coalesce(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expressions")
    parts = self.all([node.this, *node.expressions])

    def compute(row: Any) -> Value:
        for part in parts:
            value = part(row)
            if value is not None:
                return value
        return None

    return compute


def _nullif(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expression")
    if self.dialect == "sqlite" and self.is_time(node.this):
        raise Unchecked("NULLIF of texts that are times")
    shown, other = self.of(node.this), self.of(node.expression)
    equal = self.comparing.equal

    def compute(row: Any) -> Value:
        value = shown(row)
        return None if equal(value, other(row)) is True else value

    return compute


def _extreme(sign: int) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expressions")
        parts = self.all([node.this, *node.expressions])
        ignores_null = self.dialect in ("postgres", "duckdb")
        if not ignores_null and self.dialect not in ("sqlite", "mysql"):
            raise Unchecked(name_of(node))
        if self.dialect == "sqlite" and self.is_time(node):
            raise Unchecked(f"{name_of(node)} of texts that are times")
        order = self.comparing.order

        def compute(row: Any) -> Value:
            values = [part(row) for part in parts]
            known = [value for value in values if value is not None]
            if not known or (len(known) < len(values) and not ignores_null):
                return None
            best = known[0]
            for value in known[1:]:
                if order(value, best) == sign:
                    best = value
            return best

        return compute

    return build


def _concat(self: Compilation, node: Node) -> Compute:
    checked_args(node, "expressions")
    if self.dialect not in ("postgres", "duckdb", "sqlite"):
        raise Unchecked(name_of(node))
    parts = self.all(node.expressions)

    def compute(row: Any) -> str:
        values = [part(row) for part in parts]
        return "".join(_as_text(value) for value in values if value is not None)

    return compute


def _as_text(value: Value) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value)


def _substring(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "start", "length")
    length = node.args.get("length")
    parts = [node.this, node.args["start"], *([length] if length is not None else [])]

    def function(value: Value, start: Value, count: Value = None) -> str:
        if type(start) is not int or start < 1 or (count is not None and not _is_count(count)):
            raise Unchecked("a part of a text that begins before it")
        end = None if count is None else start - 1 + count
        return _text(value)[start - 1 : end]

    return self.strict(parts, function)


def _is_count(value: Value) -> bool:
    return type(value) is int and value >= 0


def _ends(from_left: bool) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expression")

        def function(value: Value, count: Value) -> str:
            if not _is_count(count):
                raise Unchecked(f"{name_of(node)} with a negative number")
            text = _text(value)
            return text[:count] if from_left else text[max(len(text) - count, 0) :]

        return self.strict([node.this, node.expression], function)

    return build


def _replace(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expression", "replacement")
    parts = [node.this, node.expression, node.args["replacement"]]

    def function(value: Value, old: Value, new: Value) -> str:
        return _text(value).replace(_text(old), _text(new)) if old else _text(value)

    return self.strict(parts, function)


def _position(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "substr")
    parts = [node.this, node.args["substr"]]
    return self.strict(parts, lambda value, part: _text(value).find(_text(part)) + 1)


def _starts(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expression")
    parts = [node.this, node.expression]
    return self.strict(parts, lambda value, part: _text(value).startswith(_text(part)))


def _like(any_case: bool) -> Build:
    def build(self: Compilation, node: Node) -> Compute:
        checked_args(node, "this", "expression", "negate")
        return _likeness(self, node, any_case or self.dialect == "sqlite", "")

    return build


def _escape(self: Compilation, node: Node) -> Compute:
    like = node.this
    if not isinstance(like, (exp.Like, exp.ILike)) or not isinstance(node.expression, exp.Literal):
        raise Unchecked("ESCAPE")
    any_case = isinstance(like, exp.ILike) or self.dialect == "sqlite"
    return _likeness(self, like, any_case, node.expression.name)


def _likeness(self: Compilation, node: Node, any_case: bool, escape: str) -> Compute:
    if self.dialect not in ("sqlite", "postgres", "duckdb"):
        raise Unchecked(name_of(node))
    if not escape and self.dialect == "postgres":
        escape = "\\"
    holds = not node.args.get("negate")
    compiled: dict[str, re.Pattern[str]] = {}

    def function(value: Value, pattern: Value) -> bool:
        text = _text(value)
        if any_case and not (text.isascii() and _text(pattern).isascii()):
            raise Unchecked("LIKE in any case with letters that are not ASCII")
        if pattern not in compiled:
            compiled[pattern] = re.compile(
                _as_expression(_text(pattern), escape),
                re.DOTALL | (re.IGNORECASE if any_case else 0),
            )
        return (compiled[pattern].fullmatch(text) is not None) is holds

    return self.strict([node.this, node.expression], function)


def _as_expression(pattern: str, escape: str) -> str:
    found, letters = "", iter(pattern)
    for letter in letters:
        if escape and letter == escape:
            found += re.escape(next(letters, ""))
        else:
            found += {"%": ".*", "_": "."}.get(letter, re.escape(letter))
    return found


def _power(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "expression")

    def function(base: Value, exponent: Value) -> float:
        if (
            not is_number(base)
            or not is_number(exponent)
            or base < 0
            or (not base and exponent < 0)
        ):
            raise Unchecked(f"{name_of(node)} of these numbers")
        return as_number(float(base) ** float(exponent))  # type: ignore[no-any-return]

    return self.strict([node.this, node.expression], function)


def _root(value: Any) -> float:
    if value < 0:
        raise Unchecked("the root of a negative number")
    return math.sqrt(value)


FUNCTIONS: dict[type[Node], Build] = {
    exp.Abs: _of_number(abs),
    exp.Sign: _of_number(_sign),
    exp.Floor: _of_number(_whole_number(math.floor)),
    exp.Ceil: _of_number(_whole_number(math.ceil)),
    exp.Sqrt: _of_number(_root),
    exp.Round: _round,
    exp.Pow: _power,
    exp.Lower: _of_text(_in_case(str.lower)),
    exp.Upper: _of_text(_in_case(str.upper)),
    exp.Length: _of_text(lambda self, text: len(text)),
    exp.Trim: _trim,
    exp.Concat: _concat,
    exp.Substring: _substring,
    exp.Left: _ends(True),
    exp.Right: _ends(False),
    exp.Replace: _replace,
    exp.StrPosition: _position,
    exp.StartsWith: _starts,
    exp.Like: _like(False),
    exp.ILike: _like(True),
    exp.Escape: _escape,
    exp.Coalesce: _coalesce,
    exp.Nullif: _nullif,
    exp.Greatest: _extreme(1),
    exp.Least: _extreme(-1),
}
