"""Which tables statements read, and where their columns stand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ktx_daemon import sql_analysis
from ktx_daemon.dispatch import dispatch

EMPTY: dict[str, list[str]] = {
    "select": [],
    "where": [],
    "join": [],
    "group_by": [],
    "having": [],
    "order_by": [],
}


def reply_to(*statements: str, **more: Any) -> dict[str, Any]:
    items = [{"id": str(index), "sql": sql} for index, sql in enumerate(statements)]
    request = {"items": items, **more}
    reply: dict[str, Any] = json.loads(dispatch("sql-analyze-batch", json.dumps(request).encode()))
    return reply


def usage(sql: str, **more: Any) -> tuple[list[str], dict[str, list[str]]]:
    result = reply_to(sql, **more)["ok"]["results"]["0"]
    assert result["error"] is None
    columns = {clause: names for clause, names in result["columns_by_clause"].items() if names}
    return result["tables_touched"], columns


def test_every_clause() -> None:
    tables, columns = usage(
        """SELECT date_trunc('day', o.ts) AS d, sum(o.amount) AS total FROM shop.orders o
        JOIN customers c ON o.cid = c.id LEFT JOIN regions USING (region_id)
        WHERE c.region = 'x' GROUP BY d HAVING max(o.tax) > 1 ORDER BY total, c.name"""
    )
    assert tables == ["customers", "regions", "shop.orders"]
    assert columns == {
        "select": ["shop.orders.amount", "shop.orders.ts"],
        "where": ["customers.region"],
        "join": [
            "customers.id",
            "customers.region_id",
            "regions.region_id",
            "shop.orders.cid",
            "shop.orders.region_id",
        ],
        "group_by": ["shop.orders.ts"],
        "having": ["shop.orders.tax"],
        "order_by": ["customers.name", "shop.orders.amount"],
    }


@pytest.mark.parametrize(
    ("sql", "tables", "columns"),
    [
        ("SELECT 1", [], {}),
        ("SELECT * FROM t", ["t"], {"select": ["t.*"]}),
        ("SELECT count(*) FROM t WHERE a = 1", ["t"], {"where": ["t.a"]}),
        ('SELECT "Odd x" FROM "My S"."T"', ["My S.T"], {"select": ["My S.T.Odd x"]}),
        (  # One that could be of either table stands by itself.
            "SELECT a, t.b FROM t, u",
            ["t", "u"],
            {"select": ["a", "t.b"]},
        ),
        (
            "WITH c AS (SELECT x + y AS z, k FROM s.t) SELECT z FROM c WHERE z > 1",
            ["s.t"],
            {"select": ["s.t.k", "s.t.x", "s.t.y"], "where": ["s.t.x", "s.t.y"]},
        ),
        (
            "WITH t AS (SELECT * FROM t) SELECT a FROM t",
            ["t"],
            {"select": ["t.*", "t.a"]},
        ),
        (
            "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.x = t.y AND z = 1)",
            ["t", "u"],
            {"select": ["t.a"], "where": ["t.y", "u.x", "u.z"]},
        ),
        (
            "SELECT a FROM t WHERE b = 1 UNION SELECT c FROM u ORDER BY a",
            ["t", "u"],
            {"select": ["t.a", "u.c"], "where": ["t.b"], "order_by": ["t.a", "u.c"]},
        ),
        (
            "WITH RECURSIVE r AS (SELECT k AS n FROM t UNION ALL SELECT n + n FROM r) "
            "SELECT n FROM r",
            ["t"],
            {"select": ["t.k"]},
        ),
        ("SELECT g FROM generate_series(1, 3) AS g", [], {"select": ["g"]}),
        (
            "SELECT x FROM (a JOIN b ON a.i = b.j)",
            ["a", "b"],
            {"select": ["x"], "join": ["a.i", "b.j"]},
        ),
    ],
)  # fmt: skip
def test_columns_are_followed_to_their_tables(
    sql: str, tables: list[str], columns: dict[str, list[str]]
) -> None:
    assert usage(sql) == (tables, columns)


def test_the_dialect_counts() -> None:
    assert usage("SELECT `a` FROM `p-1.d.t`", dialect="bigquery")[0] == ["p-1.d.t"]
    assert usage("FROM t", dialect="duckdb")[0] == ["t"]


BAD = [
    "SELECT (",
    "DELETE FROM t",
    "SELECT 1; SELECT 2",
    "",
    "SELECT a FROM t s, u s",
    "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "SELECT '" + "x" * 10_000_000 + "'",
    "SELECT '\0'",
    "SELECT * FROM " + "(SELECT * FROM " * 400 + "t" + ") x" * 400,
    "WITH " + ", ".join(f"c{i} AS (SELECT * FROM c{i - 1})" for i in range(1, 900)) + " SELECT 1",
]


def test_one_bad_item_never_fails_the_batch() -> None:
    results = reply_to("SELECT a FROM t", *BAD, "SELECT b FROM u")["ok"]["results"]
    assert len(results) == len(BAD) + 2
    for index in range(1, len(BAD)):
        result = results[str(index)]
        assert result["error"], BAD[index - 1][:60]
        assert (result["tables_touched"], result["columns_by_clause"]) == ([], EMPTY)
    assert results[str(len(BAD) + 1)]["columns_by_clause"]["select"] == ["u.b"]


def test_a_surprise_of_the_parser_is_its_items_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sql_analysis, "usage_of", fail)
    assert "ZeroDivisionError" in reply_to("SELECT 1")["ok"]["results"]["0"]["error"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"items": [{"id": "a", "sql": "SELECT 1"}] * 2}, "id 'a'"),
        ({"items": [], "max_workers": 0}, "max_workers"),
        ({"items": [], "max_workers": 33}, "max_workers"),
        ({"items": [{"id": "a"}]}, "items.0.sql"),
    ],
)
def test_requests_that_make_no_sense(request_: dict[str, Any], message: str) -> None:
    error = json.loads(dispatch("sql-analyze-batch", json.dumps(request_).encode()))["error"]
    assert error["kind"] == "invalid_request"
    assert message in error["message"]


def test_an_empty_batch() -> None:
    assert reply_to(max_workers=32)["ok"] == {"results": {}}
