"""Arithmetic of measures: division is real, and NULL by zero; its result can be rounded."""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.lean_sqlglot import exp
from semantic_layer.sql import Node, number

# Where `/` of two integers is real division with full precision already.
_REAL_DIVISION = {"bigquery", "clickhouse", "databricks", "duckdb", "spark"}


def guarded(node: Node, dialect: str) -> Node:
    """Return a division with its operands made safe; any other node unchanged."""
    if not isinstance(node, (exp.Div, exp.IntDiv, exp.Mod)):
        return node
    if not _never_zero(node.expression):
        divisor = node.expression.unnest()
        node.set("expression", exp.Nullif(this=divisor, expression=number(0)))
    if isinstance(node, exp.Div) and dialect not in _REAL_DIVISION:
        dividend = node.this.unnest()
        node.set("this", exp.Cast(this=dividend, to=exp.DataType.build("double")))
    return node


def for_real_numbers(node: Node, dialect: str, origin: Origin) -> Node:
    """Give a call a form that takes the result of a division; any other node is unchanged."""
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
    return node


def _decimal(value: Node) -> Node:
    return exp.Cast(this=value.unnest(), to=exp.DataType.build("decimal"))


def _never_zero(divisor: Node) -> bool:
    inner = divisor.unnest()
    if isinstance(inner, exp.Nullif):
        other = inner.expression
        return isinstance(other, exp.Literal) and not other.is_string and float(other.this) == 0
    return isinstance(inner, exp.Literal) and not inner.is_string and float(inner.this) != 0
