"""`sl query` and `sl validate` without a cache and without a daemon: each loads Python itself."""

from __future__ import annotations

from figures import Figure
from installation import Installation
from native_suite import SQLGLOT
from processes import process
from rows import Row, ratio
from timing import Timer, measure

ROUNDS = 15
SIZES = {1: 1.0, 100: 1.15, 1000: 1.5}
AIM = "0.85 is the aim"


def cold(bench: Installation) -> list[Figure]:
    """One round asks projects of every size and kind, beside what only imports the SQL library."""
    timers: dict[str, Timer] = {
        SQLGLOT: process([bench.python(), "-c", "import sqlglot"], bench.uncached)
    }
    queries: list[Row] = []
    checks: list[Row] = []
    for kind in ("plain", "realistic"):
        one = f"cold.1.{kind}"
        for size, budget in SIZES.items():
            key = f"cold.{size}.{kind}"
            timers[key] = process(bench.query(size, kind), bench.uncached)
            floor = SQLGLOT if size == 1 else one
            queries.append(_query(key, size, kind, floor, budget))
            if size > 1:
                key = f"validate.{size}.{kind}"
                words = ["sl", "validate", "--project-dir", str(bench.project(size, kind))]
                timers[key] = process(bench.command(*words), bench.uncached)
                title = f"sl validate, cold, {size} sources, {kind} model"
                checks.append(ratio(key, title, one, budget))
    rounds = measure(timers, ROUNDS)
    return [
        *(row.figure("Cold queries", rounds) for row in queries),
        *(row.figure("Validation", rounds) for row in checks),
    ]


def _query(key: str, size: int, kind: str, floor: str, budget: float) -> Row:
    sources = "1 source" if size == 1 else f"{size} sources"
    row = ratio(key, f"sl query, cold, {sources}, {kind} model", floor, budget)
    return row.noting(AIM) if size == 1 else row
