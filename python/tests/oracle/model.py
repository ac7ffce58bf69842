"""Small random models with their data and questions, as plain values.

A `Condition` or `MeasureSpec` carries its SQL for the planner and its meaning as a Python function
for the evaluator; neither is derived from the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Lookup = Callable[[str], Row | None]
"""Gives the row of a node that a fact's row sees, or None when there is no match."""


@dataclass(frozen=True)
class Join:
    """A row of `source` refers to at most one row of `target`, by columns with this number.

    `kind` is one of `joins.KINDS`; `declared` says which end's YAML has it: "here" (the source),
    "there" (the target, as one-to-many) or "both". With an alias, `target` is seen as a node of
    its own.
    """

    source: str
    target: str
    number: int = 0
    kind: str = "plain"
    one_to_one: bool = False
    declared: str = "here"
    alias: str | None = None

    @property
    def end(self) -> str:
        """The node that the join leads to."""
        return self.alias or self.target


@dataclass(frozen=True)
class Case:
    """A model: its sources, joins, and the rows of every source; some are SELECTs."""

    sources: tuple[str, ...]
    joins: tuple[Join, ...]
    rows: dict[str, list[Row]]
    selects: tuple[str, ...] = ()

    @property
    def nodes(self) -> tuple[str, ...]:
        """The sources and the aliases."""
        return (*self.sources, *dict.fromkeys(j.alias for j in self.joins if j.alias))

    def source_of(self, node: str) -> str:
        """Return the source that a node shows."""
        return next((join.target for join in self.joins if join.alias == node), node)


@dataclass(frozen=True)
class Dimension:
    """A column to group by, truncated when it has a grain."""

    node: str
    column: str
    grain: str | None = None


@dataclass(frozen=True)
class Condition:
    """A condition on rows: SQL, the nodes it names, and its three-valued truth."""

    sql: str
    nodes: tuple[str, ...]
    holds: Callable[[Lookup], bool | None]


@dataclass(frozen=True)
class Atom:
    """An aggregate: over `home`'s rows, of `value`, where `keep` is true, folded by `fold`.

    `needs` are the nodes that it looks up. Whose rows are meant is `stated` by the model, or has
    to be clear from the nodes.
    """

    home: str
    needs: tuple[str, ...]
    value: Callable[[Lookup], Any]
    keep: Callable[[Lookup], bool | None]
    fold: Callable[[list[Any]], Any]
    stated: bool = False


@dataclass(frozen=True)
class MeasureSpec:
    """A measure as the query writes it, its output name, and what it computes."""

    text: str
    name: str
    atoms: tuple[Atom, ...]
    combine: Callable[[list[Any]], Any]


@dataclass(frozen=True)
class MeasureFilter:
    """A condition on a measure's value."""

    sql: str
    measure: MeasureSpec
    holds: Callable[[Any], bool | None]


@dataclass(frozen=True)
class Question:
    """A query in both forms; `order` holds output columns and whether they descend."""

    measures: tuple[MeasureSpec, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    filters: tuple[Condition, ...] = ()
    measure_filters: tuple[MeasureFilter, ...] = ()
    segments: tuple[str, ...] = ()
    include_empty: bool = True
    order: tuple[tuple[str, bool], ...] = ()
    limit: int = 1000
    join_path: tuple[tuple[str, ...], ...] = ()

    def names(self) -> list[str]:
        """Return the names of the dimensions in the output."""
        return [self._name(item) for item in self.dimensions]

    def _name(self, item: Dimension) -> str:
        nodes = {other.node for other in self.dimensions if other.column == item.column}
        name = item.column if len(nodes) == 1 else f"{item.node}_{item.column}"
        return f"{name}_{item.grain}" if item.grain else name

    def as_query(self) -> dict[str, Any]:
        """Return the query object for the planner."""
        return {
            "measures": [{"expr": m.text, "name": m.name} for m in self.measures],
            "dimensions": [
                {"field": f"{item.node}.{item.column}", "granularity": item.grain}
                for item in self.dimensions
            ],
            "filters": [c.sql for c in self.filters] + [f.sql for f in self.measure_filters],
            "segments": [f"{source}.pos" for source in self.segments],
            "include_empty": self.include_empty,
            "order_by": [
                {"field": name, "direction": "desc" if descends else "asc"}
                for name, descends in self.order
            ],
            "limit": self.limit,
            "join_path": [list(path) for path in self.join_path],
        }
