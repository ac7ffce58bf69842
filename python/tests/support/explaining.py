"""Asking for the plan in words, and finding statements in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from semantic_layer import SemanticEngine
from semantic_layer.explain.parts import Explanation
from support.shop import MODEL


class Told:
    """An explanation, its statements looked up by how they begin."""

    def __init__(self, explanation: Explanation) -> None:
        self.top = explanation

    def below(self, start: str) -> list[str]:
        """Return every statement below the one that begins so."""
        found = [item for item in walk(self.top) if item.line.startswith(start)]
        assert len(found) == 1, (start, [item.line for item in walk(self.top)])
        return [item.line for item in walk(found[0])][1:]

    def lines(self) -> list[str]:
        """Return every statement."""
        return [item.line for item in walk(self.top)]


def walk(explanation: Explanation) -> Iterator[Explanation]:
    """Yield every statement from the top."""
    yield explanation
    for child in explanation.children:
        yield from walk(child)


def explain(
    *measures: Any,
    by: tuple[Any, ...] = (),
    sources: Mapping[str, Any] = MODEL,
    dialect: str = "sqlite",
    **rest: Any,
) -> Told:
    """Return the explanation of a question to the shop, or to another model."""
    engine = SemanticEngine.from_sources(sources, dialect)
    return Told(engine.explain({"measures": list(measures), "dimensions": list(by), **rest}))
