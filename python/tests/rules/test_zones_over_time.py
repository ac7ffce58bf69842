"""Rule 24 beside measures over time: periods are those of the stated zone, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from support.databases import Database, Row, Table

MODEL = {
    "events": {
        "name": "events",
        "table": "events",
        "grain": ["id"],
        "default_time_dimension": "moment",
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "moment", "type": "time"},
            {"name": "v", "type": "number"},
        ],
        "measures": [{"name": "total", "expr": "sum(v)"}],
    }
}
# In Tokyo the second is in March as well and the third in April; in New York the second in
# February.
TABLE: Table = (
    "id INT, moment TIMESTAMPTZ, v INT",
    [
        (1, "2026-02-01 12:00:00+00", 2),
        (2, "2026-03-01 02:00:00+00", 1),
        (3, "2026-03-31 20:00:00+00", 4),
    ],
)
FEB, MAR, APR = "2026-02-01", "2026-03-01", "2026-04-01"
# The period, its total, that of the month so far, of the month before and of ever.
MONTHS = {
    "UTC": [(FEB, 2, 2, None, 2), (MAR, 5, 5, 2, 7)],
    "America/New_York": [(FEB, 3, 3, None, 3), (MAR, 4, 4, 3, 7)],
    "Asia/Tokyo": [(FEB, 2, 2, None, 2), (MAR, 1, 1, 2, 3), (APR, 4, 4, 1, 7)],
}
# The local day of each row.
DAYS = {
    "UTC": {"2026-02-01": 2, "2026-03-01": 1, "2026-03-31": 4},
    "America/New_York": {"2026-02-01": 2, "2026-02-28": 1, "2026-03-31": 4},
    "Asia/Tokyo": {"2026-02-01": 2, "2026-03-01": 1, "2026-04-01": 4},
}


@pytest.fixture
def zoned(databases: list[Database]) -> Iterator[list[Database]]:
    """Give the databases that have time zones; their sessions are in UTC again after the test."""
    yield [database for database in databases if database.has_zones]
    for database in databases:
        database.set_zone("UTC")


def answers(databases: list[Database], zone: str, *measures: str, **rest: Any) -> list[Row]:
    """Return the rows that all databases give, each in a session of the zone; times as dates."""
    query = {"measures": list(measures), "timezone": zone, **rest}
    found = []
    for database in databases:
        database.load({"events": TABLE})
        result = SemanticEngine.from_sources(MODEL, database.dialect).query(query)
        assert result.timezone == zone
        database.set_zone(zone)
        rows = database.rows(result.sql)
        found.append([tuple(str(v)[:10] if isinstance(v, str) else v for v in row) for row in rows])
    assert all(rows == found[0] for rows in found), found
    return found[0]


@pytest.mark.parametrize("zone", MONTHS)
def test_what_is_measured_over_months(zoned: list[Database], zone: str) -> None:
    found = answers(
        zoned,
        zone,
        "events.total",
        "to_date(events.total, 'month')",
        "offset(events.total, '1 month')",
        "cumulative(events.total)",
        dimensions=[{"field": "metric_time", "granularity": "month"}],
    )
    kept = [row for row in found if row[1] is not None]
    assert kept == MONTHS[zone]


@pytest.mark.parametrize("zone", DAYS)
def test_a_filled_day_is_in_the_month_of_the_zone(zoned: list[Database], zone: str) -> None:
    by = [{"field": "metric_time", "granularity": grain} for grain in ("day", "month")]
    found = answers(zoned, zone, "events.total", dimensions=by, fill=True)
    first, last = (date.fromisoformat(pick(DAYS[zone])) for pick in (min, max))
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert found == [(str(day), str(day.replace(day=1)), DAYS[zone].get(str(day))) for day in days]
