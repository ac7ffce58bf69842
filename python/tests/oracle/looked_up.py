"""Aggregates whose argument is a column that the measure's own source only looks up.

Each looked-up row would be counted as often as it is found, so what adds up is refused, in the
model as in a question; what does not (min, max, count_distinct) and what also reads the source's
own columns is answered.
"""

from __future__ import annotations

from typing import Any

from oracle.atoms import Fold, always, column, looking, only
from oracle.model import Case, Join, MeasureSpec, Verdict
from oracle.values import (
    add,
    cell,
    equal,
    fold_count,
    fold_distinct,
    fold_max,
    fold_mean,
    fold_min,
    fold_percentile,
    fold_sum,
)

KIND = "looked up"
_CALLS: list[tuple[str, str, Fold, Verdict]] = [
    ("sum", "sum({t}.x)", fold_sum, "refused"),
    ("sum_bare", "sum(w_{target})", fold_sum, "refused"),
    ("avg", "avg({t}.x)", fold_mean, "refused"),
    ("avg_bare", "avg(w_{target} + 1)", fold_mean, "refused"),
    ("count", "count({t}.id)", fold_count, "refused"),
    ("median", "median({t}.x)", fold_percentile(0.5), "refused"),
    ("p10", "percentile({t}.x, 0.1)", fold_percentile(0.1), "refused"),
    ("twice", "sum({t}.x * 2)", fold_sum, "refused"),
    ("sure", "sum(coalesce({t}.x, 0))", fold_sum, "refused"),
    ("case", "sum(case when {t}.label = 'none' then {t}.x end)", fold_sum, "refused"),
    ("share", "sum({t}.x) / count(*)", fold_sum, "refused"),
    ("low", "min({t}.x)", fold_min, "right"),
    ("high", "max(w_{target})", fold_max, "right or refused"),
    ("different", "count_distinct({t}.x)", fold_distinct, "right"),
]


def looked_up_definitions(case: Case, source: str) -> list[dict[str, Any]]:
    """Return the measures of a source's YAML."""
    return [
        {"name": f"look_{name}{join.number}", "expr": text.format(t=join.end, target=join.target)}
        for join in case.joins
        if join.source == source
        for name, text, _, _ in _usable(join)
    ]


def looked_up_measures(case: Case) -> list[MeasureSpec]:
    """Return them as a question asks for them, and the same aggregates in a question's words."""
    return [spec for join in case.joins for spec in [*_stated(join), *_asked(join)]]


def _usable(join: Join) -> list[tuple[str, str, Fold, Verdict]]:
    """Only a join of two sources gives bare names something to be looked up in."""
    bare_too = join.alias is None and join.source != join.target
    return [item for item in _CALLS if bare_too or "{target}" not in item[1]]


def _stated(join: Join) -> list[MeasureSpec]:
    found = []
    for name, text, fold, verdict in _usable(join):
        value = column(join.end, "w_" if "{target}" in text else "x")
        part = looking(join.source, (join.end,), fold, value, always, stated=True)
        # One to one, nothing is found twice.
        single = join.one_to_one and verdict == "refused" and name in ("sum", "count", "avg")
        unsure: Verdict = "right or refused" if single else verdict
        if join.one_to_one and verdict == "refused" and not single:
            continue
        label = f"{join.source}_look_{name}{join.number}"
        text = f"{join.source}.look_{name}{join.number}"
        found.append(MeasureSpec(text, label, (part,), only, unsure, KIND))
    return found


def _asked(join: Join) -> list[MeasureSpec]:
    """A condition on a source's own column makes it the one whose rows are counted."""
    source, node = join.source, join.end
    own_p, theirs = f"FILTER (WHERE {source}.a = 'p')", column(node, "x")

    def is_p(lookup: Any) -> bool | None:
        return equal(cell(lookup(source), "a"), "p")

    def total(lookup: Any) -> Any:
        return add(cell(lookup(source), "x"), cell(lookup(node), "x"))

    refused: Verdict = "right or refused" if join.one_to_one else "refused"
    shapes: list[tuple[str, Fold, Any, Any, Verdict]] = [
        (f"sum({node}.x) {own_p}", fold_sum, theirs, is_p, refused),
        (f"avg({node}.x) {own_p}", fold_mean, theirs, is_p, refused),
        (f"count({node}.x) {own_p}", fold_count, theirs, is_p, refused),
        (f"max({node}.x) {own_p}", fold_max, theirs, is_p, "right"),
        (f"sum({source}.x + {node}.x)", fold_sum, total, always, "right"),
    ]
    return [
        MeasureSpec(
            text,
            f"{source}_asks{join.number}_{index}",
            (looking(source, (node,), fold, value, keep),),
            only,
            verdict,
            KIND,
        )
        for index, (text, fold, value, keep, verdict) in enumerate(shapes)
    ]
