"""Groups by the many side beside what else a question can have, and over joins of other kinds."""

from __future__ import annotations

from typing import Any

import pytest

from each_once.world import WORLD, model
from semantic_layer import SemanticEngine
from semantic_layer.explain.plan import PlanExplanation
from semantic_layer.plan.report import logical_of
from support.asking import Asker
from support.databases import Row, Table

CATEGORY = "products.category"
MONTH = {"field": "metric_time", "granularity": "month"}
SHIPPED = {"field": "order_items.shipped_on", "granularity": "month"}


def asked(ask: Asker, *measures: Any, by: tuple[Any, ...] = (CATEGORY,), **rest: Any) -> list[Row]:
    options = {"each_once": True, "include_empty": False, "model": model(), **rest}
    return ask(*measures, by=by, tables=WORLD.tables(), **options)


def test_that_groups_overlap_is_said(ask: Asker) -> None:
    asked(ask, "orders.n")
    assert ask.warnings == ["groups_overlap"]
    query = {"measures": ["orders.n"], "dimensions": [CATEGORY], "each_once": True}
    warning = SemanticEngine.from_sources(model()).query(query).warnings[0]
    for name in (CATEGORY, "'orders'", "'order_items'"):
        assert name in warning.message


def test_only_the_last_rows_count(ask: Asker) -> None:
    assert asked(ask, "orders.newest") == [("books", None), ("toys", None), (None, 50)]
    books = asked(ask, "orders.newest", filters=["products.category = 'books'"])
    assert books == [("books", 30)]


def test_the_best_groups(ask: Asker) -> None:
    assert asked(ask, "orders.revenue", top=1) == [(None, 120)]
    by = ("customers.region", CATEGORY)
    rows = asked(ask, "orders.revenue", by=by, top=1, per=["customers.region"])
    assert rows == [("north", None, 40), ("south", "books", 30), (None, None, 50)]


def test_order_and_limit(ask: Asker) -> None:
    order = [{"field": "orders.revenue", "direction": "desc"}]
    assert asked(ask, "orders.revenue", order_by=order, limit=2) == [(None, 120), ("books", 40)]


def test_compared_with_the_month_before(ask: Asker) -> None:
    rows = asked(ask, "orders.n", by=(MONTH, CATEGORY), compare="1 month")
    months = [f"2024-0{month}-01" for month in range(1, 5)]
    assert [(str(month)[:10], *rest) for month, *rest in rows if month] == [
        (months[0], "books", 1, 0, 1, None),
        (months[0], "toys", 2, 0, 2, None),
        (months[1], "books", 1, 1, 0, 0),
        (months[1], "toys", 0, 2, -2, -100),
        (months[1], None, 2, 0, 2, None),
        (months[2], "books", 0, 1, -1, -100),
        (months[2], None, 0, 2, -2, -100),
        (months[3], None, 1, 0, 1, None),
    ]


def test_every_period_of_the_many_side(ask: Asker) -> None:
    rows = asked(ask, "orders.n", by=(SHIPPED,), fill=True)
    assert [row[1] for row in rows] == [1, 3, 1, 0, 1, 3]


def test_the_average_of_days(ask: Asker) -> None:
    average = {"expr": "cumulative(orders.n, '2 days', 'average')", "name": "average"}
    rows = asked(ask, average, by=(MONTH, CATEGORY))
    assert [(str(month)[:7], *rest) for month, *rest in rows] == [
        ("2024-01", "books", pytest.approx(2 / 27)),
        ("2024-01", "toys", pytest.approx(4 / 27)),
        ("2024-02", "books", pytest.approx(2 / 29)),
        ("2024-02", None, pytest.approx(4 / 29)),
        ("2024-04", None, 1),
    ]


def test_the_total_of_averages(ask: Asker) -> None:
    average = "cumulative(orders.n, '2 days', 'average')"
    total = {"expr": f"total({average}, metric_time)", "name": "all"}
    rows = asked(ask, {"expr": average, "name": "average"}, total, by=(MONTH, CATEGORY))
    parts = [4 / 27, 4 / 27, 4 / 29, 4 / 29, 1]
    assert [row[-1] for row in rows] == [pytest.approx(part) for part in parts]


def test_a_filter_by_rows_of_the_many_side_stays_one_on_rows(ask: Asker) -> None:
    toys = asked(ask, "orders.n", filters=["any(order_items, products.category = 'toys')"])
    assert toys == [("books", 1), ("toys", 2)]
    none = asked(ask, "orders.n", filters=["none(order_items)"])
    assert none == [(None, 1)]


def test_a_dimension_called_like_the_key(ask: Asker) -> None:
    rows = asked(ask, "orders.revenue", by=("order_items.id",), filters=["order_items.id <= 3"])
    assert rows == [(1, 10), (2, 10), (3, 10)]


def test_derived_measures(ask: Asker) -> None:
    own = {"expr": "orders.revenue / order_items.lines", "name": "per_line"}
    rows = asked(ask, own, by=(CATEGORY,))
    assert [(row[0], row[-1]) for row in rows] == [("books", 8), ("toys", 10), (None, 30)]


