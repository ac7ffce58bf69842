"""The measures that a question names itself: `{"expr": "sum(orders.amount)", "name": "spent"}`."""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.errors import Origin
from semantic_layer.models import QueryMeasure

OWN = ""
"""Stands for the source in the key of a question's measure."""


class QuestionNames:
    """The names that a question gives; inside it they go before the model's measures."""

    def __init__(self, wanted: Sequence[str | QueryMeasure] = ()) -> None:
        self._positions: dict[str, int] = {}
        self._wanted = wanted
        for index, item in enumerate(wanted):
            if isinstance(item, QueryMeasure) and item.name:
                self._add(index, item.name, item.expr)

    def _add(self, index: int, name: str, text: str) -> None:
        first = self._positions.setdefault(name.casefold(), index)
        known = self._wanted[first]
        if not isinstance(known, QueryMeasure) or known.expr == text:
            return
        raise Origin(f"measure `{text}`", path=("measures", index)).error(
            f"the output name '{name}' is used for two expressions.",
            fix='Name them apart: {"expr": …, "name": …}.',
        )

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._positions

    def folded(self) -> frozenset[str]:
        """Return the names in small letters."""
        return frozenset(self._positions)

    def get(self, name: str) -> tuple[str, str, Origin]:
        """Return a measure's name as it was given, its text and its place."""
        index = self._positions[name.casefold()]
        item = self._wanted[index]
        assert isinstance(item, QueryMeasure)
        assert item.name is not None
        return item.name, item.expr, Origin(f"measure `{item.expr}`", path=("measures", index))
