"""Rows worked out by hand, from `WORLD`.

The groups of its orders, by what their items are: 1 books and toys, 2 toys, 3 books and none, 4
none (three times), 5 none for it has no items, 6 books. By the month of shipping: 1 January and
February, 2 NULL, 3 February, 4 February, March and NULL, 5 NULL, 6 May. By how they were paid: 1
card and cash, 2 cash, 4 NULL, and the others not at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from each_once.evaluator import Rows
from each_once.question import Filter, Measure, Question
from each_once.world import NOTHING, WORLD, World

REVENUE, N, BUYERS, MEAN, TYPICAL, PAID = (
    Measure("orders", name) for name in ("revenue", "n", "buyers", "mean", "typical", "paid")
)
PIECES, LINES = Measure("order_items", "pieces"), Measure("order_items", "lines")
BOOKS, MANY = Filter("category", "=", "books"), Filter("quantity", ">", 2)
JAN, FEB, MAR, APR, MAY = (f"2024-0{month}-01" for month in range(1, 6))
CATEGORY = ("category",)


def over(measure: Measure, kind: str, *dimensions: str) -> Measure:
    """Return a measure of another kind."""
    return Measure(measure.fact, measure.name, kind, dimensions)


@dataclass(frozen=True)
class Hand:
    """What is asked, and what is right."""

    name: str
    question: Question
    rows: Rows
    world: World = WORLD


HAND = [
    Hand(
        "a row without items and one with items of no category are in one group",
        Question((REVENUE, N), CATEGORY),
        [("books", 40, 3), ("toys", 30, 2), (None, 120, 3)],
    ),
    Hand(
        "what is no sum",
        Question((BUYERS, MEAN, TYPICAL, PAID), CATEGORY),
        [("books", 2, 20, 20, 1), ("toys", 2, 15, 15, 2), (None, 3, 40, 40, 1)],
    ),
    Hand(
        "a total counts each row once",
        Question((N, over(N, "total"), over(REVENUE, "share")), CATEGORY),
        [("books", 3, 6, 40 / 150), ("toys", 2, 6, 30 / 150), (None, 3, 6, 120 / 150)],
    ),
    Hand(
        "a total alone shows the groups too",
        Question((over(REVENUE, "total"),), CATEGORY),
        [("books", 150), ("toys", 150), (None, 150)],
    ),
    Hand(
        "a total by the many side is the group itself",
        Question((N, over(N, "total", "category"), over(N, "total", "region")),
                 ("region", "category")),
        [
            ("north", "books", 1, 3, 2), ("north", "toys", 1, 2, 2), ("north", None, 1, 3, 2),
            ("south", "books", 1, 3, 2), ("south", "toys", 1, 2, 2), ("south", None, 1, 3, 2),
            (None, "books", 1, 3, 2), (None, None, 1, 3, 2),
        ],
    ),
    Hand(
        "places among groups",
        Question((REVENUE, over(REVENUE, "rank")), CATEGORY),
        [("books", 40, 2), ("toys", 30, 3), (None, 120, 1)],
    ),
    Hand(
        "combinations that one item has",
        Question((N, REVENUE), ("category", "size")),
        [
            ("books", "M", 2, 40), ("books", "S", 2, 10), ("toys", "S", 2, 30),
            (None, "M", 1, 40), (None, "S", 1, 40), (None, None, 2, 80),
        ],
    ),
    Hand(
        "combinations of two many sides",
        Question((N, REVENUE), ("method", "category")),
        [
            ("card", "books", 1, 10), ("card", "toys", 1, 10), ("cash", "books", 1, 10),
            ("cash", "toys", 2, 30), (None, "books", 2, 30), (None, None, 3, 120),
        ],
    ),
    Hand(
        "a total beside two many sides",
        Question((N, over(N, "total", "method")), ("method", "category"), (BOOKS,)),
        [("card", "books", 1, 1), ("cash", "books", 1, 1), (None, "books", 2, 2)],
    ),
    Hand(
        "periods of the many side",
        Question((N, REVENUE), ("shipped",)),
        [(JAN, 1, 10), (FEB, 3, 80), (MAR, 1, 40), (MAY, 1, None), (None, 3, 110)],
    ),
    Hand(
        "a filter there says which items make groups",
        Question((N, over(N, "total"), REVENUE), ("size",), (BOOKS,)),
        [("S", 2, 3, 10), ("M", 2, 3, 40)],
    ),
    Hand(
        "rows without such items do not count",
        Question((N, over(N, "total")), CATEGORY, (MANY,)),
        [("books", 1, 3), ("toys", 1, 3), (None, 1, 3)],
    ),
    Hand(
        "filters of both sides",
        Question((N,), CATEGORY, (MANY, Filter("status", "=", "open"))),
        [("books", 1), (None, 1)],
    ),
    Hand(
        "beside a measure that looks the dimension up",
        Question((N, LINES), CATEGORY),
        [("books", 3, 5), ("toys", 2, 3), (None, 3, 4)],
    ),
    Hand(
        "a filter restricts both",
        Question((N, PIECES), CATEGORY, (BOOKS,)),
        [("books", 3, 16)],
    ),
    Hand(
        "values without rows",
        Question((REVENUE, N), CATEGORY, empty=True),
        [("books", 40, 3), ("toys", 30, 2), ("games", None, 0), (None, 120, 3)],
    ),
    Hand(
        "values of items that are of no order",
        Question((REVENUE, N), ("size",), empty=True),
        [("S", 70, 4), ("M", 80, 3), ("L", None, 0), (None, 80, 2)],
    ),
    Hand(
        "values without rows beside other dimensions",
        Question((N,), ("category", "status"), empty=True),
        [
            ("books", "paid", 1), ("books", "open", 1), ("books", None, 1), ("toys", "paid", 2),
            (None, "open", 2), (None, "paid", 1), ("games", None, 0),
        ],
    ),
    Hand(
        "no rows at all",
        Question((REVENUE, N), CATEGORY, empty=True),
        [("books", None, 0), ("toys", None, 0), ("games", None, 0), (None, None, 0)],
        NOTHING,
    ),
    Hand("no rows and no values", Question((N,), CATEGORY), [], NOTHING),
    Hand(
        "groups by their size",
        Question((N,), CATEGORY, having=2),
        [("books", 3), (None, 3)],
    ),
    Hand(
        "a month earlier, in the same group",
        Question((N, over(N, "offset")), ("month", "category")),
        [
            (JAN, "books", 1, 0), (JAN, "toys", 2, 0), (FEB, "books", 1, 1), (FEB, "toys", 0, 2),
            (FEB, None, 2, 0), (MAR, "books", 0, 1), (MAR, None, 0, 2), (APR, None, 1, 0),
            (MAY, None, 0, 1), (None, "books", 1, 0),
        ],
    ),
    Hand(
        "since ever, in the same group",
        Question((over(N, "cumulative"), over(REVENUE, "cumulative")), ("month", "category")),
        [
            (JAN, "books", 1, 10), (FEB, "books", 2, 40), (MAR, "books", 2, 40),
            (APR, "books", 2, 40), (JAN, "toys", 2, 30), (FEB, "toys", 2, 30),
            (MAR, "toys", 2, 30), (APR, "toys", 2, 30), (FEB, None, 2, 70), (MAR, None, 2, 70),
            (APR, None, 3, 120),
        ],
    ),
    Hand(
        "since ever, of orders with such items",
        Question((over(N, "cumulative"),), ("month", "category"), (MANY,)),
        [
            *[(month, "toys", 1) for month in (JAN, FEB, MAR, APR)],
            *[(month, "books", 1) for month in (FEB, MAR, APR)],
            *[(month, None, 1) for month in (FEB, MAR, APR)],
        ],
    ),
]  # fmt: skip
