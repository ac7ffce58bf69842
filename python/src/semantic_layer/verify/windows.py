"""The window of a join, looked at one row at a time: whether a version held at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.compiling import Leaf
from semantic_layer.verify.model import Model, Row
from semantic_layer.verify.values import Unchecked

_VERSION, _TIMED = 0, 1


class Window:
    """From when until when a row of `target` holds, and which time of `source` has to be within.

    `node` is where that time is looked up, or None where it is a column of `source`.
    """

    def __init__(
        self, model: Model, source: str, target: str, valid: Mapping[str, str], label: str
    ) -> None:
        self._model = model
        self._label = label
        self._places: dict[int, tuple[int, str]] = {}
        at = valid.get("at") or model.catalog[source].time_dimension
        if at is None:
            raise Unchecked(f"the time of {label}")
        time = self._column(at)
        node = model.find_node(time.table) if time.table else source
        if node is None:
            raise Unchecked(f"the name {at} in {label}")
        self.node = None if node == source else node
        owner = model.source_of(node)
        begun = exp.LTE(this=self._column(valid["from"]), expression=time.copy())
        lasts = exp.LT(this=time.copy(), expression=self._column(valid["to"]))
        self._place(begun.this, _VERSION, target)
        self._place(begun.expression, _TIMED, owner)
        self._place(lasts.this, _TIMED, owner)
        self._place(lasts.expression, _VERSION, target)
        self._begun = model.compiler.condition(begun, self._leaf)
        self._lasts = model.compiler.condition(lasts, self._leaf)
        self._time, self._start, self._end = (
            self._leaf_of(part).compute for part in (lasts.this, begun.this, lasts.expression)
        )

    def holds(self, version: Row, timed: Row | None) -> bool:
        """Whether a version held at the time of a row; at no time, none did."""
        if timed is None:
            return False
        rows = (version, timed)
        if self._time(rows) is None:
            return False
        begun = self._start(rows) is None or self._begun(rows) is True
        return begun and (self._end(rows) is None or self._lasts(rows) is True)

    def _column(self, text: str) -> exp.Column:
        tree = self._model.parse(text, self._label)
        if not isinstance(tree, exp.Column):
            raise Unchecked(f"`{text}` in {self._label}")
        return tree

    def _place(self, part: Node, place: int, source: str) -> None:
        self._places[id(part)] = (place, source)

    def _leaf(self, node: Node) -> Leaf | None:
        return self._leaf_of(node) if isinstance(node, exp.Column) else None

    def _leaf_of(self, node: Any) -> Leaf:
        place, source = self._places[id(node)]
        quoted = bool(node.this.args.get("quoted"))
        value = self._model.value(source, node.name, quoted)
        declared = self._model.catalog.column(source, node.name, quoted)
        is_time = declared is not None and declared.type == "time"
        return Leaf(lambda rows: value(rows[place]), is_time)