def test_the_explanation_says_it() -> None:
    query = {
        "measures": ["orders.n", "total(orders.n)"],
        "dimensions": [CATEGORY],
        "filters": ["order_items.quantity > 2"],
        "each_once": True,
    }
    plan = SemanticEngine.from_sources(model()).query(query).plan
    lines = [line.strip() for line in PlanExplanation(logical_of(plan)).build().lines()]
    for line in (
        "Aggregate orders by products.category, each of its rows once in every group that it "
        "belongs to",
        "each once: a row of orders counts once in every products.category of its rows of "
        "order_items, so that groups overlap and do not add up [groups_overlap]",
        "only rows of order_items where order_items.quantity > 2",
        "only rows of orders that have rows of order_items",
        "a row of orders without such rows does not count",
        "says which rows of the many side make the groups of orders: rows with none do not count",
    ):
        assert line in lines
    assert plan.sources_used == ["order_items", "orders", "products"]


def test_without_a_many_side_nothing_changes() -> None:
    query = {"measures": ["orders.n", "order_items.lines"], "dimensions": ["customers.region"]}
    plain, once = (
        SemanticEngine.from_sources(model()).query({**query, "each_once": value})
        for value in (False, True)
    )
    assert plain == once


# Joins of other kinds


def test_a_many_side_that_has_another_name(ask: Asker) -> None:
    named = model()
    named["order_items"]["joins"] = named["order_items"]["joins"][1:]
    del named["order_items"]["default_time_dimension"]
    named["orders"]["joins"].append(
        {
            "to": "order_items",
            "alias": "lines",
            "on": "orders.id = lines.order_id",
            "relationship": "one_to_many",
        }
    )
    by_category = asked(ask, "orders.n", model=named)
    assert by_category == [("books", 3), ("toys", 2), (None, 3)]
    by_size = asked(ask, "orders.n", by=("lines.size",), model=named)
    assert by_size == [("M", 3), ("S", 4), (None, 2)]
    toys = ["products.category = 'toys'"]
    assert asked(ask, "orders.n", by=("lines.size",), model=named, filters=toys) == [("S", 2)]


def test_two_columns_find_a_row(ask: Asker) -> None:
    on = "children.code = parents.code AND children.spot = parents.low + 7"
    assert of_family(ask, on, "children.kind") == [("x", 1), (None, 14)]


CODES: dict[str, Table] = {
    "parents": (
        "id INT, code TEXT, low INT, high INT, worth INT",
        [(1, "a", 0, 10, 1), (2, "a", 5, 20, 2), (3, "b", 0, 100, 4), (4, None, 0, 100, 8)],
    ),
    "children": (
        "id INT, code TEXT, spot INT, kind TEXT",
        [(1, "a", 7, "x"), (2, "a", 8, "x"), (3, "a", 15, "y"), (4, "b", 3, None),
         (5, None, 7, "x")],
    ),
    "grandchildren": ("id INT, child_id INT, word TEXT", [(1, 1, "p"), (2, 2, "p"), (3, 4, "q")]),
}  # fmt: skip


def family(on: str) -> dict[str, dict[str, Any]]:
    """Return a model whose children find their parents by a condition."""

    def source(name: str, columns: str, **more: Any) -> dict[str, Any]:
        typed = [
            {"name": item, "type": "string" if item in ("code", "kind", "word") else "number"}
            for item in columns.split()
        ]
        return {"name": name, "table": name, "grain": ["id"], "columns": typed, **more}

    def join(to: str, on: str) -> dict[str, Any]:
        return {"joins": [{"to": to, "on": on, "relationship": "many_to_one"}]}

    worth = [{"name": "worth", "expr": "sum(worth)"}]
    return {
        "parents": source("parents", "id code low high worth", measures=worth),
        "children": source("children", "id code spot kind", **join("parents", on)),
        "grandchildren": source(
            "grandchildren", "id child_id word", **join("children", "child_id = children.id")
        ),
    }


def of_family(ask: Asker, on: str, by: str, **rest: Any) -> list[Row]:
    options = {"each_once": True, "include_empty": False, **rest}
    return ask("parents.worth", by=(by,), model=family(on), tables=CODES, **options)


def test_a_join_that_finds_several_rows(ask: Asker) -> None:
    rows = of_family(ask, "children.code = parents.code", "children.kind")
    assert rows == [("x", 3), ("y", 3), (None, 12)]


def test_a_join_by_a_range(ask: Asker) -> None:
    on = "children.code = parents.code AND children.spot BETWEEN parents.low AND parents.high"
    assert of_family(ask, on, "children.kind") == [("x", 3), ("y", 2), (None, 12)]


def test_rows_of_rows_of_the_many_side(ask: Asker) -> None:
    on = "children.code = parents.code"
    assert of_family(ask, on, "grandchildren.word") == [("p", 3), ("q", 4), (None, 8)]
    only = of_family(ask, on, "grandchildren.word", filters=["children.kind = 'x'"])
    assert only == [("p", 3)]


def test_a_source_called_like_the_step(ask: Asker) -> None:
    found = family("children.code = parents.code")
    found["children_of_parents"] = {**found.pop("grandchildren"), "name": "children_of_parents"}
    rows = ask(
        "parents.worth",
        by=("children.kind",),
        model=found,
        tables=CODES,
        each_once=True,
        include_empty=False,
    )
    assert rows == [("x", 3), ("y", 3), (None, 12)]


@pytest.mark.parametrize(
    "extra", ["parents.low IS NULL OR parents.low < 9", "COALESCE(low, 1) < 9"]
)
def test_a_join_that_finds_rows_by_a_null_is_refused(ask: Asker, extra: str) -> None:
    error = ask.refused(
        "parents.worth",
        by=("children.kind",),
        model=family(f"children.code = parents.code AND ({extra})"),
        each_once=True,
    )
    assert "may hold where one of them is NULL" in error.message
