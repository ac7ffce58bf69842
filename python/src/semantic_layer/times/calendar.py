"""Weeks and fiscal years that begin when a project or a connection says so."""

# Annotations are read as objects by Model, so this module does not postpone them.
from datetime import date
from typing import Literal, get_args

from semantic_layer.data.model import Model
from semantic_layer.errors import Origin

FISCAL = ("fiscal_quarter", "fiscal_year")
PERIODS = ("day", "week", "month", "quarter", "fiscal_quarter", "year", "fiscal_year")
"""The grains whose periods are dates, from fine to coarse; weeks lie across months."""
MonthName = Literal[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTHS: tuple[str, ...] = get_args(MonthName)
_DAYS_BEFORE_MONDAY = {"monday": 0, "sunday": 1, "saturday": 2}
_LENGTHS = {"month": 1, "quarter": 3, "year": 12}


class CustomGranularity(Model):
    """A granularity of one's own: the periods that a column of the time spine has for its days."""

    name: str
    column: str


class TimeSpine(Model):
    """A source with a row for each day, in a column of it: the periods that there are.

    Its other columns may say to which period of one's own a day belongs, a month of a retail
    calendar say.
    """

    source: str
    column: str
    custom_granularities: list[CustomGranularity] = []

    def check_consistency(self) -> None:
        """Check that each granularity has a name that means nothing else."""
        names = [item.name.lower() for item in self.custom_granularities]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"there are two custom granularities '{name}'")
            if name in (*PERIODS, "second", "minute", "hour"):
                raise ValueError(
                    f"'{name}' is a granularity that everybody has; choose another name"
                )


class Calendar(Model):
    """When weeks and fiscal years begin, of a project or a connection.

    Weeks begin on Monday unless another day is stated, and there are fiscal years only where the
    month is stated that they begin with. Periods without rows are made, or those of `time_spine`.
    """

    week_start: Literal["monday", "sunday", "saturday"] = "monday"
    fiscal_year_start: MonthName | None = None
    time_spine: TimeSpine | None = None

    def custom(self, name: str) -> CustomGranularity | None:
        """Return a granularity of one's own by its name, in any case."""
        found = self.time_spine.custom_granularities if self.time_spine is not None else []
        return next((item for item in found if item.name.lower() == name.lower()), None)

    def without_spine(self) -> "Calendar":
        """Return the same with periods that are made."""
        return Calendar(week_start=self.week_start, fiscal_year_start=self.fiscal_year_start)


def check_fiscal(wanted: str, own: str, calendar: Calendar | None, origin: Origin) -> None:
    """Raise for a granularity without a fiscal year, or one that cuts a column's `own` in two."""
    if wanted in FISCAL:
        check_stated(wanted, calendar, origin)
    if own in FISCAL:
        check_stated(own, calendar, origin)
    if own in PERIODS and not holds_whole(wanted, own, calendar):
        raise origin.error(
            f"'{wanted}' does not begin and end with the column's times, which are of a {own} "
            "each.",
            fix=f"Use {own}, or correct the column's `natural_granularity`.",
            suggestions=[own],
        )


def check_stated(grain: str, calendar: Calendar | None, origin: Origin) -> None:
    """Raise when it is nowhere said when a fiscal year begins."""
    if calendar is None or calendar.fiscal_year_start is None:
        raise origin.error(
            f"'{grain}': it is not said when the fiscal year begins.",
            fix="Add `calendar: { fiscal_year_start: april }`, with the month that it begins with, "
            "to ktx.yaml or to the connection in it.",
        )


def holds_whole(grain: str, other: str, calendar: Calendar | None) -> bool:
    """Whether each period of a grain begins with one of another grain."""
    if grain == other or other not in PERIODS[1:]:
        return True
    if grain not in PERIODS[2:] or other == "week":
        return False
    length, first = months_of(grain, calendar)
    finer, finer_first = months_of(other, calendar)
    return length % finer == 0 and (first - finer_first) % finer == 0


def first_day(day: date, grain: str, calendar: Calendar | None) -> date:
    """Return the first day of the period that holds a day."""
    if grain == "day":
        return day
    if grain == "week":
        past = (day.weekday() + days_before_monday(calendar)) % 7
        return date.fromordinal(max(day.toordinal() - past, 1))
    length, first = months_of(grain, calendar)
    months = (day.year * 12 + day.month - 1 - first) // length * length + first
    return date(max(months // 12, 1), months % 12 + 1, 1)


def days_before_monday(calendar: Calendar | None) -> int:
    """Return how many days before Monday a week begins."""
    return _DAYS_BEFORE_MONDAY[calendar.week_start] if calendar is not None else 0


def months_of(grain: str, calendar: Calendar | None) -> tuple[int, int]:
    """Return how many months a period has, and how many of them lie between it and a plain one."""
    length = _LENGTHS[grain.removeprefix("fiscal_")]
    if grain not in FISCAL or calendar is None or calendar.fiscal_year_start is None:
        return length, 0
    return length, _MONTHS.index(calendar.fiscal_year_start) % length


def beginning(grain: str, calendar: Calendar | None) -> str:
    """Return in words when a period begins; empty where nothing but its name is to be said."""
    if grain == "week":
        return f", a {(calendar.week_start if calendar else 'monday').capitalize()}"
    if grain in FISCAL and calendar is not None and calendar.fiscal_year_start is not None:
        return f", of fiscal years that begin in {calendar.fiscal_year_start.capitalize()}"
    return ""
