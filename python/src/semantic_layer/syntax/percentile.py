"""Percentiles by linear interpolation, on dialects with a function for them and without.

Without one, the rows of a group are numbered from 0 by value and each is weighted with
`1 - |row - fraction * (n - 1)|` where that is positive: the weighted sum is the interpolated
value between the two rows around the wanted position.
"""

from __future__ import annotations

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, column, number

_WITHIN_GROUP = {"postgres", "redshift", "snowflake"}
_NATIVE = _WITHIN_GROUP | {"clickhouse", "databricks", "duckdb", "spark"}


def needs_ranking(dialect: str) -> bool:
    """Whether the dialect has no aggregate for an exact percentile."""
    return dialect not in _NATIVE


def native(value: Node, fraction: Node, dialect: str) -> Node:
    """Return the dialect's own percentile of `value`; NULL values do not count."""
    if dialect in _WITHIN_GROUP:
        order = exp.Order(expressions=[exp.Ordered(this=value, nulls_first=False)])
        return exp.WithinGroup(this=exp.PercentileCont(this=fraction), expression=order)
    if dialect == "clickhouse":
        # A Decimal has no interpolated value there (26.9), and a text of digits no order.
        value = exp.Cast(this=value, to=exp.DataType.build("double"))
        return exp.ParameterizedAgg(
            this="quantileExactInclusiveOrNull", expressions=[fraction], params=[value]
        )
    if dialect == "duckdb":
        # A decimal or integer column would round the interpolated value to its own type.
        value = exp.Cast(this=value, to=exp.DataType.build("double"))
        return exp.Anonymous(this="QUANTILE_CONT", expressions=[value, fraction])
    return exp.Anonymous(this="PERCENTILE", expressions=[value, fraction])


def row_number(value: Node, groups: list[Node]) -> Node:
    """Return the position from 0 of `value` in its group, NULLs after all values."""
    nulls_last = exp.Case(
        ifs=[exp.If(this=exp.Is(this=value.copy(), expression=exp.Null()), true=number(1))],
        default=number(0),
    )
    terms = [exp.Ordered(this=part, nulls_first=True) for part in (nulls_last, value.copy())]
    window = exp.Window(
        this=exp.RowNumber(),
        partition_by=[group.copy() for group in groups],
        order=exp.Order(expressions=terms),
        over="OVER",
    )
    return exp.Sub(this=window, expression=number(1))


def value_count(value: Node, groups: list[Node]) -> Node:
    """Return how many values the group has."""
    return exp.Window(
        this=exp.Count(this=value.copy(), big_int=True),
        partition_by=[group.copy() for group in groups],
        over="OVER",
    )


def weighted(name: str, table: str, fraction: Node) -> Node:
    """Return the percentile from the columns `name`, `name_row` and `name_count` of `table`."""
    position = exp.Mul(
        this=fraction,
        expression=exp.Paren(
            this=exp.Sub(this=column(f"{name}_count", table), expression=number(1))
        ),
    )
    distance = exp.Abs(this=exp.Sub(this=column(f"{name}_row", table), expression=position))
    weight = exp.Paren(this=exp.Sub(this=number(1), expression=distance.copy()))
    value = exp.Mul(this=column(name, table), expression=weight)
    near = exp.LT(this=distance, expression=number(1))
    return exp.Sum(this=exp.Case(ifs=[exp.If(this=near, true=value)]))
