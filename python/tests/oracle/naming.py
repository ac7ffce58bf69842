"""Questions whose measures name each other: a question's own names win over the model's in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from oracle.model import Case, MeasureFilter, MeasureSpec
from oracle.values import greater, subtract, times

KIND = "naming"
Chosen = tuple[tuple[MeasureSpec, ...], list[MeasureFilter]]


@st.composite
def naming(draw: st.DrawFn, case: Case, base: MeasureSpec) -> Chosen:
    """Return measures that are built on one which is renamed, and filters that name them.

    The first's name is that of a measure of the model, which means something else, or a new one.
    """
    # Every source has a total; only one has what looks along a join.
    alone = [f"near{join.number}" for join in case.joins]
    name = draw(st.sampled_from(["total", "n", "ratio", "mine", "lo", *alone]))
    first = replace(base, name=name, kind=KIND, plain=False, parts=())
    if name == "lo":
        # A column has the name too, which no measure could mean outside an aggregate.
        first = replace(first, verdict="right or refused")
    twice = _made(f"{name} * 2", "twice", base, lambda value: times(value, 2))
    rest = _made(f"twice - {name}", "rest", base, lambda v: subtract(times(v, 2), v))
    found = [first, *draw(st.sampled_from([[twice], [twice, rest]]))]
    if draw(st.integers(0, 9)) == 9:
        found = [replace(first, text="again + 1", verdict="refused"), replace(twice, name="again")]
        return tuple(found), []
    filters = [
        MeasureFilter(f"{spec.name} > 1", spec, lambda v: greater(v, 1), "right", KIND)
        for spec in found
        if spec.name != "lo"
    ]
    chosen = draw(st.lists(st.sampled_from(filters), max_size=1))
    return tuple(draw(st.permutations(found))), chosen


def _made(text: str, name: str, base: MeasureSpec, make: Callable[[Any], Any]) -> MeasureSpec:
    return replace(
        base,
        text=text,
        name=name,
        combine=lambda values: make(base.combine(values)),
        kind=KIND,
        plain=False,
        parts=(),
    )
