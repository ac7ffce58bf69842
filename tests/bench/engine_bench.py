"""What the engine costs as a model grows: questions to it once it is warm, and building it.

Run by the Python of the managed runtime, which is the one that users' questions run in. Prints the
figures as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from figures import Figure
from models import model, question
from rows import Row, absolute, ratio
from timing import Timer, calls, measure

from semantic_layer import SemanticEngine

SIZES = (10, 100, 1000, 5000)
SMALL = f"{SIZES[0]} sources"
SECTION = "Engine, warm model"
REPEATS = 5
ROUNDS = 21
COLD_ROUNDS = 7
MILLISECONDS = 2
GROWTH = 2.0
LOOKUP_GROWTH = 6.0
COLD_GROWTH = {100: 2.5, 1000: 5.0, 5000: 15.0}


def warm(size: int, kind: str) -> Timer:
    """A question of one source to an engine that has answered before; a new one each time."""
    engine = SemanticEngine.from_sources(model(size, kind), "postgres")
    return _asking(engine, question(size - 1, kind))


def looked_up(size: int) -> Timer:
    """A question of the last source by a column of the root, every join on the way."""
    engine = SemanticEngine.from_sources(model(size), "postgres")
    return _asking(engine, {"measures": [f"s{size - 1}.total"], "dimensions": ["s0.kind"]})


def cold(size: int) -> Timer:
    """An engine built for one question."""
    sources, asked = model(size), question(size - 1)

    def build_and_ask() -> object:
        return SemanticEngine.from_sources(sources, "postgres").query(asked)

    return calls(build_and_ask, 1)


def _asking(engine: SemanticEngine, asked: dict[str, Any]) -> Timer:
    limits = count(1)
    return calls(lambda: engine.query(asked | {"limit": next(limits)}), REPEATS)


def warm_figures(kind: str) -> list[Figure]:
    """Two milliseconds, and independent of the model."""
    timers: dict[str, Timer] = {_named(kind, size): warm(size, kind) for size in SIZES}
    small = _named(kind, SIZES[0])
    rows: list[Row] = []
    for size in SIZES:
        title = f"engine, one-source question, {size} sources, {kind} model"
        row = absolute(_named(kind, size), title, "ms", MILLISECONDS, small)
        rows.append(row.beside(SMALL))
    for size in SIZES[1:]:
        title = f"engine, {size} sources beside {SMALL}, {kind} model"
        row = ratio(_named(kind, size), title, small, GROWTH).beside(SMALL)
        rows.append(row.called(f"engine.growth.{kind}.{size}"))
    return _figures(rows, timers, ROUNDS)


def _named(kind: str, size: int) -> str:
    return f"engine.{kind}.{size}"


def growth_figures(
    name: str, title: str, make: Callable[[int], Timer], budgets: dict[int, float], rounds: int
) -> list[Figure]:
    """What a larger model costs beside the smallest."""
    timers = {f"engine.{name}.{size}": make(size) for size in SIZES}
    small = f"engine.{name}.{SIZES[0]}"
    rows = [
        ratio(f"engine.{name}.{size}", f"engine, {title}, {size} sources", small, budget).beside(
            SMALL
        )
        for size, budget in budgets.items()
    ]
    return _figures(rows, timers, rounds)


def _figures(rows: list[Row], timers: dict[str, Timer], rounds: int) -> list[Figure]:
    measured = measure(timers, rounds)
    return [row.figure(SECTION, measured) for row in rows]


def serve() -> None:
    """For each line of stdin, "1000 plain", prints the milliseconds of one question."""
    timers: dict[str, Timer] = {}
    for line in sys.stdin:
        if line not in timers:
            size, kind = line.split()
            engine = SemanticEngine.from_sources(model(int(size), kind), "sqlite")
            timers[line] = _asking(engine, question(int(size) - 1, kind))
        print(timers[line](), flush=True)


def main() -> None:
    """Measures every row."""
    lookups = dict.fromkeys(SIZES[1:], LOOKUP_GROWTH)
    figures = [
        *warm_figures("plain"),
        *warm_figures("realistic"),
        *growth_figures("lookup", "looked up at the root", looked_up, lookups, ROUNDS),
        *growth_figures("cold", "built and asked once", cold, COLD_GROWTH, COLD_ROUNDS),
    ]
    json.dump([figure.as_json() for figure in figures], sys.stdout)


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["--serve"] else main()
