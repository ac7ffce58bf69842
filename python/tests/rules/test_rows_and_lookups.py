"""Rules 1, 2, 4, 5, 10, 15: rows are counted once, lookups never lose or multiply them."""

from __future__ import annotations

from typing import Any

import pytest

from support.asking import Asker
from support.databases import Table
from support.shop import model


def test_one_source(ask: Asker) -> None:
    assert ask("orders.revenue", "orders.order_count") == [(150, 5)]


def test_unmatched_and_null_keys_stay_in_the_null_group(ask: Asker) -> None:
    rows = ask("orders.revenue", by=("customers.name",), include_empty=False)
    assert rows == [("Ann", 30), ("Bob", 30), (None, 90)]


def test_two_hops(ask: Asker) -> None:
    rows = ask("orders.revenue", by=("regions.name",), include_empty=False)
    assert rows == [("north", 30), ("south", 30), (None, 90)]


def test_groups_add_up_to_the_grand_total(ask: Asker) -> None:
    (total,) = ask("orders.revenue")[0]
    for dimension in ("customers.name", "customers.label", "regions.name", "orders.size"):
        assert sum(row[1] or 0 for row in ask("orders.revenue", by=(dimension,))) == total


def test_computed_column_of_an_unmatched_row_is_null(ask: Asker) -> None:
    rows = ask("orders.revenue", by=("customers.label",), include_empty=False)
    assert rows == [("Ann", 30), ("Bob", 30), (None, 90)]


def test_computed_column_in_its_own_source(ask: Asker) -> None:
    rows = ask("customers.customer_count", by=("customers.label",))
    assert rows == [("Ann", 1), ("Bob", 1), ("Dan", 1), ("nameless", 1)]


def test_filter_sees_an_unmatched_computed_column_as_null(ask: Asker) -> None:
    assert ask("orders.order_count", filters=["customers.label = 'nameless'"]) == [(0,)]
    assert ask("orders.order_count", filters=["customers.label IS NULL"]) == [(2,)]


def test_join_over_a_computed_key_does_not_match_unmatched_rows(ask: Asker) -> None:
    changed = model()
    changed["customers"]["joins"][0]["on"] = "coalesce(customers.region_id, 1) = regions.id"
    rows = ask("orders.revenue", by=("regions.name",), include_empty=False, model=changed)
    assert rows == [("north", 30), ("south", 30), (None, 90)]
    counted = ask("customers.customer_count", by=("regions.name",), model=changed)
    assert counted == [("east", 1), ("north", 2), ("south", 1)]


def test_dimension_on_the_many_side_is_refused(ask: Asker) -> None:
    error = ask.refused("customers.customer_count", by=("orders.status",))
    assert error.kind == "invalid_query"
    assert "customers.id = orders.customer_id (one_to_many)" in error.message
    assert "orders.order_count" in error.message


def test_filter_on_the_many_side_is_refused(ask: Asker) -> None:
    error = ask.refused("customers.customer_count", filters=["orders.status = 'paid'"])
    assert "many side" in error.message


def test_one_to_many_declared_from_the_other_side(ask: Asker) -> None:
    changed = model()
    changed["orders"]["joins"] = []
    changed["customers"]["joins"].append(
        {"to": "orders", "on": "customers.id = orders.customer_id", "relationship": "one_to_many"}
    )
    rows = ask("orders.revenue", by=("customers.name",), include_empty=False, model=changed)
    assert rows == [("Ann", 30), ("Bob", 30), (None, 90)]


def test_same_join_declared_on_both_sides_is_one_join(ask: Asker) -> None:
    changed = model()
    changed["customers"]["joins"].append(
        {"to": "orders", "on": "customers.id = orders.customer_id", "relationship": "one_to_many"}
    )
    rows = ask("orders.revenue", by=("customers.name",), include_empty=False, model=changed)
    assert rows == [("Ann", 30), ("Bob", 30), (None, 90)]


TWO_ROUTES: dict[str, Table] = {
    "sales": ("id INTEGER, shop_id INTEGER, maker_id INTEGER, x INTEGER", [(1, 1, 1, 5)]),
    "shops": ("id INTEGER, city_id INTEGER", [(1, 1)]),
    "makers": ("id INTEGER, city_id INTEGER", [(1, 2)]),
    "cities": ("id INTEGER, name TEXT", [(1, "Paris"), (2, "Rome")]),
}


