"""Questions over groups, in parts that an evaluator and the planner both can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

FIELDS = {"kind": "sales.kind", "city": "shops.city", "region": "shops.region"}
"""The dimensions that are no periods, as a question names them."""
GRAINS = ("month", "quarter", "year")
"""The dimensions that are periods, all of `metric_time`."""


@dataclass(frozen=True)
class Measure:
    """An expression over measures."""

    def parts(self) -> Iterator[Measure]:
        """Return it and everything in it."""
        yield self
        for value in vars(self).values():
            if isinstance(value, Measure):
                yield from value.parts()

    def outside_totals(self) -> Iterator[Measure]:
        """Return it and everything in it but what totals are of: they add no groups."""
        yield self
        for value in vars(self).values():
            if isinstance(value, Measure) and not isinstance(self, Total):
                yield from value.outside_totals()


@dataclass(frozen=True)
class Plain(Measure):
    """A measure of the model that aggregates."""

    fact: str
    name: str

    def __str__(self) -> str:
        return f"{self.fact}.{self.name}"


@dataclass(frozen=True)
class Named(Measure):
    """A measure of the model that is made of others."""

    name: str
    of: Measure

    def __str__(self) -> str:
        return f"sales.{self.name}"


@dataclass(frozen=True)
class Total(Measure):
    of: Measure
    dimensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _call("total", self.of, self.dimensions)


@dataclass(frozen=True)
class Rank(Measure):
    of: Measure
    dimensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _call("rank", self.of, self.dimensions)


@dataclass(frozen=True)
class Cumulative(Measure):
    """Since ever."""

    of: Measure

    def __str__(self) -> str:
        return f"cumulative({self.of})"


@dataclass(frozen=True)
class Earlier(Measure):
    """As so many months ago."""

    of: Measure
    months: int

    def __str__(self) -> str:
        return f"offset({self.of}, '{self.months} months')"


@dataclass(frozen=True)
class Number(Measure):
    value: int

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Arithmetic(Measure):
    left: Measure
    operator: str
    right: Measure

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


def _call(name: str, of: Measure, dimensions: tuple[str, ...]) -> str:
    return f"{name}({', '.join([str(of), *map(_named, dimensions)])})"


def _named(dimension: str) -> str:
    return FIELDS.get(dimension, "metric_time")


@dataclass(frozen=True)
class RowFilter:
    """A comparison of a column with a constant; NULL is not equal to anything."""

    column: str
    operator: str
    value: Any

    @property
    def text(self) -> str:
        """The condition in SQL."""
        column = {"on": "metric_time", "price": "sales.price", **FIELDS}[self.column]
        value = f"'{self.value}'" if isinstance(self.value, str) else self.value
        return f"{column} {self.operator} {value}"


@dataclass(frozen=True)
class Having:
    """A comparison of a measure with a number."""

    measure: Measure
    operator: str
    value: float

    @property
    def text(self) -> str:
        """The condition in SQL."""
        return f"{self.measure} {self.operator} {self.value}"


@dataclass(frozen=True)
class Question:
    """`order` holds places of measures (from 0) or names of dimensions, and whether descending."""

    measures: tuple[Measure, ...]
    by: tuple[str, ...] = ()
    rows: tuple[RowFilter, ...] = ()
    having: tuple[Having, ...] = ()
    order: tuple[tuple[int | str, bool], ...] = ()
    top: int | None = None
    per: tuple[str, ...] = ()
    compare: str | None = None
    empty: bool = False
    fill: bool = False
    limit: int = field(default=1000)

    @property
    def facts(self) -> list[str]:
        """The facts whose measures it has."""
        found = [p.fact for tree in self.trees for p in tree.parts() if isinstance(p, Plain)]
        return list(dict.fromkeys(found))

    @property
    def trees(self) -> list[Measure]:
        """The measures that it shows and those that it filters on."""
        return [*self.measures, *(item.measure for item in self.having)]

    @property
    def grain(self) -> str | None:
        """The grain of its periods."""
        return next((name for name in self.by if name in GRAINS), None)

    def query(self) -> dict[str, Any]:
        """Return it as the planner takes it; measures are named `m0`, `m1`, …"""
        found: dict[str, Any] = {
            "measures": [{"expr": str(m), "name": f"m{i}"} for i, m in enumerate(self.measures)],
            "dimensions": [
                {"field": _named(name), "granularity": name} if name in GRAINS else FIELDS[name]
                for name in self.by
            ],
            "filters": [*(item.text for item in self.rows), *(item.text for item in self.having)],
            "order_by": [
                {
                    "field": f"m{key}" if isinstance(key, int) else _named(key),
                    "direction": "desc" if descending else "asc",
                }
                for key, descending in self.order
            ],
            "include_empty": self.empty,
            "limit": self.limit,
        }
        more: dict[str, Any] = {"top": self.top, "compare": self.compare, "fill": self.fill}
        more["per"] = [_named(name) for name in self.per]
        return found | {key: value for key, value in more.items() if value}
