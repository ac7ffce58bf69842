"""Building blocks of measures and conditions: what they read, keep and make of values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle.model import Atom, Lookup
from oracle.values import cell

Value = Callable[[Lookup], Any]
Truth = Callable[[Lookup], bool | None]
Fold = Callable[[list[Any]], Any]
Combine = Callable[[list[Any]], Any]


def only(values: list[Any]) -> Any:
    """Return the one value of a measure that is one aggregate."""
    return values[0]


def always(_: Lookup) -> bool:
    """Keep every row."""
    return True


def column(node: str, name: str) -> Value:
    """Return what a row sees in a column of a node."""
    return lambda lookup: cell(lookup(node), name)


def atom(source: str, fold: Fold, value: Value | None = None, keep: Truth = always) -> Atom:
    """Return an aggregate over a source's rows, of `x` unless it is said otherwise."""
    return Atom(source, (), value or column(source, "x"), keep, fold)


def looking(
    source: str,
    needs: tuple[str, ...],
    fold: Fold,
    value: Value,
    keep: Truth = always,
    *,
    stated: bool = False,
) -> Atom:
    """Return an aggregate over a source's rows that looks other nodes up."""
    return Atom(source, needs, value, keep, fold, stated)
