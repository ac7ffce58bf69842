"""The operation in steps, and what it says where a verification cannot go on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ktx_daemon.dispatch import dispatch
from semantic_layer.errors import SemanticError
from semantic_layer.verify.verification import DIFFERENT, EQUAL, UNCHECKED
from support.databases import Database, Table
from verify.asking import verified

ORDERS: dict[str, Any] = {
    "name": "orders",
    "table": "orders",
    "grain": ["id"],
    "columns": [
        {"name": "id", "type": "number"},
        {"name": "customer", "type": "number"},
        {"name": "amount", "type": "number"},
    ],
    "joins": [
        {
            "to": "customers",
            "on": "orders.customer = customers.id",
            "relationship": "many_to_one",
        }
    ],
    "measures": [{"name": "total", "expr": "sum(amount)"}],
}
CUSTOMERS: dict[str, Any] = {
    "name": "customers",
    "sql": "SELECT id, name FROM customers",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number"}, {"name": "name", "type": "string"}],
}
SOURCES = {"orders": ORDERS, "customers": CUSTOMERS}
QUERY = {"measures": ["orders.total"], "dimensions": ["customers.name"]}
MANY: dict[str, Table] = {
    "orders": (
        "id INTEGER, customer INTEGER, amount INTEGER",
        [(number, number * 7 % 50, number) for number in range(100)],
    ),
    "customers": ("id INTEGER, name TEXT", [(number, f"c{number}") for number in range(45)]),
}


def ask(results: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Return the reply to a step."""
    request = {
        "sources": list(SOURCES.values()),
        "query": QUERY,
        "dialect": "sqlite",
        "results": results,
        **changes,
    }
    reply: dict[str, Any] = json.loads(dispatch("semantic-verify", json.dumps(request).encode()))
    return reply


def result(name: str, *rows: list[Any]) -> dict[str, Any]:
    """Return what a statement gave."""
    return {"name": name, "kinds": ["unknown"] * len(rows[0]), "rows": list(rows)}


COUNTS = [result("count orders", [2]), result("count customers", [1])]
READ = [
    *COUNTS,
    result("rows orders", [10, 1, 1], [20, None, 2]),
    result("rows customers", ["Ada", 1]),
]


def names(reply: dict[str, Any]) -> list[str]:
    """Return which statements a reply wants to be run."""
    return [item["name"] for item in reply["ok"]["statements"]]


def test_what_is_asked_step_by_step() -> None:
    first = ask([])
    assert names(first) == ["count orders", "count customers"]
    assert first["ok"]["verdict"] is None
    second = ask(COUNTS)
    assert names(second) == ["rows orders", "rows customers", "answer"]
    assert second["ok"]["statements"][0]["max_rows"] == 40_000
    last = ask([*READ, result("answer", ["Ada", 10], [None, 20])])["ok"]
    assert (last["statements"], last["verdict"]["outcome"]) == ([], "equal")
    assert last["verdict"]["sources"][0] == {"source": "orders", "rows": 2, "sampled": False}


def test_a_difference_is_read_a_second_time() -> None:
    wrong = [*READ, result("answer", ["Ada", 11], [None, 20])]
    again = ask(wrong)
    assert names(again) == ["again rows orders", "again rows customers", "again answer"]
    twice = [{**item, "name": f"again {item['name']}"} for item in wrong[2:]]
    verdict = ask([*wrong, *twice])["ok"]["verdict"]
    assert verdict["outcome"] == "different"
    assert verdict["differences"] == [
        {
            "what": "other values",
            "dimensions": ["Ada"],
            "by_sql": ["Ada", 11],
            "by_rows": ["Ada", 10],
        }
    ]
    assert verdict["behind"] == [
        {
            "source": "orders",
            "what": "in the group of the first difference",
            "columns": ["amount", "customer", "id"],
            "rows": [[10, 1, 1]],
            "row_count": 1,
        }
    ]
    assert [source["name"] for source in verdict["model"]] == ["orders", "customers"]


def test_a_database_that_is_written_to_is_no_difference() -> None:
    wrong = [*READ, result("answer", ["Ada", 11], [None, 20])]
    twice = [{**item, "name": f"again {item['name']}"} for item in wrong[2:]]
    twice[0] = result("again rows orders", [11, 1, 1], [20, None, 2])
    error = ask([*wrong, *twice])["error"]
    assert (error["kind"], "being written to" in error["message"]) == ("unsupported", True)


