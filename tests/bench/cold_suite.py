"""`sl query` without a cache and without a daemon: each run loads Python itself."""

from __future__ import annotations

from figures import Figure
from installation import Installation
from native_suite import SQLGLOT
from processes import process
from rows import Row, ratio
from timing import Timer, measure

ROUNDS = 21
BUDGETS = {1: 1.0, 100: 1.15, 1000: 1.5}
AIM = "0.85 is the aim"


def cold(bench: Installation) -> list[Figure]:
    """One round asks projects of every size and kind, beside what only imports the SQL library."""
    timers: dict[str, Timer] = {
        SQLGLOT: process([bench.python(), "-c", "import sqlglot"], bench.uncached)
    }
    rows: list[Row] = []
    for kind in ("plain", "realistic"):
        for size, budget in BUDGETS.items():
            key = f"cold.{size}.{kind}"
            timers[key] = process(bench.query(size, kind), bench.uncached)
            rows.append(_row(key, size, kind, budget))
    rounds = measure(timers, ROUNDS)
    return [row.figure("Cold queries", rounds) for row in rows]


def _row(key: str, size: int, kind: str, budget: float) -> Row:
    """One source beside the import; more sources beside one."""
    if size == 1:
        title = f"sl query, cold, 1 source, {kind} model"
        return ratio(key, title, SQLGLOT, budget).noting(AIM)
    title = f"sl query, cold, {size} sources, {kind} model"
    return ratio(key, title, f"cold.1.{kind}", budget).beside("1 source")
