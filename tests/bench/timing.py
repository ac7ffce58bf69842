"""Timing as ratios inside one run: each contender in turn with its floor, and their medians.

Machines differ and are noisy, so nothing is compared with a figure from elsewhere: every row
divides the contender's time by the time of its floor, measured in the same round.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUNDS = 21
Timer = Callable[[], float]
"""Does the work once and returns the milliseconds that it took."""


@dataclass(frozen=True)
class Row:
    """One comparison: `timer` takes at most `budget` times as long as `floor`."""

    name: str
    timer: Timer
    floor_name: str
    floor: Timer
    budget: float


@dataclass(frozen=True)
class Result:
    """What one row came to; times in milliseconds, ratios pair by pair."""

    row: Row
    milliseconds: list[float]
    floor_milliseconds: list[float]

    def ratio(self) -> float:
        """The median of the ratios of each round."""
        pairs = zip(self.milliseconds, self.floor_milliseconds, strict=True)
        return statistics.median(a / b for a, b in pairs)

    def met(self) -> bool:
        """Whether the row is within its budget."""
        return self.ratio() <= self.row.budget

    def as_json(self) -> dict[str, object]:
        """The result for a program."""
        return {
            "name": self.row.name,
            "floor": self.row.floor_name,
            "ratio": round(self.ratio(), 3),
            "budget": self.row.budget,
            "met": self.met(),
            "milliseconds": [round(value, 2) for value in self.milliseconds],
            "floorMilliseconds": [round(value, 2) for value in self.floor_milliseconds],
        }


def measure(row: Row) -> Result:
    """Runs the pair in turn; the first round warms the caches and is not counted."""
    rounds = [(row.timer(), row.floor()) for _ in range(ROUNDS + 1)][1:]
    return Result(row, [a for a, _ in rounds], [b for _, b in rounds])


def table(results: Sequence[Result]) -> str:
    """The results for a reader."""
    lines = [f"{'what':44} {'median ms':>10} {'floor ms':>9} {'ratio':>6} {'budget':>7}  floor"]
    for result in results:
        mid, floor = map(statistics.median, (result.milliseconds, result.floor_milliseconds))
        verdict = "" if result.met() else "  MISSED"
        lines.append(
            f"{result.row.name:44} {mid:10.2f} {floor:9.2f} {result.ratio():6.2f} "
            f"{result.row.budget:7.2f}  {result.row.floor_name}{verdict}"
        )
    return "\n".join(lines)
