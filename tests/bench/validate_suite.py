"""`sl validate` without a cache and without a daemon: what it finds natively, and all of it."""

from __future__ import annotations

from figures import Figure
from installation import Installation
from processes import process
from rows import Row, beyond, ratio
from timing import Timer, measure

ROUNDS = 15
KINDS = ("plain", "realistic")
NATIVE_MILLISECONDS = {100: 10, 1000: 50}
COLD_RATIOS = {100: 1.15, 1000: 1.5}
SECTION = "Validation"
VERSION = "ktx --version"


def validate(bench: Installation) -> list[Figure]:
    """Both parts, for both kinds of model."""
    return [*_native(bench), *_whole(bench)]


def _words(project: object) -> list[str]:
    return ["sl", "validate", "--project-dir", str(project)]


def _native(bench: Installation) -> list[Figure]:
    """One file that is not YAML keeps the planner from being asked: no Python is loaded."""
    timers: dict[str, Timer] = {VERSION: process(bench.command("--version"), bench.variables)}
    rows: list[Row] = []
    for kind in KINDS:
        for size, budget in NATIVE_MILLISECONDS.items():
            key = f"validate.native.{size}.{kind}"
            words = bench.command(*_words(bench.broken_project(size, kind)))
            timers[key] = process(words, bench.uncached, expected=1)
            title = f"sl validate, native part, {size} sources, {kind} model"
            rows.append(beyond(key, title, VERSION, budget))
    rounds = measure(timers, ROUNDS)
    return [row.figure(SECTION, rounds) for row in rows]


def _whole(bench: Installation) -> list[Figure]:
    """Beside a cold query of one source, whose budgets these are."""
    found = []
    for kind in KINDS:
        for size, budget in COLD_RATIOS.items():
            query = f"cold query, 1 source, {kind}"
            row = ratio(
                f"validate.{size}.{kind}",
                f"sl validate, {size} sources, {kind} model",
                query,
                budget,
            )
            timers = {
                query: process(bench.query(1, kind), bench.uncached),
                row.key: process(bench.command(*_words(bench.project(size, kind))), bench.uncached),
            }
            found.append(row.figure(SECTION, measure(timers, ROUNDS, seconds=30)))
    return found
