"""How the random search is asked for, and how it goes on after a wrong answer."""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Callable, Container
from typing import NamedTuple

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from oracle.wrong import Signature, Wrong

Check = Callable[[st.DataObject, str | None, Container[Signature]], None]
"""Raises `Wrong` for an example, unless it is known; on one database when a dialect is given."""
SHRINK_SECONDS = 10
"""How long a wrong answer is made smaller when the search goes on afterwards."""


class Search(NamedTuple):
    """How many questions, and which part of which random sequence of them."""

    examples: int
    seed: int
    shard: int
    shards: int
    collects: bool

    @classmethod
    def parse(cls, examples: int, seed: int, shard: str, collects: bool) -> Search:
        """Read the command line's values; `shard` is I/N."""
        part, _, parts = shard.partition("/")
        if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
            raise ValueError(f"--oracle-shard {shard}: write I/N with I from 1 to N, as in 2/4.")
        return cls(examples, seed, int(part), int(parts), collects)

    def run(self, theme: str, share: float, check: Check) -> list[Wrong]:
        """Run the check on the theme's share of the examples.

        The first wrong answer is raised, shrunk. When wrong answers are collected, each is shrunk
        for some seconds and kept, and the search goes on elsewhere, passing over those of its kind.
        """
        left = max(1, round(self.examples * share / self.shards))
        found: dict[Signature, Wrong] = {}
        passes = 0
        while left > 0:
            pursuit = Pursuit(check, found, self.collects)
            try:
                self._sequence(theme, passes, left)(pursuit)()
            except (Wrong, Flaky):
                if not self.collects or pursuit.smallest is None:
                    raise
                found[pursuit.smallest.signature] = pursuit.smallest
            passes += 1
            left -= max(pursuit.examples, 1)
        return list(found.values())

    def _sequence(
        self, theme: str, passes: int, count: int
    ) -> Callable[[Pursuit], Callable[[], None]]:
        number = zlib.crc32(f"{theme} {self.seed} {self.shard} {passes}".encode())
        options = settings(
            max_examples=count,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )

        def sequence(pursuit: Pursuit) -> Callable[[], None]:
            def follow(data: st.DataObject) -> None:
                pursuit.follow(data)

            test: Callable[[], None] = seed(number)(options(given(st.data())(follow)))
            return test

        return sequence


class Pursuit:
    """One pass of the search: until a wrong answer is found, and then after that one only."""

    def __init__(self, check: Check, known: Container[Signature], hurries: bool) -> None:
        self.examples = 0
        self.smallest: Wrong | None = None
        self._check = check
        self._known = known
        self._hurries = hurries
        self._until = math.inf

    def follow(self, data: st.DataObject) -> None:
        """Check one example."""
        if time.monotonic() > self._until:
            return
        dialect = self.smallest.dialect if self.smallest else None
        self.examples += dialect is None
        try:
            self._check(data, dialect, self._known)
        except Wrong as wrong:
            if self.smallest and wrong.signature != self.smallest.signature:
                return  # Shrinking must not end at another fault.
            if self.smallest is None and self._hurries:
                self._until = time.monotonic() + SHRINK_SECONDS
            if self.smallest is None or wrong.size <= self.smallest.size:
                self.smallest = wrong
            raise
