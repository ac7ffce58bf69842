"""The conditions that joins may have: as the YAML writes them, and what they mean for two rows.

The other end has a unique `id`; `k` is shared by two rows that `g` (0 or 1) tells apart, and so
do the ranges [`lo`, `hi`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from oracle.model import Case, Join, Row
from oracle.values import greater


class JoinKind(NamedTuple):
    """A kind of condition: its text, the columns of the other end that equalities cover, and
    what else than the key has to hold. The key is compared with `by` there."""

    on: str
    covers: frozenset[str]
    by: str = "k"
    also: Callable[[Join, Row, Row], bool | None] = lambda join, ours, theirs: True


def _kind(on: str, covers: str, *rest: object) -> JoinKind:
    return JoinKind(on, frozenset(covers.split()), *rest)  # type: ignore[arg-type]


def _in_range(join: Join, ours: Row, theirs: Row) -> bool | None:
    return ours["x"] is not None and theirs["lo"] <= ours["x"] < theirs["hi"]


_ALL: dict[str, JoinKind] = {
    "plain": _kind("{s}.fk{n} = {t}.id", "id", "id"),
    "swapped": _kind("{t}.id = {s}.fk{n}", "id", "id"),
    "bare": _kind("fk{n} = {t}.id", "id", "id"),
    "computed": _kind("{s}.key{n} = {t}.id", "id", "id"),
    "expression": _kind("coalesce({s}.fk{n}, 1) = {t}.id", "id", "id"),
    "composite": _kind(
        "{s}.fk{n} = {t}.k AND {t}.g = {s}.fg{n}",
        "k g",
        "k",
        lambda j, ours, theirs: ours[f"fg{j.number}"] == theirs["g"],
    ),
    "range": _kind("{s}.fk{n} = {t}.k AND {s}.x >= {t}.lo AND {t}.hi > {s}.x", "k", "k", _in_range),
    "constant_there": _kind(
        "{s}.fk{n} = {t}.k AND {t}.g = 1", "k g", "k", lambda j, ours, theirs: theirs["g"] == 1
    ),
    "constant_here": _kind(
        "{s}.fk{n} = {t}.id AND {s}.a = 'p'", "id", "id", lambda j, ours, theirs: ours["a"] == "p"
    ),
    # Those from here on may give a row several matches, or are not proved to give it one.
    "half": _kind("{s}.fk{n} = {t}.k", "k"),
    "half_here": _kind(
        "{s}.fk{n} = {t}.k AND {s}.a = 'p'", "k", "k", lambda j, ours, theirs: ours["a"] == "p"
    ),
    "half_there": _kind(
        "{s}.fk{n} = {t}.k AND {t}.x > 0", "k", "k", lambda j, ours, theirs: greater(theirs["x"], 0)
    ),
    "overlap": _kind(
        "{s}.fk{n} = {t}.k AND {s}.x >= {t}.lo",
        "k",
        "k",
        lambda j, ours, theirs: ours["x"] is not None and ours["x"] >= theirs["lo"],
    ),
    "either": _kind(
        "{s}.fk{n} = {t}.k AND ({t}.g = 1 OR {s}.a = 'p')",
        "k",
        "k",
        lambda j, ours, theirs: theirs["g"] == 1 or ours["a"] == "p",
    ),
    "function": _kind("{s}.fk{n} = abs({t}.id)", "", "id"),
}
LOOSE = ("half", "half_here", "half_there", "overlap", "either", "function")
KINDS = tuple(name for name in _ALL if name not in LOOSE)
ALWAYS_A_KEY = ("computed", "expression")
"""Kinds that give all rows without a key the same one, unlike one-to-one."""


def condition(join: Join) -> str:
    """Return the join's `on`."""
    return _ALL[join.kind].on.format(s=join.source, t=join.end, n=join.number)


def matches(join: Join, ours: Row, theirs: Row) -> bool:
    """Whether a row of the join's source meets a row of its target."""
    kind, key = _ALL[join.kind], ours[f"fk{join.number}"]
    if key is None and join.kind in ALWAYS_A_KEY:
        key = 1
    return key is not None and key == theirs[kind.by] and kind.also(join, ours, theirs) is True


def is_proved(case: Case, join: Join, forward: bool) -> bool:
    """Whether equalities, with columns or constants, cover the grain of the end it leads to."""
    if not forward:
        return False  # A foreign key is no grain: only the model says that it is unique.
    grain = {"k", "g"} if join.target in case.keyed else {"id"}
    return grain <= _ALL[join.kind].covers
