"""Some visits and orders, whose conversions are worked out by hand.

Within 7 days visit 2 has the orders 1 and 2 (visit 3 is of the same moment and has the larger key),
visit 4 has order 5, and visit 5 has order 4. Order 3 comes at the very end of visit 2's window,
order 11 before each visit of its buyer; order 6 has no buyer, order 9 no time, order 10 no visit.
Within a month visit 2 has order 3, too, and visit 7, of 31 March, has order 7, but not order 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from conversions import measures as of
from conversions.question import Condition, Conversion, Question, Rank, Total
from conversions.world import World, rows

WORLD: World = {
    "people": rows("people", (1, "north"), (2, "south"), (3, None), (4, "east")),
    "visits": rows(
        "visits",
        (1, 1, 7, "ads", 1, "2024-01-30 10:00:00", "2024-01-30"),
        (2, 1, 7, "mail", 5, "2024-01-31 10:00:00", "2024-02-01"),
        (3, 1, 8, "mail", 2, "2024-01-31 10:00:00", "2024-01-31"),
        (4, 2, 7, "ads", 4, "2024-02-28 00:00:00", "2024-02-28"),
        (5, 2, 7, None, 3, "2024-02-29 12:00:00", "2024-02-29"),
        (6, None, 7, "ads", 9, "2024-02-29 12:00:00", "2024-02-29"),
        (7, 3, None, "ads", 1, "2024-03-31 23:59:59", "2024-04-01"),
        (8, 1, 7, "ads", 2, None, None),
        (9, 9, 8, "mail", 6, "2024-04-01 00:00:00", "2024-04-01"),
    ),
    "orders": rows(
        "orders",
        (1, 1, 8, "paid", 10, "2024-01-31 10:00:00", "2024-02-01"),
        (2, 1, 7, "paid", 20, "2024-02-07 09:59:59", "2024-02-07"),
        (3, 1, 7, "open", 40, "2024-02-07 10:00:00", None),
        (4, 2, 7, "paid", None, "2024-02-29 12:00:00", "2024-03-07"),
        (5, 2, 7, "paid", 80, "2024-02-28 23:00:00", "2024-02-29"),
        (6, None, 7, "paid", 160, "2024-02-29 13:00:00", "2024-02-29"),
        (7, 3, 7, "open", 320, "2024-04-30 23:59:58", "2024-05-01"),
        (8, 3, 7, "paid", 5, "2024-04-30 23:59:59", "2024-04-30"),
        (9, 9, 8, "paid", 7, None, "2024-04-02"),
        (10, 4, 7, "paid", 3, "2024-01-01 00:00:00", "2024-01-01"),
        (11, 2, 8, "paid", 2, "2024-02-27 00:00:00", "2024-02-27"),
    ),
    "items": rows("items", (1, 1, 2), (2, 2, 3), (3, 5, 4), (4, 7, 5), (5, 99, 9), (6, 2, 6)),
}
NOTHING: World = {**WORLD, "visits": (), "orders": (), "items": ()}
NO_ORDERS: World = {**WORLD, "orders": (), "items": ()}


def twice(world: World) -> World:
    """Return a world with each order twice, the key included: the model's grain does not hold."""
    return {**world, "orders": (*world["orders"], *(dict(row) for row in world["orders"]))}


@dataclass(frozen=True)
class Hand:
    """What is asked, and what is right."""

    name: str
    question: Question
    rows: list[tuple[Any, ...]]
    world: World = field(default_factory=lambda: WORLD)


def conversion(what: Any = of.ORDERS, window: Any = of.WEEK, **rest: Any) -> Conversion:
    """Return a conversion of visits."""
    return Conversion(rest.pop("base", of.VISITS), what, window=window, **rest)


def count(what: Any = of.ORDERS, window: Any = of.WEEK, **rest: Any) -> Conversion:
    """Return a number of conversions of visits."""
    return conversion(what, window, calculate="count", **rest)


def asked(*measures: Any, by: Any = ("visits.channel",), **rest: Any) -> Question:
    """Return a question."""
    return Question(measures, by, **rest)


