"""Measures of the model that are made of others, with filters and segments of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oracle.atoms import Combine, Fold, Truth, atom, column, only
from oracle.model import Case, Lookup, MeasureSpec
from oracle.values import (
    add,
    both,
    divide,
    equal,
    fold_count,
    fold_sum,
    greater,
    positive,
    subtract,
)

KIND = "derived"
DERIVED: list[dict[str, Any]] = [
    {"name": "p_ratio", "expr": "total / n", "filter": "a = 'p'"},
    {"name": "pos_ratio", "expr": "total / nx", "segments": ["pos"]},
    {"name": "p_deep", "expr": "p_ratio + gap", "filter": "x > 0"},
    {"name": "p_count", "expr": "n", "filter": "a = 'p' OR a IS NULL"},
]
_FOLDS: dict[str, Fold] = {"total": fold_sum, "n": len, "nx": fold_count}


def derived_measures(case: Case) -> list[MeasureSpec]:
    """Return the filtered derived measures, asked for by name so that their parts may show."""
    return [spec for source in case.sources for spec in _of(source)]


def plain_measures(case: Case) -> list[MeasureSpec]:
    """Return measures that derived ones are made of, asked for by name alone."""
    return [
        MeasureSpec(f"{source}.{name}", f"{source}_{name}", (atom(source, fold),), only, plain=True)
        for source in case.sources
        for name, fold in _FOLDS.items()
    ]


def _of(source: str) -> list[MeasureSpec]:
    a, x = column(source, "a"), column(source, "x")

    def is_p(lookup: Lookup) -> bool | None:
        return equal(a(lookup), "p")

    def is_p_or_null(lookup: Lookup) -> bool | None:
        return a(lookup) in ("p", None)

    def is_more(lookup: Lookup) -> bool | None:
        return greater(x(lookup), 0)

    def both_hold(lookup: Lookup) -> bool | None:
        return both(is_p(lookup), is_more(lookup))

    def is_positive(lookup: Lookup) -> bool | None:
        return positive(lookup(source))

    deep = _parts(source, both_hold, "total", "n") + _parts(source, is_more, "total", "nx")
    deep_ratio = _made(source, "p_ratio", deep[:2], lambda v: divide(v[0], v[1]))
    gap = _made(source, "gap", deep[2:], lambda v: subtract(v[0], v[1]))
    return [
        _made(source, "p_ratio", _parts(source, is_p, "total", "n"), lambda v: divide(*v)),
        _made(
            source, "pos_ratio", _parts(source, is_positive, "total", "nx"), lambda v: divide(*v)
        ),
        _made(
            source,
            "p_deep",
            deep,
            lambda v: add(divide(v[0], v[1]), subtract(v[2], v[3])),
            [*deep, deep_ratio, gap],
        ),
        _made(source, "p_count", _parts(source, is_p_or_null, "n"), only),
    ]


def _parts(source: str, keep: Truth, *names: str) -> list[MeasureSpec]:
    return [
        MeasureSpec(f"{source}.{name}", name, (atom(source, _FOLDS[name], None, keep),), only)
        for name in names
    ]


def _made(
    source: str,
    name: str,
    of: Sequence[MeasureSpec],
    combine: Combine,
    shown: Sequence[MeasureSpec] | None = None,
) -> MeasureSpec:
    atoms = tuple(part for spec in of for part in spec.atoms)
    parts = tuple(of if shown is None else shown)
    text = f"{source}.{name}"
    return MeasureSpec(text, f"{source}_{name}", atoms, combine, "right", KIND, True, parts)
