"""Hypothesis strategies: models of chains, snowflakes and several facts, with dirty data."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from oracle.evaluate import cell, positive
from oracle.model import (
    Atom,
    Case,
    Condition,
    Join,
    Lookup,
    MeasureFilter,
    MeasureSpec,
    Question,
    Row,
)

_TEXTS = st.sampled_from([None, "p", "q"])
_NUMBERS = st.sampled_from([None, -2, 0, 1, 2, 3])
_KEYS = st.sampled_from([None, 1, 2, 3, 9])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A model of one to four sources; joins go from earlier to later sources."""
    sources = tuple(f"s{i}" for i in range(draw(st.integers(1, 4))))
    joins = tuple(
        Join(source, target, one_to_one=draw(st.integers(0, 5)) == 0)
        for i, source in enumerate(sources)
        for target in sources[i + 1 :]
        if draw(st.booleans())
    )
    rows = {source: draw(_rows(source, joins)) for source in sources}
    return Case(sources, joins, rows)


@st.composite
def _rows(draw: st.DrawFn, source: str, joins: tuple[Join, ...]) -> list[Row]:
    own = [join for join in joins if join.source == source]
    count = draw(st.integers(0, 5))
    rows: list[Row] = [{"id": i + 1, "x": draw(_NUMBERS), "a": draw(_TEXTS)} for i in range(count)]
    for join in own:
        unique = draw(st.permutations([1, 2, 3, 9, None])) if join.one_to_one else []
        for index, row in enumerate(rows):
            row[f"fk_{join.target}"] = unique[index] if unique else draw(_KEYS)
    return rows


@st.composite
def questions(draw: st.DrawFn, case: Case) -> Question:
    """A question about the model: some can be answered, some must be refused."""
    pick = st.sampled_from(case.sources)
    measures = draw(st.lists(measures_of(case), max_size=3, unique_by=lambda measure: measure.name))
    dimension = st.tuples(pick, st.sampled_from(["a", "x", "label"]))
    dimensions = draw(st.lists(dimension, min_size=0 if measures else 1, max_size=3, unique=True))
    return Question(
        measures=tuple(measures),
        dimensions=tuple(dimensions),
        filters=tuple(draw(st.lists(conditions(case), max_size=2))),
        measure_filters=tuple(
            draw(st.lists(measure_filters(case), max_size=1)) if measures else []
        ),
        segments=tuple(draw(st.sampled_from([[], [], [], [case.sources[0]]]))),
        include_empty=draw(st.booleans()),
        order_by_first=draw(st.sampled_from([None, "asc", "desc"])) if measures else None,
        limit=draw(st.sampled_from([1000, 1000, 2])),
    )


@st.composite
def conditions(draw: st.DrawFn, case: Case) -> Condition:
    """A filter on rows, one source or two."""
    one, two = draw(st.sampled_from(case.sources)), draw(st.sampled_from(case.sources))

    def text(source: str, column: str) -> Callable[[Lookup], Any]:
        return lambda lookup: cell(lookup(source), column)

    kinds: list[Condition] = [
        Condition(f"{one}.a = 'p'", (one,), lambda r: _eq(text(one, "a")(r), "p")),
        Condition(f"{one}.a IS NULL", (one,), lambda r: text(one, "a")(r) is None),
        Condition(f"{one}.label = 'none'", (one,), lambda r: _eq(text(one, "label")(r), "none")),
        Condition(
            f"{one}.x > 0 OR {two}.a = 'q'",
            (one, two),
            lambda r: _or(_gt(text(one, "x")(r), 0), _eq(text(two, "a")(r), "q")),
        ),
        Condition(f"NOT ({one}.x > 0)", (one,), lambda r: _not(_gt(text(one, "x")(r), 0))),
    ]
    return draw(st.sampled_from(kinds))


def measures_of(case: Case) -> st.SearchStrategy[MeasureSpec]:
    """A predefined measure, or an expression over one or two sources."""
    found = [spec for source in case.sources for spec in _predefined(source)]
    found += [_two_fact_ratio(*pair) for pair in permutations(case.sources, 2)]
    found += [_weighted(join) for join in case.joins]
    return st.sampled_from(found)


@st.composite
def measure_filters(draw: st.DrawFn, case: Case) -> MeasureFilter:
    """A filter on a measure's value."""
    source = draw(st.sampled_from(case.sources))
    by_name = {spec.text.split(".")[1]: spec for spec in _predefined(source)}
    kinds = [
        MeasureFilter(f"{source}.n > 1", by_name["n"], lambda v: _gt(v, 1)),
        MeasureFilter(f"{source}.n = 0", by_name["n"], lambda v: _eq(v, 0)),
        MeasureFilter(
            f"{source}.total > 0 OR {source}.total IS NULL",
            by_name["total"],
            lambda v: _or(_gt(v, 0), v is None),
        ),
        MeasureFilter(f"sum({source}.x) / 2 > 0.5", by_name["total"], _half_above_half),
    ]
    return draw(st.sampled_from(kinds))


