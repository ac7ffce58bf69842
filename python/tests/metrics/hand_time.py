"""metric_time, filled periods and what is no sum over time, with right rows worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

from metrics.hand import Hand
from metrics.periods import Duration
from metrics.question import (
    Aggregate,
    Condition,
    Cumulative,
    Dimension,
    NonAdditive,
    Question,
    World,
)
from metrics.shop import (
    APR,
    BALANCE,
    BALANCES,
    BY_MONTH,
    FEB,
    JAN,
    LAST,
    LONG,
    MAR,
    MAY,
    OPENING,
    ORDERS,
    REGION,
    REVENUE,
    REVENUE_0,
    SHIPPED,
    SHOP,
    TO_DATE,
    UNITS,
    VISITS,
    before,
    between,
    by,
    since,
)

LONG_FIRST = date(2020, 1, 31)
LONG_DAYS = (date(2024, 3, 1) - LONG_FIRST).days
PAID = Condition("orders.status", "=", "paid")
SOUTH = Condition("customers.region", "=", "south")
BALANCE_B = Aggregate(
    "balance_b", "levels", Condition("account", "=", "b"), non_additive=NonAdditive("as_of")
)
METRIC_TIME = [
    Hand(
        "two_facts",
        Question((REVENUE, VISITS), BY_MONTH),
        [(JAN, 30, 1), (FEB, 40, 1), (APR, 80, 0), (MAY, None, 1), (None, 160, 1)],
    ),
    Hand(
        "two_times_of_one_fact",
        Question((REVENUE, SHIPPED), BY_MONTH),
        [(JAN, 30, 20), (FEB, 40, 10), (MAR, None, None), (APR, 80, 240), (None, 160, 40)],
    ),
    Hand(
        "another_time_is_of_no_matter_to_a_column",
        Question((SHIPPED, TO_DATE), (Dimension("orders.ordered_at", "month"),)),
        [(JAN, 30, 30), (FEB, 40, 70), (MAR, None, 70), (APR, 80, 150), (None, 160, None)],
    ),
    Hand(
        "a_time_that_is_looked_up",
        Question((UNITS, VISITS), BY_MONTH),
        [(JAN, 3, 1), (FEB, 4, 1), (MAY, None, 1), (None, 24, 1)],
    ),
    Hand(
        "a_filter_is_of_each_facts_own_time",
        Question((REVENUE, VISITS), BY_MONTH, (since("2024-01-31"), before(MAR))),
        [(JAN, 20, 1), (FEB, 40, 1)],
    ),
    Hand(
        "a_filter_without_a_period",
        Question((REVENUE, VISITS), (), (since(FEB),)),
        [(120, 2)],
    ),
    Hand(
        "a_filter_that_one_fact_alone_can_reach",
        Question((REVENUE, VISITS), BY_MONTH, (PAID,)),
        [(JAN, 30, 1), (FEB, None, 1), (APR, 80, 0), (MAY, None, 1), (None, None, 1)],
    ),
    Hand(
        "by_week",
        Question((REVENUE, VISITS), (by("week"),)),
        [("2024-01-29", 30, 2), ("2024-02-26", 40, 0), (APR, 80, 0), ("2024-05-06", None, 1),
         (None, 160, 1)],
    ),
    Hand(
        "by_a_looked_up_dimension_too",
        Question((REVENUE, VISITS), (by("quarter"), REGION)),
        [(JAN, "north", 50, 1), (JAN, "south", 20, 1), (APR, "north", None, 1), (APR, None, 80, 0),
         (None, None, 160, 1)],
    ),
    Hand(
        "values_without_facts",
        Question((REVENUE_0, ORDERS), (by("year"), REGION), include_empty=True),
        [(JAN, "north", 50, 3), (JAN, "south", 20, 1), (JAN, None, 80, 1), (None, "east", 0, 0),
         (None, None, 160, 1)],
    ),
]  # fmt: skip
FILL = [
    Hand(
        "a_fact_without_rows_begins_no_period",
        Question((REVENUE, VISITS), BY_MONTH, fill=True),
        [(JAN, None, 1), (FEB, None, 1), (MAR, None, 0), (APR, None, 0), (MAY, None, 1),
         (None, None, 1)],
        World({**SHOP.rows, "orders": []}),
    ),
    Hand(
        "a_month_without_orders",
        Question((REVENUE, REVENUE_0, ORDERS), BY_MONTH, fill=True),
        [(JAN, 30, 30, 2), (FEB, 40, 40, 2), (MAR, None, 0, 0), (APR, 80, 80, 1),
         (None, 160, 160, 1)],
    ),
    Hand(
        "from_the_filters_first_to_its_last",
        Question((REVENUE,), BY_MONTH, (since("2023-12-01"), before("2024-03-15")), fill=True),
        [("2023-12-01", None), (JAN, 30), (FEB, 40), (MAR, None)],
    ),
    Hand(
        "not_to_the_month_before_which_the_filter_ends",
        Question((REVENUE,), BY_MONTH, (since(FEB), before(APR)), fill=True),
        [(FEB, 40), (MAR, None)],
    ),
    Hand(
        "from_the_filters_first_to_the_answers_last",
        Question((REVENUE,), BY_MONTH, (since("2023-12-10"),), fill=True),
        [("2023-12-01", None), (JAN, 30), (FEB, 40), (MAR, None), (APR, 80)],
    ),
    Hand(
        "where_no_row_is",
        Question((REVENUE, ORDERS), BY_MONTH, (between("2025-01-01", "2025-02-28"),), fill=True),
        [("2025-01-01", None, 0), ("2025-02-01", None, 0)],
    ),
    Hand(
        "with_another_dimension",
        Question((ORDERS,), (by("month"), REGION), (before("2024-05-01"),), fill=True),
        [(JAN, "north", 1), (JAN, "south", 1), (FEB, "north", 2), (MAR, None, 0), (APR, None, 1)],
    ),
    Hand(
        "two_facts",
        Question((REVENUE, VISITS), BY_MONTH, fill=True),
        [(JAN, 30, 1), (FEB, 40, 1), (MAR, None, 0), (APR, 80, 0), (MAY, None, 1), (None, 160, 1)],
    ),
    Hand(
        "many_days",
        Question((ORDERS,), (by("day"),), fill=True),
        [(str(LONG_FIRST + timedelta(n)), int(n in (0, LONG_DAYS))) for n in range(LONG_DAYS + 1)],
        LONG,
    ),
    Hand(
        "of_its_own_time_column",
        Question((ORDERS,), (Dimension("orders.ordered_at", "month"),), fill=True),
        [(JAN, 2), (FEB, 2), (MAR, 0), (APR, 1), (None, 1)],
    ),
    Hand(
        "a_window_without_rows",
        Question(
            (Cumulative("days_28", of=REVENUE, window=Duration(28, "day"), fill_nulls_with=0),),
            BY_MONTH,
            (before("2024-05-01"),),
            fill=True,
        ),
        [(JAN, 30), (FEB, 40), (MAR, 0), (APR, 0)],
    ),
]  # fmt: skip
NON_ADDITIVE = [
    Hand("the_last_day", Question((BALANCE,)), [(125,)]),
    Hand("the_last_day_of_each_account", Question((BALANCES,)), [(175,)]),
    Hand("the_first_day", Question((OPENING,)), [(100,)]),
    Hand(
        "the_last_day_of_each_month",
        Question((BALANCE, BALANCES), BY_MONTH),
        [(JAN, 110, 160), (FEB, 125, 125), (None, None, None)],
    ),
    Hand(
        "a_region_does_not_choose_the_day",
        Question((BALANCE, BALANCES), (REGION,)),
        [("north", 120, 120), ("south", None, 50), (None, 5, 5)],
    ),
    Hand(
        "a_region_does_not_choose_the_day_of_a_month",
        Question((BALANCE,), (by("month"), REGION)),
        [(JAN, "north", 110), (JAN, "south", None), (FEB, "north", 120), (FEB, None, 5),
         (None, "south", None)],
    ),
    Hand("a_filter_does", Question((BALANCE,), (), (SOUTH,)), [(50,)]),
    Hand("a_filter_on_the_time_does", Question((BALANCE,), (), (before(FEB),)), [(110,)]),
    Hand("the_measures_own_filter_does", Question((BALANCE_B,)), [(50,)]),
    Hand(
        "each_day",
        Question((BALANCE,), (Dimension("levels.as_of"),)),
        [("2024-01-10", 100), ("2024-01-20", 50), ("2024-01-31", 110), ("2024-02-10", 125),
         (None, None)],
    ),
    Hand(
        "the_rows_of_the_last_day_are_counted",
        Question((Aggregate("n", "levels", fold="count", column=None, non_additive=LAST),)),
        [(2,)],
    ),
    Hand(
        "beside_another_fact",
        Question((BALANCE, REVENUE), BY_MONTH),
        [(JAN, 110, 30), (FEB, 125, 40), (APR, None, 80), (None, None, 160)],
    ),
]  # fmt: skip
TIME = [*METRIC_TIME, *FILL, *NON_ADDITIVE]
