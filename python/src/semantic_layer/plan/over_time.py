"""What measures say about time while they are resolved: frames, time columns, kept rows.

A measure that is defined by others hands on what it says; what the innermost says goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from semantic_layer.data.record import Frozen
from semantic_layer.errors import Origin
from semantic_layer.measure_definition import MeasureDefinition
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import ColumnRef, Node

if TYPE_CHECKING:
    from semantic_layer.plan.frames import Frames

ReadColumn = Callable[[str, str, Origin], ColumnRef]
"""Takes a source, a text of its and the text's place; returns the column that the text names."""


class TimeColumn(Frozen):
    """The column that says when a row happened, as a measure of `source` names it."""

    source: str
    text: str
    origin: Origin

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TimeColumn) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str, str]:
        return self.source, self.text


class Kept(Frozen):
    """Which rows a measure counts: those at the last value of a column, or the first, for each
    combination of others."""

    column: ColumnRef
    by: tuple[ColumnRef, ...]
    last: bool

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.column, self.by, self.last))


class OverTime:
    """What holds for the aggregates that are being resolved.

    `by_metric_time` says that the question has `metric_time`, so that facts whose rows happened
    by different columns are different.
    """

    def __init__(self, read_column: ReadColumn) -> None:
        self._read_column = read_column
        self.by_metric_time = False
        self.frames: Frames = ()
        self.kept: Kept | None = None
        self.asked_by: Origin | None = None
        """The outermost text that looks at another time: what is wrong with that is its fault."""
        self._time: TimeColumn | None = None

    @property
    def time(self) -> TimeColumn | None:
        """The time column that a measure states, where that makes a difference."""
        return self._time if self.frames or self.by_metric_time else None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is said from outside."""
        return not self.frames and self.kept is None and self._time is None

    @contextmanager
    def of(self, source: str, measure: MeasureDefinition, origin: Origin) -> Iterator[None]:
        """Let a measure's own words hold within the block."""
        before = self._time, self.kept
        if measure.time_dimension is not None:
            place = Origin(origin.label, source, (*origin.path, "time_dimension"))
            self._time = TimeColumn(source, measure.time_dimension, place)
        if measure.non_additive is not None:
            self.kept = self._kept(source, measure, origin)
        try:
            yield
        finally:
            self._time, self.kept = before

    @contextmanager
    def framed(self, frames: Frames, origin: Origin) -> Iterator[None]:
        """Let frames that a text asks for hold within the block."""
        before = self.frames, self.asked_by
        self.frames, self.asked_by = frames, self.asked_by or origin
        try:
            yield
        finally:
            self.frames, self.asked_by = before

    def _kept(self, source: str, measure: MeasureDefinition, origin: Origin) -> Kept:
        stated = measure.non_additive
        assert stated is not None
        path = (*origin.path, "non_additive")
        place = Origin(origin.label, source, (*path, "dimension"))
        column = self._read_column(source, stated.dimension, place)
        by = tuple(
            self._read_column(source, text, Origin(origin.label, source, (*path, "by", index)))
            for index, text in enumerate(stated.by)
        )
        return Kept(column, by, stated.keep == "last")


def with_fill(tree: Node, value: float | None) -> Node:
    """Return a measure whose NULL is a number instead."""
    if value is None:
        return tree
    size = int(value) if float(value).is_integer() else value
    number: Node = exp.Literal.number(abs(size))
    filled = exp.Neg(this=number) if size < 0 else number
    return exp.Coalesce(this=tree, expressions=[filled])
