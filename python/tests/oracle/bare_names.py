"""Names without a source: answered where one thing has the name, refused where several have it."""

from __future__ import annotations

from typing import Any

from oracle.atoms import atom, column, only
from oracle.model import Case, Condition, Dimension, MeasureFilter, MeasureSpec, Verdict
from oracle.values import fold_sum, greater

KIND = "bare"


def shared(case: Case) -> Verdict:
    """Return what a bare name of something that every source has must come to."""
    if len(case.sources) > 1:
        return "refused"
    return "right" if case.nodes == case.sources else "right or refused"


def bare_measures(case: Case) -> list[MeasureSpec]:
    """Return measures that are named, or name their columns, without a source."""
    first, verdict = case.sources[0], shared(case)
    total = (atom(first, fold_sum),)
    both = (atom(first, fold_sum, column(first, "twin")),)
    unsure: Verdict = "refused" if verdict == "refused" else "right or refused"
    found = [
        MeasureSpec("total", "bare0", total, only, verdict, KIND),
        MeasureSpec("total * 2", "bare1", total, lambda v: v[0] and v[0] * 2, verdict, KIND),
        MeasureSpec("sum(x)", "bare2", total, only, verdict, KIND),
        # Inside an aggregate it can only be the column, but the name has two meanings.
        MeasureSpec("sum(twin)", "bare3", both, only, unsure, KIND),
    ]
    for source in case.sources:
        own = (atom(source, fold_sum, column(source, "w_")),)
        made = (atom(source, fold_sum),)
        found += [
            MeasureSpec(f"sum(w_{source})", f"bare_w_{source}", own, only, "right", KIND),
            MeasureSpec(f"only_{source}", f"bare_o_{source}", made, only, "right", KIND),
            MeasureSpec(f"{source}.total", f"{source}_total", made, only, "right", KIND, True),
        ]
    return found


def bare_conditions(case: Case) -> list[Condition]:
    """Return filters on rows with bare names."""
    first, verdict = case.sources[0], shared(case)
    x = column(first, "x")
    found = [Condition("x > 0", (first,), lambda r: greater(x(r), 0), verdict, KIND)]
    for source in case.sources:
        sql = f"w_{source} > 0"
        found.append(Condition(sql, (source,), _above_zero(source), "right", KIND))
    # A column and a measure have the name.
    found.append(Condition("twin > 0", (first,), lambda r: None, "refused", KIND))
    return found


def bare_filters(case: Case) -> list[MeasureFilter]:
    """Return filters on measures with bare names."""
    first, verdict = case.sources[0], shared(case)
    made = MeasureSpec("total", "filtered", (atom(first, fold_sum),), only)
    return [
        MeasureFilter("total > 0", made, lambda v: greater(v, 0), verdict, KIND),
        MeasureFilter(f"only_{first} > 0", made, lambda v: greater(v, 0), "right", KIND),
    ]


def bare_dimensions(case: Case) -> list[Dimension]:
    """Return dimensions with bare names."""
    first, verdict = case.sources[0], shared(case)
    own = [Dimension(source, f"w_{source}", None, True, "right", KIND) for source in case.sources]
    return [*own, Dimension(first, "a", None, True, verdict, KIND)]


def _above_zero(source: str) -> Any:
    w = column(source, "w_")
    return lambda lookup: greater(w(lookup), 0)