def two_routes(own_key: bool = False) -> dict[str, object]:
    def source(name: str, keys: dict[str, str], **rest: object) -> dict[str, object]:
        return {
            "name": name,
            "table": name,
            "grain": ["id"],
            "columns": [
                {"name": "id", "type": "number"},
                *({"name": key, "type": "number"} for key in keys),
                {"name": "name", "type": "string"},
            ],
            "joins": [
                {"to": to, "on": f"{name}.{key} = {to}.id", "relationship": "many_to_one"}
                for key, to in keys.items()
            ],
            **rest,
        }

    keys = {"shop_id": "shops", "maker_id": "makers"}
    if own_key:
        keys["x"] = "cities"
    return {
        "sales": source("sales", keys, measures=[{"name": "n", "expr": "count(*)"}]),
        "shops": source("shops", {"city_id": "cities"}),
        "makers": source("makers", {"city_id": "cities"}),
        "cities": source("cities", {}),
    }


@pytest.mark.parametrize("include_empty", [True, False])
def test_equally_short_routes_are_refused(ask: Asker, include_empty: bool) -> None:
    error = ask.refused(
        "sales.n", by=("cities.name",), model=two_routes(), include_empty=include_empty
    )
    assert "sales -> makers -> cities" in error.message
    assert "sales -> shops -> cities" in error.message
    assert "join_path" in (error.fix or "")
    routes = [["sales", "makers", "cities"], ["sales", "shops", "cities"]]
    assert error.details == {"routes": routes}
    assert (error.source, error.path[0]) == ("sales", "joins")


@pytest.mark.parametrize(("through", "city"), [("shops", "Paris"), ("makers", "Rome")])
def test_join_path_chooses_a_route(ask: Asker, through: str, city: str) -> None:
    rows = ask(
        "sales.n",
        by=("cities.name",),
        model=two_routes(),
        tables=TWO_ROUTES,
        join_path=[["sales", through, "cities"]],
        include_empty=False,
    )
    assert rows == [(city, 1)]


@pytest.mark.parametrize(
    "path", [["shops", "cities"], ["sales", "makers"], ["sales", "cities", "shops"], ["nowhere"]]
)
def test_join_path_that_leads_nowhere_is_refused(ask: Asker, path: list[str]) -> None:
    error = ask.refused("sales.n", by=("shops.id",), model=two_routes(), join_path=[path])
    assert error.kind == "invalid_query"
    assert path[0] in error.message


def test_join_path_that_comes_back_is_refused(ask: Asker) -> None:
    changed = model()
    changed["customers"]["joins"][0]["relationship"] = "one_to_one"
    path = ["customers", "regions", "customers", "regions"]
    for start in (0, 1):
        error = ask.refused(
            "customers.customer_count",
            by=("regions.name",),
            model=changed,
            join_path=[path[start:]],
        )
        assert "twice" in error.message
        assert error.path == ["join_path", 0]


def test_a_fact_uses_its_own_key(ask: Asker) -> None:
    tables = dict(TWO_ROUTES)
    tables["sales"] = (TWO_ROUTES["sales"][0], [(1, 1, 1, 2), (2, 1, 1, 2), (3, 1, 2, 1)])
    rows = ask("sales.n", by=("cities.name",), model=two_routes(own_key=True), tables=tables)
    assert rows == [("Paris", 1), ("Rome", 2)]


def test_parallel_joins_need_an_alias(ask: Asker) -> None:
    changed = model()
    join = {"to": "customers", "on": "orders.id = customers.id", "relationship": "many_to_one"}
    changed["orders"]["joins"].append(join)
    error = ask.refused("orders.revenue", by=("customers.name",), model=changed)
    assert "alias" in (error.fix or "")


def test_aliased_join_is_a_source_of_its_own(ask: Asker) -> None:
    changed = model()
    changed["orders"]["joins"].append(
        {
            "to": "customers",
            "on": "orders.id = buyer.id",
            "relationship": "many_to_one",
            "alias": "buyer",
        }
    )
    rows = ask(
        "orders.revenue", by=("buyer.label", "customers.name"), include_empty=False, model=changed
    )
    assert rows == [
        ("Ann", "Ann", 10),
        ("Bob", "Ann", 20),
        ("Dan", None, 40),
        ("nameless", "Bob", 30),
        (None, None, 50),
    ]


