"""Casts, as the databases that rows are checked on make them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.compiling import Build, Compilation, Compute, checked_args
from semantic_layer.verify.times import as_time, read_time
from semantic_layer.verify.values import EXACT, Unchecked, Value, as_number, cut, rounded, truth


def _cast(self: Compilation, node: Node) -> Compute:
    checked_args(node, "this", "to")
    return self.strict([node.this], _cast_to(self, node.args["to"]))


def _cast_to(self: Compilation, type_: Node) -> Callable[[Value], Value]:
    """Return how a value is cast to a type; raises where the dialect is not known to do so."""
    name, sizes = type_.this.name, [item.this.name for item in type_.expressions]
    if self.dialect not in ("sqlite", "duckdb", "postgres"):
        raise Unchecked(f"a cast to {name}")
    if name in ("INT", "BIGINT", "SMALLINT", "TINYINT"):
        return lambda value: _as_whole(self, value)
    if name in ("DOUBLE", "FLOAT") and (name == "DOUBLE" or self.dialect == "sqlite"):
        return lambda value: float(_from_text(value))
    if name == "DECIMAL" and self.dialect != "sqlite":
        if not sizes and self.dialect != "postgres":
            raise Unchecked("a cast to DECIMAL without its size")
        places = int(sizes[1]) if len(sizes) > 1 else 0
        return lambda value: _as_decimal(_from_text(value), places if sizes else None)
    if name in ("TEXT", "VARCHAR") and not sizes:
        return _as_text
    if name == "BOOLEAN" and self.dialect != "sqlite":
        return _as_truth
    if self.dialect != "sqlite" and name == "DATE":
        return lambda value: self.clock.local(as_time(value)).date()
    if self.dialect != "sqlite" and name in ("TIMESTAMP", "TIMESTAMPNTZ"):
        return lambda value: _without_zone(self, value)
    if self.dialect != "sqlite" and name == "TIMESTAMPTZ":
        return lambda value: self.clock.instant(as_time(value))
    raise Unchecked(f"a cast to {name}")


def _without_zone(self: Compilation, value: Value) -> datetime:
    if isinstance(value, str):
        found = read_time(value)
        if isinstance(found, datetime) and found.tzinfo is not None:
            raise Unchecked("a cast of a text with an offset to a time without one")
    return self.clock.local(as_time(value))


def _from_text(value: Value) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(r"[+-]?\d+(?:\.\d+)?", value):
            raise Unchecked(f"a cast of the text {value!r} to a number")
        return int(value) if value.lstrip("+-").isdigit() else Decimal(value)
    return as_number(value)


def _as_whole(self: Compilation, value: Value) -> int:
    number = _from_text(value)
    if self.dialect == "sqlite":
        return int(cut(number))
    if isinstance(number, float) and abs(number % 1 - 0.5) < 1e-9:
        raise Unchecked("the rounding of a number that is halfway")
    return int(rounded(number))


def _as_decimal(number: Any, places: int | None) -> Decimal:
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    return (
        exact
        if places is None
        else EXACT.quantize(rounded(exact, places), Decimal(1).scaleb(-places))
    )


def _as_truth(value: Value) -> bool | None:
    if isinstance(value, str):
        known = {"true": True, "false": False, "t": True, "f": False, "1": True, "0": False}
        if value.lower() not in known:
            raise Unchecked(f"a cast of the text {value!r} to a truth")
        return known[value.lower()]
    return truth(value)


def _as_text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Unchecked("a number or a time written as text")


CASTS: dict[type[Node], Build] = {exp.Cast: _cast}
