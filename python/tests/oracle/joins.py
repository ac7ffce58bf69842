"""The conditions that joins may have: as the YAML writes them, and what they mean for two rows.

The other end has a unique `id`; `k` is shared by two rows that `g` (0 or 1) tells apart, and so
do the ranges [`lo`, `hi`).
"""

from __future__ import annotations

from oracle.model import Join, Row

ON = {
    "plain": "{s}.fk{n} = {t}.id",
    "swapped": "{t}.id = {s}.fk{n}",
    "bare": "fk{n} = {t}.id",
    "computed": "{s}.key{n} = {t}.id",
    "expression": "coalesce({s}.fk{n}, 1) = {t}.id",
    "composite": "{s}.fk{n} = {t}.k AND {t}.g = {s}.fg{n}",
    "range": "{s}.fk{n} = {t}.k AND {s}.x >= {t}.lo AND {t}.hi > {s}.x",
    "constant_there": "{s}.fk{n} = {t}.k AND {t}.g = 1",
    "constant_here": "{s}.fk{n} = {t}.id AND {s}.a = 'p'",
}
KINDS = tuple(ON)
ALWAYS_A_KEY = ("computed", "expression")
"""Kinds that give all rows without a key the same one, unlike one-to-one."""


def condition(join: Join) -> str:
    """Return the join's `on`."""
    return ON[join.kind].format(s=join.source, t=join.end, n=join.number)


def matches(join: Join, ours: Row, theirs: Row) -> bool:
    """Whether a row of the join's source meets a row of its target."""
    key = ours[f"fk{join.number}"]
    if key is None and join.kind in ALWAYS_A_KEY:
        key = 1
    if key is None:
        return False
    if join.kind in ("composite", "range", "constant_there"):
        return bool(key == theirs["k"]) and _tells_apart(join, ours, theirs)
    if join.kind == "constant_here" and ours["a"] != "p":
        return False
    return bool(key == theirs["id"])


def _tells_apart(join: Join, ours: Row, theirs: Row) -> bool:
    if join.kind == "composite":
        return bool(ours[f"fg{join.number}"] == theirs["g"])
    if join.kind == "range":
        return ours["x"] is not None and theirs["lo"] <= ours["x"] < theirs["hi"]
    return bool(theirs["g"] == 1)
