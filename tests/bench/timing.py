"""Rounds of timers that take turns, so that whatever slows the machine down slows all of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

Timer = Callable[[], float]
"""Does the work once and returns what it took, in milliseconds or, of memory, in MiB."""


LEAST_ROUNDS = 3


def measure(
    timers: Mapping[str, Timer],
    rounds: int,
    seconds: float = 60,
    clock: Callable[[], float] = time.monotonic,
) -> list[dict[str, float]]:
    """Runs every timer once a round, in turn and every second round backwards.

    One round before the first warms the caches, byte code included, and is not counted. After
    `seconds` no further round begins, unless there were only few.
    """
    names, started = list(timers), clock()
    found: list[dict[str, float]] = []
    for number in range(rounds + 1):
        if len(found) > LEAST_ROUNDS and clock() - started > seconds:
            break
        order = names[::-1] if number % 2 else names
        times = {name: timers[name]() for name in order}
        found.append({name: times[name] for name in names})
    return found[1:]


def calls(work: Callable[[], object], repeats: int) -> Timer:
    """Times a function: the milliseconds of one call, over a few in a row."""

    def run() -> float:
        gc.collect()  # what others left behind is not this work's
        started = time.perf_counter()
        for _ in range(repeats):
            work()
        return (time.perf_counter() - started) * 1000 / repeats

    return run
