"""Cumulative measures, with the rows that are right worked out by hand."""

from __future__ import annotations

from metrics.hand import Hand
from metrics.periods import Duration
from metrics.question import Aggregate, Condition, Cumulative, Dimension, Question
from metrics.shop import (
    APR,
    BUYERS,
    BY_DAY,
    BY_MONTH,
    FEB,
    JAN,
    LONG,
    MAR,
    MAY,
    OPEN,
    ORDERS,
    PAGES,
    REGION,
    REVENUE,
    SHIPPED,
    TO_DATE,
    UNITS,
    VISITS,
    before,
    between,
    by,
    on,
    since,
)

MEDIAN = Aggregate("mid", fold="median")
MEAN = Aggregate("mean", fold="avg")
LOW = Aggregate("low", fold="min")
TWO_MONTHS = Duration(2, "month")
DAYS_28 = Cumulative("days_28", of=REVENUE, window=Duration(28, "day"))
FIRST_28 = Cumulative("first_28", of=REVENUE, window=Duration(28, "day"), period="first")
MTD = Cumulative("mtd", of=REVENUE, to_grain="month")
PAID = Condition("orders.status", "=", "paid")


def asked(*measures: Aggregate | Cumulative, by: tuple[Dimension, ...] = BY_MONTH) -> Question:
    return Question(measures, by)


def filtered(question: Question, *filters: Condition) -> Question:
    return Question(question.measures, question.dimensions, filters)


