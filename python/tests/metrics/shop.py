"""A small shop over some months, whose answers the tests work out by hand.

Orders by month: January 10 + 20, February 40 and one without an amount, March none, April 80, and
160 without a time. Customer 3 has no region, customer 4 (east) no facts, customer 9 does not exist.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from metrics.periods import Duration
from metrics.question import (
    METRIC_TIME,
    Aggregate,
    Condition,
    Cumulative,
    Derived,
    Dimension,
    NonAdditive,
    Offset,
    World,
)


def rows(names: str, *values: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(zip(names.split(), row, strict=True)) for row in values]


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def on(text: str) -> datetime:
    return datetime.fromisoformat(text)


SHOP = World(
    {
        "customers": rows("id region", (1, "north"), (2, "south"), (3, None), (4, "east")),
        "orders": rows(
            "id customer_id status amount ordered_at shipped_at",
            (1, 1, "paid", 10, at("2024-01-30"), at("2024-02-01")),
            (2, 2, "paid", 20, at("2024-01-31"), at("2024-01-31")),
            (3, 1, "open", 40, at("2024-02-29"), None),
            (4, 1, "paid", None, at("2024-02-29"), at("2024-03-05")),
            (5, 3, "paid", 80, at("2024-04-01"), at("2024-04-02")),
            (6, 9, "open", 160, None, at("2024-04-30")),
        ),
        "lines": rows(
            "id order_id quantity", (1, 1, 1), (2, 1, 2), (3, 3, 4), (4, 6, 8), (5, 99, 16)
        ),
        "visits": rows(
            "id customer_id pages seen_at",
            (1, 1, 5, at("2024-01-31 23:59:59")),
            (2, 2, 7, at("2024-02-01 00:00:00")),
            (3, 1, 11, at("2024-05-10 12:30:00")),
            (4, None, 13, None),
        ),
        "levels": rows(
            "id account customer_id amount as_of",
            (1, "a", 1, 100, at("2024-01-10")),
            (2, "a", 1, 110, at("2024-01-31")),
            (3, "b", 2, 50, at("2024-01-20")),
            (4, "a", 1, 120, at("2024-02-10")),
            (5, "a", 3, 5, at("2024-02-10")),
            (6, "c", 2, 999, None),
        ),
    }
)
LEAP = World(
    {
        **{name: [] for name in ("customers", "lines", "visits", "levels")},
        "orders": rows(
            "id customer_id status amount ordered_at shipped_at",
            (1, None, "paid", 5, at("2023-02-28"), None),
            (2, None, "paid", 7, at("2024-02-28"), None),
            (3, None, "paid", 9, at("2024-02-29"), None),
        ),
    }
)

LONG = World(
    {
        **{name: [] for name in ("customers", "lines", "visits", "levels")},
        "orders": rows(
            "id customer_id status amount ordered_at shipped_at",
            (1, None, "paid", 5, at("2020-01-31"), None),
            (2, None, "paid", 7, at("2024-03-01"), None),
        ),
    }
)
"""More days than some databases recurse steps."""

REVENUE = Aggregate("revenue")
REVENUE_0 = Aggregate("revenue_0", fill_nulls_with=0)
ORDERS = Aggregate("order_count", fold="count", column=None)
BUYERS = Aggregate("buyers", fold="count_distinct", column="customer_id")
OPEN = Aggregate("open_revenue", where=Condition("status", "=", "open"))
SHIPPED = Aggregate("shipped", time="shipped_at")
UNITS = Aggregate("units", "lines", column="quantity")
VISITS = Aggregate("visit_count", "visits", fold="count", column=None)
PAGES = Aggregate("pages", "visits", column="pages")
LAST = NonAdditive("as_of")
BALANCE = Aggregate("balance", "levels", non_additive=LAST)
BALANCES = Aggregate("balances", "levels", non_additive=NonAdditive("as_of", by=("account",)))
OPENING = Aggregate("opening", "levels", non_additive=NonAdditive("as_of", "first"))
MONTH_AGO = Offset("month_ago", of=REVENUE, by=Duration(1, "month"))
TO_DATE = Cumulative("to_date_ever", of=REVENUE)
GROWTH = Derived("growth", left=REVENUE, operator="-", right=MONTH_AGO)


def by(grain: str) -> Dimension:
    return Dimension(METRIC_TIME, grain)


def since(text: str) -> Condition:
    return Condition(METRIC_TIME, ">=", on(text))


def before(text: str) -> Condition:
    return Condition(METRIC_TIME, "<", on(text))


def between(first: str, last: str) -> Condition:
    return Condition(METRIC_TIME, "between", (on(first), on(last)))


BY_MONTH = (by("month"),)
BY_DAY = (by("day"),)
REGION = Dimension("customers.region")
JAN, FEB, MAR, APR, MAY, JUN = (f"2024-0{month}-01" for month in range(1, 7))
