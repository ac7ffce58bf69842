"""How a row is made of what was timed in one round.

Machines differ and are noisy, so nothing is compared with a figure from elsewhere: a row's value is
computed round by round from times of that round, and the median over the rounds is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from figures import Figure, spread

Round = Mapping[str, float]
"""What each timer of a suite took in one round, by the timer's name."""


@dataclass(frozen=True)
class Row:
    """One row: its `value` in a round, and the budget that the median of these must keep.

    `took` and `floor` name the timers that are shown beside the value; `floor_title` is what the
    latter is called there.
    """

    key: str
    title: str
    value: Callable[[Round], float]
    unit: str
    budget: float | None
    took: str
    floor: str = ""
    floor_title: str = ""
    note: str = ""

    def figure(self, section: str, rounds: Sequence[Round], broken: Sequence[str] = ()) -> Figure:
        """What the row came to."""
        return Figure(
            key=self.key,
            section=section,
            title=self.title,
            unit=self.unit,
            value=spread([self.value(each) for each in rounds]),
            rounds=len(rounds),
            budget=self.budget,
            took=median(each[self.took] for each in rounds),
            floor=self.floor_title or self.floor,
            floor_took=median(each[self.floor] for each in rounds) if self.floor else None,
            note=self.note,
            broken=tuple(broken),
        )

    def called(self, key: str) -> Row:
        """The same row under another key than its timer's."""
        return replace(self, key=key)

    def beside(self, floor_title: str) -> Row:
        """The same row with a floor that a reader calls so."""
        return replace(self, floor_title=floor_title)

    def noting(self, note: str) -> Row:
        """The same row with something to know about it."""
        return replace(self, note=note)


def ratio(key: str, title: str, floor: str, budget: float | None) -> Row:
    """What the timer `key` takes is at most `budget` times `floor`."""
    return Row(key, title, lambda each: each[key] / each[floor], "x", budget, key, floor)


def beyond(key: str, title: str, base: str, budget: float) -> Row:
    """The timer `key` takes at most `budget` milliseconds more than `base`."""
    return Row(key, title, lambda each: each[key] - each[base], "ms", budget, key, base)


def added_ratio(key: str, title: str, base: str, floor: str, budget: float) -> Row:
    """What the timer `key` takes more than `base` is at most `budget` times `floor`."""

    def value(each: Round) -> float:
        return (each[key] - each[base]) / each[floor]

    return Row(key, title, value, "x", budget, key, floor)


def absolute(key: str, title: str, unit: str, budget: float | None, floor: str = "") -> Row:
    """What the timer `key` says is at most `budget`; what `floor` says is shown beside it."""
    return Row(key, title, lambda each: each[key], unit, budget, key, floor)
