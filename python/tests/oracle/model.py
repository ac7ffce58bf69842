"""Small random models with their data and questions, as plain values.

A `Condition` or `MeasureSpec` carries its SQL for the planner and its meaning as a Python function
for the evaluator; neither is derived from the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Row = dict[str, Any]
Lookup = Callable[[str], Row | None]
"""Gives the row of a node that a fact's row sees, or None when there is no match."""

Verdict = Literal["right", "right or refused", "right or unknown", "noticed", "refused"]
"""What a question has to come to that uses a part: what the part means, or a refusal.

"right or unknown" may be refused by the database as well, which may not have the function;
"noticed" is a refusal too, or an answer with a check that finds times which nobody can read.
"""


@dataclass(frozen=True)
class Join:
    """A row of `source` refers to at most one row of `target`, by columns with this number.

    `kind` is one of `joins.KINDS` or `joins.LOOSE`; `declared` says which end's YAML has it:
    "here" (the source), "there" (the target, as one-to-many) or "both"; a contradiction is what
    the target's YAML says instead. With an alias, `target` is seen as a node of its own.
    """

    source: str
    target: str
    number: int = 0
    kind: str = "plain"
    one_to_one: bool = False
    declared: str = "here"
    alias: str | None = None
    contradiction: str | None = None

    @property
    def end(self) -> str:
        """The node that the join leads to."""
        return self.alias or self.target

    @property
    def to_one_back(self) -> bool:
        """Whether some YAML says that a row of the target meets at most one of the source."""
        return self.one_to_one or self.contradiction is not None


@dataclass(frozen=True)
class Case:
    """A model: its sources, joins, and the rows of every source; some are SELECTs.

    The `keyed` sources have the grain (k, g) in their YAML instead of id; a SELECT that is
    `unfilled` has a placeholder in its text. `features` are those of `features.py` that the model
    and its questions use. With `names`, everything is called otherwise in what the planner and the
    databases get.
    """

    sources: tuple[str, ...]
    joins: tuple[Join, ...]
    rows: dict[str, list[Row]]
    selects: tuple[str, ...] = ()
    features: frozenset[str] = frozenset()
    keyed: tuple[str, ...] = ()
    unfilled: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The sources and the aliases."""
        return (*self.sources, *dict.fromkeys(j.alias for j in self.joins if j.alias))

    def source_of(self, node: str) -> str:
        """Return the source that a node shows."""
        return next((join.target for join in self.joins if join.alias == node), node)

    def has_dates(self, source: str) -> bool:
        """Whether `seen` is a date: for some sources, since a grain means the same for both."""
        return self.sources.index(source) % 2 == 1


@dataclass(frozen=True)
class Dimension:
    """A column to group by, truncated when it has a grain; `bare` ones are named without node."""

    node: str
    column: str
    grain: str | None = None
    bare: bool = False
    verdict: Verdict = "right"
    kind: str = ""

    @property
    def text(self) -> str:
        """The dimension as a query writes it."""
        return self.column if self.bare else f"{self.node}.{self.column}"


@dataclass(frozen=True)
class Condition:
    """A condition on rows: SQL, the nodes it names, and its three-valued truth."""

    sql: str
    nodes: tuple[str, ...]
    holds: Callable[[Lookup], bool | None]
    verdict: Verdict = "right"
    kind: str = ""


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
    """A measure as the query writes it, its output name, and what it computes.

    A `plain` one is asked for by its text alone, and the answer may show its `parts` beside it.
    """

    text: str
    name: str
    atoms: tuple[Atom, ...]
    combine: Callable[[list[Any]], Any]
    verdict: Verdict = "right"
    kind: str = ""
    plain: bool = False
    parts: tuple[MeasureSpec, ...] = ()


@dataclass(frozen=True)
class MeasureFilter:
    """A condition on a measure's value."""

    sql: str
    measure: MeasureSpec
    holds: Callable[[Any], bool | None]
    verdict: Verdict = "right"
    kind: str = ""


@dataclass(frozen=True)
class Question:
    """A query in both forms; `order` holds output columns and whether they descend.

    A segment is written `source` (its segment `pos`) or `source.segment`.
    """

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

    def kinds(self) -> list[str]:
        """Return the kinds of parts that it has, for people."""
        parts: list[Any] = [*self.measures, *self.dimensions]
        parts += [*self.filters, *self.measure_filters]
        divides = {"division"} if "steep" in dict(self.whole_segments()).values() else set()
        return sorted(divides | {part.kind for part in parts if part.kind})

    def whole_segments(self) -> list[tuple[str, str]]:
        """Return the segments as (source, segment)."""
        found = [text.partition(".") for text in self.segments]
        return [(source, segment or "pos") for source, _, segment in found]

    def as_query(self) -> dict[str, Any]:
        """Return the query object for the planner."""
        return {
            "measures": [
                m.text if m.plain else {"expr": m.text, "name": m.name} for m in self.measures
            ],
            "dimensions": [
                {"field": item.text, "granularity": item.grain} for item in self.dimensions
            ],
            "filters": [c.sql for c in self.filters] + [f.sql for f in self.measure_filters],
            "segments": [f"{source}.{segment}" for source, segment in self.whole_segments()],
            "include_empty": self.include_empty,
            "order_by": [
                {"field": name, "direction": "desc" if descends else "asc"}
                for name, descends in self.order
            ],
            "limit": self.limit,
            "join_path": [list(path) for path in self.join_path],
        }
