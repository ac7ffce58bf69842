"""What databases themselves say of their functions: which of them aggregate, which there are."""

from __future__ import annotations

import os
from functools import cache

_FILE = "engine_functions.txt"
# ktx's own spellings, which every dialect has; see `aggregates`.
OWN_AGGREGATES = frozenset({"count_distinct", "count_if", "median", "percentile"})
# Theirs that the planner can write for every dialect.
PORTABLE = OWN_AGGREGATES | {"percentile_cont", "quantile_cont"}
# Those whose result over no rows is 0, as a count's is; that of all others is NULL.
COUNTING = frozenset({"regr_count", "count_star", "approx_count_distinct", "total"})


@cache
def functions(kind: str) -> frozenset[str]:
    """Return the names below a heading of the file, such as `duckdb aggregates`."""
    return _sections().get(kind, frozenset())


@cache
def _sections() -> dict[str, frozenset[str]]:
    path = os.path.join(os.path.dirname(__file__), _FILE)
    with open(path, encoding="utf-8") as file:
        parts = file.read().split("\n[")[1:]
    return {
        heading: frozenset(names.split())
        for heading, _, names in (part.partition("]") for part in parts)
    }


@cache
def argument_counts(kind: str) -> dict[str, frozenset[int]]:
    """Return how many arguments each function below a heading takes; no number is any number."""
    split = (entry.split("/") for entry in functions(kind))
    return {name: frozenset(map(int, counts)) for name, *counts in split}


def is_aggregate_name(dialect: str, name: str, arguments: int) -> bool | None:
    """Whether a call by this name aggregates; None where only sqlglot can tell."""
    if name in OWN_AGGREGATES:
        return True
    known = functions(f"{dialect} aggregates")
    if not known:
        return None
    if dialect == "sqlite" and name in ("min", "max"):
        return arguments == 1
    return True if name in known else None


def ignores_null(dialect: str, name: str) -> bool:
    """Whether an aggregate of one argument passes over rows where that is NULL."""
    return name in functions(f"{dialect} ignoring NULL")
