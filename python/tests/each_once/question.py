"""Questions by the many side, in parts that an evaluator and the planner both can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FIELDS = {
    "region": "customers.region",
    "status": "orders.status",
    "category": "products.category",
    "size": "order_items.size",
    "shipped": "order_items.shipped_on",
    "quantity": "order_items.quantity",
    "method": "payments.method",
    "month": "metric_time",
}
"""The columns that questions are by, or filtered by, as they are named."""
PERIODS = ("month", "shipped")
"""Those that are cut to months."""


@dataclass(frozen=True)
class Measure:
    """A measure of a fact, at some other time perhaps, in its group or in all of `total`."""

    fact: str
    name: str
    kind: str = "plain"
    """Or `total`, `share`, `rank`, `cumulative`, `offset`."""
    dimensions: tuple[str, ...] = ()
    """What a total or a rank is by."""

    def __str__(self) -> str:
        plain = f"{self.fact}.{self.name}"
        listed = "".join(f", {FIELDS[name]}" for name in self.dimensions)
        return {
            "plain": plain,
            "total": f"total({plain}{listed})",
            "share": f"{plain} / total({plain}{listed})",
            "rank": f"rank({plain}{listed})",
            "cumulative": f"cumulative({plain})",
            "offset": f"offset({plain}, '1 month')",
        }[self.kind]


@dataclass(frozen=True)
class Filter:
    """A comparison of a column with a constant."""

    column: str
    operator: str
    value: Any

    @property
    def text(self) -> str:
        """The condition in SQL."""
        value = f"'{self.value}'" if isinstance(self.value, str) else self.value
        return f"{FIELDS[self.column]} {self.operator} {value}"


@dataclass(frozen=True)
class Question:
    """`having` keeps the groups in which the first measure is larger than it."""

    measures: tuple[Measure, ...]
    by: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    having: int | None = None
    empty: bool = False

    @property
    def facts(self) -> list[str]:
        """The facts whose measures it has."""
        return list(dict.fromkeys(item.fact for item in self.measures))

    def query(self) -> dict[str, Any]:
        """Return it as the planner takes it."""
        more = [f"{self.measures[0]} > {self.having}"] if self.having is not None else []
        return {
            "measures": [{"expr": str(m), "name": f"m{i}"} for i, m in enumerate(self.measures)],
            "dimensions": [
                {"field": FIELDS[name], "granularity": "month"} if name in PERIODS else FIELDS[name]
                for name in self.by
            ],
            "filters": [*(item.text for item in self.filters), *more],
            "include_empty": self.empty,
            "each_once": True,
        }
