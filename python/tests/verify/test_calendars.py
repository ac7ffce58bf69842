"""Weeks and fiscal years are verified by counting back to the day that they began on."""

from __future__ import annotations

import pytest

from calendars.shop import MODEL, TABLES, by
from semantic_layer.times.calendar import Calendar
from support.databases import Database
from verify.asking import verified

CALENDAR = Calendar(week_start="saturday", fiscal_year_start="february")
GRAINS = ["week", "month", "fiscal_quarter", "fiscal_year"]


@pytest.mark.parametrize("grain", GRAINS)
def test_periods_of_a_calendar(databases: list[Database], grain: str) -> None:
    query = {"measures": ["sales.revenue"], "dimensions": [by(grain, "sales.sold_on")]}
    for database in databases:
        database.load(TABLES)
        verdict = verified(database, MODEL, query, calendar=CALENDAR)
        assert (verdict.outcome, verdict.reason) == ("equal", None), verdict
