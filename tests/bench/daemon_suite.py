"""`sl query` while a daemon runs: a question that it was never asked before, each time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from figures import Figure
from installation import Installation
from native_suite import TRUE
from processes import Words, changing_process, loads_python, process
from rows import Row, ratio
from timing import Timer, measure

ROUNDS = 31
BUDGET = 15


def daemon(bench: Installation) -> list[Figure]:
    """The cache is in use and does not know the question; the daemon knows the model after the
    first round, which is not counted."""
    timers: dict[str, Timer] = {TRUE: process(["/bin/true"], bench.variables)}
    rows: list[Row] = []
    for kind in ("plain", "realistic"):
        for size in (1, 1000):
            key = f"daemon.{size}.{kind}"
            timers[key] = changing_process(_new_question(bench, size, kind), bench.variables)
            sources = "1 source" if size == 1 else f"{size} sources"
            title = f"sl query, new question, daemon running, {sources}, {kind} model"
            rows.append(ratio(key, title, TRUE, BUDGET))
    with bench.daemon():
        rounds = measure(timers, ROUNDS)
        itself = loads_python(bench.query(1, "plain", "--limit", "1000"), bench.variables)
    broken = ["maps libpython, so the daemon was not asked"] if itself else []
    return [row.figure("With a daemon", rounds, broken) for row in rows]


def _new_question(bench: Installation, size: int, kind: str) -> Callable[[], Words]:
    """A limit that nobody has asked for makes another question of it."""
    limits = count(1001)
    return lambda: bench.query(size, kind, "--limit", str(next(limits)))
