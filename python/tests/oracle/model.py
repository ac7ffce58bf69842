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
"""Gives the row of a source that a fact's row sees, or None when there is no match."""


@dataclass(frozen=True)
class Join:
    """`source.fk_<target>` refers to `target.id`."""

    source: str
    target: str
    one_to_one: bool = False


@dataclass(frozen=True)
class Case:
    """A model: its sources, joins, and the rows of every source."""

    sources: tuple[str, ...]
    joins: tuple[Join, ...]
    rows: dict[str, list[Row]]


@dataclass(frozen=True)
class Condition:
    """A condition on rows: SQL, the sources it names, and its three-valued truth."""

    sql: str
    sources: tuple[str, ...]
    holds: Callable[[Lookup], bool | None]


@dataclass(frozen=True)
class Atom:
    """An aggregate: over `home`'s rows, of `value`, where `keep` is true, folded by `fold`."""

    home: str
    needs: tuple[str, ...]
    value: Callable[[Lookup], Any]
    keep: Callable[[Lookup], bool | None]
    fold: Callable[[list[Any]], Any]


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
    """A query in both forms."""

    measures: tuple[MeasureSpec, ...]
    dimensions: tuple[tuple[str, str], ...]
    filters: tuple[Condition, ...]
    measure_filters: tuple[MeasureFilter, ...]
    segments: tuple[str, ...]
    include_empty: bool
    order_by_first: str | None
    limit: int

    def as_query(self) -> dict[str, Any]:
        """Return the query object for the planner."""
        query: dict[str, Any] = {
            "measures": [{"expr": m.text, "name": m.name} for m in self.measures],
            "dimensions": [f"{source}.{column}" for source, column in self.dimensions],
            "filters": [c.sql for c in self.filters] + [f.sql for f in self.measure_filters],
            "segments": [f"{source}.pos" for source in self.segments],
            "include_empty": self.include_empty,
            "limit": self.limit,
        }
        if self.order_by_first:
            field = self.measures[0].name if self.measures else query["dimensions"][0]
            query["order_by"] = [{"field": field, "direction": self.order_by_first}]
        return query


def definitions(case: Case) -> dict[str, Any]:
    """Return the model as the YAML would hold it."""
    return {source: _definition(case, source) for source in case.sources}


def _definition(case: Case, source: str) -> dict[str, Any]:
    own = [join for join in case.joins if join.source == source]
    numbers = ["id", "x", *(f"fk_{join.target}" for join in own)]
    return {
        "name": source,
        "table": source,
        "grain": ["id"],
        "columns": [
            *({"name": name, "type": "number"} for name in numbers),
            {"name": "a", "type": "string"},
            {"name": "label", "type": "string", "expr": "coalesce(a, 'none')"},
        ],
        "joins": [
            {
                "to": join.target,
                "on": f"{source}.fk_{join.target} = {join.target}.id",
                "relationship": "one_to_one" if join.one_to_one else "many_to_one",
            }
            for join in own
        ],
        "segments": [{"name": "pos", "expr": "x > 0 OR a = 'p'"}],
        "measures": [
            {"name": "total", "expr": "sum(x)"},
            {"name": "n", "expr": "count(*)"},
            {"name": "nx", "expr": "count(x)"},
            {"name": "kinds", "expr": "count_distinct(a)", "filter": "x >= 0 OR x IS NULL"},
            {"name": "mean", "expr": "avg(x)"},
            {"name": "top", "expr": "max(x)", "filter": "a = 'p'"},
            {"name": "mid", "expr": "median(x)", "filter": "a = 'p' OR a = 'q'"},
            {"name": "p90", "expr": "percentile(x, 0.9)"},
            {"name": "pos_n", "expr": "count(*)", "segments": ["pos"]},
            {"name": "ratio", "expr": "total / n"},
            {"name": "gap", "expr": "total - nx"},
            {"name": "share", "expr": "total / gap"},
            {"name": "back", "expr": "total - gap"},
        ],
    }