EVER = [
    Hand("since_ever", asked(TO_DATE), [(JAN, 30), (FEB, 70), (MAR, 70), (APR, 150)]),
    Hand(
        "since_ever_beside_the_plain_measure",
        asked(REVENUE, TO_DATE),
        [(JAN, 30, 30), (FEB, 40, 70), (MAR, None, 70), (APR, 80, 150), (None, 160, None)],
    ),
    Hand(
        "buyers_are_counted_once",
        asked(Cumulative("buyers_ever", of=BUYERS)),
        [(JAN, 2), (FEB, 2), (MAR, 2), (APR, 3)],
    ),
    Hand(
        "a_count_is_zero_where_no_time_is_known",
        asked(ORDERS, Cumulative("orders_ever", of=ORDERS)),
        [(JAN, 2, 2), (FEB, 2, 4), (MAR, 0, 4), (APR, 1, 5), (None, 1, 0)],
    ),
    Hand("without_a_period_it_is_the_plain_measure", asked(TO_DATE, by=()), [(310,)]),
    Hand(
        "by_a_looked_up_dimension",
        asked(TO_DATE, by=(by("month"), REGION)),
        [
            (JAN, "north", 10), (JAN, "south", 20),
            (FEB, "north", 50), (FEB, "south", 20),
            (MAR, "north", 50), (MAR, "south", 20),
            (APR, "north", 50), (APR, "south", 20), (APR, None, 80),
        ],
    ),
    Hand(
        "beside_another_fact_it_runs_on",
        asked(TO_DATE, VISITS),
        [(JAN, 30, 1), (FEB, 70, 1), (MAR, 70, 0), (APR, 150, 0), (MAY, 150, 1), (None, None, 1)],
    ),
    Hand(
        "of_a_looked_up_time",
        asked(UNITS, Cumulative("units_ever", "lines", of=UNITS)),
        [(JAN, 3, 3), (FEB, 4, 7), (None, 24, None)],
    ),
    Hand(
        "by_its_own_time_column",
        asked(TO_DATE, by=(Dimension("orders.ordered_at", "month"),)),
        [(JAN, 30), (FEB, 70), (MAR, 70), (APR, 150)],
    ),
    Hand(
        "by_a_time_of_its_own_choice",
        asked(REVENUE, SHIPPED, Cumulative("shipped_ever", of=SHIPPED)),
        [(JAN, 30, 20, 20), (FEB, 40, 10, 30), (MAR, None, None, 30), (APR, 80, 240, 270),
         (None, 160, 40, None)],
    ),
    Hand(
        "its_other_time_is_a_column_like_others",
        filtered(
            asked(Cumulative("shipped_ever", of=SHIPPED)),
            Condition("orders.ordered_at", ">=", on("2024-02-01")),
        ),
        [(MAR, None), (APR, 80)],
    ),
    Hand(
        "of_the_first_day",
        asked(Cumulative("first_day", of=REVENUE, period="first")),
        [(FEB, 30), (MAR, 70), (APR, 150)],
    ),
]  # fmt: skip
WINDOWS = [
    Hand(
        "28_days_end_with_their_last_day",
        filtered(asked(DAYS_28, by=BY_DAY), between("2024-02-26", "2024-03-01")),
        [("2024-02-26", 30), ("2024-02-27", 20), ("2024-02-29", 40), ("2024-03-01", 40)],
    ),
    Hand("28_days_at_the_months_end", asked(DAYS_28), [(JAN, 30), (FEB, 40)]),
    Hand("28_days_at_the_months_first_day", asked(FIRST_28), [(FEB, 30), (MAR, 40), (APR, 80)]),
    Hand(
        "a_month_before_a_day",
        filtered(
            asked(Cumulative("month", of=REVENUE, window=Duration(1, "month")), by=BY_DAY),
            between("2024-03-27", "2024-04-01"),
        ),
        [("2024-03-27", 40), ("2024-03-28", 40), ("2024-03-29", 40), ("2024-03-30", 40), (APR, 80)],
    ),
    Hand(
        "a_median_is_taken_of_the_rows",
        asked(
            Cumulative("mids", of=MEDIAN, window=TWO_MONTHS),
            Cumulative("means", of=MEAN, window=TWO_MONTHS),
            Cumulative("lows", of=LOW, window=TWO_MONTHS),
        ),
        [(JAN, 15, 15, 10), (FEB, 20, 70 / 3, 10), (MAR, 40, 40, 40), (APR, 80, 80, 80)],
    ),
    Hand(
        "two_hours",
        filtered(
            asked(
                Cumulative("hours_2", "visits", of=PAGES, window=Duration(2, "hour")),
                by=(by("hour"),),
            ),
            between("2024-01-31 22:00:00", "2024-02-01 02:00:00"),
        ),
        [("2024-01-31 23:00:00", 5), ("2024-02-01", 12), ("2024-02-01 01:00:00", 7)],
    ),
    Hand(
        "month_to_date",
        filtered(asked(MTD, by=BY_DAY), before("2024-03-02")),
        [("2024-01-30", 10), ("2024-01-31", 30), ("2024-02-29", 40)],
    ),
    Hand(
        "quarter_to_date",
        asked(Cumulative("qtd", of=REVENUE, to_grain="quarter")),
        [(JAN, 30), (FEB, 70), (MAR, 70), (APR, 80)],
    ),
    Hand("a_week_is_of_the_month_of_its_last_day", asked(MTD, by=(by("week"),)), [(APR, 80)]),
    Hand(
        "the_first_day_of_a_quarter_to_date",
        asked(
            Cumulative("first_mtd", of=REVENUE, to_grain="month", period="first"),
            by=(by("quarter"),),
        ),
        [(APR, 80)],
    ),
]
FILTERS = [
    Hand(
        "a_filter_on_the_time_cuts_no_past",
        filtered(asked(REVENUE, TO_DATE), since(FEB)),
        [(FEB, 40, 70), (MAR, None, 70), (APR, 80, 150)],
    ),
    Hand(
        "a_period_that_it_cuts_is_shown_whole",
        filtered(asked(REVENUE, TO_DATE), since("2024-01-31"), before(MAR)),
        [(JAN, 20, 30), (FEB, 40, 70)],
    ),
    Hand(
        "one_moment",
        filtered(asked(TO_DATE), Condition("metric_time", "=", on("2024-03-31"))),
        [(MAR, 70)],
    ),
    Hand(
        "the_last_of_many_days",
        filtered(asked(TO_DATE, by=BY_DAY), since("2024-02-28")),
        [("2024-02-28", 5), ("2024-02-29", 5), ("2024-03-01", 12)],
        LONG,
    ),
    Hand(
        "the_last_moment_belongs_to_it",
        filtered(asked(TO_DATE), Condition("metric_time", "<=", on(MAR))),
        [(JAN, 30), (FEB, 70), (MAR, 70)],
    ),
    Hand(
        "on_its_own_time_column",
        filtered(asked(TO_DATE), Condition("orders.ordered_at", ">=", on(FEB))),
        [(FEB, 70), (MAR, 70), (APR, 150)],
    ),
    Hand(
        "another_filter_is_of_rows",
        filtered(asked(TO_DATE), PAID),
        [(JAN, 30), (FEB, 30), (MAR, 30), (APR, 110)],
    ),
    Hand(
        "a_measures_own_filter_removes_no_group",
        asked(
            Cumulative("open_ever", of=OPEN),
            Cumulative("open_too", of=REVENUE, where=Condition("status", "=", "open")),
        ),
        [(JAN, None, None), (FEB, 40, 40), (MAR, 40, 40), (APR, 40, 40)],
    ),
    Hand(
        "a_filter_of_one_fact",
        filtered(asked(TO_DATE, VISITS), PAID),
        [(JAN, 30, 1), (FEB, 30, 1), (MAR, 30, 0), (APR, 110, 0), (MAY, 110, 1), (None, None, 1)],
    ),
    Hand(
        "the_time_of_one_fact",
        filtered(asked(TO_DATE, VISITS), Condition("orders.ordered_at", "<", on(FEB))),
        [(JAN, 30, 1), (FEB, None, 1), (MAY, None, 1), (None, None, 1)],
    ),
    Hand(
        "the_time_of_one_of_two_cumulative_measures",
        filtered(
            asked(TO_DATE, Cumulative("pages_ever", "visits", of=PAGES)),
            Condition("orders.ordered_at", "<", on(FEB)),
        ),
        [(JAN, 30, 5), (FEB, None, 12), (MAR, None, 12), (APR, None, 12), (MAY, None, 23)],
    ),
    Hand(
        "one_of_two_times_of_a_fact",
        filtered(
            asked(TO_DATE, Cumulative("shipped_ever", of=SHIPPED)),
            Condition("orders.ordered_at", "<", on(FEB)),
        ),
        [(JAN, 30, 20), (FEB, None, 30), (MAR, None, 30), (APR, None, 30)],
    ),
]
CUMULATIVE = [*EVER, *WINDOWS, *FILTERS]
