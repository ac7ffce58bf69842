"""Questions beside an earlier time, with the rows that are right worked out by hand.

Sales: 2024 has 130 of six, January, March and April 2024 60, 30 and 40, 2025 5 in January and 7 in
March.
"""

from __future__ import annotations

from over_groups.question import Arithmetic, Having, Question, RowFilter
from over_groups.shop_cases import BACK, BUYERS, RETURNED, REVENUE, Y24, Y25, Hand, N

YEARS = ("year",)
NO = (None, None, None)

COMPARISONS = [
    Hand("a_year_ago", Question((REVENUE,), YEARS, compare="1 year"),
         [(Y24, 130, *NO), (Y25, 12, 130, -118, -11800 / 130)]),
    Hand("previous_is_the_period_before", Question((N,), YEARS, compare="previous"),
         [(Y24, 6, 0, 6, None), (Y25, 2, 6, -4, -400 / 6)]),
    Hand("previous_is_of_the_finest_grain",
         Question((REVENUE,), ("quarter", "region"), (RowFilter("region", "=", "south"),),
                  compare="previous"),
         [(Y24, "south", 60, *NO), ("2024-04-01", "south", None, 60, None, None)]),
    Hand("every_measure_has_its_columns", Question((N, BUYERS), YEARS, compare="1 year"),
         [(Y24, 6, 0, 6, None, 3, 0, 3, None), (Y25, 2, 6, -4, -400 / 6, 1, 3, -2, -200 / 3)]),
    Hand("a_period_without_rows_has_an_earlier_one",
         Question((REVENUE,), ("month",), (RowFilter("on", "<", "2024-05-01"),), compare="1 month"),
         [("2024-01-01", 60, *NO), ("2024-02-01", None, 60, None, None),
          ("2024-03-01", 30, *NO), ("2024-04-01", 40, 30, 10, 1000 / 30)]),
    Hand("not_after_the_last_period_with_rows",
         Question((REVENUE,), ("month",), (RowFilter("on", ">=", Y25),), compare="1 month"),
         [("2025-01-01", 5, *NO), ("2025-02-01", None, 5, None, None), ("2025-03-01", 7, *NO)]),
    Hand("the_last_of_any_fact", Question((BACK, N), ("quarter",), compare="1 quarter"),
         [(Y24, 10, *NO, 5, 0, 5, None), ("2024-04-01", 1, 10, -9, -90, 1, 5, -4, -80),
          ("2024-07-01", None, 1, None, None, 0, 1, -1, -100), (Y25, None, *NO, 2, 0, 2, None)]),
    Hand("the_earlier_year_is_there_though_it_is_not_asked_for",
         Question((REVENUE,), YEARS, (RowFilter("on", ">=", Y25),), compare="1 year"),
         [(Y25, 12, 130, -118, -11800 / 130)]),
    Hand("other_filters_restrict_both",
         Question((N,), YEARS, (RowFilter("kind", "=", "web"),), compare="1 year"),
         [(Y24, 3, 0, 3, None), (Y25, 1, 3, -2, -200 / 3)]),
    Hand("of_a_derived_measure",
         Question((Arithmetic(REVENUE, "/", N),), YEARS, compare="1 year"),
         [(Y24, 130 / 6, *NO), (Y25, 6, 130 / 6, 6 - 130 / 6, (6 - 130 / 6) * 100 / (130 / 6))]),
    Hand("by_a_looked_up_dimension", Question((RETURNED, N), ("year", "region"), compare="1 year"),
         [(Y24, "north", 1, 0, 1, None, 2, 0, 2, None),
          (Y24, "south", 1, 0, 1, None, 3, 0, 3, None),
          (Y24, None, 1, 0, 1, None, 1, 0, 1, None),
          (Y25, "north", 0, 1, -1, -100, 0, 2, -2, -100),
          (Y25, "south", 0, 1, -1, -100, 0, 3, -3, -100),
          (Y25, None, 0, 1, -1, -100, 2, 1, 1, 100)]),
    Hand("filtered_and_ordered",
         Question((N,), ("year", "region"), having=(Having(N, ">", 1),), order=((0, True),),
                  compare="1 year"),
         [(Y24, "south", 3, 0, 3, None), (Y24, "north", 2, 0, 2, None), (Y25, None, 2, 1, 1, 100)]),
    Hand("the_best_of_each_year",
         Question((N,), ("year", "region"), compare="1 year", top=1, per=YEARS),
         [(Y24, "south", 3, 0, 3, None), (Y25, None, 2, 1, 1, 100)]),
]  # fmt: skip
