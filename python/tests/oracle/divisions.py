"""Divisions by row: inside aggregates, filters and computed columns. Real, and NULL by zero."""

from __future__ import annotations

from typing import Any

from oracle.atoms import Value, atom, column, looking, only
from oracle.model import Atom, Case, Condition, MeasureSpec
from oracle.values import (
    at_least,
    cell,
    divide,
    equal,
    fold_count,
    fold_max,
    fold_mean,
    fold_sum,
    greater,
    negated,
)

KIND = "division"
DIVISIONS: list[dict[str, Any]] = [
    {"name": "per_sum", "expr": "sum(x / g)"},
    {"name": "per_mean", "expr": "avg(x / id)"},
    {"name": "per_n", "expr": "count(per)"},
    {"name": "per_top", "expr": "max(per) / 3"},
    {"name": "steep_n", "expr": "count(*)", "filter": "x / id >= 0.5"},
    {"name": "steep_sum", "expr": "sum(x)", "segments": ["steep"]},
]


def ratio(node: str, over: str, other: str | None = None) -> Value:
    """Return x of a node divided by a column of it, or of another node."""
    return lambda lookup: divide(cell(lookup(node), "x"), cell(lookup(other or node), over))


def halved(node: str) -> Value:
    """Return half of x."""
    return lambda lookup: divide(cell(lookup(node), "x"), 2)


def division_measures(case: Case) -> list[MeasureSpec]:
    """Return measures that divide in each row."""
    found = [spec for source in case.sources for spec in _of(source)]
    for join in case.joins:
        value = ratio(join.source, "x", join.end)
        look = looking(join.source, (join.end,), fold_mean, value)
        text = f"avg({join.source}.x / {join.end}.x)"
        name = f"{join.source}_by_{join.end}_{join.number}"
        found.append(MeasureSpec(text, name, (look,), only, kind=KIND))
    return found


def _of(source: str) -> list[MeasureSpec]:
    by_g, by_id, half = ratio(source, "g"), ratio(source, "id"), column(source, "x")
    shapes: list[tuple[str, Atom, Any]] = [
        (f"{source}.per_sum", atom(source, fold_sum, by_g), only),
        (f"{source}.per_mean", atom(source, fold_mean, by_id), only),
        (f"{source}.per_n", atom(source, fold_count, by_g), only),
        (f"{source}.per_top", atom(source, fold_max, by_g), lambda v: divide(v[0], 3)),
        (f"{source}.steep_n", atom(source, len, None, lambda r: at_least(by_id(r), 0.5)), only),
        (f"{source}.steep_sum", atom(source, fold_sum, half, lambda r: at_least(by_g(r), 1)), only),
        (f"sum({source}.x / {source}.k)", atom(source, fold_sum, ratio(source, "k")), only),
        (f"sum({source}.x / 2)", atom(source, fold_sum, halved(source)), only),
        (f"avg({source}.x / {source}.g)", atom(source, fold_mean, by_g), only),
        (
            f"sum(case when {source}.x / {source}.id > 0.4 then {source}.x end)",
            atom(source, fold_sum, half, lambda r: greater(by_id(r), 0.4)),
            only,
        ),
        (
            f"sum({source}.x) FILTER (WHERE {source}.x / {source}.g >= 1)",
            atom(source, fold_sum, half, lambda r: at_least(by_g(r), 1)),
            only,
        ),
    ]
    return [
        MeasureSpec(text, f"{source}_div{index}", (part,), combine, kind=KIND)
        for index, (text, part, combine) in enumerate(shapes)
    ]


def division_conditions(one: str, two: str) -> list[Condition]:
    """Return filters that divide in each row."""
    by_id, by_g, by_other = ratio(one, "id"), ratio(one, "g"), ratio(one, "x", two)

    def rest(lookup: Any) -> Any:
        x, g = cell(lookup(one), "x"), cell(lookup(one), "g")
        return None if x is None or not g else 0

    half = halved(one)
    found = [
        Condition(f"{one}.x / 2 = 0.5", (one,), lambda r: equal(half(r), 0.5)),
        Condition(f"{one}.x / {one}.id >= 0.5", (one,), lambda r: at_least(by_id(r), 0.5)),
        Condition(f"{one}.x / {one}.g > 0", (one,), lambda r: greater(by_g(r), 0)),
        Condition(f"{one}.per >= 0.5", (one,), lambda r: at_least(by_g(r), 0.5)),
        Condition(f"{one}.x / {one}.g IS NULL", (one,), lambda r: by_g(r) is None),
        Condition(f"{one}.x % {one}.g = 0", (one,), lambda r: equal(rest(r), 0)),
    ]
    both = Condition(
        f"NOT ({one}.x / {two}.x > 0)", (one, two), lambda r: negated(greater(by_other(r), 0))
    )
    return [Condition(c.sql, c.nodes, c.holds, c.verdict, KIND) for c in [*found, both]]
