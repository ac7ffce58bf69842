"""Division in everything that ktx compiles: real, and NULL by zero; its result can be rounded."""

from __future__ import annotations

from collections.abc import Callable

from semantic_layer.errors import Origin
from semantic_layer.lean_sqlglot import exp
from semantic_layer.sql import ColumnRef, Node, number

# Where `/` of two integers is real division with full precision already. Not ClickHouse: its
# integers divide so, but a Decimal is cut to the scale of the dividend.
_REAL_DIVISION = {"bigquery", "databricks", "duckdb", "spark"}
_DONE = "safe_division"


def with_safe_division(
    tree: Node, dialect: str, origin: Origin, is_time: Callable[[ColumnRef], bool] | None = None
) -> Node:
    """Return an expression whose every division is real, and NULL where the divisor is zero.

    It may hold the trees of other expressions, whose divisions were made safe with their own text.
    `is_time` tells which columns hold times: the difference of two may be an interval.
    """
    for node in list(tree.walk()):
        if isinstance(node, (*_DIVISIONS, exp.Round, exp.Trunc)) and not node.meta.get(_DONE):
            _guard(node, dialect, is_time)
            _fit_to_real_numbers(node, dialect, origin)
            node.meta[_DONE] = True
    return tree


_DIVISIONS = (exp.Div, exp.IntDiv, exp.Mod)


def _guard(node: Node, dialect: str, is_time: Callable[[ColumnRef], bool] | None) -> None:
    if not isinstance(node, _DIVISIONS):
        return
    if not _never_zero(node.expression):
        divisor = node.expression.unnest()
        node.set("expression", exp.Nullif(this=divisor, expression=number(0)))
    if isinstance(node, exp.Div) and dialect not in _REAL_DIVISION:
        node.set("this", _real(node.this.unnest(), is_time))


def _real(dividend: Node, is_time: Callable[[ColumnRef], bool] | None) -> Node:
    double = exp.DataType.build("double")
    if is_time is not None and isinstance(dividend, exp.Sub):
        sides = (dividend.this.unnest(), dividend.expression.unnest())
        if all(isinstance(side, ColumnRef) and is_time(side) for side in sides):
            # Days or an interval: only multiplying makes the one real and keeps the other.
            one = exp.Cast(this=number(1), to=double)
            return exp.Mul(this=exp.Paren(this=dividend), expression=one)
    return exp.Cast(this=dividend, to=double)


def _fit_to_real_numbers(node: Node, dialect: str, origin: Origin) -> None:
    """Give a call a form that takes the result of a division."""
    if dialect == "postgres" and isinstance(node, (exp.Round, exp.Trunc)):
        if node.args.get("decimals"):
            node.set("this", _decimal(node.this))
    elif isinstance(node, exp.Mod) and node.find(exp.Div):
        if dialect == "sqlite":
            raise origin.unsupported(
                "`%` of SQLite drops the fractions of a division.",
                fix="Round the division first, or subtract the multiple yourself.",
            )
        if dialect == "postgres":
            for side in ("this", "expression"):
                node.set(side, _decimal(node.args[side]))


def _decimal(value: Node) -> Node:
    return exp.Cast(this=value.unnest(), to=exp.DataType.build("decimal"))


def _never_zero(divisor: Node) -> bool:
    inner = divisor.unnest()
    if isinstance(inner, exp.Nullif):
        other = inner.expression
        return isinstance(other, exp.Literal) and not other.is_string and float(other.this) == 0
    return isinstance(inner, exp.Literal) and not inner.is_string and float(inner.this) != 0
