"""Planners that are wrong about calendars in one way each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from semantic_layer.plan import periods
from semantic_layer.sql import framed
from semantic_layer.times import calendar, calendar_sql
from semantic_layer.times.calendar import FISCAL, Calendar
from semantic_layer.times.duration import moved

Bug = Callable[[pytest.MonkeyPatch], None]
_MONDAY = Calendar()
_START, _FIRST, _MONTHS = calendar_sql.start_of, calendar.first_day, calendar.months_of


def _patch_months(patch: pytest.MonkeyPatch, wrong: Any) -> None:
    patch.setattr(calendar, "months_of", wrong)
    patch.setattr(calendar_sql, "months_of", wrong)


def weeks_begin_on_monday(patch: pytest.MonkeyPatch) -> None:
    def wrong(value: Any, grain: str, dialect: str, zone: str, kept: Calendar) -> Any:
        return _START(value, grain, dialect, zone, _MONDAY if grain == "week" else kept)

    patch.setattr(calendar_sql, "start_of", wrong)


def sunday_is_saturday(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(calendar._DAYS_BEFORE_MONDAY, "sunday", 2)


def fiscal_years_begin_a_month_later(patch: pytest.MonkeyPatch) -> None:
    def wrong(grain: str, kept: Calendar | None) -> tuple[int, int]:
        length, months = _MONTHS(grain, kept)
        return length, (months + 1) % length if grain in FISCAL else months

    _patch_months(patch, wrong)


def fiscal_quarters_are_plain(patch: pytest.MonkeyPatch) -> None:
    def wrong(grain: str, kept: Calendar | None) -> tuple[int, int]:
        return (3, 0) if grain == "fiscal_quarter" else _MONTHS(grain, kept)

    _patch_months(patch, wrong)


def filters_know_no_calendar(patch: pytest.MonkeyPatch) -> None:
    def wrong(day: date, grain: str, kept: Calendar) -> date:
        return _FIRST(day, grain, _MONDAY)

    patch.setattr(periods, "first_day", wrong)


def filters_begin_a_week_late(patch: pytest.MonkeyPatch) -> None:
    def wrong(day: date, grain: str, kept: Calendar) -> date:
        late = timedelta(7) if grain == "week" else timedelta()
        return _FIRST(day, grain, kept) + late

    patch.setattr(periods, "first_day", wrong)


def all_periods_hold_all_others(patch: pytest.MonkeyPatch) -> None:
    for module in (periods, framed):
        patch.setattr(module, "holds_whole", lambda grain, other, calendar: True)


def fiscal_years_begin_in_the_year_before(patch: pytest.MonkeyPatch) -> None:
    def wrong(value: Any, grain: str, dialect: str, zone: str, kept: Calendar) -> Any:
        found = _START(value, grain, dialect, zone, kept)
        return moved(found, -12, "month", dialect) if grain == "fiscal_year" else found

    patch.setattr(calendar_sql, "start_of", wrong)


BUGS: tuple[Bug, ...] = (
    weeks_begin_on_monday,
    sunday_is_saturday,
    fiscal_years_begin_a_month_later,
    fiscal_quarters_are_plain,
    filters_know_no_calendar,
    filters_begin_a_week_late,
    all_periods_hold_all_others,
    fiscal_years_begin_in_the_year_before,
)
