"""Peak memory of the smallest command and of a cold query."""

from __future__ import annotations

from figures import Figure
from installation import Installation
from native_suite import SQLGLOT, TRUE
from processes import peak_memory
from rows import absolute
from timing import measure

ROUNDS = 5


def memory(bench: Installation) -> list[Figure]:
    """Memory that a process has at most at once, which varies little."""
    meter = bench.program("peak_memory")
    timers = {
        "memory.version": peak_memory(meter, bench.command("--version"), bench.variables),
        "memory.query": peak_memory(meter, bench.query(1), bench.uncached),
        TRUE: peak_memory(meter, ["/bin/true"], bench.variables),
        SQLGLOT: peak_memory(meter, [bench.python(), "-c", "import sqlglot"], bench.variables),
    }
    rows = [
        absolute("memory.version", "ktx --version, peak memory", "MiB", 10, TRUE),
        absolute("memory.query", "sl query, cold, peak memory", "MiB", 60, SQLGLOT),
    ]
    rounds = measure(timers, ROUNDS)
    return [row.figure("Memory", rounds) for row in rows]
