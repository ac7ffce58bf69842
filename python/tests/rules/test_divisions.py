"""Every division that is compiled is real, and NULL by zero, wherever it stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from support.asking import Asker
from support.databases import Database, Table, of_dialect

TABLES: dict[str, Table] = {
    "banners": (
        "id INTEGER, site TEXT, clicks INTEGER, views INTEGER, shop INTEGER",
        [(1, "a", 1, 4, 1), (2, "a", 1, 2, 1), (3, "b", 3, 0, 2), (4, "b", 0, 0, 2)],
    ),
    "shops": ("id INTEGER, desks INTEGER, rooms INTEGER", [(1, 3, 2), (2, 3, 0)]),
}


def model(**changes: Any) -> dict[str, Any]:
    """Clicks and views of banners: their ratios are 0.25, 0.5, NULL and NULL."""
    banners = {
        "name": "banners",
        "table": "banners",
        "grain": ["id"],
        "columns": [
            *({"name": n, "type": "number"} for n in ("id", "clicks", "views", "shop")),
            {"name": "site", "type": "string"},
            {"name": "rate", "type": "number", "expr": "clicks / views"},
            {"name": "double_rate", "type": "number", "expr": "2 * rate"},
        ],
        "joins": [{"to": "shops", "on": "shop = shops.id", "relationship": "many_to_one"}],
        "segments": [{"name": "good", "expr": "clicks / views >= 0.25"}],
        "measures": [
            {"name": "n", "expr": "count(*)"},
            {"name": "mean_rate", "expr": "avg(clicks / views)"},
            {"name": "total_rate", "expr": "sum(clicks) / sum(views)"},
            {"name": "good_n", "expr": "count(*)", "filter": "clicks / views >= 0.5"},
            {"name": "good_sum", "expr": "sum(clicks)", "segments": ["good"]},
            {"name": "top", "expr": "max(rate)"},
            {"name": "middle", "expr": "median(clicks / views)"},
            {"name": "spread", "expr": "sum(case when clicks / views > 0.3 then 1 else 0 end)"},
            {"name": "per_desk", "expr": "sum(clicks / shops.desks)"},
            {"name": "thirds", "expr": "sum(round(clicks / 3, 2))"},
        ],
        **changes,
    }
    shops = {
        "name": "shops",
        "table": "shops",
        "grain": ["id"],
        "columns": [
            *({"name": n, "type": "number"} for n in ("id", "desks", "rooms")),
            {"name": "per_room", "type": "number", "expr": "desks / rooms"},
        ],
    }
    return {"banners": banners, "shops": shops}


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("banners.mean_rate", 0.375),
        ("banners.total_rate", 5 / 6),
        ("banners.good_n", 1),
        ("banners.good_sum", 2),
        ("banners.top", 0.5),
        ("banners.middle", 0.375),
        ("banners.spread", 1),
        ("banners.per_desk", 5 / 3),
        ("banners.thirds", 0.33 + 0.33 + 1),
        ("sum(banners.clicks / banners.views)", 0.75),
        ("sum(banners.clicks / 2)", 2.5),
        ("avg(7 / banners.clicks)", (7 + 7 + 7 / 3) / 3),
        ("count(banners.clicks / banners.views)", 2),
        ("max(banners.double_rate)", 1),
        ("sum(banners.clicks / banners.views / 2)", 0.375),
        ("max(shops.per_room)", 1.5),
        ("sum(banners.clicks) FILTER (WHERE banners.clicks / banners.views < 0.5)", 1),
    ],
)
def test_in_a_measure(ask: Asker, measure: str, value: float) -> None:
    assert ask(measure, model=model(), tables=TABLES) == [(pytest.approx(value),)]


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("banners.clicks / banners.views >= 0.25", 2),
        ("banners.rate >= 0.25", 2),
        ("banners.rate < 0.3", 1),
        ("banners.clicks / banners.views IS NULL", 2),
        ("NOT banners.clicks / banners.views > 0.3", 1),
        ("banners.double_rate = 0.5 OR banners.rate / 2 = 0.25", 2),
        ("shops.per_room > 1", 2),
        ("shops.per_room / 0 IS NULL", 4),
    ],
)
def test_in_a_filter(ask: Asker, condition: str, rows: int) -> None:
    assert ask("banners.n", model=model(), tables=TABLES, filters=[condition]) == [(rows,)]


def test_by_group_and_as_a_group(ask: Asker) -> None:
    answer = ask("banners.mean_rate", by=("banners.site",), model=model(), tables=TABLES)
    assert answer == [("a", 0.375), ("b", None)]
    answer = ask("banners.n", by=("banners.rate",), model=model(), tables=TABLES)
    assert answer == [(0.25, 1), (0.5, 1), (None, 2)]
    answer = ask("banners.n", by=("shops.per_room",), model=model(), tables=TABLES)
    assert answer == [(1.5, 2), (None, 2)]


def test_in_a_segment_of_the_question(ask: Asker) -> None:
    answer = ask("banners.n", model=model(), tables=TABLES, segments=["banners.good"])
    assert answer == [(2,)]


def test_in_a_condition_on_a_measure(ask: Asker) -> None:
    asked: dict[str, Any] = {"by": ("banners.site",), "model": model(), "tables": TABLES}
    answer = ask("banners.n", **asked, filters=["banners.n / 4 >= 0.5"])
    assert answer == [("a", 2), ("b", 2)]
    assert ask("banners.n", **asked, filters=["sum(clicks) / sum(views) > 0.3"]) == [("a", 2)]


def test_in_a_join(ask: Asker) -> None:
    # 1 / 2 is no shop's number: cut to a whole number, it would be that of none either way.
    joins = [{"to": "shops", "on": "shop / 2 = shops.id", "relationship": "many_to_one"}]
    answer = ask("banners.n", by=("shops.desks",), model=model(joins=joins), tables=TABLES)
    assert answer == [(3, 2), (None, 2)]


def test_remainders_keep_their_meaning(ask: Asker) -> None:
    assert ask("sum(banners.id % 3)", model=model(), tables=TABLES) == [(1 + 2 + 0 + 1,)]
    assert ask("sum(banners.id % banners.views)", model=model(), tables=TABLES) == [(1,)]


HALVES = {
    "fees": ("id INTEGER, q INTEGER", [(1, 250), (2, 350), (3, -250)]),
}


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("sum(round(q / 100.0))", 3 + 4 - 3),
        ("round(sum(q) / 100.0)", 4),
        ("round(min(q) / 100.0)", -3),
        ("sum(round(q / 1000, 1))", 0.3 + 0.4 - 0.3),
        ("max(round(q / 100))", 4),
    ],
)
def test_a_half_is_rounded_away_from_zero(
    every_database: list[Database], expr: str, value: float
) -> None:
    fees = {
        "name": "fees",
        "table": "fees",
        "grain": ["id"],
        "columns": [{"name": "id", "type": "number"}, {"name": "q", "type": "number"}],
        "measures": [{"name": "m", "expr": expr}],
    }
    rows = Asker(every_database)("fees.m", model={"fees": fees}, tables=HALVES)
    assert rows == [(pytest.approx(value),)]


def test_a_small_share_of_decimals_is_not_nothing(ask: Asker) -> None:
    parts = {
        "name": "parts",
        "table": "parts",
        "grain": ["id"],
        "columns": [{"name": name, "type": "number"} for name in ("id", "a", "b")],
        "measures": [
            {"name": "share", "expr": "sum(a) / sum(b)"},
            {"name": "inside", "expr": "sum(a / b)"},
        ],
    }
    columns = "id INTEGER, a DECIMAL(30, 10), b DECIMAL(30, 10)"
    tables: dict[str, Table] = {"parts": (columns, [(1, 1, 30_000_000), (2, 2, 30_000_000)])}
    found = ask(
        "parts.share", "parts.inside", {"expr": "sum(parts.a) / count(*)", "name": "each"},
        model={"parts": parts}, tables=tables, filters=["parts.a / parts.b > 0.00000001"],
    )  # fmt: skip
    assert found == [pytest.approx((0.00000005, 0.0000001, 1.5))]


STAYS: dict[str, Any] = {
    "name": "stays",
    "table": "stays",
    "grain": ["id"],
    "columns": [
        {"name": "id", "type": "number"},
        {"name": "first", "type": "time"},
        {"name": "last", "type": "time"},
    ],
}


def test_half_the_time_between_two_days_is_real(ask: Asker) -> None:
    stays = {**STAYS, "measures": [{"name": "half", "expr": "max((last - first) / 2)"}]}
    tables = {"stays": ("id INTEGER, first DATE, last DATE", [(1, "2026-01-01", "2026-01-04")])}
    engines = [d for d in ask.databases if d.dialect != "sqlite"]
    found = Asker(engines)("stays.half", model={"stays": stays}, tables=tables)
    # Days there are an interval on Trino and Spark, and a number on the others.
    assert found in ([(1.5,)], [(timedelta(days=1.5),)])


@pytest.mark.parametrize(
    "expr",
    [
        "avg(last - first) / 2",
        "sum(last - first) / count(*)",
        "(max(last) - min(first)) / 2",
        "avg(age(last, first) / 2)",
        "max(interval '2 hours' / 2)",
    ],
)
def test_an_interval_can_be_divided(ask: Asker, expr: str) -> None:
    stays = {**STAYS, "measures": [{"name": "m", "expr": expr}]}
    rows = [(1, "2026-01-01 00:00:00", "2026-01-01 02:00:00")]
    tables = {"stays": ("id INTEGER, first TIMESTAMP, last TIMESTAMP", rows)}
    answer = Asker([of_dialect(ask.databases, "postgres")])(
        "stays.m", model={"stays": stays}, tables=tables
    )
    hours = 2 if expr.startswith("sum") else 1
    assert answer == [(timedelta(hours=hours),)]
