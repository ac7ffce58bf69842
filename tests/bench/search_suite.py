"""What `sl search` and `wiki search` find by words, by meaning and by both, on labelled questions.

No time is measured: the answers are the same in every run. The questions and what is right for each
are in tests/search/questions; the rows of those that nothing was tuned with say so.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from figures import Figure
from installation import Installation
from report import FOUND
from rows import Round, Row

sys.path.append(str(Path(__file__).parents[1] / "search" / "questions"))
from quality import WAYS, Found, Searches, quality, read_questions

FEATURE = ("--feature", "local-embeddings")
MEASURES = {
    "recall": "recall of three",
    "rank": "reciprocal rank",
}
BUDGETS = {"words": 0.9, "meaning": 1.05}
"""How much of what both find together each finds alone; more, and it is not worth its trouble."""


def search(bench: Installation) -> list[Figure]:
    """Asks all questions, in a runtime of its own: the other suites' one has no embeddings."""
    root = bench.root / "search"
    own = Installation(Path(bench.ktx), Path(bench.variables["KTX_UV"]), root)
    install = own.command("runtime", "install", *FEATURE, "--yes")
    subprocess.run(install, env=own.variables, stdout=subprocess.DEVNULL, check=True)
    demo = root / "shop"
    for words in (["setup", "demo", str(demo), "--force"], ["runtime", "start", *FEATURE]):
        subprocess.run(
            own.command(*words), env=own.variables, stdout=subprocess.DEVNULL, check=True
        )
    try:
        found = Searches(root, demo, own.json).ask_all(read_questions())
    finally:
        stop = own.command("runtime", "stop")
        subprocess.run(stop, env=own.variables, stdout=subprocess.DEVNULL, check=True)
    held = [each for each in found if each.question.held]
    return [*_figures(found, "all questions", ""), *_figures(held, "held aside", ".held")]


def _figures(found: list[Found], which: str, suffix: str) -> list[Figure]:
    values = _percentages(found)
    rows = [
        _row(measure, way, f"{way} alone beside both, {title}, {which}", suffix)
        for measure, title in MEASURES.items()
        for way in BUDGETS
    ]
    return [row.figure(FOUND, [values]) for row in rows]


def _percentages(found: list[Found]) -> dict[str, float]:
    values = {}
    for way in WAYS:
        came_to = quality(found, way)
        values[f"recall, {way}"] = 100 * came_to.recall
        values[f"rank, {way}"] = 100 * came_to.reciprocal_rank
    return values


def _row(measure: str, way: str, title: str, suffix: str) -> Row:
    both, alone = f"{measure}, hybrid", f"{measure}, {way}"
    share: Callable[[Round], Any] = lambda each: each[alone] / each[both]  # noqa: E731
    return Row(f"found.{measure}.{way}{suffix}", title, share, "x", BUDGETS[way], both, alone, way)
