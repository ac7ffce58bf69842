"""A run of the benchmark as a value: its figures, its machine, and the reasons of what misses."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import Figure, from_json

FOUND = "What searches find"
"""The section whose figures are shares of what is right, and no times."""

UNITS = {"x": "x", "ms": " ms", "MiB": " MiB"}


@dataclass(frozen=True)
class Report:
    """Everything that the table, the chart and the page show."""

    machine: dict[str, str]
    figures: list[Figure]

    def missed(self) -> list[Figure]:
        """The figures that exceed their budgets or are wrong otherwise."""
        return [figure for figure in self.figures if figure.missed()]

    def as_json(self) -> dict[str, Any]:
        """The report for a program."""
        return {"machine": self.machine, "figures": [each.as_json() for each in self.figures]}


def read_report(path: Path) -> Report:
    """The report that was written there as JSON."""
    document = json.loads(path.read_text())
    return Report(document["machine"], [from_json(each) for each in document["figures"]])


def read_reasons(path: Path, figures: Sequence[Figure]) -> dict[str, str]:
    """The reasons by row; one for a row that does not exist is refused: none outlives its row."""
    reasons: dict[str, str] = tomllib.loads(path.read_text())
    unknown = reasons.keys() - {figure.key for figure in figures}
    if unknown:
        raise ValueError(f"{path.name} has reasons for rows that do not exist: {sorted(unknown)}")
    return reasons


def in_unit(number: float, unit: str) -> str:
    """Three digits and the unit: `0.81x`, `12.3 ms`, `1,234x`."""
    digits = 0 if number >= 100 else 1 if number >= 10 else 2
    return f"{number:,.{digits}f}{UNITS[unit]}"


def verdict(figure: Figure) -> str:
    """What is to be said of a figure: what is wrong with it, MISSED, met, or nothing."""
    words = [f"MISSED: {'; '.join(figure.broken)}"] if figure.broken else []
    if not words and figure.missed():
        words = ["MISSED"]
    if not words and figure.budget is not None:
        words = ["met"]
    return "".join(words)


def sections(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    """The figures by section, in the order of their first appearance."""
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.section, []).append(figure)
    return found


def took(figure: Figure, number: float | None) -> str:
    """A median beside its row, in what the row measures."""
    if number is None:
        return ""
    unit = {"Memory": "MiB", "Instructions": "M", FOUND: "%"}.get(figure.section, "ms")
    digits = 0 if number >= 100 else 1 if number >= 10 else 2
    return f"{number:,.{digits}f} {unit}"


def used(figure: Figure) -> str:
    """How much of the budget is used, rounded up: what is missed is never 100%."""
    share = figure.share()
    return "" if share is None else f"{math.ceil(round(share * 100, 6)):,}%"


def spread_text(figure: Figure) -> str:
    """The value with its quartiles."""
    value, unit = figure.value, figure.unit
    if value is None:
        return ""
    if figure.rounds == 1:
        return in_unit(value.median, unit)
    low, high = in_unit(value.low, unit), in_unit(value.high, unit)
    return f"{in_unit(value.median, unit)} ({low} to {high})"


def text_table(figures: Sequence[Figure]) -> str:
    """The figures for a terminal."""
    width = max((len(figure.title) for figure in figures), default=0)
    lines = []
    for section, members in sections(figures).items():
        lines += [
            "",
            section,
            f"  {'':{width}} {'median (quartiles)':>32} {'budget':>8} {'used':>7}",
        ]
        lines += [f"  {_text_line(figure, width)}".rstrip() for figure in members]
    return "\n".join(lines[1:])


def _text_line(figure: Figure, width: int) -> str:
    budget = "" if figure.budget is None else in_unit(figure.budget, figure.unit)
    against = f" | {figure.floor} {took(figure, figure.floor_took)}" if figure.floor else ""
    return (
        f"{figure.title:{width}} {spread_text(figure):>32} {budget:>8} {used(figure):>7}  "
        f"{verdict(figure):6} {took(figure, figure.took)}{against}"
    )
