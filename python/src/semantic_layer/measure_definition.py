"""What a model says of a measure: an expression, another measure over time, or a conversion."""

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


class ColumnPair(Model):
    """A column that is called otherwise in the source of the base and in that of the conversion."""

    base: str
    conversion: str


class ConversionDefinition(Model):
    """How many rows of one measure became rows of another: each of these is given to the latest
    base row before it, of the same entity and with equal `constant` columns, within the window.

    It is the share of the base that `calculate` asks for, or the number of conversions.
    """

    base: str
    conversion: str
    entity: str | ColumnPair
    window: str | None = None
    calculate: Literal["rate", "count", "conversions"] = "rate"
    constant: list[str | ColumnPair] = []


class MeasureVisibility(StrEnum):
    """Who may name a measure: questions may not name a hidden one, other measures may."""

    public = "public"
    hidden = "hidden"


class MeasureDefinition(Model):
    """An aggregate over a source's rows, arithmetic over other measures, or one of them over time.

    It has one of `expr`, `cumulative`, `offset` and `conversion`; `non_additive` stands beside
    `expr`.
    """

    name: str
    expr: str = ""
    filter: str | None = None
    segments: list[str] = []
    description: str | None = None
    cumulative: CumulativeDefinition | None = None
    offset: OffsetDefinition | None = None
    conversion: ConversionDefinition | None = None
    non_additive: NonAdditiveDefinition | None = None
    time_dimension: str | None = None
    fill_nulls_with: float | None = None
    label: str | None = None
    format: str | None = None
    visibility: MeasureVisibility = MeasureVisibility.public

    def check_consistency(self) -> None:
        """Check that it is a measure of one kind."""
        MeasureDefinition.check_kinds(self, "measure")
        if self.non_additive is not None and not self.expr:
            raise ValueError(f"measure '{self.name}': 'non_additive' stands beside 'expr'")
        if self.conversion is not None and self.time_dimension is not None:
            raise ValueError(f"measure '{self.name}': its times are those of its two measures")

    def check_kinds(self, what: str) -> None:
        """Check that a measure, or whatever it is called, is of one kind, and says it whole."""
        kinds = (self.expr or None, self.cumulative, self.offset, self.conversion)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(
                f"{what} '{self.name}' needs exactly one of 'expr', 'cumulative', 'offset' and "
                "'conversion'"
            )
        if self.cumulative and self.cumulative.window and self.cumulative.to_grain:
            raise ValueError(f"{what} '{self.name}' has 'window' and 'to_grain'; it needs one")
        if self.offset and (self.offset.by is None) == (self.offset.to_grain is None):
            raise ValueError(f"{what} '{self.name}' needs one of 'by' and 'to_grain'")

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
        """The key that says what it is: `expr`, `cumulative`, `offset` or `conversion`."""
        found = (name for name in _OTHER_KINDS if getattr(self, name) is not None)
        return next(found, "expr")

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
        return self.expr if self.conversion is None else _conversion_text(self.conversion)


_OTHER_KINDS = ("cumulative", "offset", "conversion")
_OF_FEW_MEASURES = (
    *(*_OTHER_KINDS, "non_additive", "time_dimension"),
    *("fill_nulls_with", "label", "format", "visibility"),
)


def _cumulative_text(cumulative: CumulativeDefinition) -> str:
    bound = cumulative.window or cumulative.to_grain
    arguments = [cumulative.of, *([f"'{bound}'"] if bound else [])]
    if cumulative.period != "last":
        arguments.append(f"'{cumulative.period}'")
    name = "to_date" if cumulative.to_grain else "cumulative"
    return f"{name}({', '.join(arguments)})"


def _conversion_text(conversion: ConversionDefinition) -> str:
    name = "conversion" if conversion.calculate == "rate" else "conversions"
    columns = [_pair_text(column) for column in (conversion.entity, *conversion.constant)]
    window = [f"'{conversion.window}'"] if conversion.window else []
    return f"{name}({', '.join([conversion.base, conversion.conversion, *columns, *window])})"


def _pair_text(column: str | ColumnPair) -> str:
    return column if isinstance(column, str) else f"{column.base} = {column.conversion}"
