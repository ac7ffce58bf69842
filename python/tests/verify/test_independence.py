"""What evaluates a question shares nothing with what plans and writes SQL."""

from __future__ import annotations

import pytest

from imports.test_layers import GRAPH, MODULES

# What asks for rows has the planner's word for where they are; what walks over them has not.
ASKING = ("semantic_layer.verify.reading", "semantic_layer.verify.verification")
EVALUATING = [
    name for name in MODULES if name.startswith("semantic_layer.verify.") and name not in ASKING
]
PLANNING = (
    "plan",
    "planner",
    "sql",
    "generator",
    "graph",
    "times",
    "explain",
    "validate",
    "engine",
)


def reached(module: str) -> set[str]:
    """All that is imported when a module is."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        for name in GRAPH[waiting.pop()] - found:
            found.add(name)
            waiting.append(name)
    return found


@pytest.mark.parametrize("module", EVALUATING)
def test_evaluating_imports_nothing_that_plans(module: str) -> None:
    forbidden = {f"semantic_layer.{part}" for part in PLANNING}
    found = {
        name for name in reached(module) if any(f"{name}.".startswith(f"{f}.") for f in forbidden)
    }
    assert not found


def test_there_is_something_to_hold() -> None:
    assert len(EVALUATING) > 10
