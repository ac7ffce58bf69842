"""The measures that questions may ask: those of the model, and expressions of the query."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

from oracle.atoms import Value, always, column, only
from oracle.atoms import atom as atom_of
from oracle.model import Atom, Case, Join, Lookup, MeasureFilter, MeasureSpec
from oracle.values import (
    cell,
    divide,
    either,
    equal,
    fold_count,
    fold_distinct,
    fold_max,
    fold_mean,
    fold_min,
    fold_percentile,
    fold_sum,
    greater,
    positive,
    subtract,
)

Shape = tuple[str, tuple[Atom, ...], Callable[[list[Any]], Any]]


def all_measures(case: Case) -> list[MeasureSpec]:
    """Return every measure that a question about the model may name."""
    found = [spec for source in case.sources for spec in predefined(source)]
    found += [spec for source in case.sources for spec in [*_ad_hoc(source), *_counts(source)]]
    for one, two in permutations(case.sources, 2):
        found += [_ratio_of_sums(one, two), _ratio_of_measures(one, two)]
    for join in case.joins:
        found += _looking(join)
    if "times" in case.features:
        # How a time without a grain is written is not said where it is text.
        found = [spec for spec in found if "seen" not in spec.text]
    return found


def predefined(source: str) -> list[MeasureSpec]:
    """Return the measures that every source of a model has."""
    x = column(source, "x")

    def a(lookup: Lookup) -> Any:
        return cell(lookup(source), "a")

    def is_p_or_q(lookup: Lookup) -> bool | None:
        return either(equal(a(lookup), "p"), equal(a(lookup), "q"))

    def atom(fold: Callable[[list[Any]], Any], *rest: Any) -> Atom:
        return atom_of(source, fold, *rest)

    total, n, nx = atom(fold_sum), atom(len), atom(fold_count)
    shapes: list[Shape] = [
        ("total", (total,), only),
        ("n", (n,), only),
        ("nx", (nx,), only),
        ("kinds", (atom(fold_distinct, a, lambda r: x(r) is None or x(r) >= 0),), only),
        ("mean", (atom(fold_mean),), only),
        ("top", (atom(fold_max, x, lambda r: equal(a(r), "p")),), only),
        ("mid", (atom(fold_percentile(0.5), x, is_p_or_q),), only),
        ("p90", (atom(fold_percentile(0.9)),), only),
        ("pos_n", (atom(len, x, lambda r: positive(r(source))),), only),
        ("ratio", (total, n), lambda v: divide(v[0], v[1])),
        ("gap", (total, nx), lambda v: subtract(v[0], v[1])),
        ("back", (total, nx), lambda v: subtract(v[0], subtract(v[0], v[1]))),
        ("share", (total, nx), lambda v: divide(v[0], subtract(v[0], v[1]))),
    ]
    return [
        MeasureSpec(f"{source}.{name}", f"{source}_{name}_out", atoms, combine)
        for name, atoms, combine in shapes
    ]


def filtered(source: str) -> list[MeasureSpec]:
    """Return those measures of a source that have a filter or a segment of their own."""
    names = [f"{source}.{name}" for name in ("kinds", "top", "mid", "pos_n")]
    return [spec for spec in predefined(source) if spec.text in names]


def _ad_hoc(source: str) -> list[MeasureSpec]:
    def is_q(lookup: Lookup) -> bool | None:
        return equal(cell(lookup(source), "a"), "q")

    def label(lookup: Lookup) -> Any:
        return cell(lookup(source), "label")

    def at(lookup: Lookup) -> Any:
        return cell(lookup(source), "seen")

    def spread(values: list[Any]) -> Any:
        return subtract(values[0], values[1])

    highest, lowest = atom_of(source, fold_max), atom_of(source, fold_min)
    where_q, everything = atom_of(source, fold_sum, None, is_q), atom_of(source, len)
    shapes: list[Shape] = [
        (f"max({source}.x) - min({source}.x)", (highest, lowest), spread),
        (f"sum({source}.x) FILTER (WHERE {source}.a = 'q')", (where_q,), only),
        (f"count({source}.*)", (everything,), only),
        (f"count(distinct {source}.label)", (atom_of(source, fold_distinct, label),), only),
        (f"max({source}.seen)", (atom_of(source, fold_max, at),), only),
        (
            f"{source}.total / ({source}.n - {source}.nx)",
            (atom_of(source, fold_sum), everything, atom_of(source, fold_count)),
            lambda v: divide(v[0], subtract(v[1], v[2])),
        ),
    ]
    return [
        MeasureSpec(text, f"{source}_expr{index}", atoms, combine)
        for index, (text, atoms, combine) in enumerate(shapes)
    ]


def _counts(source: str) -> list[MeasureSpec]:
    """Return what counts in a question's words: 0 where there is nothing, on every way there."""
    x, a = column(source, "x"), column(source, "a")

    def is_p(lookup: Lookup) -> bool | None:
        return equal(a(lookup), "p")

    def is_more(lookup: Lookup) -> bool | None:
        return greater(x(lookup), 0)

    different = atom_of(source, fold_distinct, x, is_p)
    everything, kinds = atom_of(source, len), atom_of(source, fold_distinct, a, _not_negative(x))
    shapes: list[Shape] = [
        (f"count(distinct {source}.x) FILTER (WHERE {source}.a = 'p')", (different,), only),
        (f"{source}.n + {source}.kinds", (everything, kinds), sum),
    ]
    found = [
        MeasureSpec(text, f"{source}_count{index}", atoms, combine, kind="counts")
        for index, (text, atoms, combine) in enumerate(shapes)
    ]
    # Not every database has it.
    text, atoms = f"count_if({source}.x > 0)", (atom_of(source, len, x, is_more),)
    return [
        *found,
        MeasureSpec(text, f"{source}_count_if", atoms, only, "right or unknown", "counts"),
    ]