@pytest.mark.parametrize(
    ("changes", "kind", "word"),
    [
        ({"rows": 0}, "invalid_request", "rows"),
        ({"seconds": 0}, "invalid_request", "seconds"),
        ({"query": {"measures": ["orders.totl"]}}, "invalid_query", "totl"),
        ({"model": "sha256:0", "sources": None}, "unknown_model", "sha256:0"),
    ],
)
def test_errors(changes: dict[str, Any], kind: str, word: str) -> None:
    if changes.get("sources", 1) is None:
        changes = {"model": changes["model"]}
        request = {"query": QUERY, "dialect": "sqlite", **changes}
        error = json.loads(dispatch("semantic-verify", json.dumps(request).encode()))["error"]
    else:
        error = ask([], **changes)["error"]
    assert error["kind"] == kind
    assert word in error["message"]


@pytest.mark.parametrize("rows", [1, 4, 20, 60, 1000])
def test_samples_of_any_size_keep_joins_whole(databases: list[Database], rows: int) -> None:
    for database in databases:
        database.load(MANY)
        verdict = verified(database, SOURCES, QUERY, rows)
        assert verdict.outcome == EQUAL
        assert [item.sampled for item in verdict.read] == [rows < 100, rows < 45]
        found = {item.source: item.rows for item in verdict.read}
        if rows < 45:
            # Both ends of the key, and each customer that an order in the sample has.
            ends = 2 * max(rows // 2, 1)
            assert found["orders"] == ends
            assert ends <= found["customers"] <= 2 * ends
        assert not verdict.notes


def test_a_source_without_a_key_cannot_be_sampled(databases: list[Database]) -> None:
    orders = {
        **ORDERS,
        "grain": ["key"],
        "columns": [*ORDERS["columns"], {"name": "key", "type": "number", "expr": "id + 1"}],
    }
    databases[0].load(MANY)
    with pytest.raises(SemanticError, match="cannot be sampled"):
        verified(databases[0], {**SOURCES, "orders": orders}, QUERY, rows=10)


def test_a_key_that_is_null_cannot_be_sampled(databases: list[Database]) -> None:
    columns, rows = MANY["orders"]
    databases[0].load({**MANY, "orders": (columns, [(None, *row[1:]) for row in rows])})
    with pytest.raises(SemanticError, match="its key is NULL"):
        verified(databases[0], SOURCES, QUERY, rows=10)


def test_a_key_that_most_rows_have_cannot_be_sampled(databases: list[Database]) -> None:
    columns, rows = MANY["orders"]
    databases[0].load({**MANY, "orders": (columns, [(0, *row[1:]) for row in rows])})
    with pytest.raises(SemanticError, match=r"The sample of 'orders' has no rows"):
        verified(databases[0], SOURCES, QUERY, rows=2)
    twins = [(0, f"c{number}") for number in range(45)]
    databases[0].load({**MANY, "customers": (MANY["customers"][0], twins)})
    with pytest.raises(SemanticError, match=r"The sample of 'customers' has more than 8 rows"):
        verified(databases[0], SOURCES, QUERY, rows=2)


def test_a_collation_by_which_texts_are_equal(databases: list[Database]) -> None:
    columns, rows = MANY["customers"]
    names = [(number, "Ada" if number % 2 else "ADA") for number, _ in rows]
    folding = (columns.replace("TEXT", "TEXT COLLATE NOCASE"), names)
    databases[0].load({**MANY, "customers": folding})
    verdict = verified(databases[0], SOURCES, QUERY)
    assert verdict.outcome == UNCHECKED
    assert verdict.reason == ("the collation of customers.name, by which different texts are equal")
    for database in databases:
        database.load({**MANY, "customers": (columns, names)})
        assert verified(database, SOURCES, QUERY).outcome == EQUAL


def test_no_hidden_column_is_shown(databases: list[Database]) -> None:
    columns = [*ORDERS["columns"][:2], {**ORDERS["columns"][2], "visibility": "hidden"}]
    twins = [*MANY["customers"][1], (0, "twin")]
    databases[0].load({**MANY, "customers": (MANY["customers"][0], twins)})
    sources = {**SOURCES, "orders": {**ORDERS, "columns": columns}}
    verdict = verified(databases[0], sources, QUERY)
    assert verdict.outcome == DIFFERENT
    shown = [row for item in verdict.behind if item.source == "orders" for row in item.rows]
    assert shown
    assert all(set(row) == {"id", "customer"} for row in shown)


def test_time_that_runs_out(databases: list[Database]) -> None:
    columns, rows = MANY["orders"]
    many = [(number, *row[1:]) for number, row in enumerate([*rows] * 10)]
    databases[0].load({**MANY, "orders": (columns, many)})
    with pytest.raises(SemanticError, match=r"longer than 1e-09 seconds\.") as raised:
        verified(databases[0], SOURCES, QUERY, seconds=1e-9)
    assert "--timeout" in str(raised.value.fix)