def _half_above_half(value: Any) -> bool | None:
    return None if value is None else value / 2 > 0.5


def _predefined(source: str) -> list[MeasureSpec]:
    def x(lookup: Lookup) -> Any:
        return cell(lookup(source), "x")

    def a(lookup: Lookup) -> Any:
        return cell(lookup(source), "a")

    def always(_: Lookup) -> bool:
        return True

    def atom(
        fold: Callable[[list[Any]], Any],
        value: Callable[[Lookup], Any] = x,
        keep: Callable[[Lookup], bool | None] = always,
    ) -> Atom:
        return Atom(source, (), value, keep, fold)

    def is_p_or_q(lookup: Lookup) -> bool | None:
        return _or(_eq(a(lookup), "p"), _eq(a(lookup), "q"))

    total, n, nx = atom(fold_sum), atom(len), atom(fold_count)
    shapes: list[tuple[str, tuple[Atom, ...], Callable[[list[Any]], Any]]] = [
        ("total", (total,), _only),
        ("n", (n,), _only),
        ("nx", (nx,), _only),
        ("kinds", (atom(fold_distinct, a, lambda r: x(r) is None or x(r) >= 0),), _only),
        ("mean", (atom(fold_mean),), _only),
        ("top", (atom(fold_max, x, lambda r: _eq(a(r), "p")),), _only),
        ("mid", (atom(fold_percentile(0.5), x, is_p_or_q),), _only),
        ("p90", (atom(fold_percentile(0.9)),), _only),
        ("pos_n", (atom(len, x, lambda r: positive(r(source))),), _only),
        ("ratio", (total, n), lambda v: divide(v[0], v[1])),
        ("gap", (total, nx), lambda v: subtract(v[0], v[1])),
        ("back", (total, nx), lambda v: subtract(v[0], subtract(v[0], v[1]))),
        ("share", (total, nx), lambda v: divide(v[0], subtract(v[0], v[1]))),
    ]
    return [
        MeasureSpec(f"{source}.{name}", f"{source}_{name}_out", atoms, combine)
        for name, atoms, combine in shapes
    ]


def _two_fact_ratio(one: str, two: str) -> MeasureSpec:
    atoms = tuple(
        Atom(
            source,
            (),
            lambda r, source=source: cell(r(source), "x"),  # type: ignore[misc]
            lambda _: True,
            fold_sum,
        )
        for source in (one, two)
    )
    return MeasureSpec(
        f"sum({one}.x) / sum({two}.x)",
        f"{one}_per_{two}",
        atoms,
        lambda v: divide(v[0], v[1]),
    )


def _weighted(join: Join) -> MeasureSpec:
    """A sum over the joining source's rows of a product with a looked-up value."""

    def product(lookup: Lookup) -> Any:
        ours, theirs = cell(lookup(join.source), "x"), cell(lookup(join.target), "x")
        return None if ours is None or theirs is None else ours * theirs

    atom = Atom(join.source, (join.target,), product, lambda _: True, fold_sum)
    return MeasureSpec(
        f"sum({join.source}.x * {join.target}.x)",
        f"{join.source}_by_{join.target}",
        (atom,),
        _only,
    )


def _only(values: list[Any]) -> Any:
    return values[0]


def fold_sum(values: list[Any]) -> Any:
    """SUM: NULL when there is no value."""
    present = [value for value in values if value is not None]
    return sum(present) if present else None


def fold_count(values: list[Any]) -> int:
    """COUNT of values."""
    return sum(value is not None for value in values)


def fold_distinct(values: list[Any]) -> int:
    """COUNT of distinct values."""
    return len({value for value in values if value is not None})


def fold_mean(values: list[Any]) -> Any:
    """AVG."""
    return divide(fold_sum(values), fold_count(values))


def fold_max(values: list[Any]) -> Any:
    """MAX."""
    return max((value for value in values if value is not None), default=None)


def fold_percentile(fraction: float) -> Callable[[list[Any]], Any]:
    """Linear interpolation between the two values around the wanted position."""

    def fold(values: list[Any]) -> Any:
        present = sorted(value for value in values if value is not None)
        if not present:
            return None
        position = fraction * (len(present) - 1)
        low, high = math.floor(position), math.ceil(position)
        return present[low] + (present[high] - present[low]) * (position - low)

    return fold


def divide(left: Any, right: Any) -> Any:
    """Real division: NULL when either side is, or by zero."""
    return None if left is None or not right else left / right


def subtract(left: Any, right: Any) -> Any:
    """Difference: NULL when either side is."""
    return None if left is None or right is None else left - right


def _eq(left: Any, right: Any) -> bool | None:
    return None if left is None else left == right


def _gt(left: Any, right: Any) -> bool | None:
    return None if left is None else left > right


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _or(left: bool | None, right: bool | None) -> bool | None:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False