def test_routes_through_aliases(ask: Asker) -> None:
    changed = model()
    changed["orders"]["joins"] = [
        {"to": "customers", "on": on, "relationship": "many_to_one", "alias": alias}
        for on, alias in (
            ("orders.customer_id = buyer.id", "buyer"),
            ("orders.id = seller.id", "seller"),
        )
    ]
    error = ask.refused("orders.revenue", by=("regions.name",), model=changed)
    assert error.suggestions == ["orders -> buyer -> regions", "orders -> seller -> regions"]
    rows = ask(
        "orders.revenue",
        by=("regions.name",),
        model=changed,
        join_path=[["orders", "seller", "regions"]],
    )
    assert rows == [("east", 40), ("north", 10), ("south", 20), (None, 80)]


def test_self_join_by_alias(ask: Asker) -> None:
    people = {
        "name": "people",
        "table": "people",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "boss_id", "type": "number"},
            {"name": "name", "type": "string"},
        ],
        "joins": [
            {
                "to": "people",
                "on": "people.boss_id = boss.id",
                "relationship": "many_to_one",
                "alias": "boss",
            }
        ],
        "measures": [{"name": "n", "expr": "count(*)"}],
    }
    tables: dict[str, Table] = {
        "people": (
            "id INTEGER, boss_id INTEGER, name TEXT",
            [(1, None, "A"), (2, 1, "B"), (3, 1, "C"), (4, 2, "D")],
        )
    }
    rows = ask(
        "people.n", by=("boss.name",), model={"people": people}, tables=tables, include_empty=False
    )
    assert rows == [("A", 2), ("B", 1), (None, 1)]


VALIDITY: dict[str, Table] = {
    "sales": ("cid INTEGER, day TEXT, x INTEGER", [(1, "2024-01-05", 10), (1, "2024-02-05", 20)]),
    "rates": (
        "id INTEGER, since TEXT, until TEXT, name TEXT",
        [(1, "2024-01-01", "2024-02-01", "old"), (1, "2024-02-01", "2025-01-01", "new")],
    ),
}


def validity(on: str) -> dict[str, object]:
    def columns(*names: str) -> list[dict[str, str]]:
        return [{"name": name, "type": "string"} for name in names]

    return {
        "sales": {
            "name": "sales",
            "table": "sales",
            "grain": ["cid", "day"],
            "columns": columns("cid", "day", "x"),
            "joins": [{"to": "rates", "on": on, "relationship": "many_to_one"}],
            "measures": [{"name": "total", "expr": "sum(x)"}],
        },
        "rates": {
            "name": "rates",
            "table": "rates",
            "grain": ["id", "since"],
            "columns": columns("id", "since", "until", "name"),
        },
    }


@pytest.mark.parametrize(
    "on",
    [
        "cid = r.id AND day >= r.since AND day < r.until",
        "r.id = s.cid AND s.day >= r.since AND r.until > s.day",
        "rates.id = sales.cid AND sales.day >= rates.since AND sales.day < rates.until",
        "id = cid AND since <= day AND until > day",
    ],
)
def test_on_is_honoured_whole_and_in_either_order(ask: Asker, on: str) -> None:
    rows = ask("sales.total", by=("rates.name",), model=validity(on), tables=VALIDITY)
    assert rows == [("new", 20), ("old", 10)]


def test_constant_in_on(ask: Asker) -> None:
    on = "cid = rates.id AND rates.name = 'new'"
    rows = ask("sales.total", by=("rates.since",), model=validity(on), tables=VALIDITY)
    assert rows == [("2024-01-01", None), ("2024-02-01", 30)]


@pytest.mark.parametrize(
    "on",
    [
        "cid > rates.id",
        "cid = rates.id OR day = rates.since",
        "sales.cid = rates.id = rates.since",
        "sales.cid = 1",
        "not sql at all (",
        "cid = (SELECT 1)",
    ],
)
def test_on_that_cannot_be_honoured_is_refused(ask: Asker, on: str) -> None:
    error = ask.refused("sales.total", by=("rates.name",), model=validity(on))
    assert error.kind == "invalid_model"
    assert (error.source, error.path) == ("sales", ["joins", 0, "on"])


