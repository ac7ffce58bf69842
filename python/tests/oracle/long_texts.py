"""Texts as programs write them: hundreds of conditions in a row. Answered, or refused in words."""

from __future__ import annotations

from typing import Any

from oracle.atoms import atom, column, only
from oracle.model import Case, Condition, MeasureSpec
from oracle.values import fold_sum

KIND = "long"
_LENGTHS = (40, 1200)


def long_conditions(node: str) -> list[Condition]:
    """Return filters of many parts."""
    x = column(node, "x")

    def is_listed(lookup: Any) -> bool | None:
        return None if x(lookup) is None else x(lookup) >= 0

    found = []
    for length in _LENGTHS:
        either = " OR ".join(f"{node}.x = {number}" for number in range(length))
        both = " AND ".join(f"{node}.x <> {-number}" for number in range(1, length))
        numbers = " + ".join(["0"] * length)
        texts = [either, both, f"{node}.x >= {numbers}"]
        found += [Condition(text, (node,), is_listed, "right or refused", KIND) for text in texts]
    return found


def long_measures(case: Case) -> list[MeasureSpec]:
    """Return sums of many terms."""
    return [
        MeasureSpec(
            f"sum({source}.x + {' + '.join(['0'] * length)})",
            f"{source}_long{length}",
            (atom(source, fold_sum),),
            only,
            "right or refused",
            KIND,
        )
        for source in case.sources
        for length in _LENGTHS
    ]
