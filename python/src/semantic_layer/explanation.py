"""`Explanation`: a statement about a plan, with the statements that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from semantic_layer.data.record import Record


class Explanation(Record):
    """One line of text for people, and what belongs below it."""

    text: str
    children: list[Explanation] = []

    @property
    def line(self) -> str:
        """The text without the line breaks that an expression of the model may have."""
        return re.sub(r"\s*\n\s*", " ", self.text.strip())

    def as_json(self) -> dict[str, Any]:
        """Return `{"text": …, "children": […]}`; both are always there."""
        return {"text": self.line, "children": [child.as_json() for child in self.children]}

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the statements from the top, each indented by two spaces below its own."""
        yield "  " * depth + self.line
        for child in self.children:
            yield from child.lines(depth + 1)


def listed(names: list[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
