"""The first query after an install, beside later ones: whether the install leaves work behind."""

from __future__ import annotations

import shutil
from statistics import median

from figures import Figure
from installation import UNCACHED, Installation
from processes import process
from rows import Round, ratio

INSTALLS = 5
LATER = 5


def install(bench: Installation) -> list[Figure]:
    """Installs into fresh folders; the benchmark's own runtime has warmed uv's cache."""
    rounds = [_installed_once(bench) for _ in range(INSTALLS)]
    row = ratio("first", "first query after an install", "a later cold query", 1.2)
    return [row.figure("After an install", rounds)]


def _installed_once(bench: Installation) -> Round:
    """The first query, and the median of those that follow."""
    root = bench.root / "fresh-runtime"
    shutil.rmtree(root, ignore_errors=True)
    variables = bench.variables | UNCACHED | {"KTX_RUNTIME_ROOT": str(root)}
    bench.install(variables)
    ask = process(bench.query(1), variables)  # too long to be started more than once for a figure
    first = ask()
    later = median(ask() for _ in range(LATER))
    shutil.rmtree(root)
    return {"first": first, "a later cold query": later}