CHANNEL, REGION, MONTHLY = ("visits.channel",), ("people.region",), ("metric_time:month",)
ADS = Condition("visits.channel", "=", "ads")
MAIL = Condition("channel", "=", "mail")
IN_FEBRUARY = (Condition("metric_time", ">=", WORLD["visits"][3]["seen_at"]),)
HANDS = [
    Hand("the_rate", asked(conversion()), [("ads", 0.2), ("mail", 2 / 3), (None, 1)]),
    Hand("the_count", asked(count()), [("ads", 1), ("mail", 2), (None, 1)]),
    Hand("metricflow_calls_it_conversions", asked(conversion(calculate="conversions")),
         [("ads", 1), ("mail", 2), (None, 1)]),
    Hand("in_one_row", asked(conversion(), count(name="n"), by=()), [(4 / 9, 4)]),
    Hand("without_a_window", asked(count(window=None)), [("ads", 3), ("mail", 3), (None, 1)]),
    Hand("a_month_from_its_last_day", asked(count(window=of.MONTH)),
         [("ads", 2), ("mail", 3), (None, 1)]),
    Hand("weeks", asked(count(window=(1, "week"))), [("ads", 1), ("mail", 2), (None, 1)]),
    Hand("by_month_of_the_visit", asked(conversion(), count(name="n"), by=MONTHLY),
         [("2024-01-01", 2 / 3, 2), ("2024-02-01", 2 / 3, 2), ("2024-03-01", 0, 0),
          ("2024-04-01", 0, 0), (None, 0, 0)]),
    Hand("by_what_visits_look_up", asked(conversion(), by=REGION),
         [("north", 0.5), ("south", 1), (None, 0)]),
    Hand("a_filter_takes_nothing_from_the_attribution", asked(count(), filters=(ADS,)),
         [("ads", 1)]),
    Hand("a_filter_that_no_row_passes",
         asked(count(), filters=(Condition("visits.pages", ">", 99),)), []),
    Hand("a_filter_that_no_row_passes_in_one_row",
         asked(conversion(), count(name="n"), by=(),
               filters=(Condition("visits.pages", ">", 99),)), [(None, 0)]),
    # Without visits by mail order 1 goes to visit 1, and order 4 to visit 4; order 2 is too late.
    Hand("a_filter_of_the_measure_comes_before",
         asked(count(where=Condition("channel", "=", "ads"))),
         [("ads", 3), ("mail", 0), (None, 0)]),
    Hand("and_in_the_rate_it_restricts_the_base",
         asked(conversion(where=Condition("channel", "=", "ads"))),
         [("ads", 3 / 5), ("mail", None), (None, None)]),
    Hand("a_filter_of_the_base", asked(conversion(base=of.DEEP)),
         # Visit 4 has the orders 4 and 5, visit 2 the orders 1 and 2.
         [("ads", 1), ("mail", 1), (None, None)]),
    Hand("a_filter_of_the_conversion", asked(count(of.PAID, None)),
         [("ads", 2), ("mail", 2), (None, 1)]),
    Hand("a_filter_on_what_conversions_look_up", asked(count(of.NORTHERN, None)),
         [("ads", 0), ("mail", 3), (None, 0)]),
    Hand("a_segment_comes_after", asked(count(), segments=(Condition("pages", ">", 4),)),
         [("ads", 0), ("mail", 2), (None, 0)]),
    Hand("a_segment_in_the_rate", asked(conversion(), segments=(Condition("pages", ">", 4),)),
         [("ads", 0), ("mail", 1), (None, None)]),
    Hand("equal_products", asked(count(constant=of.SAME_PRODUCT), by=("visits.product_id",)),
         [(7, 3), (8, 1), (None, 0)]),
    Hand("a_sum", asked(count(of.REVENUE)), [("ads", 80), ("mail", 30), (None, None)]),
    Hand("a_sum_over_a_sum", asked(conversion(of.REVENUE, base=of.PAGES)),
         [("ads", 80 / 17), ("mail", 30 / 13), (None, None)]),
    Hand("a_sum_that_is_filled", asked(count(of.REVENUE, fill=0)),
         [("ads", 80), ("mail", 30), (None, 0)]),
    Hand("an_average", asked(count(of.MEAN)), [("ads", 80), ("mail", 15), (None, None)]),
    Hand("distinct_buyers", asked(conversion(of.BUYERS, base=of.VISITORS)),
         [("ads", 1 / 3), ("mail", 0.5), (None, 1)]),
    Hand("the_largest", asked(count(of.LARGEST)), [("ads", 80), ("mail", 20), (None, None)]),
    Hand("the_last_time", asked(count(of.LAST)),
         [("ads", "2024-02-28 23:00:00"), ("mail", "2024-02-07 09:59:59"),
          (None, "2024-02-29 12:00:00")]),
    Hand("a_median", asked(count(of.TYPICAL)), [("ads", 80), ("mail", 15), (None, None)]),
    # A date is its midnight: order 4 is shipped in the window of visit 5, order 9 after visit 9.
    Hand("dates_of_the_conversion", asked(count(of.SHIPPED)), [("ads", 1), ("mail", 3), (None, 1)]),
    # Visit 2 ends on 1 February, after order 1, which goes to visit 3 of 31 January.
    Hand("dates_of_the_base", asked(count(base=of.LEFT), by=("visits.id",)),
         [(1, 0), (2, 2), (3, 1), (4, 1), (5, 1), (6, 0), (7, 0), (8, 0), (9, 0)]),
    Hand("by_the_own_time_of_the_base", asked(count(base=of.LEFT), by=MONTHLY),
         [("2024-01-01", 1), ("2024-02-01", 4), ("2024-04-01", 0), (None, 0)]),
    Hand("a_day", asked(count(window=of.DAY)), [("ads", 1), ("mail", 1), (None, 1)]),
    Hand("what_is_looked_up_belongs_together", asked(count(of.UNITS, entity=of.OF_ITEMS)),
         [("ads", 4), ("mail", 11), (None, None)]),
    Hand("and_counts_by_itself", asked(count(of.ITEMS, entity=of.OF_ITEMS)),
         [("ads", 1), ("mail", 3), (None, 0)]),
    Hand("an_aggregate_of_what_is_looked_up", asked(count(of.WORTH, entity=of.OF_ITEMS)),
         [("ads", 80), ("mail", 20), (None, None)]),
    # Visits are given to themselves, or to the least of those at their moment.
    Hand("rows_of_one_source", asked(count(of.DEEP, entity=("person_id", "person_id"))),
         [("ads", 1), ("mail", 2), (None, 0)]),
    Hand("beside_other_facts", asked(conversion(), of.VISITS, of.ORDERS, by=REGION),
         [("east", None, 0, 1), ("north", 0.5, 4, 3), ("south", 1, 2, 3), (None, 0, 3, 4)]),
    Hand("two_conversions",
         asked(count(), count(window=of.MONTH, name="n"), count(of.REVENUE, name="r")),
         [("ads", 1, 2, 80), ("mail", 2, 3, 30), (None, 1, 1, None)]),
    Hand("a_total", asked(conversion(), Total(conversion())),
         [("ads", 0.2, 4 / 9), ("mail", 2 / 3, 4 / 9), (None, 1, 4 / 9)]),
    Hand("a_total_alone", asked(Total(count())), [("ads", 4), ("mail", 4), (None, 4)]),
    Hand("a_total_of_some_groups", asked(Total(count(), CHANNEL), by=(*CHANNEL, *REGION)),
         [("ads", "north", 1), ("ads", "south", 1), ("ads", None, 1), ("mail", "north", 2),
          ("mail", None, 2), (None, "south", 1)]),
    Hand("ranks", asked(Rank(conversion()), conversion()),
         [("ads", 3, 0.2), ("mail", 2, 2 / 3), (None, 1, 1)]),
    Hand("a_filter_on_it", asked(count(), having=((conversion(name="r"), ">", 0.5),)),
         [("mail", 2), (None, 1)]),
    Hand("empty_tables", asked(conversion(), count(name="n")), [], NOTHING),
    Hand("empty_tables_in_one_row", asked(conversion(), count(name="n"), by=()), [(None, 0)],
         NOTHING),
    Hand("no_orders", asked(conversion(), count(of.REVENUE, name="r")),
         [("ads", 0, None), ("mail", 0, None), (None, 0, None)], NO_ORDERS),
    Hand("rows_that_are_there_twice", asked(count()), [("ads", 2), ("mail", 4), (None, 2)],
         twice(WORLD)),
    Hand("values_without_facts", asked(conversion(), count(name="n"), by=REGION, empty=True),
         [("east", None, 0), ("north", 0.5, 2), ("south", 1, 2), (None, 0, 0)]),
    Hand("since_a_month", asked(count(), by=MONTHLY, filters=IN_FEBRUARY),
         [("2024-02-01", 2), ("2024-03-01", 0), ("2024-04-01", 0)]),
]  # fmt: skip
