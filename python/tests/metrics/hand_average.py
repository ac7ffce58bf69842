"""Averages of finer periods' values, with the rows that are right worked out by hand.

The days of the shop's orders run from 30 January to 1 April. Revenue of two days: 10, 30, 20 on
the last of January and the first of February, 40 on 29 February and the day after, 80 at the end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from metrics.hand import Hand
from metrics.periods import Duration
from metrics.question import Aggregate, Cumulative, Dimension, Question
from metrics.shop import (
    APR,
    BUYERS,
    BY_DAY,
    BY_MONTH,
    FEB,
    JAN,
    MAR,
    MAY,
    ORDERS,
    REGION,
    REVENUE,
    VISITS,
    before,
    by,
    since,
)

DAYS_2 = Duration(2, "day")


def average(of: Aggregate, **rest: Any) -> Cumulative:
    """Return an average of a measure's values."""
    return Cumulative(f"average_{of.name}", of=of, period="average", **rest)


def asked(*measures: Any, by: tuple[Dimension, ...] = BY_MONTH) -> Question:
    return Question(measures, by)


TWO_DAYS = average(REVENUE, window=DAYS_2)
TWO_DAYS_COUNT = average(ORDERS, window=DAYS_2)
MTD = average(REVENUE, to_grain="month")
AVERAGE = [
    Hand(
        "days_without_a_value_do_not_count",
        asked(TWO_DAYS),
        [(JAN, 20), (FEB, 30), (MAR, 40), (APR, 80)],
    ),
    Hand(
        "a_count_of_no_rows_is_0_and_counts",
        asked(TWO_DAYS_COUNT),
        [(JAN, 3 / 2), (FEB, 3 / 29), (MAR, 2 / 31), (APR, 1)],
    ),
    Hand(
        "groups_that_some_days_have_not",
        asked(TWO_DAYS, TWO_DAYS_COUNT, by=(by("month"), REGION)),
        [
            (JAN, "north", 10, 1),
            (JAN, "south", 20, 1 / 2),
            (FEB, "north", 40, 2 / 29),
            (FEB, "south", 20, 1 / 29),
            (MAR, "north", 40, 2 / 31),
            (APR, None, 80, 1),
        ],
    ),
    Hand(
        "a_distinct_count",
        asked(average(BUYERS, window=Duration(28, "day"))),
        [(JAN, 3 / 2), (FEB, 54 / 29), (MAR, 27 / 31), (APR, 1)],
    ),
    Hand(
        "since_ever",
        asked(average(REVENUE)),
        [(JAN, 20), (FEB, 910 / 29), (MAR, 70), (APR, 150)],
    ),
    Hand(
        "measures_called_like_the_periods",
        asked(replace(TWO_DAYS, name="day"), replace(TWO_DAYS_COUNT, name="period_start")),
        [(JAN, 20, 3 / 2), (FEB, 30, 3 / 29), (MAR, 40, 2 / 31), (APR, 80, 1)],
    ),
    Hand("month_to_date", asked(MTD), [(JAN, 20), (FEB, 40), (APR, 80)]),
    Hand(
        "months_of_a_quarter",
        asked(average(REVENUE, window=Duration(2, "month")), by=(by("quarter"),)),
        [(JAN, 140 / 3), (APR, 80)],
    ),
    Hand(
        "at_its_own_grain_it_is_the_value",
        Question((TWO_DAYS,), BY_DAY, (before(MAR),)),
        [("2024-01-30", 10), ("2024-01-31", 30), ("2024-02-01", 20), ("2024-02-29", 40)],
    ),
    Hand(
        "at_a_finer_grain_too",
        Question((average(REVENUE, window=Duration(1, "month")),), BY_DAY, (since("2024-03-31"),)),
        [("2024-04-01", 80)],
    ),
    Hand(
        "a_period_that_a_filter_cuts_is_shown_whole",
        Question((TWO_DAYS_COUNT, TWO_DAYS), BY_MONTH, (since("2024-02-15"), before(MAR))),
        [(FEB, 3 / 29, 30)],
    ),
    Hand(
        "the_days_of_all_facts_count",
        asked(TWO_DAYS_COUNT, VISITS),
        [
            (JAN, 3 / 2, 1),
            (FEB, 3 / 29, 1),
            (MAR, 2 / 31, 0),
            (APR, 2 / 30, 0),
            (MAY, 0, 1),
            (None, 0, 1),
        ],
    ),
    Hand(
        "filled",
        replace(asked(replace(MTD, fill_nulls_with=0)), fill=True),
        [(JAN, 20), (FEB, 40), (MAR, 0), (APR, 80)],
    ),
]
