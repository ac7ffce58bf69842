"""What is asked about conversions, described so that an evaluator and the planner can read it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Condition:
    """A comparison of a column with a constant; NULL fulfils none but `is null`."""

    column: str
    operator: str
    value: Any = None

    @property
    def text(self) -> str:
        """The condition as SQL."""
        if self.operator == "is null":
            return f"{self.column} IS NULL"
        value = f"'{self.value}'" if isinstance(self.value, str | datetime) else self.value
        return f"{self.column} {self.operator} {value}"


@dataclass(frozen=True)
class Plain:
    """One aggregate over the rows of a source."""

    source: str
    name: str
    fold: str
    column: str | None = None
    where: Condition | None = None
    time: str | None = None

    @property
    def definition(self) -> dict[str, Any]:
        """The measure as YAML has it."""
        found: dict[str, Any] = {"name": self.name, "expr": f"{self.fold}({self.column or '*'})"}
        if self.where:
            found["filter"] = self.where.text
        if self.time:
            found["time_dimension"] = self.time
        return found

    @property
    def text(self) -> str:
        """The measure as a question names it."""
        return f"{self.source}.{self.name}"


@dataclass(frozen=True)
class Conversion:
    """A conversion; `entity` and `constant` name columns of the base and of the conversion."""

    base: Plain
    conversion: Plain
    entity: tuple[str, str] = ("person_id", "buyer_id")
    window: tuple[int, str] | None = None
    calculate: str = "rate"
    constant: tuple[tuple[str, str], ...] = ()
    where: Condition | None = None
    fill: int | None = None
    name: str = "converted"

    @property
    def definition(self) -> dict[str, Any]:
        """The measure as the YAML of the base has it."""
        inner: dict[str, Any] = {
            "base": self.base.name,
            "conversion": self.conversion.text,
            "entity": _pair(self.entity),
            "calculate": self.calculate,
        }
        if self.window:
            inner["window"] = f"{self.window[0]} {self.window[1]}s"
        if self.constant:
            inner["constant"] = [_pair(item) for item in self.constant]
        found: dict[str, Any] = {"name": self.name, "conversion": inner}
        if self.where:
            found["filter"] = self.where.text
        if self.fill is not None:
            found["fill_nulls_with"] = self.fill
        return found

    @property
    def text(self) -> str:
        """The measure as a question names it."""
        return f"{self.base.source}.{self.name}"


def _pair(names: tuple[str, str]) -> Any:
    base, conversion = names
    return base if base == conversion else {"base": base, "conversion": conversion}


@dataclass(frozen=True)
class Total:
    """A measure over all groups that share some dimensions."""

    of: Conversion
    by: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The call as a question writes it."""
        return f"total({', '.join([self.of.text, *(name.split(':')[0] for name in self.by)])})"


@dataclass(frozen=True)
class Rank:
    """The place of a group by a measure, the greatest first."""

    of: Conversion

    @property
    def text(self) -> str:
        """The call as a question writes it."""
        return f"rank({self.of.text})"


Measure = Plain | Conversion | Total | Rank


@dataclass(frozen=True)
class Question:
    """Measures by dimensions; a dimension is a column, or a time with its grain behind a colon."""

    measures: tuple[Measure, ...]
    by: tuple[str, ...] = ()
    filters: tuple[Condition, ...] = ()
    segments: tuple[Condition, ...] = ()
    having: tuple[tuple[Conversion, str, float], ...] = ()
    empty: bool = False
    rest: dict[str, Any] = field(default_factory=dict)

    def conversions(self) -> list[Conversion]:
        """Return the conversions that the model must have."""
        inner = [item.of if isinstance(item, Total | Rank) else item for item in self.measures]
        inner += [item[0] for item in self.having]
        return list(dict.fromkeys(item for item in inner if isinstance(item, Conversion)))

    def without(self, **changes: Any) -> Question:
        """Return the question with some parts changed."""
        return replace(self, **changes)

    def query(self) -> dict[str, Any]:
        """Return the question as the planner takes it."""
        fields = [name.partition(":") for name in self.by]
        return {
            "measures": [
                item.text
                if isinstance(item, Plain | Conversion)
                else {"expr": item.text, "name": f"over_groups_{place}"}
                for place, item in enumerate(self.measures)
            ],
            "dimensions": [
                {"field": name, "granularity": grain} if grain else name
                for name, _, grain in fields
            ],
            "filters": [
                *(item.text for item in self.filters),
                *(f"{item.text} {operator} {value}" for item, operator, value in self.having),
            ],
            "segments": [f"visits.segment_{place}" for place, _ in enumerate(self.segments)],
            "include_empty": self.empty,
            "limit": 1_000_000,
            **self.rest,
        }
