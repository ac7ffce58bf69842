"""Cells of an answer, as they come in JSON, as values; see docs/boundary.md."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from semantic_layer.verify.times import read_time
from semantic_layer.verify.values import Value

TIME = "time"


def value_of(cell: Any, kind: str, dialect: str) -> Value:
    """Return the value of a cell in a column of a kind; SQLite's times stay texts."""
    if isinstance(cell, dict):
        tag, text = next(iter(cell.items()))
        if tag == "decimal":
            return _number(text)
        return bytes.fromhex(text) if tag == "hex" else float(text)
    if kind == TIME and dialect != "sqlite" and isinstance(cell, str):
        return read_time(cell) or cell
    return cell


def _number(text: str) -> int | Decimal:
    plain = text.lstrip("-").isdigit()
    return int(text) if plain else Decimal(text)
