"""Questions about what held at a time, with answers worked out by hand."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from support.databases import Database, Row
from validity.checking import asked
from validity.world import Item, Order, Version, World, model

JAN, FEB, MAR, APR = (datetime(2024, month, 1) for month in (1, 2, 3, 4))


def day(month: int, number: int) -> datetime:
    return datetime(2024, month, number)


# Customer 1 was iron since ever, gold in February, nothing in March and gold again since April.
# Customer 2 begins on 10 February, 3 has neither a beginning nor an end; nobody has no key.
HISTORY = (
    Version(1, None, FEB, "iron", 1),
    Version(1, FEB, MAR, "gold", 2),
    Version(1, APR, None, "gold", 3),
    Version(2, day(2, 10), day(2, 20), "iron", 4),
    Version(2, day(2, 20), None, None, 5),
    Version(3, None, None, "iron", 6),
    Version(None, JAN, None, "gold", 9),
)
PRICES = (
    Version(1, JAN, FEB, "pen", 10),
    Version(1, FEB, None, "pen", 20),
    Version(2, FEB, MAR, "ink", 5),
)
ORDERS = (
    Order(1, 1, "eu", day(1, 31), FEB, 1),  # the last day of a window, and the first
    Order(2, 1, "eu", FEB, MAR, 2),  # the first day of a window, and of a gap
    Order(3, 1, "us", day(2, 29), None, 4),  # a leap day, the last of a window
    Order(4, 1, "us", MAR, APR, 8),  # the first day of a gap
    Order(5, 1, "us", day(3, 31), APR, 16),  # its last
    Order(6, 1, None, APR, APR, 32),
    Order(7, 1, "eu", None, APR, 64),  # no time
    Order(8, 2, "eu", day(2, 9), day(2, 10), 128),  # the day before the first window
    Order(9, 2, "eu", day(2, 10), day(2, 20), 256),
    Order(10, 2, "eu", day(2, 20), FEB, 512),  # a version whose tier is NULL
    Order(11, 3, "eu", JAN, None, 1024),
    Order(12, 3, "eu", None, JAN, 2048),  # no time, where the window has no end either
    Order(13, 4, "eu", FEB, FEB, 4096),  # a customer without a history
    Order(14, None, "eu", FEB, FEB, 8192),  # no customer
)
ITEMS = (
    Item(1, 1, 1, 1),  # January: 10
    Item(2, 2, 1, 2),  # February: 20
    Item(3, 2, 2, 3),  # February: 5
    Item(4, 4, 2, 4),  # March: not sold any more
    Item(5, 7, 1, 5),  # an order without a time
    Item(6, 99, 1, 6),  # no order
    Item(7, None, 1, 7),
    Item(8, 2, 3, 8),  # no such product
)
WORLD = World(ORDERS, ITEMS, HISTORY, PRICES, times="DATE", windows="DATE")
IRON, GOLD = 1 + 256 + 1024, 2 + 4 + 32
NOTHING = 16383 - IRON - GOLD

QUESTIONS: dict[str, tuple[dict[str, Any], list[Row]]] = {
    "each_row_counts_once": (
        {"measures": ["orders.n", "orders.revenue"], "dimensions": ["history.tier"]},
        [("gold", 3, GOLD), ("iron", 3, IRON), (None, 8, NOTHING)],
    ),
    "at_another_time_under_an_alias": (
        {"measures": ["orders.n", "orders.revenue"], "dimensions": ["shipped_to.tier"]},
        [
            ("gold", 5, 1 + 8 + 16 + 32 + 64),
            ("iron", 2, 128 + 2048),
            (None, 7, 16383 - 121 - 2176),
        ],
    ),
    "both_joins_beside_each_other": (
        {
            "measures": ["orders.n"],
            "dimensions": ["history.tier", "shipped_to.tier"],
            "filters": ["orders.customer_id = 1"],
        },
        [
            ("gold", "gold", 1),
            ("gold", None, 2),
            ("iron", "gold", 1),
            (None, "gold", 3),
            (None, "iron", 0),  # a value without rows, shown once
        ],
    ),
    "behind_the_window": (
        {
            "measures": ["orders.n"],
            "dimensions": ["titles.title"],
            "join_path": [["orders", "history", "titles"]],
        },
        [("Gold!", 3), ("Iron!", 3), (None, 8)],
    ),
    "at_a_time_that_is_looked_up": (
        {"measures": ["items.pieces", "items.worth"], "dimensions": ["prices.category"]},
        [("ink", 3, 15), ("pen", 3, 50), (None, 30, None)],
    ),
    "two_histories_at_one_time": (
        {
            "measures": ["items.pieces"],
            "dimensions": ["history.tier", "prices.category"],
            "include_empty": False,
        },
        [
            ("gold", "ink", 3),
            ("gold", "pen", 2),
            ("gold", None, 8),
            ("iron", "pen", 1),
            (None, None, 22),
        ],
    ),
    "two_facts": (
        {"measures": ["orders.n", "items.pieces"], "dimensions": ["history.tier"]},
        [("gold", 3, 13), ("iron", 3, 1), (None, 8, 22)],
    ),
    "a_filter_on_what_held": (
        {"measures": ["orders.revenue"], "filters": ["history.tier = 'gold'"]},
        [(GOLD,)],
    ),
    "a_filter_on_one_of_two_joins_to_a_history": (
        {"measures": ["orders.n", "orders.best"], "filters": ["shipped_to.tier = 'gold'"]},
        [(5, 3)],
    ),
    "a_filter_on_what_did_not_hold": (
        {"measures": ["orders.n"], "filters": ["history.tier IS NULL"]},
        [(8,)],
    ),
    "a_filter_on_what_lies_behind_a_looked_up_time": (
        {"measures": ["items.pieces"], "filters": ["prices.category = 'pen'"]},
        [(3,)],
    ),
    "a_filter_of_a_measure_and_a_looked_up_value": (
        {"measures": ["orders.golden", "orders.best"], "dimensions": ["orders.region"]},
        [("eu", 2, 6), ("us", 4, 2), (None, 32, 3)],
    ),
    "a_filter_on_a_measure": (
        {
            "measures": ["orders.n"],
            "dimensions": ["history.tier"],
            "filters": ["orders.revenue > 1000"],
        },
        [("iron", 3), (None, 8)],
    ),
    "each_value_once_without_rows": (
        {
            "measures": ["orders.n"],
            "dimensions": ["history.tier"],
            "filters": ["orders.id = 2"],
        },
        [("gold", 1), ("iron", 0), (None, 0)],
    ),
    "no_empty_groups": (
        {
            "measures": ["orders.n"],
            "dimensions": ["history.tier"],
            "filters": ["orders.id = 2"],
            "include_empty": False,
        },
        [("gold", 1)],
    ),
    "the_versions_themselves": (
        {"measures": ["history.versions"], "dimensions": ["history.tier"]},
        [("gold", 3), ("iron", 3), (None, 1)],
    ),
    "a_total": (
        {
            "measures": [
                {"expr": "orders.revenue * 1.0 / total(orders.revenue)", "name": "share"},
            ],
            "dimensions": ["history.tier"],
            "filters": ["orders.id IN (2, 3, 9, 10)"],
            "include_empty": False,
        },
        [("gold", 6 / 774), ("iron", 256 / 774), (None, 512 / 774)],
    ),
    "the_best": (
        {"measures": ["orders.n"], "dimensions": ["history.tier"], "top": 1},
        [(None, 8)],
    ),
    # By the month of each order; the tier is that of its own day, not of the period.
    "running": (
        {
            "measures": ["orders.running"],
            "dimensions": [{"field": "metric_time", "granularity": "month"}, "history.tier"],
            "include_empty": False,
            "filters": ["orders.customer_id < 3"],
        },
        [
            ("2024-01-01", "iron", 1),
            ("2024-02-01", "gold", 6),
            ("2024-02-01", "iron", 257),
            ("2024-02-01", None, 640),
            ("2024-03-01", "gold", 6),
            ("2024-03-01", "iron", 257),
            ("2024-03-01", None, 664),
            ("2024-04-01", "gold", 38),
            ("2024-04-01", "iron", 257),
            ("2024-04-01", None, 664),
        ],
    ),
    "a_month_before": (
        {
            "measures": ["orders.before"],
            "dimensions": [{"field": "metric_time", "granularity": "month"}, "history.tier"],
            "include_empty": False,
            "filters": ["orders.customer_id = 1", "metric_time <= '2024-04-30'"],
        },
        [
            ("2024-02-01", "iron", 1),
            ("2024-03-01", "gold", 6),
            ("2024-04-01", None, 24),
        ],
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_worked_out_by_hand(name: str, every_database: list[Database]) -> None:
    query, expected = QUESTIONS[name]
    for database in every_database:
        rows = asked(WORLD, query, database)
        assert rows == [pytest.approx(row) for row in sorted(expected, key=repr)], database.dialect


MANY_SIDE: dict[str, int] = {
    "any(orders)": 6,  # Of the versions, all but that of nobody.
    "none(orders)": 1,
    "any(orders, amount > 100)": 3,
    "any(orders, region = 'us')": 1,
    "any(items, prices.category = 'pen')": 2,
}


@pytest.mark.parametrize("condition", MANY_SIDE)
def test_a_version_is_that_of_the_rows_in_its_window(
    condition: str, every_database: list[Database]
) -> None:
    query = {"measures": ["history.versions"], "filters": [condition]}
    # The alias is another join to the same rows, so that there would be two ways back.
    changed = model()
    del changed["orders"]["joins"][1]
    for database in every_database:
        if database.dialect == "clickhouse":
            continue
        result = SemanticEngine.from_sources(changed, database.dialect).query(query)
        database.load(WORLD.tables(database.dialect))
        assert database.rows(result.sql) == [(MANY_SIDE[condition],)], database.dialect


@pytest.mark.parametrize("windows", ["DATE", "TIMESTAMP"])
@pytest.mark.parametrize("times", ["DATE", "TIMESTAMP"])
def test_days_and_moments_are_compared_as_moments(
    times: str, windows: str, every_database: list[Database]
) -> None:
    world = WORLD._replace(times=times, windows=windows)
    query, expected = QUESTIONS["each_row_counts_once"]
    for database in every_database:
        assert asked(world, query, database) == sorted(expected, key=repr), database.dialect


def test_a_window_of_days_begins_at_midnight(every_database: list[Database]) -> None:
    moments = (
        datetime(2024, 1, 31, 23, 59, 59),
        datetime(2024, 2, 1),
        datetime(2024, 2, 29, 23, 59, 59),
        datetime(2024, 3, 1),
    )
    orders = tuple(Order(n, 1, None, at, at, 10**n) for n, at in enumerate(moments))
    world = World(orders, (), HISTORY, (), times="TIMESTAMP", windows="DATE")
    query = {"measures": ["orders.revenue"], "dimensions": ["history.tier"]}
    for database in every_database:
        expected = [("gold", 110), ("iron", 1), (None, 1000)]
        assert asked(world, query, database) == sorted(expected, key=repr), database.dialect


def test_empty_tables(every_database: list[Database]) -> None:
    query = {"measures": ["orders.n", "orders.revenue"], "dimensions": ["history.tier"]}
    for database in every_database:
        assert asked(World((), (), (), ()), query, database) == []
        assert asked(World(ORDERS, (), (), ()), query, database) == [(None, 14, 16383)]
        rows = asked(World((), (), HISTORY, ()), query, database)
        assert rows == [("gold", 0, None), ("iron", 0, None), (None, 0, None)]


def test_times_that_are_kept_in_other_ways(every_database: list[Database]) -> None:
    """An order keeps Unix seconds, a version ISO texts."""
    changed = model()
    by_name = {item["name"]: item for item in changed["orders"]["columns"]}
    by_name["ordered_at"]["storage"] = "unix"
    for item in changed["history"]["columns"]:
        if item["name"] in ("since", "until"):
            item["storage"] = "text"
    seconds = {row.id: _unix(row.ordered_at) for row in ORDERS}
    query, expected = QUESTIONS["each_row_counts_once"]
    for database in every_database:
        tables = WORLD.tables(database.dialect)
        columns, rows = tables["orders"]
        kept = [(*row[:3], seconds[row[0]], *row[4:]) for row in rows]
        tables["orders"] = (columns.replace("ordered_at DATE", "ordered_at BIGINT"), kept)
        columns, rows = tables["history"]
        tables["history"] = (columns.replace("DATE", "TEXT"), rows)
        database.load(tables)
        result = SemanticEngine.from_sources(changed, database.dialect).query(query)
        assert sorted(database.rows(result.sql), key=repr) == sorted(expected, key=repr), (
            database.dialect
        )


def _unix(moment: datetime | None) -> int | None:
    return None if moment is None else int((moment - datetime(1970, 1, 1)).total_seconds())


def test_a_computed_time_of_a_row_that_is_not_found_is_none(
    every_database: list[Database],
) -> None:
    """COALESCE gives a line without an order no time of its own."""
    changed = deepcopy(model())
    changed["orders"]["columns"].append(
        {"name": "known_at", "type": "time", "expr": "coalesce(ordered_at, shipped_at)"}
    )
    changed["items"]["joins"][1]["valid"]["at"] = "orders.known_at"
    query = {"measures": ["items.pieces", "items.worth"], "dimensions": ["prices.category"]}
    expected = [("ink", 3, 15), ("pen", 8, 150), (None, 25, None)]
    for database in every_database:
        if database.dialect == "sqlite":
            continue  # Texts are times there only as the model says.
        result = SemanticEngine.from_sources(changed, database.dialect).query(query)
        database.load(WORLD.tables(database.dialect))
        assert sorted(database.rows(result.sql), key=repr) == sorted(expected, key=repr)
