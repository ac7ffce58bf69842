"""Weeks by their first day and fiscal years by their first month, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

import pytest

from calendars.shop import EMPTY, SALES, Shop, by
from semantic_layer.times.calendar import Calendar, MonthName
from support.databases import Database

SUNDAY = Calendar(week_start="sunday")
APRIL = Calendar(week_start="saturday", fiscal_year_start="april")
FEBRUARY = Calendar(fiscal_year_start="february")
N, REVENUE, PAID = "sales.n", "sales.revenue", "refunds.paid"
DECEMBER = "metric_time >= '2023-12-01' AND metric_time < '2024-02-01'"


@pytest.fixture
def shop(every_database: list[Database]) -> Shop:
    return Shop(every_database)


@pytest.mark.parametrize(
    ("first", "weeks"),
    [
        ("monday", [("2023-12-25", 28), ("2024-01-01", 32)]),
        ("sunday", [("2023-12-24", 12), ("2023-12-31", 48)]),
        ("saturday", [("2023-12-23", 4), ("2023-12-30", 56)]),
    ],
)
def test_weeks_around_the_end_of_a_year(shop: Shop, first: Any, weeks: Any) -> None:
    calendar = Calendar(week_start=first)
    found = shop(REVENUE, dimensions=[by("week")], filters=[DECEMBER], calendar=calendar)
    assert found == weeks


@pytest.mark.parametrize("first", ["monday", "sunday", "saturday"])
def test_every_day_of_two_weeks_is_in_the_week_that_began_last(shop: Shop, first: Any) -> None:
    days = [date(2024, 2, 22) + timedelta(n) for n in range(14)]
    rows = [(n, str(day), 1, None) for n, day in enumerate(days)]
    tables = {**EMPTY, "sales": (EMPTY["sales"][0], rows)}
    expected: dict[str, int] = {}
    for day in days:
        back = next(n for n in range(7) if f"{day - timedelta(n):%A}".lower() == first)
        start = str(day - timedelta(back))
        expected[start] = expected.get(start, 0) + 1
    found = shop(
        N,
        dimensions=[by("week", "sales.sold_on")],
        calendar=Calendar(week_start=first),
        tables=tables,
    )
    assert found == list(expected.items())


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(("grain", "length"), [("fiscal_year", 12), ("fiscal_quarter", 3)])
def test_a_fiscal_period_of_every_month(shop: Shop, month: int, grain: str, length: int) -> None:
    expected: dict[str | None, int] = {}
    for _, day, price, _ in SALES:
        start = day and _start(date.fromisoformat(day), month, length)
        expected[start] = expected.get(start, 0) + price
    calendar = Calendar(fiscal_year_start=get_args(MonthName)[month - 1])
    found = shop(REVENUE, dimensions=[by(grain)], calendar=calendar)
    assert found == sorted(expected.items(), key=lambda item: item[0] or "9999")


def _start(day: date, first: int, length: int) -> str:
    """Return the last day up to this one on which a period begins."""
    months = {(first - 1 + n) % 12 + 1 for n in range(0, 12, length)}
    while day.day != 1 or day.month not in months:
        day -= timedelta(1)
    return str(day)


def test_a_fiscal_year_is_known_by_its_first_day(shop: Shop) -> None:
    found = shop(REVENUE, dimensions=[by("fiscal_year")], calendar=APRIL)
    years = [("2022-04-01", 1), ("2023-04-01", 254), ("2024-04-01", 256), (None, 512)]
    assert found == years


def test_since_the_fiscal_year_began(shop: Shop) -> None:
    found = shop(REVENUE, "sales.ytd", dimensions=[by("month")], fill=True, calendar=APRIL)
    assert found == [
        ("2023-03-01", 1, 1),
        ("2023-04-01", 2, 2),
        *((f"2023-{month:02}-01", None, 2) for month in range(5, 12)),
        ("2023-12-01", 28, 30),
        ("2024-01-01", 32, 62),
        ("2024-02-01", 64, 126),
        ("2024-03-01", 128, 254),
        ("2024-04-01", 256, 256),
        (None, 512, None),
    ]


def test_to_date_by_weeks_that_begin_on_sunday(shop: Shop) -> None:
    found = shop(
        "to_date(sales.revenue, 'week')", dimensions=[by("day")], filters=[DECEMBER],
        calendar=SUNDAY,
    )  # fmt: skip
    assert found == [
        ("2023-12-29", 4),
        ("2023-12-30", 12),
        ("2023-12-31", 16),
        *((f"2024-01-0{day}", 48) for day in range(1, 7)),
    ]


def test_every_week_between(shop: Shop) -> None:
    within = "metric_time >= '2023-12-27' AND metric_time < '2024-01-15'"
    found = shop(N, dimensions=[by("week")], filters=[within], fill=True, calendar=SUNDAY)
    assert found == [
        ("2023-12-24", 2), ("2023-12-31", 2), ("2024-01-07", 0), ("2024-01-14", 0),
    ]  # fmt: skip


def test_a_filter_shows_the_fiscal_quarters_that_it_overlaps(shop: Shop) -> None:
    found = shop(
        "cumulative(sales.revenue)",
        dimensions=[by("fiscal_quarter")],
        filters=["metric_time >= '2024-01-31'"],
        calendar=FEBRUARY,
    )
    # From November: 31 January is the last day of that quarter.
    assert found == [("2023-11-01", 63), ("2024-02-01", 511)]


def test_two_facts_by_fiscal_years(shop: Shop) -> None:
    found = shop(REVENUE, PAID, dimensions=[by("fiscal_year")], calendar=APRIL)
    assert found == [
        ("2022-04-01", 1, None), ("2023-04-01", 254, 8), ("2024-04-01", 256, 7), (None, 512, 9),
    ]  # fmt: skip


def test_the_fiscal_year_before(shop: Shop) -> None:
    found = shop(REVENUE, dimensions=[by("fiscal_year")], compare="previous", calendar=APRIL)
    assert found == [
        ("2022-04-01", 1, None, None, None),
        ("2023-04-01", 254, 1, 253, 25300),
        ("2024-04-01", 256, 254, 2, pytest.approx(200 / 254)),
        (None, 512, None, None, None),
    ]


def test_weeks_of_two_years_are_compared_by_the_day_a_year_before(shop: Shop) -> None:
    found = shop(
        "offset(sales.revenue, '1 week')", REVENUE, dimensions=[by("week")], filters=[DECEMBER],
        calendar=SUNDAY,
    )  # fmt: skip
    assert found == [
        ("2023-12-24", None, 12), ("2023-12-31", 12, 48), ("2024-01-07", 48, None),
    ]  # fmt: skip


def test_of_the_fiscal_years_first_quarter(shop: Shop) -> None:
    found = shop(
        REVENUE, "offset(sales.revenue, 'fiscal_year')", dimensions=[by("fiscal_quarter")],
        filters=["metric_time < '2025-01-01'"], calendar=APRIL,
    )  # fmt: skip
    # The quarter from January 2023 belongs to a year whose first quarter, of April 2022, is before
    # the first row.
    assert found == [
        ("2023-01-01", 1, None), ("2023-04-01", 2, 2), ("2023-07-01", None, 2),
        ("2023-10-01", 28, 2), ("2024-01-01", 224, 2), ("2024-04-01", 256, 256),
    ]  # fmt: skip


def test_totals_ranks_and_groups_that_are_kept(shop: Shop) -> None:
    found = shop(
        REVENUE, "total(sales.revenue)", "rank(sales.revenue)", dimensions=[by("fiscal_year")],
        filters=["sales.revenue > 1"], calendar=APRIL, order_by=[{"field": REVENUE}], limit=2,
    )  # fmt: skip
    assert found == [("2023-04-01", 254, 1023, 3), ("2024-04-01", 256, 1023, 2)]


def test_segments_stocks_and_numbers_for_null(shop: Shop) -> None:
    found = shop(
        "sales.filled", "sales.latest", dimensions=[by("fiscal_year")], segments=["sales.north"],
        filters=["metric_time < '2025-01-01'"], fill=True, calendar=APRIL,
    )  # fmt: skip
    assert found == [("2022-04-01", 1, 1), ("2023-04-01", 50, 32), ("2024-04-01", 256, 256)]


def test_another_dimension_beside_fiscal_years(shop: Shop) -> None:
    found = shop(
        "sales.ytd", dimensions=[by("fiscal_year"), "sales.region"], calendar=APRIL,
        filters=["metric_time >= '2023-04-01'"],
    )  # fmt: skip
    assert found == [
        ("2023-04-01", "north", 50), ("2023-04-01", "south", 140), ("2023-04-01", None, 64),
        ("2024-04-01", "north", 256),
    ]  # fmt: skip


def test_fiscal_years_and_their_quarters_beside_each_other(shop: Shop) -> None:
    found = shop(
        REVENUE, "sales.ytd", dimensions=[by("fiscal_year"), by("fiscal_quarter")],
        filters=["metric_time >= '2024-01-01'"], fill=True, calendar=APRIL,
    )  # fmt: skip
    assert found == [("2023-04-01", "2024-01-01", 224, 254), ("2024-04-01", "2024-04-01", 256, 256)]


@pytest.mark.parametrize("grain", ["week", "fiscal_quarter", "fiscal_year"])
def test_nothing_of_empty_tables(shop: Shop, grain: str) -> None:
    asked = (N, "sales.ytd", PAID)
    found = shop(*asked, dimensions=[by(grain)], fill=True, calendar=APRIL, tables=EMPTY)
    assert found == []


def test_a_year_that_begins_in_january_is_the_plain_one(shop: Shop) -> None:
    january = Calendar(fiscal_year_start="january")
    fiscal = shop(REVENUE, dimensions=[by("fiscal_year")], calendar=january)
    assert fiscal == shop(REVENUE, dimensions=[by("year")])


def test_the_last_day_that_there_is_has_a_week_and_a_year(shop: Shop) -> None:
    if shop.databases[0].dialect == "clickhouse":
        pytest.skip("a Date of ClickHouse ends in 2149")
    tables = {**EMPTY, "sales": (EMPTY["sales"][0], [(1, "9999-12-31", 1, None)])}
    by_week = shop(N, dimensions=[by("week")], calendar=SUNDAY, tables=tables)
    assert by_week == [("9999-12-26", 1)]
    by_year = shop(N, dimensions=[by("fiscal_year")], calendar=APRIL, tables=tables)
    assert by_year == [("9999-04-01", 1)]
