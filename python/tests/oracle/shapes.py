"""Hypothesis strategies for models of a shape, with dirty data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from oracle.joins import ALWAYS_A_KEY, KINDS, LOOSE
from oracle.model import Case, Join, Row
from oracle.renaming import ugly_names
from oracle.times import forms

Ends = list[tuple[str, str, str | None]]
"""Joins to be: source, target, alias."""

_TEXTS = st.sampled_from([None, "p", "q", "p", "q", "it's"])
_NUMBERS = st.sampled_from([None, -2, 0, 1, 2, 3])
_KEYS = st.sampled_from([None, 1, 2, 3, 9])
_UNIQUE = st.permutations([1, 2, 3, 9, None])
_DAYS = st.sampled_from(
    [None, "2023-12-31", "2024-01-01", "2024-01-07", "2024-01-08", "2024-02-29", "2024-12-30"]
)
_TIMES = st.sampled_from(["00:00:00", "23:59:59"])


@st.composite
def cases(draw: st.DrawFn, shape: str, features: frozenset[str] = frozenset()) -> Case:
    """A model of the shape, whose questions may use the features."""
    sources, ends = SHAPES[shape](draw)
    joins = tuple(_join(draw, features, number, *end) for number, end in enumerate(ends))
    rows = {source: draw(_rows(source, sources, joins, features)) for source in sources}
    selects = tuple(source for source in sources if draw(st.integers(0, 4)) == 4)
    loose, unfilled = "loose joins" in features, "placeholders" in features
    case = Case(
        tuple(sources),
        joins,
        rows,
        selects,
        features,
        tuple(source for source in sources if loose and draw(st.booleans())),
        tuple(source for source in sources if unfilled and draw(st.integers(0, 5)) == 5),
    )
    if "ugly names" in features:
        case = replace(case, names=draw(ugly_names(case)))
        if draw(st.booleans()):
            case = replace(case, features=features | {"always quoted"})
    return case


def _join(
    draw: st.DrawFn,
    features: frozenset[str],
    number: int,
    source: str,
    target: str,
    alias: str | None,
) -> Join:
    kinds = ["plain", *(kind for kind in KINDS if kind != "bare" or source != target)]
    if "loose joins" in features:
        kinds = [*kinds, *LOOSE, *LOOSE]
    kind = draw(st.sampled_from(kinds))
    to_one = kind not in ALWAYS_A_KEY and kind not in LOOSE
    one_to_one = to_one and draw(st.integers(0, 5)) == 5
    places = ["here"] if alias else ["here", "here", "there", "twin"]
    place, contradiction = draw(st.sampled_from(places)), None
    if "contradictions" in features and not alias and not one_to_one and draw(st.booleans()):
        place, contradiction = "twin", draw(st.sampled_from(["many_to_one", "one_to_one"]))
    return Join(source, target, number, kind, one_to_one, place, alias, contradiction)


@st.composite
def _rows(
    draw: st.DrawFn,
    source: str,
    sources: Sequence[str],
    joins: tuple[Join, ...],
    features: frozenset[str],
) -> list[Row]:
    rows: list[Row] = []
    has_time = sources.index(source) % 2 == 0
    for index in range(draw(st.integers(0, 4))):
        day = draw(_DAYS)
        time = f"{day} {draw(_TIMES)}" if has_time and day else day
        row: Row = {**_own_keys(index), "x": draw(_NUMBERS), "a": draw(_TEXTS), "seen": time}
        row |= {
            "w": index - 1,
            "twin": 2 - index,
            "secret": index,
            "stamp": day and f"{day} 06:00:00",
        }
        if "times" in features and has_time and time:
            row["written"] = draw(st.sampled_from(forms(time)))
        rows.append(row)
    for join in joins:
        if join.source == source:
            unique = draw(_UNIQUE) if join.one_to_one else []
            for index, row in enumerate(rows):
                row[f"fk{join.number}"] = unique[index] if unique else draw(_KEYS)
                if join.kind == "composite":
                    row[f"fg{join.number}"] = draw(st.sampled_from([0, 1, None]))
    return rows


def _own_keys(index: int) -> dict[str, Any]:
    g = index % 2
    return {"id": index + 1, "k": index // 2 + 1, "g": g, "lo": (-5, 1)[g], "hi": (1, 9)[g]}


def _names(count: int) -> list[str]:
    return [f"s{index}" for index in range(count)]


def _any(draw: st.DrawFn) -> tuple[list[str], Ends]:
    sources = _names(draw(st.integers(1, 4)))
    pairs = [(one, two) for i, one in enumerate(sources) for two in sources[i + 1 :]]
    return sources, [(*pair, None) for pair in pairs if draw(st.booleans())]


def _snowflake(draw: st.DrawFn) -> tuple[list[str], Ends]:
    sources = _names(draw(st.integers(2, 5)))
    return sources, [
        (sources[draw(st.integers(0, index - 1))], sources[index], None)
        for index in range(1, len(sources))
    ]


def _chasm(draw: st.DrawFn) -> tuple[list[str], Ends]:
    """Two or three facts over one or two dimensions that they share, which may have another."""
    facts, shared = draw(st.sampled_from([2, 2, 3])), draw(st.sampled_from([1, 2]))
    sources = _names(facts + shared + 1)
    ends: Ends = [
        (fact, dimension, None)
        for fact in sources[:facts]
        for dimension in sources[facts:-1]
        if dimension == sources[facts] or draw(st.integers(0, 3))
    ]
    return sources, [*ends, (sources[facts], sources[-1], None)]


def _roles(draw: st.DrawFn) -> tuple[list[str], Ends]:
    """One source in several roles, which another fact and the source itself may share."""
    ends: Ends = [("s0", "s1", "s1_buyer"), ("s0", "s1", draw(_sometimes("s1_seller", None)))]
    if draw(st.booleans()):
        ends.append(("s1", "s2", draw(_sometimes("s2_home", None))))
    if draw(st.booleans()):
        ends.append(("s1", "s1", "s1_boss"))
    if draw(st.booleans()):
        ends.append(("s3", "s1", draw(_sometimes("s1_buyer", None))))
    return _names(4), ends


def _diamond(draw: st.DrawFn) -> tuple[list[str], Ends]:
    """Two routes of equal length, and sometimes a third that is shorter, or parallel joins."""
    ends: Ends = [("s0", "s1", None), ("s0", "s2", None), ("s1", "s3", None), ("s2", "s3", None)]
    if draw(st.booleans()):
        ends.append(("s0", "s3", draw(_sometimes(None, "s3_own"))))
    if draw(st.integers(0, 4)) == 4:
        ends.append(("s0", "s1", draw(_sometimes("s1_also", None))))
    return _names(4), ends


def _sometimes(*values: str | None) -> st.SearchStrategy[str | None]:
    return st.sampled_from([values[0], values[0], *values])


SHAPES: dict[str, Callable[[st.DrawFn], tuple[list[str], Ends]]] = {
    "any": _any,
    "snowflake": _snowflake,
    "chasm": _chasm,
    "roles": _roles,
    "diamond": _diamond,
}
