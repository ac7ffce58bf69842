"""Totals, places and comparisons beside what else a model and a question can say."""

from __future__ import annotations

from typing import Any

import pytest

from over_groups.world import WORLD, model
from support.asking import Asker, approx
from support.databases import Database

CITY, REGION = "shops.city", "shops.region"
MONTHLY = {"field": "metric_time", "granularity": "month"}
YEARLY = {"field": "metric_time", "granularity": "year"}
JAN, FEB, MAR, APR = (f"2024-0{month}-01" for month in range(1, 5))
BEFORE_MAY = ["metric_time < '2024-05-01'"]
WEB = "kind = 'web'"


def sources() -> dict[str, dict[str, Any]]:
    found = model()
    found["sales"]["segments"] = [{"name": "web", "expr": WEB}]
    found["sales"]["measures"] += [
        {"name": "filled", "expr": "sum(price)", "fill_nulls_with": 0},
        {"name": "of_web", "expr": "sum(price)", "segments": ["web"]},
        {"name": "hidden", "expr": "sum(price)", "visibility": "hidden"},
        {"name": "hidden_share", "expr": "hidden / total(hidden)"},
        {"name": "web_share", "expr": "revenue / total(revenue)", "filter": WEB},
        {"name": "web_place", "expr": "rank(revenue)", "filter": WEB},
        {"name": "latest", "expr": "sum(price)", "non_additive": {"dimension": "sold_on"}},
        {"name": "month_ago", "offset": {"of": "revenue", "by": "1 month"}},
    ]
    return found


class Groups:
    """Asks every database, and says the rows that all of them give."""

    def __init__(self, databases: list[Database]) -> None:
        self._ask = Asker(databases)

    def __call__(self, *measures: Any, by: tuple[Any, ...] = (REGION,), **rest: Any) -> Any:
        options = {"include_empty": False, **rest}
        found = self._ask(*measures, by=by, model=sources(), tables=WORLD.tables(), **options)
        # A period is a date, which the drivers give as a time at midnight or as a text.
        return approx([tuple(_short(value) for value in row) for row in found])

    def refused(self, *measures: Any, by: tuple[Any, ...] = (REGION,), **rest: Any) -> Any:
        return self._ask.refused(*measures, by=by, model=sources(), **rest)


def _short(value: Any) -> Any:
    return value.removesuffix(" 00:00:00") if isinstance(value, str) else value


@pytest.fixture
def groups(every_database: list[Database]) -> Groups:
    return Groups(every_database)


def test_a_filled_null_is_a_value_of_totals_and_places(groups: Groups) -> None:
    found = groups("sales.filled", "total(sales.filled, shops.city)", "rank(sales.filled)",
                   by=(CITY,), include_empty=True)  # fmt: skip
    assert found == [
        ("Cairo", 0, 0, 5), ("Lima", 30, 30, 2), ("Oslo", 30, 30, 2), ("Rome", 30, 30, 2),
        (None, 52, 52, 1),
    ]  # fmt: skip


def test_a_segment_of_the_question_restricts_them(groups: Groups) -> None:
    found = groups("sales.n", "total(sales.n)", "rank(sales.n)", segments=["sales.web"])
    assert found == [("north", 2, 4, 1), ("south", 1, 4, 2), (None, 1, 4, 2)]


def test_a_segment_of_the_measure_restricts_it(groups: Groups) -> None:
    found = groups("sales.of_web", "total(sales.of_web)", "total(sales.n)")
    assert found == [("north", 30, 35, 8), ("south", None, 35, 8), (None, 5, 35, 8)]


def test_a_filter_of_the_measure_around_them_restricts_them(groups: Groups) -> None:
    found = groups("sales.web_share", "sales.web_place", "sales.n")
    shown = [(row[0], *row[-3:]) for row in found]
    assert shown == [("north", 30 / 35, 1, 2), ("south", None, None, 3), (None, 5 / 35, 2, 3)]


def test_a_hidden_measure_is_for_the_models_only(groups: Groups) -> None:
    found = groups("sales.hidden_share")
    assert [(row[0], row[-1]) for row in found] == [
        ("north", 30 / 142), ("south", 60 / 142), (None, 52 / 142)
    ]  # fmt: skip
    for measure in ("total(sales.hidden)", "rank(sales.hidden)"):
        assert "is hidden" in groups.refused(measure).message


def test_the_last_rows_of_all_groups_are_those_of_the_total(groups: Groups) -> None:
    found = groups("sales.latest", "total(sales.latest, metric_time)", by=(YEARLY, REGION))
    assert found == [
        (JAN, "north", None, 40), (JAN, "south", None, 40), (JAN, None, 40, 40),
        ("2025-01-01", None, 7, 7),
    ]  # fmt: skip


def test_the_total_of_an_earlier_period(groups: Groups) -> None:
    found = groups("total(sales.month_ago, metric_time)", "sales.month_ago",
                   by=(MONTHLY, REGION), filters=BEFORE_MAY)  # fmt: skip
    assert found == [
        (FEB, "north", 60, 30), (FEB, "south", 60, 30), (APR, "south", 30, 30),
    ]  # fmt: skip


def test_conditions_on_places_are_whole(groups: Groups) -> None:
    either = groups("sales.n", filters=["rank(sales.n) > 2 or total(sales.n) < 3"])
    assert either == [("north", 2)]
    assert groups("sales.n", filters=["rank(sales.n) in (1, 2)"]) == [("south", 3), (None, 3)]
    # Of the rows that are left, north and south have two, and no region three.
    both = groups("sales.n", filters=["not rank(sales.n) = 1 and sales.price > 1"])
    assert both == [("north", 2), ("south", 2)]


def test_the_best_of_every_period(groups: Groups) -> None:
    found = groups("sales.n", by=(MONTHLY, REGION), top=1, per=["metric_time"], fill=True,
                   filters=BEFORE_MAY)  # fmt: skip
    assert found == [(JAN, "north", 2), (FEB, None, 0), (MAR, "south", 2), (APR, None, 1)]


def test_the_best_periods_in_their_order(groups: Groups) -> None:
    found = groups("sales.n", by=(MONTHLY,), top=2, fill=True, filters=BEFORE_MAY,
                   order_by=["metric_time"])  # fmt: skip
    assert found == [(JAN, 3), (MAR, 2)]


def test_a_filled_null_is_compared(groups: Groups) -> None:
    found = groups("sales.filled", by=(YEARLY,), filters=["shops.region = 'north'"],
                   compare="1 year")  # fmt: skip
    assert found == [(JAN, 30, 0, 30, None), ("2025-01-01", 0, 30, -30, -100)]


def test_columns_of_a_comparison_are_filtered_and_ordered_by(groups: Groups) -> None:
    found = groups("sales.n", by=(YEARLY, REGION), compare="1 year", filters=["n_change > 0"],
                   order_by=[{"field": "n_change", "direction": "desc"}])  # fmt: skip
    assert found == [
        (JAN, "south", 3, 0, 3, None), (JAN, "north", 2, 0, 2, None), (JAN, None, 1, 0, 1, None),
        ("2025-01-01", None, 2, 1, 1, 100),
    ]  # fmt: skip


def test_a_name_that_a_comparison_takes(groups: Groups) -> None:
    taken = {"expr": "sales.revenue", "name": "n_change"}
    error = groups.refused("sales.n", taken, by=(YEARLY,), compare="1 year")
    assert "'n_change' is used for two expressions" in error.message
