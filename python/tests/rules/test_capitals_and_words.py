"""Names are declared as the database has them: capitals, and words of SQL."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer import SemanticEngine
from support.asking import Asker
from support.databases import Table

TABLES: dict[str, Table] = {
    "Order": (
        '"Id" INTEGER, "userId" INTEGER, "totalAmount" INTEGER, "group" TEXT, "STATE" TEXT',
        [(1, 1, 10, "a", "open"), (2, 1, 20, "b", "done"), (3, 2, 30, "a", "done")],
    ),
    "User": ('"Id" INTEGER, "fullName" TEXT, "order" INTEGER', [(1, "Ann", 7), (2, "Bob", 8)]),
    "transaction": (
        '"add" INTEGER, "commit" INTEGER, "isnull" TEXT, "case" INTEGER, "if" INTEGER',
        [(1, 5, "x", 2, 1), (2, 6, "x", 3, 1), (3, 7, "y", 4, 1)],
    ),
}


def source(name: str, columns: str, measures: dict[str, str], **rest: Any) -> dict[str, Any]:
    """Return a source of the table of its name, the first column its grain."""
    names = columns.split()
    return {
        "name": name,
        "table": f'"{name}"',
        "grain": names[:1],
        "columns": [{"name": column, "type": "number"} for column in names],
        "measures": [{"name": key, "expr": text} for key, text in measures.items()],
        **rest,
    }


CAPITALS = {
    "Order": source(
        "Order",
        "Id userId totalAmount group STATE",
        {
            "total": "sum(totalAmount)",
            "Total2": "total * 2",
            "byHand": 'sum("totalAmount")',
            "done": "sum(Order.totalAmount)",
        },
        joins=[{"to": "User", "on": "userId = User.Id", "relationship": "many_to_one"}],
        segments=[{"name": "isDone", "expr": "STATE = 'done'"}],
    ),
    "User": source("User", "Id fullName order", {"lastOrder": "max(order)"}),
}
CAPITALS["Order"]["measures"][-1]["segments"] = ["isDone"]
CAPITALS["Order"]["columns"].append(
    {"name": "halfAmount", "type": "number", "expr": "totalAmount / 2"}
)


def ask_orders(ask: Asker, *measures: Any, **rest: Any) -> Any:
    return ask(*measures, model=CAPITALS, tables=TABLES, **rest)


@pytest.mark.parametrize("measure", ["Order.total", "Order.byHand", "total", "order.TOTAL * 1"])
def test_capitals_in_measures(ask: Asker, measure: str) -> None:
    assert ask_orders(ask, measure) == [(60,)]


@pytest.mark.parametrize(
    ("measures", "rest", "expected"),
    [
        (["sum(totalAmount)"], {}, [(60,)]),
        (["sum(Order.totalAmount)"], {}, [(60,)]),
        (["sum(order.totalamount)"], {}, [(60,)]),
        (["count(Order.*)"], {}, [(3,)]),
        (["Order.done"], {}, [(50,)]),
        (["Order.Total2"], {}, [(60, 120)]),
        (["sum(Order.halfAmount)"], {}, [(30,)]),
        (["Order.total"], {"by": ("Order.userId",)}, [(1, 30), (2, 30)]),
        (["Order.total"], {"by": ("userId",)}, [(1, 30), (2, 30)]),
        (["Order.total"], {"by": ('Order."userId"',)}, [(1, 30), (2, 30)]),
        (["Order.total"], {"by": ("User.fullName",)}, [("Ann", 30), ("Bob", 30)]),
        (["Order.total"], {"by": ("Order.group",)}, [("a", 40), ("b", 20)]),
        (["Order.total"], {"by": ("group",)}, [("a", 40), ("b", 20)]),
        (["Order.total"], {"by": ("User.order",)}, [(7, 30), (8, 30)]),
        (["Order.total"], {"filters": ["Order.totalAmount > 10"]}, [(50,)]),
        (["Order.total"], {"filters": ["totalAmount > 10 AND Order.STATE = 'done'"]}, [(50,)]),
        (["Order.total"], {"filters": ["order.group = 'a'"]}, [(40,)]),
        (["Order.total"], {"filters": ["group = 'a'"]}, [(40,)]),
        (["Order.total"], {"filters": ["user.order = 8"]}, [(30,)]),
        (["Order.total"], {"segments": ["Order.isDone"]}, [(50,)]),
        (["Order.total", "User.lastOrder"], {"by": ("User.Id",)}, [(1, 30, 7), (2, 30, 8)]),
        (
            ["Order.total"],
            {"by": ("User.fullName",), "order_by": [{"field": "fullName", "direction": "desc"}]},
            [("Bob", 30), ("Ann", 30)],
        ),
        (
            [{"expr": "sum(Order.totalAmount)", "name": "SUM of it"}, {"expr": "1.0 * total"}],
            {},
            [(60, 60)],
        ),
        (["median(Order.totalAmount)"], {"by": ("User.fullName",)}, [("Ann", 15), ("Bob", 30)]),
    ],
)
def test_capitals_in_a_question(ask: Asker, measures: Any, rest: Any, expected: Any) -> None:
    assert ask_orders(ask, *measures, **rest) == expected


def test_the_model_is_valid() -> None:
    for dialect in ("sqlite", "duckdb", "postgres"):
        report = SemanticEngine.from_sources(CAPITALS, dialect).validate()
        assert report.errors == []


WORDS = {
    "transaction": source(
        "transaction",
        "add commit isnull case if",
        {
            "end": "sum(commit)",
            "from": "sum(transaction.add)",
            "select": "sum(CASE WHEN isnull = 'x' THEN commit END)",
            "where": "sum(CASE WHEN case > 2 THEN case END)",
            "join": "sum(if) + end / from",
        },
        table="transaction",
    )
}


@pytest.mark.parametrize(
    ("measures", "rest", "expected"),
    [
        (["transaction.end"], {}, [(18,)]),
        (["end"], {}, [(18,)]),
        (["transaction.from", "select", "where"], {}, [(6, 11, 7)]),
        (["transaction.join"], {}, [(18, 6, 6)]),
        (["end / from"], {}, [(3,)]),
        (["sum(commit) + sum(transaction.case)"], {}, [(27,)]),
        (["end"], {"by": ("isnull",)}, [("x", 11), ("y", 7)]),
        (["end"], {"by": ("transaction.isnull",), "filters": ["end > 7"]}, [("x", 11)]),
        (["end"], {"filters": ["add = 3 OR commit = 5"]}, [(12,)]),
        (["end"], {"filters": ["transaction.case BETWEEN 3 AND 4"]}, [(13,)]),
        (["count(transaction.*)"], {"filters": ["case > 2", "if = 1"]}, [(2,)]),
    ],
)
def test_words_of_sql(ask: Asker, measures: Any, rest: Any, expected: Any) -> None:
    assert ask(*measures, model=WORDS, tables=TABLES, **rest) == expected


@pytest.mark.parametrize(
    "text",
    ["CASE WHEN commit > 1 THEN 1 ELSE 0 END", "commit IS NULL AND add > 1", "NOT commit > 1"],
)
def test_text_that_parses_keeps_its_meaning(text: str) -> None:
    from semantic_layer.parser import ExpressionParser

    plain = ExpressionParser("sqlite").parse(text)
    assert ExpressionParser("sqlite", lambda word: True).parse(text) == plain


def test_a_word_that_could_be_several_names_is_refused(ask: Asker) -> None:
    error = ask.refused("sum(case case)", model=WORDS)
    assert "is not an SQL expression" in error.message


SELECTED = {
    "users": source(
        "users",
        "Id fullName",
        {"n": "count(fullName)"},
        table=None,
        sql='SELECT u."Id" AS Id, u."fullName" AS fullName FROM "User" AS u',
    ),
    "exact": source(
        "exact",
        "Id fullName",
        {"n": "count(fullName)"},
        table=None,
        sql='SELECT "Id", "fullName" FROM "User"',
    ),
    "all": source("all", "Id fullName", {"n": "count(fullName)"}, table=None)
    | {"sql": 'SELECT * FROM "User"'},
}


@pytest.mark.parametrize("name", list(SELECTED))
def test_columns_of_a_select_of_the_model(ask: Asker, name: str) -> None:
    # Without quotes in the SELECT, PostgreSQL calls the column `fullname`.
    model = {name: SELECTED[name]}
    found = ask(f"{name}.n", by=(f"{name}.fullName",), model=model, tables=TABLES)
    assert found == [("Ann", 1), ("Bob", 1)]


def test_names_that_differ_by_their_capitals(ask: Asker) -> None:
    # SQLite and DuckDB have no such tables.
    columns = "Id amount Amount"
    model = {"pay": source("pay", columns, {"a": "sum(amount)", "b": "sum(Amount)"})}
    sql = SemanticEngine.from_sources(model, "postgres").query({"measures": ["pay.a", "pay.b"]}).sql
    assert "SUM(pay.amount) AS a" in sql
    assert 'SUM(pay."Amount") AS b' in sql


SNOWFLAKE = {
    "o": source("o", "ID order CamelCase lower", {"n": "sum(CamelCase) + sum(order) + sum(lower)"})
}


def test_snowflake_folds_to_capitals() -> None:
    sql = SemanticEngine.from_sources(SNOWFLAKE, "snowflake").query({"measures": ["o.n"]}).sql
    assert 'SUM(o."CamelCase") + SUM(o."ORDER") + SUM(o.lower) AS n' in sql
