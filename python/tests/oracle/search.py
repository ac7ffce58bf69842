"""How the random search is asked for, and how it goes on after a wrong answer."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from oracle.wrong import Wrong


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

    def run(self, theme: str, share: float, check: Callable[[st.DataObject], None]) -> list[Wrong]:
        """Run the check on the theme's share of the examples.

        The first wrong answer is raised, shrunk. When wrong answers are collected, each is shrunk
        and kept, and the search goes on elsewhere, passing over those of its kind.
        """
        left = max(1, round(self.examples * share / self.shards))
        found: dict[Any, Wrong] = {}
        passes = 0
        while left > 0:
            count = 0
            wanted: list[Any] = []

            def pursue(data: st.DataObject) -> None:
                nonlocal count
                count += not wanted
                try:
                    check(data)
                except Wrong as wrong:
                    if self.collects and wrong.signature in found:
                        return
                    if wanted and wrong.signature != wanted[0]:
                        return  # Shrinking must not end at another fault.
                    wanted[:] = [wrong.signature]
                    raise

            try:
                self._sequence(theme, passes, left)(pursue)()
            except Wrong as wrong:
                if not self.collects:
                    raise
                found[wrong.signature] = wrong
            passes += 1
            left -= max(count, 1)
        return list(found.values())

    def _sequence(self, theme: str, passes: int, count: int) -> Callable[[Any], Any]:
        number = zlib.crc32(f"{theme} {self.seed} {self.shard} {passes}".encode())
        options = settings(
            max_examples=count,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        return lambda check: seed(number)(options(given(st.data())(check)))
