"""Whole processes: how long they take, how much memory, and whether they load Python."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from timing import Timer

Words = Sequence[str]
SHORT, MOST_STARTS = 40.0, 9


def _start(words: Words, variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(words, env=variables, stdin=nowhere, stdout=nowhere, stderr=nowhere)


def _ended(words: Words, code: int, expected: int) -> None:
    if code != expected:
        raise RuntimeError(f"exit code {code} instead of {expected}: {' '.join(words)}")


def process(words: Words, variables: Mapping[str, str], expected: int = 0) -> Timer:
    """Milliseconds from start to exit of the command, which must leave with the expected code."""
    return changing_process(lambda: words, variables, expected)


def changing_process(
    next_words: Callable[[], Words], variables: Mapping[str, str], expected: int = 0
) -> Timer:
    """The same for a command that is another one each time.

    A short one is started a few times, until that took SHORT milliseconds together, and the
    quickest counts: an interruption would be as long as itself, and can only add.
    """

    def once() -> float:
        words = next_words()
        started = time.perf_counter()
        code = _start(words, variables).wait()
        took = (time.perf_counter() - started) * 1000
        _ended(words, code, expected)
        return took

    def run() -> float:
        times = [once()]
        while sum(times) < SHORT and len(times) < MOST_STARTS:
            times.append(once())
        return min(times)

    return run


def peak_memory(meter: str, words: Words, variables: Mapping[str, str]) -> Timer:
    """MiB of memory that the process had at most at once; `meter` is the built peak_memory.cpp."""

    def run() -> float:
        child = subprocess.run(
            [meter, *words],
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
        )
        return int(child.stderr.split()[-1]) / 1024

    return run


def loads_python(words: Words, variables: Mapping[str, str]) -> bool:
    """Whether the process, or one that it starts, maps libpython; as the dynamic loader says."""
    told = dict(variables) | {"LD_DEBUG": "files"}
    run = subprocess.run(words, env=told, capture_output=True, check=False, text=True)
    if run.returncode != 0 or "libc.so" not in run.stderr:
        raise RuntimeError(f"the loader says nothing of {' '.join(words)}: {run.stderr[-500:]}")
    return "libpython" in run.stderr
