"""What a model says of a measure: an expression, or another measure over time."""

# Annotations are read as objects by Model, so this module does not postpone them.
from enum import StrEnum
from typing import Any, Literal

from semantic_layer.data.model import Model


class CumulativeDefinition(Model):
    """A measure over a window of time that ends with each period; since ever without a bound.

    `period` says which of the finer periods' values a coarser period shows, or that it is their
    average.
    """

    of: str
    window: str | None = None
    to_grain: str | None = None
    period: Literal["first", "last", "average"] = "last"


class OffsetDefinition(Model):
    """A measure in an earlier period: `by` earlier, or at the start of a longer one."""

    of: str
    by: str | None = None
    to_grain: str | None = None


class NonAdditiveDefinition(Model):
    """A dimension that a measure is not added up over: only its last or first value counts."""

    dimension: str
    keep: Literal["first", "last"] = "last"
    by: list[str] = []


class MeasureVisibility(StrEnum):
    """Who may name a measure: questions may not name a hidden one, other measures may."""

    public = "public"
    hidden = "hidden"


class MeasureDefinition(Model):
    """An aggregate over a source's rows, arithmetic over other measures, or one of them over time.

    It has one of `expr`, `cumulative` and `offset`; `non_additive` stands beside `expr`.
    """

    name: str
    expr: str = ""
    filter: str | None = None
    segments: list[str] = []
    description: str | None = None
    cumulative: CumulativeDefinition | None = None
    offset: OffsetDefinition | None = None
    non_additive: NonAdditiveDefinition | None = None
    time_dimension: str | None = None
    fill_nulls_with: float | None = None
    label: str | None = None
    format: str | None = None
    visibility: MeasureVisibility = MeasureVisibility.public

    def check_consistency(self) -> None:
        """Check that it is a measure of one kind."""
        kinds = (self.expr or None, self.cumulative, self.offset)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(
                f"measure '{self.name}' needs exactly one of 'expr', 'cumulative' and 'offset'"
            )
        if self.non_additive is not None and not self.expr:
            raise ValueError(f"measure '{self.name}': 'non_additive' stands beside 'expr'")
        if self.cumulative and self.cumulative.window and self.cumulative.to_grain:
            raise ValueError(f"measure '{self.name}' has 'window' and 'to_grain'; it needs one")
        if self.offset and (self.offset.by is None) == (self.offset.to_grain is None):
            raise ValueError(f"measure '{self.name}' needs one of 'by' and 'to_grain'")

    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """Return the fields as plain JSON values; what few measures say has a key where it is."""
        dumped = super().model_dump(exclude_none=exclude_none)
        for name in _OF_FEW_MEASURES:
            if getattr(self, name) in (None, MeasureVisibility.public):
                dumped.pop(name, None)
        if not self.expr:
            del dumped["expr"]
        return dumped

    @property
    def kind(self) -> str:
        """The key that says what it is: `expr`, `cumulative` or `offset`."""
        if self.cumulative is not None:
            return "cumulative"
        return "offset" if self.offset is not None else "expr"

    @property
    def is_plain(self) -> bool:
        """Whether it is an expression and nothing else: not about time, and NULL stays NULL."""
        return bool(self.expr) and self.beside_the_text() == (None, None, None)

    def beside_the_text(self) -> tuple[Any, ...]:
        """Return what makes another measure of the same expression and filter."""
        kept = self.non_additive and tuple(map(str, vars(self.non_additive).values()))
        return kept, self.time_dimension, self.fill_nulls_with

    @property
    def text(self) -> str:
        """The expression: as it is written, or the call that says the same."""
        if self.cumulative is not None:
            return _cumulative_text(self.cumulative)
        if self.offset is not None:
            return f"offset({self.offset.of}, '{self.offset.by or self.offset.to_grain}')"
        return self.expr


_OF_FEW_MEASURES = (
    *("cumulative", "offset", "non_additive", "time_dimension"),
    *("fill_nulls_with", "label", "format", "visibility"),
)


def _cumulative_text(cumulative: CumulativeDefinition) -> str:
    bound = cumulative.window or cumulative.to_grain
    arguments = [cumulative.of, *([f"'{bound}'"] if bound else [])]
    if cumulative.period != "last":
        arguments.append(f"'{cumulative.period}'")
    name = "to_date" if cumulative.to_grain else "cumulative"
    return f"{name}({', '.join(arguments)})"
