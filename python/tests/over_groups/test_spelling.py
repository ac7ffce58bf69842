"""How totals, places and comparisons may be written, and what their columns are called."""

from __future__ import annotations

from typing import Any

import pytest

from over_groups.world import WORLD, model
from semantic_layer import SemanticEngine
from support.asking import Asker, approx
from support.databases import Database, of_dialect

CITY, REGION = "shops.city", "shops.region"
TOTALS = [("Lima", 142), ("Oslo", 142), ("Rome", 142), (None, 142)]
OWN = [("Lima", 30), ("Oslo", 30), ("Rome", 30), (None, 52)]
PLACES = [("Lima", 2), ("Oslo", 2), ("Rome", 2), (None, 1)]
YEARLY = {"field": "metric_time", "granularity": "year"}
SOLD = {"field": "sales.sold_on", "granularity": "year"}


@pytest.fixture
def everywhere(every_database: list[Database]) -> Asker:
    return Asker(every_database)


def asked(everywhere: Asker, *measures: Any, **rest: Any) -> list[Any]:
    options = {"by": (CITY,), "include_empty": False, **rest}
    return approx(everywhere(*measures, model=model(), tables=WORLD.tables(), **options))


@pytest.mark.parametrize(
    ("measure", "rows"),
    [
        ("Total(sales.revenue)", TOTALS),
        ("total (sales.revenue)", TOTALS),
        ("total(revenue)", TOTALS),
        ('total("sales"."revenue")', TOTALS),
        ("total(sum(sales.price))", TOTALS),
        ("total( sales.revenue , shops.city )", OWN),
        ("total(sales.revenue, city)", OWN),
        ("total(sales.revenue, shops.city, shops.city)", OWN),
        ("RANK(sales.revenue)", PLACES),
        ("rank(revenue)", PLACES),
        ("rank(sum(sales.price))", PLACES),
    ],
)
def test_spellings(everywhere: Asker, measure: str, rows: Any) -> None:
    assert asked(everywhere, measure) == rows


def test_of_a_measure_that_the_question_names(everywhere: Asker) -> None:
    found = asked(
        everywhere, {"expr": "sum(sales.price)", "name": "r"}, "total(r)", "total(r, region)",
        "rank(r, region)", by=(CITY, REGION), order_by=["rank(r, region)", CITY],
    )  # fmt: skip
    assert found == [
        ("Lima", "south", 30, 142, 60, 1), ("Oslo", "north", 30, 142, 30, 1),
        ("Rome", "south", 30, 142, 60, 1), (None, None, 52, 142, 52, 1),
    ]  # fmt: skip


def test_times_and_texts_have_places(everywhere: Asker) -> None:
    assert asked(everywhere, "rank(max(sales.kind))", "max(sales.kind)") == [
        ("Lima", None, None), ("Oslo", 1, "web"), ("Rome", 1, "web"), (None, 1, "web"),
    ]  # fmt: skip
    assert asked(everywhere, "rank(max(sales.sold_on))") == [
        ("Lima", 2), ("Oslo", 4), ("Rome", 3), (None, 1),
    ]  # fmt: skip


def test_by_the_time_column_itself(everywhere: Asker) -> None:
    found = asked(
        everywhere, "sales.n", "total(sales.n, sales.sold_on)", "rank(sales.n)", by=(SOLD,)
    )
    assert [row[1:] for row in found] == [(6, 6, 1), (2, 2, 2)]


@pytest.mark.parametrize(
    ("measure", "rows"),
    [
        ("total(sales.price)", [("Cairo", 0), *OWN]),
        ("total(sales.price + 1)",
         [("Cairo", 0), ("Lima", 31), ("Oslo", 32), ("Rome", 31), (None, 55)]),
        ("total(distinct sales.shop_id)",
         [("Cairo", 0), ("Lima", 3), ("Oslo", 1), ("Rome", 2), (None, 13)]),
        ("total(sales.price) filter (where sales.kind = 'web')",
         [("Cairo", 0), ("Lima", 0), ("Oslo", 30), ("Rome", 0), (None, 5)]),
        ("100 * total(sales.price) / total(sales.revenue)",
         [("Cairo", 0), *((city, value * 100 / 142) for city, value in OWN)]),
        ("total(total(sales.price))", [("Cairo", 142), *TOTALS]),
        ("rank(total(sales.price))", [("Cairo", 5), *PLACES]),
    ],
)  # fmt: skip
def test_sqlites_own_total(databases: list[Database], measure: str, rows: Any) -> None:
    only = Asker([of_dialect(databases, "sqlite")])
    found = only(measure, by=(CITY,), model=model(), tables=WORLD.tables())
    assert found == approx(rows)


def test_sqlites_own_total_in_a_model(databases: list[Database]) -> None:
    sources = model()
    sources["sales"]["measures"] += [
        {"name": "taken", "expr": "total(price)"},
        {"name": "share_taken", "expr": "taken / total(taken)"},
    ]
    only = Asker([of_dialect(databases, "sqlite")])
    found = only("sales.taken", "sales.share_taken", by=(REGION,), model=sources,
                 tables=WORLD.tables(), filters=["sales.taken > 40"])  # fmt: skip
    assert found == approx([("south", 60, 60 / 142), (None, 52, 52 / 142)])


@pytest.mark.parametrize(
    ("measure", "name"),
    [
        ("sales.revenue", "revenue"),
        ({"expr": "sales.revenue", "name": "taken"}, "taken"),
        ({"expr": "sales.revenue", "name": "order"}, "order"),
        ({"expr": "sales.revenue + 0", "name": "sum"}, "sum"),
    ],
)
def test_names_of_a_comparison(every_database: list[Database], measure: Any, name: str) -> None:
    query = {"measures": [measure], "dimensions": [YEARLY], "compare": "1 year"}
    for database in every_database:
        database.load(WORLD.tables())
        result = SemanticEngine.from_sources(model(), database.dialect).query(query)
        names, rows = database.named_rows(result.sql)
        parts = {item.name for item in result.columns if getattr(item, "part", False)}
        shown = [place for place, column in enumerate(names) if column not in parts]
        assert [names[place] for place in shown[1:]] == [
            name, f"{name}_1_year_earlier", f"{name}_change", f"{name}_change_percent"
        ]  # fmt: skip
        assert approx([tuple(row[place] for place in shown[1:]) for row in rows]) == [
            (130, None, None, None), (12, 130, -118, -11800 / 130)
        ]  # fmt: skip
