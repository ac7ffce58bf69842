"""Rule 22: a name that could mean two things is refused wherever it stands bare."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from support.asking import Asker
from support.databases import Table

TABLES: dict[str, Table] = {
    "sales": (
        "id INTEGER, shop_id INTEGER, price INTEGER, kind TEXT",
        [(1, 1, 100, "new"), (2, 1, 40, "old"), (3, 2, 5, "new")],
    ),
    "refunds": ("id INTEGER, shop_id INTEGER, price INTEGER", [(1, 1, 7), (2, 2, 3)]),
    "shops": ("id INTEGER, city TEXT, rent INTEGER", [(1, "Oslo", 11), (2, "Rome", 13)]),
}


def source(name: str, columns: str, measures: dict[str, str], **rest: Any) -> dict[str, Any]:
    """Return a source of the table of its name; columns of text are in capitals."""
    return {
        "name": name,
        "table": name,
        "grain": ["id"],
        "columns": [
            {"name": word.lower(), "type": "string" if word.isupper() else "number"}
            for word in columns.split()
        ],
        "measures": [{"name": key, "expr": text} for key, text in measures.items()],
        **rest,
    }


def to_shops() -> list[dict[str, Any]]:
    return [{"to": "shops", "on": "shop_id = shops.id", "relationship": "many_to_one"}]


MODEL = {
    "sales": source(
        "sales",
        "id shop_id price KIND",
        {"total": "sum(price)", "revenue": "sum(CASE WHEN kind = 'new' THEN price END)"},
        joins=to_shops(),
    ),
    "refunds": source(
        "refunds",
        "id shop_id price",
        {"total": "sum(price)", "kind": "count(*)"},
        joins=to_shops(),
    ),
    "shops": source("shops", "id CITY rent", {"shops": "count(*)"}),
}


def rows(ask: Asker, *measures: Any, **rest: Any) -> Any:
    return ask(*measures, model=MODEL, tables=TABLES, **rest)


def refusal(ask: Asker, *measures: Any, **rest: Any) -> Any:
    return ask.refused(*measures, model=MODEL, **rest)


BOTH = ["sales.total", "refunds.total"]


@pytest.mark.parametrize("measures", [*permutations(BOTH), BOTH[:1], BOTH[1:]])
@pytest.mark.parametrize("text", ["total > 5", "Total > 5", '"total" > 5', "5 < total + 0"])
def test_a_filter_on_measures_of_two_sources(ask: Asker, measures: Any, text: str) -> None:
    error = refusal(ask, *measures, by=("shops.city",), filters=[text])
    assert "ambiguous" in error.message
    assert sorted(error.suggestions) == sorted(BOTH)


def test_the_spellings_that_are_offered_answer(ask: Asker) -> None:
    for measures in permutations(BOTH):
        found = rows(ask, *measures, by=("shops.city",), filters=["refunds.total > 5"])
        assert found == [("Oslo", *(140 if name == "sales.total" else 7 for name in measures))]
        found = rows(ask, *measures, by=("shops.city",), filters=["sales_total > 5"])
        assert len(found) == 1


@pytest.mark.parametrize(
    ("measures", "rest"),
    [
        (("total",), {}),
        (("total * 2",), {}),
        (("sales.revenue / total",), {}),
        (("sum(price)",), {}),
        (("count(kind)",), {}),
        (("kind * 2",), {}),
        (("sales.total",), {"filters": ["kind = 'new'"]}),
        (("sales.total",), {"filters": ["kind = 2"]}),
        (("sales.total",), {"filters": ["price > 5"]}),
        (("count(*) FILTER (WHERE kind = 'new')",), {}),
        (("sales.total",), {"by": ("price",)}),
        (("sales.total", "refunds.total"), {"order_by": ["total"]}),
    ],
)
def test_a_bare_name_of_two_sources(ask: Asker, measures: Any, rest: Any) -> None:
    error = refusal(ask, *measures, **rest)
    assert "ambiguous" in error.message or "both a column and a measure" in error.message
    assert error.suggestions


def test_a_bare_name_that_has_one_meaning_where_it_stands(ask: Asker) -> None:
    # Only a measure can be asked for, and only a column can be grouped by.
    assert rows(ask, "kind") == [(2,)]
    assert rows(ask, "sales.total", by=("kind",)) == [("new", 105), ("old", 40)]
    found = rows(ask, "sales.total", by=("shops.city",), order_by=[{"field": "total"}])
    assert found == [("Rome", 5), ("Oslo", 140)]


def test_order_by_means_outputs(ask: Asker) -> None:
    measures = ["sales.total", {"expr": "sum(refunds.price)", "name": "city"}]
    error = refusal(ask, *measures, by=("shops.city",), order_by=["total", "shops.Rent"])
    assert "shops.city, " not in error.message
    assert error.fix == "Order by one of: sales.total, city, shops.city."
    found = rows(ask, *measures, by=("shops.city",), order_by=["city"])
    assert found == [("Rome", 5, 3), ("Oslo", 140, 7)]


def model_measure(text: str, **rest: Any) -> dict[str, Any]:
    extended = {**MODEL, "sales": {**MODEL["sales"]}}
    measures = [*MODEL["sales"]["measures"], {"name": "rent", "expr": "max(price)"}]
    extended["sales"]["measures"] = [*measures, {"name": "asked", "expr": text, **rest}]
    return extended


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("sum(rent)", {}),
        ("sum(price * rent)", {}),
        ("count(*)", {"filter": "rent > 3"}),
        ("count(*) FILTER (WHERE rent > 3)", {}),
    ],
)
def test_the_models_own_measure_and_a_looked_up_column(ask: Asker, text: str, rest: Any) -> None:
    error = ask.refused("sales.asked", model=model_measure(text, **rest))
    assert "a measure of 'sales' and a column of shops" in error.message
    assert error.suggestions == ["shops.rent"]


def test_what_is_clear_in_the_model_stays(ask: Asker) -> None:
    found = ask("sales.asked", model=model_measure("sum(price * shops.rent)"), tables=TABLES)
    assert found == [(100 * 11 + 40 * 11 + 5 * 13,)]
    assert ask("sales.asked", model=model_measure("rent * 2"), tables=TABLES) == [(100, 200)]


def test_columns_of_two_looked_up_sources(ask: Asker) -> None:
    cities = source("cities", "id rent", {})
    shops = {
        **MODEL["shops"],
        "joins": [{"to": "cities", "on": "rent = cities.id", "relationship": "many_to_one"}],
    }
    sales = {**MODEL["sales"], "measures": [{"name": "asked", "expr": "sum(price * rent)"}]}
    error = ask.refused("sales.asked", model={"sales": sales, "shops": shops, "cities": cities})
    assert error.suggestions == ["shops.rent", "cities.rent"]


def test_an_alias_and_a_source_that_differ_by_their_capitals(ask: Asker) -> None:
    joins = [{**to_shops()[0], "alias": "Refunds", "on": 'shop_id = "Refunds".id'}]
    changed = {**MODEL, "sales": {**MODEL["sales"], "joins": joins}}
    assert ask("sales.total", by=("Refunds.city",), model=changed, tables=TABLES)
    for by in ("REFUNDS.city", "REFUNDS.price"):
        assert "REFUNDS" in ask.refused("sales.total", by=(by,), model=changed).message


def test_a_hidden_column_is_no_second_meaning(ask: Asker) -> None:
    columns = [
        {**column, "visibility": "hidden"} if column["name"] == "price" else column
        for column in MODEL["sales"]["columns"]
    ]
    measures = [{"name": "price", "expr": "sum(price)"}]
    sales = {**MODEL["sales"], "columns": columns, "measures": measures}
    changed = {"sales": sales, "shops": MODEL["shops"]}
    for text in ("price > 9", "sales.price > 9"):
        found = ask("sales.price", by=("shops.city",), filters=[text], model=changed, tables=TABLES)
        assert found == [("Oslo", 140)]


def test_a_hidden_measure_has_no_bare_name(ask: Asker) -> None:
    measures = [{"name": "secret", "expr": "sum(price)", "visibility": "hidden"}]
    sales = {**MODEL["sales"], "measures": [*MODEL["sales"]["measures"], *measures]}
    changed = {"sales": sales, "shops": MODEL["shops"]}
    for asked in ("secret", "secret + 1", "sum(sales.price) + secret", "total(secret)"):
        error = ask.refused(asked, by=("shops.city",), model=changed)
        assert "secret" in error.message
        assert "secret" not in error.suggestions
    error = ask.refused("sales.total", filters=["secret > 3"], model=changed)
    assert "secret" in error.message
    assert "secret" not in ask.refused("sales.nothing", model=changed).message


def test_a_hidden_measure_is_no_second_meaning(ask: Asker) -> None:
    changed = {**MODEL, "refunds": {**MODEL["refunds"]}}
    changed["refunds"]["measures"] = [
        {"name": "total", "expr": "sum(price)", "visibility": "hidden"}
    ]
    assert ask("total", model=changed, tables=TABLES) == [(145,)]
