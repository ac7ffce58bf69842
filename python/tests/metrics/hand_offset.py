"""Offsets, and what is made of them, with the rows that are right worked out by hand."""

from __future__ import annotations

from metrics.hand import Hand
from metrics.periods import Duration
from metrics.question import Derived, Having, Offset, Question
from metrics.shop import (
    APR,
    BALANCE,
    BY_DAY,
    BY_MONTH,
    FEB,
    GROWTH,
    JAN,
    JUN,
    LEAP,
    MAR,
    MAY,
    MONTH_AGO,
    ORDERS,
    PAGES,
    REGION,
    REVENUE,
    REVENUE_0,
    TO_DATE,
    before,
    between,
    by,
    since,
)

MONTH = Duration(1, "month")
YEAR_AGO = Offset("year_ago", of=REVENUE, by=Duration(1, "year"))
AGO_0 = Offset("ago_0", of=REVENUE, by=MONTH, fill_nulls_with=0)
CHANGE_0 = Derived("change_0", left=REVENUE_0, operator="-", right=AGO_0)
NEW = Derived("new", left=TO_DATE, operator="-", right=Offset("before", of=TO_DATE, by=MONTH))

OFFSET = [
    Hand(
        "a_month_ago",
        Question((REVENUE, MONTH_AGO), BY_MONTH),
        [(JAN, 30, None), (FEB, 40, 30), (MAR, None, 40), (APR, 80, None), (MAY, None, 80),
         (None, 160, None)],
    ),
    Hand(
        "alone_it_has_the_groups_of_the_earlier_periods",
        Question((MONTH_AGO,), BY_MONTH),
        [(FEB, 30), (MAR, 40), (MAY, 80)],
    ),
    Hand(
        "a_month_before_a_day",
        Question((MONTH_AGO,), BY_DAY),
        [("2024-03-29", 40), ("2024-03-30", 40), ("2024-03-31", 40), (MAY, 80)],
    ),
    Hand(
        "a_year_before_a_leap_day",
        Question((YEAR_AGO,), BY_DAY),
        [("2024-02-28", 5), ("2024-02-29", 5), ("2025-02-28", 7)],
        LEAP,
    ),
    Hand(
        "a_year_before_a_month",
        Question((REVENUE, YEAR_AGO), BY_MONTH),
        [("2023-02-01", 5, None), (FEB, 16, 5), ("2025-02-01", None, 16)],
        LEAP,
    ),
    Hand(
        "february_has_its_january",
        Question((REVENUE, MONTH_AGO), BY_MONTH, (since(FEB), before(MAR))),
        [(FEB, 40, 30)],
    ),
    Hand(
        "a_month_before_a_quarter_is_the_quarter_before",
        Question((MONTH_AGO,), (by("quarter"),)),
        [(APR, 70), ("2024-07-01", 80)],
    ),
    Hand(
        "a_count_a_month_ago",
        Question((ORDERS, Offset("count_ago", of=ORDERS, by=MONTH)), BY_MONTH),
        [(JAN, 2, 0), (FEB, 2, 2), (MAR, 0, 2), (APR, 1, 0), (MAY, 0, 1), (None, 1, 0)],
    ),
    Hand(
        "by_a_looked_up_dimension",
        Question((MONTH_AGO,), (by("month"), REGION)),
        [(FEB, "north", 10), (FEB, "south", 20), (MAR, "north", 40), (MAY, None, 80)],
    ),
    Hand(
        "of_an_offset",
        Question((Offset("two_ago", of=MONTH_AGO, by=MONTH),), BY_MONTH),
        [(MAR, 30), (APR, 40), (JUN, 80)],
    ),
    Hand(
        "of_a_cumulative",
        Question((Offset("before", of=TO_DATE, by=MONTH),), BY_MONTH),
        [(FEB, 30), (MAR, 70), (APR, 70), (MAY, 150)],
    ),
    Hand(
        "of_the_months_first_day",
        Question(
            (Offset("first_of_month", "visits", of=PAGES, to_grain="month"),),
            BY_DAY,
            (between("2024-02-27", "2024-03-02"),),
        ),
        [("2024-02-27", 7), ("2024-02-28", 7), ("2024-02-29", 7)],
    ),
    Hand(
        "of_the_quarters_first_month",
        Question((Offset("first_of_quarter", of=REVENUE, to_grain="quarter"),), BY_MONTH),
        [(JAN, 30), (FEB, 30), (MAR, 30), (APR, 80)],
    ),
    Hand(
        "of_the_quarters_first_month_beside_a_longer_one",
        Question((YEAR_AGO, Offset("first_of_quarter", of=REVENUE, to_grain="quarter")), BY_MONTH),
        [(JAN, None, 30), (FEB, None, 30), (MAR, None, 30), (APR, None, 80),
         ("2025-01-01", 30, None), ("2025-02-01", 40, None), ("2025-04-01", 80, None)],
    ),
    Hand(
        "a_day_before_a_month_is_the_month_before",
        Question((Offset("day_ago", of=REVENUE, by=Duration(1, "day")),), BY_MONTH),
        [(FEB, 30), (MAR, 40), (MAY, 80)],
    ),
    Hand(
        "of_a_balance",
        Question((Offset("balance_ago", "levels", of=BALANCE, by=MONTH),), BY_MONTH),
        [(FEB, 110), (MAR, 125)],
    ),
    Hand(
        "growth",
        Question((GROWTH,), BY_MONTH),
        [(JAN, None), (FEB, 10), (MAR, None), (APR, None), (MAY, None), (None, None)],
    ),
    Hand(
        "a_null_is_filled_before_arithmetic",
        Question((CHANGE_0,), BY_MONTH),
        [(JAN, 30), (FEB, 10), (MAR, -40), (APR, 80), (MAY, -80), (None, 160)],
    ),
    Hand(
        "of_cumulatives_both",
        Question((NEW,), BY_MONTH),
        [(JAN, None), (FEB, 40), (MAR, 0), (APR, 80), (MAY, None)],
    ),
    Hand(
        "a_condition_on_it",
        Question((MONTH_AGO,), BY_MONTH, having=(Having(MONTH_AGO, ">", 35),)),
        [(MAR, 40), (MAY, 80)],
    ),
]  # fmt: skip
