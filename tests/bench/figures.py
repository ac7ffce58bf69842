"""One line of the report: what was measured, against which budget, and whether it keeps it.

A figure is complete in itself and goes through JSON unchanged, so that the table, the chart and the
page are made of the same numbers, wherever they were measured.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Spread:
    """The middle of repeated measurements: their median and the quartiles around it."""

    low: float
    median: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The quartiles of at least one value; with one, all three are that value."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(low, middle, high)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 100)  # rounded up
    return ordered[max(int(rank), 1) - 1]


@dataclass(frozen=True)
class Figure:
    """A measured quantity. `value` is in `unit`: "x" (times the floor), "ms" or "MiB".

    `took` and `floor_took` are medians of what was timed, in milliseconds (of memory, in MiB; of
    instructions, in millions; of what searches find, in percent); a figure without a budget is
    there to compare with. `broken` says what else than the value is wrong;
    there may then be no value.
    """

    key: str
    section: str
    title: str
    unit: str
    value: Spread | None
    rounds: int
    budget: float | None = None
    took: float | None = None
    floor: str = ""
    floor_took: float | None = None
    note: str = ""
    broken: tuple[str, ...] = ()

    def share(self) -> float | None:
        """How much of the budget is used; 1 is all of it."""
        if self.budget is None or self.value is None:
            return None
        return self.value.median / self.budget

    def missed(self) -> bool:
        """Whether the budget is exceeded, or something else is wrong."""
        share = self.share()
        return bool(self.broken) or (share is not None and share > 1)

    def as_json(self) -> dict[str, Any]:
        """The figure for a program, with its verdict."""
        return asdict(self) | {"missed": self.missed()}


def from_json(document: Mapping[str, Any]) -> Figure:
    """The figure that `as_json` wrote."""
    fields = {name: value for name, value in document.items() if name != "missed"}
    fields["value"] = Spread(**fields["value"]) if fields["value"] else None
    fields["broken"] = tuple(fields["broken"])
    return Figure(**fields)