def test_composite_key(ask: Asker) -> None:
    on = "sales.cid = rates.id AND sales.day = rates.since"
    tables = dict(VALIDITY)
    tables["sales"] = (VALIDITY["sales"][0], [(1, "2024-01-01", 10), (2, "2024-02-01", 20)])
    rows = ask(
        "sales.total", by=("rates.name",), model=validity(on), tables=tables, include_empty=False
    )
    assert rows == [("old", 10), (None, 20)]


def test_sql_source_named_like_the_table_it_reads(ask: Asker) -> None:
    changed = model()
    del changed["orders"]["table"]
    changed["orders"]["sql"] = "SELECT * FROM orders WHERE amount > 15"
    assert ask("orders.revenue", model=changed) == [(140,)]


def test_sql_source_does_not_capture_another_sources_table(ask: Asker) -> None:
    changed = model()
    changed["customers"]["name"] = "customers"
    changed["customers"].pop("table")
    changed["customers"]["sql"] = "WITH kept AS (SELECT * FROM customers) SELECT * FROM kept"
    rows = ask("orders.revenue", by=("customers.name",), include_empty=False, model=changed)
    assert rows == [("Ann", 30), ("Bob", 30), (None, 90)]


def test_unconnected_sources_are_refused(ask: Asker) -> None:
    changed = model()
    changed["customers"]["joins"] = []
    error = ask.refused("orders.revenue", by=("regions.name",), model=changed)
    assert error.message.startswith("No join path from 'orders' to 'regions'.")


def test_only_dimensions(ask: Asker) -> None:
    assert ask(by=("orders.status",)) == [("open",), ("paid",), ("refunded",)]
    rows = ask(by=("customers.name", "regions.name"), include_empty=False)
    assert rows == [
        ("Ann", "north"),
        ("Bob", "south"),
        ("Dan", "east"),
        (None, None),
    ]


def test_dimensions_that_nothing_ties_together_are_refused(ask: Asker) -> None:
    error = ask.refused(by=("orders.status", "refunds.amount"))
    assert "nothing ties orders and refunds together" in error.message


def test_join_that_may_not_be_unique_is_reported(ask: Asker) -> None:
    changed = model()
    changed["customers"]["grain"] = ["id", "region_id"]
    ask("orders.revenue", by=("customers.name",), model=changed)
    assert ask.warnings == ["join_grain"]
    ask("orders.revenue", by=("orders.status",), model=changed)
    assert ask.warnings == []


def staff(on: str) -> dict[str, Any]:
    """Return people who have a boss among them."""
    return {
        "staff": {
            "name": "staff",
            "table": "staff",
            "grain": ["id"],
            "columns": [
                *({"name": name, "type": "number"} for name in ("id", "boss_id", "pay")),
                {"name": "name", "type": "string"},
            ],
            "joins": [{"to": "staff", "alias": "boss", "on": on, "relationship": "many_to_one"}],
            "measures": [{"name": "paid", "expr": "sum(pay)"}],
        }
    }


STAFF: dict[str, Table] = {
    "staff": (
        "id INTEGER, boss_id INTEGER, pay INTEGER, name TEXT",
        [(1, None, 100, "ann"), (2, 1, 50, "bob"), (3, 1, 40, "cid"), (4, 2, 30, "dan")],
    )
}


@pytest.mark.parametrize(
    "on", ["boss_id = boss.id", "staff.boss_id = boss.id", "boss.id = staff.boss_id"]
)
def test_a_source_looks_itself_up(ask: Asker, on: str) -> None:
    rows = ask("staff.paid", by=("boss.name",), model=staff(on), tables=STAFF, include_empty=False)
    assert rows == [("ann", 90), ("bob", 30), (None, 100)]


@pytest.mark.parametrize("on", ["boss_id = staff.id", "staff.boss_id = id", "boss_id = id"])
def test_a_self_join_says_which_row_is_the_other(ask: Asker, on: str) -> None:
    error = ask.refused("staff.paid", by=("boss.name",), model=staff(on))
    assert "none is called 'boss'" in error.message
