"""What the engine costs as a model grows: building it, and questions to it once it is warm.

Run by the Python of the managed runtime. Argument: the folder for engine.json.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from models import model
from timing import Row, Timer, measure, table

from semantic_layer import SemanticEngine

SIZES = (10, 100, 1000, 5000)
REPEATS = 5


def timer(work: Callable[[], object]) -> Timer:
    """Milliseconds of one call, over a few in a row."""

    def run() -> float:
        started = time.perf_counter()
        for _ in range(REPEATS):
            work()
        return (time.perf_counter() - started) * 1000 / REPEATS

    return run


def question(size: int, *dimensions: str) -> dict[str, Any]:
    """A question of the last source, by its own column or by others'."""
    own = f"s{size - 1}"
    return {"measures": [f"{own}.total"], "dimensions": list(dimensions) or [f"{own}.kind"]}


def cold(size: int) -> Timer:
    """An engine built for one question."""
    sources = model(size)
    return timer(lambda: SemanticEngine.from_sources(sources, "postgres").query(question(size)))


def warm(size: int) -> Timer:
    """A question to an engine that has answered before."""
    engine = SemanticEngine.from_sources(model(size), "postgres")
    return timer(lambda: engine.query(question(size)))


def looked_up(size: int) -> Timer:
    """A question of the last source by a column of the root, every join on the way."""
    engine = SemanticEngine.from_sources(model(size), "postgres")
    return timer(lambda: engine.query(question(size, "s0.kind")))


def rows() -> list[Row]:
    """The budgets: what a question costs follows from the question, hardly from the model."""
    kinds = [
        ("warm question of one source", warm, (2.0, 2.0, 2.0)),
        ("warm question, looked up at the root", looked_up, (6.0, 6.0, 6.0)),
        ("built and asked once", cold, (2.5, 5.0, 15.0)),
    ]
    small, *larger = SIZES
    return [
        Row(f"{kind}, {size} sources", make(size), f"{small} sources", make(small), budget)
        for kind, make, budgets in kinds
        for size, budget in zip(larger, budgets, strict=True)
    ]


def main() -> int:
    """Measures every row, prints the table and keeps the figures."""
    results = [measure(row) for row in rows()]
    print(table(results))
    figures = [result.as_json() for result in results]
    (Path(sys.argv[1]) / "engine.json").write_text(json.dumps(figures, indent=2) + "\n")
    return 0 if all(result.met() for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
