"""What is asked, described without SQL: measures, dimensions, conditions, and the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from metrics.periods import Duration

Row = dict[str, Any]
METRIC_TIME = "metric_time"


@dataclass(frozen=True)
class Condition:
    """A column, or `metric_time`, compared with constants."""

    column: str
    operator: str
    value: Any = None

    def holds(self, value: Any) -> bool:
        """Whether it is true of a value; of NULL only `is null` is."""
        if self.operator == "is null":
            return value is None
        return value is not None and OPERATORS[self.operator](value, self.value)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, two: bool(one == two),
    "<>": lambda one, two: bool(one != two),
    "<": lambda one, two: bool(one < two),
    "<=": lambda one, two: bool(one <= two),
    ">": lambda one, two: bool(one > two),
    ">=": lambda one, two: bool(one >= two),
    "between": lambda one, two: bool(two[0] <= one <= two[1]),
    "in": lambda one, two: one in two,
}


@dataclass(frozen=True)
class NonAdditive:
    """Only the rows at the last (first) value of a dimension count, within each of `by`."""

    dimension: str
    keep: str = "last"
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """What every measure has: the source where it is defined, its name there, its conditions."""

    name: str
    source: str = "orders"
    where: Condition | None = None
    fill_nulls_with: float | None = None


@dataclass(frozen=True)
class Aggregate(Measure):
    """A fold of a column over the rows of its source; of whole rows where there is no column."""

    fold: str = "sum"
    column: str | None = "amount"
    time: str | None = None
    non_additive: NonAdditive | None = None


@dataclass(frozen=True)
class Cumulative(Measure):
    """A measure over a window that ends with the period."""

    of: Measure = field(kw_only=True)
    window: Duration | None = None
    to_grain: str | None = None
    period: str = "last"


@dataclass(frozen=True)
class Offset(Measure):
    """A measure in an earlier period."""

    of: Measure = field(kw_only=True)
    by: Duration | None = None
    to_grain: str | None = None


@dataclass(frozen=True)
class Derived(Measure):
    """Arithmetic over two measures."""

    left: Measure = field(kw_only=True)
    operator: str = "/"
    right: Measure = field(kw_only=True)


@dataclass(frozen=True)
class Dimension:
    """A column to group by, or `metric_time`; a time may be cut to a grain."""

    field: str
    grain: str | None = None


@dataclass(frozen=True)
class Having:
    """A condition on the value of a measure."""

    measure: Measure
    operator: str
    value: float

    def holds(self, value: Any) -> bool:
        return value is not None and OPERATORS[self.operator](value, self.value)


@dataclass(frozen=True)
class Question:
    """Measures by dimensions. `ad_hoc` measures are written into the question, not the model.

    With `has_metrics`, the model's measures over time and its arithmetic belong to no source.
    """

    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...] = ()
    filters: tuple[Condition, ...] = ()
    having: tuple[Having, ...] = ()
    fill: bool = False
    include_empty: bool = False
    ad_hoc: frozenset[str] = frozenset()
    has_metrics: bool = False

    def kinds(self) -> list[str]:
        """Return what is special in it, for a failure's headline."""
        parts = [part for measure in self.measures for part in walk(measure)]
        found = {type(part).__name__.lower() for part in parts} - {"aggregate"}
        found |= {
            "non_additive" for part in parts if isinstance(part, Aggregate) and part.non_additive
        }
        options = ("filters", "having", "fill", "has_metrics")
        found |= {name for name in options if getattr(self, name)}
        return sorted(found)


def children(measure: Measure) -> tuple[Measure, ...]:
    """Return the measures that a measure is made of."""
    if isinstance(measure, Derived):
        return (measure.left, measure.right)
    return (measure.of,) if isinstance(measure, Cumulative | Offset) else ()


def walk(measure: Measure) -> Iterator[Measure]:
    """Yield a measure and all that it is made of, the innermost first."""
    for child in children(measure):
        yield from walk(child)
    yield measure


@dataclass(frozen=True)
class World:
    """The rows of each source."""

    rows: dict[str, list[Row]]

    def look(self, source: str, row: Row, column: str) -> Any:
        """Return a column that a row of a source has or looks up; NULL where nothing is found."""
        target, _, name = column.rpartition(".")
        found: Row | None = row
        for key, step in ROUTES[source][target] if target not in ("", source) else ():
            found = self._find(step, found and found[key])
        return found[name] if found else None

    def _find(self, source: str, key: Any) -> Row | None:
        if key is None:
            return None
        return next((row for row in self.rows[source] if row["id"] == key), None)


ROUTES: dict[str, dict[str, list[tuple[str, str]]]] = {
    "orders": {"customers": [("customer_id", "customers")]},
    "visits": {"customers": [("customer_id", "customers")]},
    "levels": {"customers": [("customer_id", "customers")]},
    "lines": {
        "orders": [("order_id", "orders")],
        "customers": [("order_id", "orders"), ("customer_id", "customers")],
    },
    "customers": {},
}
"""By source and what it looks up: the keys that are followed, and where to."""
TIMES = {
    "orders": "orders.ordered_at",
    "visits": "visits.seen_at",
    "levels": "levels.as_of",
    "lines": "orders.ordered_at",
}
"""The time of each fact's rows."""


def reaches(source: str, column: str) -> bool:
    """Whether the rows of a source have a column or look it up."""
    target = column.rpartition(".")[0]
    return column == METRIC_TIME or target in ("", source) or target in ROUTES[source]


def time_of(leaf: Aggregate) -> str:
    """Return the column that is the time of an aggregate's rows, with its source."""
    return f"{leaf.source}.{leaf.time}" if leaf.time else TIMES[leaf.source]


def whole(leaf: Aggregate, column: str) -> str:
    """Return a column's name with its source, as a measure of the leaf's source means it."""
    return column if "." in column else f"{leaf.source}.{column}"
