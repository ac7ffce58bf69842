"""What `sl validate` finds without Python."""

from __future__ import annotations

from figures import Figure
from installation import Installation
from processes import process
from rows import Row, beyond
from timing import measure

ROUNDS = 15
BUDGETS = {100: 10, 1000: 50}


def validate(bench: Installation) -> list[Figure]:
    """The native part of `sl validate`: one file that is not YAML keeps it from the planner."""
    version = "ktx --version"
    timers = {version: process(bench.command("--version"), bench.variables)}
    rows: list[Row] = []
    for kind in ("plain", "realistic"):
        for size, budget in BUDGETS.items():
            key = f"validate.native.{size}.{kind}"
            project = str(bench.broken_project(size, kind))
            words = bench.command("sl", "validate", "--project-dir", project)
            timers[key] = process(words, bench.uncached, expected=1)
            title = f"sl validate beyond --version, native, {size} sources, {kind} model"
            rows.append(beyond(key, title, version, budget))
    rounds = measure(timers, ROUNDS)
    return [row.figure("Validation", rounds) for row in rows]