def _not_negative(x: Value) -> Callable[[Lookup], bool | None]:
    return lambda lookup: x(lookup) is None or x(lookup) >= 0


def _ratio_of_sums(one: str, two: str) -> MeasureSpec:
    atoms = (atom_of(one, fold_sum), atom_of(two, fold_sum))
    text = f"sum({one}.x) / sum({two}.x)"
    return MeasureSpec(text, f"{one}_per_{two}", atoms, lambda v: divide(v[0], v[1]))


def _ratio_of_measures(one: str, two: str) -> MeasureSpec:
    atoms = (atom_of(one, fold_mean), atom_of(two, len))
    text = f"{one}.mean / {two}.n"
    return MeasureSpec(text, f"{one}_mean_per_{two}", atoms, lambda v: divide(v[0], v[1]))


def _looking(join: Join) -> list[MeasureSpec]:
    """Return aggregates over the joining source's rows that look at the other end."""
    source, node, number = join.source, join.end, join.number

    def product(lookup: Lookup) -> Any:
        ours, theirs = cell(lookup(source), "x"), cell(lookup(node), "x")
        return None if ours is None or theirs is None else ours * theirs

    def is_none(lookup: Lookup) -> bool | None:
        return equal(cell(lookup(node), "label"), "none")

    def is_near(lookup: Lookup) -> bool | None:
        return either(is_none(lookup), greater(cell(lookup(source), "x"), 1))

    when_none = f"case when {node}.label = 'none' then {source}.x end"
    needs = (node,)
    x, median = column(source, "x"), fold_percentile(0.5)
    shapes = [
        (f"sum({source}.x * {node}.x)", Atom(source, needs, product, always, fold_sum)),
        (f"sum({when_none})", Atom(source, needs, x, is_none, fold_sum)),
        (f"median({when_none})", Atom(source, needs, x, is_none, median)),
        (f"{source}.far{number}", Atom(source, needs, product, always, fold_sum, True)),
        (f"{source}.near{number}", Atom(source, needs, x, is_near, len, True)),
    ]
    return [
        MeasureSpec(text, f"{source}_look{number}_{index}", (atom,), only)
        for index, (text, atom) in enumerate(shapes)
    ]


def measure_filters(source: str, selected: tuple[MeasureSpec, ...]) -> list[MeasureFilter]:
    """Return conditions on measures of a source, and on the question's own by their names."""
    by_name = {spec.text.split(".")[1]: spec for spec in predefined(source)}
    total = by_name["total"]
    named = [spec for spec in selected if not spec.plain and "max(" not in spec.text]
    return [
        MeasureFilter(f"{source}.n > 1", by_name["n"], lambda v: greater(v, 1)),
        MeasureFilter(f"{source}.n = 0", by_name["n"], lambda v: equal(v, 0)),
        MeasureFilter(f"{source}.ratio > 0.4", by_name["ratio"], lambda v: greater(v, 0.4)),
        MeasureFilter(
            f"{source}.total > 0 OR {source}.total IS NULL",
            total,
            lambda v: either(greater(v, 0), v is None),
        ),
        MeasureFilter(f"sum({source}.x) / 2 > 0.5", total, lambda v: greater(divide(v, 2), 0.5)),
        *(MeasureFilter(f"{spec.name} > 0", spec, lambda v: greater(v, 0)) for spec in named),
    ]
