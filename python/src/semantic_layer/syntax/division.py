"""Division in everything that ktx compiles: real, and NULL by zero; its result can be rounded."""

from __future__ import annotations

from collections.abc import Callable

from semantic_layer.errors import Origin
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import AggregateRef, ColumnRef, Node, number, parts_of, wrap

# Where `/` of two integers is real division with full precision already. Not ClickHouse: its
# integers divide so, but a Decimal is cut to the scale of the dividend. Nor Spark: of decimals with
# 38 digits, as sums are, it keeps 6 behind the point, and 1 / 30000000 is 0 (4.3.0).
_REAL_DIVISION = {"bigquery", "duckdb"}
_DONE = "safe_division"


def with_safe_division(
    tree: Node, dialect: str, origin: Origin, is_number: Callable[[Node], bool] | None = None
) -> Node:
    """Return an expression whose every division is real, and NULL where the divisor is zero.

    It may hold the trees of other expressions, whose divisions were made safe with their own text.
    `is_number` tells of columns and aggregates whether they are numbers; intervals may be others.
    """
    for node in parts_of(tree):
        if isinstance(node, _CONCERNED) and not node.meta.get(_DONE):
            _guard(node, dialect, is_number)
            _fit_to_real_numbers(node, dialect, origin)
            node.meta[_DONE] = True
    return tree


_DIVISIONS = (exp.Div, exp.IntDiv, exp.Mod)
_CONCERNED = (*_DIVISIONS, exp.Round, exp.Trunc, exp.Cast)
# Where a number of any kind may be multiplied by a real one, and so may an interval.
_INTERVALS = {"databricks", "postgres", "redshift", "spark", "trino"}


def _guard(node: Node, dialect: str, is_number: Callable[[Node], bool] | None) -> None:
    if not isinstance(node, _DIVISIONS):
        return
    if not _never_zero(node.expression):
        divisor = node.expression.unnest()
        node.set("expression", exp.Nullif(this=divisor, expression=number(0)))
    if isinstance(node, exp.Div) and dialect not in _REAL_DIVISION:
        node.set("this", real(node.this.unnest(), dialect, is_number))


def real(value: Node, dialect: str, is_number: Callable[[Node], bool] | None) -> Node:
    """Return a number as a real one; an interval stays what it is where it can be divided.

    `is_number` tells of the columns and aggregates in it whether they are numbers.
    """
    double = exp.DataType.build("double")
    if dialect in _INTERVALS and is_number is not None and _may_be_interval(value, is_number):
        # Days or an interval: only multiplying makes the one real and keeps the other.
        one = exp.Cast(this=number(1), to=double)
        return exp.Mul(this=wrap(value), expression=one)
    return exp.Cast(this=value, to=double)


def _may_be_interval(tree: Node, is_number: Callable[[Node], bool]) -> bool:
    return any(
        isinstance(part, exp.Interval)
        or (isinstance(part, (ColumnRef, AggregateRef)) and not is_number(part))
        for part in parts_of(tree)
    )


def _fit_to_real_numbers(node: Node, dialect: str, origin: Origin) -> None:
    """Give a call a form that takes the result of a division, and rounds it as a decimal is.

    PostgreSQL, MySQL and ClickHouse round halves of doubles to the even side, and those of decimals
    away from zero, as every other rounding of theirs.
    """
    has_division = node.find(exp.Div) is not None
    if isinstance(node, (exp.Div, exp.IntDiv)):
        return
    if isinstance(node, exp.Mod):
        if has_division:
            _fit_remainder(node, dialect, origin)
    elif isinstance(node, (exp.Round, exp.Trunc)):
        if has_division or (dialect == "postgres" and node.args.get("decimals")):
            node.set("this", _decimal(node.this, dialect))
    elif has_division and node.args["to"].this in exp.DataType.INTEGER_TYPES:
        node.set("this", _decimal(node.this, dialect))


def _fit_remainder(node: Node, dialect: str, origin: Origin) -> None:
    if dialect == "sqlite":
        raise origin.unsupported(
            "`%` of SQLite drops the fractions of a division.",
            fix="Round the division first, or subtract the multiple yourself.",
        )
    if dialect == "postgres":
        for side in ("this", "expression"):
            node.set(side, _decimal(node.args[side], dialect))


def _decimal(value: Node, dialect: str) -> Node:
    """Return a number as a decimal, where that makes a difference."""
    types = {"postgres": "decimal", "mysql": "decimal(65, 30)", "clickhouse": "decimal(76, 20)"}
    if dialect not in types:
        return value
    if dialect == "clickhouse":
        # From a double it would take the digits behind the last one that is shown: 0.35 is 0.349…
        value = exp.Cast(this=value.unnest(), to=exp.DataType.build("text"))
    return exp.Cast(this=value.unnest(), to=exp.DataType.build(types[dialect]))


def _never_zero(divisor: Node) -> bool:
    inner = divisor.unnest()
    if isinstance(inner, exp.Nullif):
        other = inner.expression
        return isinstance(other, exp.Literal) and not other.is_string and float(other.this) == 0
    return isinstance(inner, exp.Literal) and not inner.is_string and float(inner.this) != 0
