"""A first semantic layer from tables: the rules, and that the planner takes what comes out."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ktx_daemon.dispatch import dispatch
from ktx_daemon.source_generation import map_database_type


def column(name: str, type_: str = "integer", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, **more}


def link(from_: str, to: str, relationship: str = "MANY_TO_ONE") -> dict[str, str]:
    from_table, from_column = from_.split(".")
    to_table, to_column = to.split(".")
    return {
        "from_table": from_table,
        "from_column": from_column,
        "to_table": to_table,
        "to_column": to_column,
        "relationship_type": relationship,
    }


def reply_to(tables: list[Any], links: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    request = {"tables": tables, "links": links or [], **more}
    reply: dict[str, Any] = json.loads(
        dispatch("semantic-generate-sources", json.dumps(request).encode())
    )
    return reply


def sources(*arguments: Any, **more: Any) -> dict[str, dict[str, Any]]:
    response = reply_to(*arguments, **more)["ok"]
    assert response["source_count"] == len(response["sources"])
    return {source["name"]: source for source in response["sources"]}


def joins(source: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (join["to"], join["on"], join["relationship"], join.get("alias"))
        for join in source["joins"]
    ]


@pytest.mark.parametrize(
    ("native", "type_"),
    [
        *[(name, "boolean") for name in ("bool", "BOOLEAN", "bit", "bit(1)", "tinybool")],
        *[(name, "time") for name in ("timestamp with time zone", "DATETIME", "date", "time")],
        *[(name, "number") for name in ("int", "BIGINT", "int4", "NUMERIC(10,2)", "decimal")],
        *[(name, "number") for name in ("float8", "double precision", "real", "NUMBER", "money")],
        *[(name, "string") for name in ("text", "varchar(20)", "uuid", "json", "", "interval")],
        *[(name, "number") for name in ("int(11) unsigned", "DOUBLE UNSIGNED ZEROFILL", "UBIGINT")],
        *[(name, "number") for name in ("Nullable(Decimal(9, 2))", "UNSIGNED BIG INT", "int64")],
        *[(name, "time") for name in ("timestamp(6) without time zone", "DateTime64(3, 'UTC')")],
        *[(name, "time") for name in ("TIMESTAMP_NS", "LowCardinality(Nullable(Date))", "timetz")],
        *[(name, "boolean") for name in ("bit ( 1 )", "Nullable(Bool)")],
        *[(name, "string") for name in ("point", "mint", "shop.mint", '"int"', "int4range")],
        *[(name, "string") for name in ("integer[]", "INTEGER[3]", "numeric(10,2)[]", "bit(8)")],
        *[(name, "string") for name in ("STRUCT(a INTEGER)", "MAP(VARCHAR, INTEGER)", "daterange")],
        *[(name, "string") for name in ("UNION(n INTEGER, s DATE)", "ENUM('int', 'date')")],
        *[(name, "string") for name in ("enum('mint','tint')", "set('real')", "array<int>")],
        *[(name, "string") for name in ("Array(Int32)", "row(a integer)", "struct<a:int>")],
        *[(name, "string") for name in ("enum('int')", "set('int')", "Tuple(Int32)", "int_list")],
    ],
)
def test_types(native: str, type_: str) -> None:
    assert map_database_type(native) == type_


def test_a_source() -> None:
    table = {
        "name": "orders",
        "catalog": "warehouse",
        "db": "shop",
        "comment": "What was bought",
        "columns": [
            column("id", primary_key=True, nullable=False),
            column("amount", "numeric", comment="In euros"),
            column("placed", "timestamp"),
        ],
    }
    plain = {"visibility": "public", "role": "default"}
    assert sources([table])["orders"] == {
        "name": "orders",
        "description": "What was bought",
        "table": "warehouse.shop.orders",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number", **plain},
            {"name": "amount", "type": "number", **plain, "description": "In euros"},
            {"name": "placed", "type": "time", "visibility": "public", "role": "time"},
        ],
        "joins": [],
        "measures": [
            {
                "name": "record_count",
                "expr": "count(id)",
                "segments": [],
                "description": "Count of orders records",
            },
            {
                "name": "total_amount",
                "expr": "sum(amount)",
                "segments": [],
                "description": "Sum of amount — In euros",
            },
            {
                "name": "avg_amount",
                "expr": "avg(amount)",
                "segments": [],
                "description": "Average of amount — In euros",
            },
        ],
        "segments": [],
    }


def test_grain_without_a_primary_key() -> None:
    found = sources([{"name": "t", "columns": [column("a", "text"), column("b", "text")]}])
    assert (found["t"]["grain"], found["t"]["measures"]) == (["a"], [])
    assert sources([{"name": "t", "columns": []}])["t"]["grain"] == ["id"]


def test_numbers_that_are_names_of_things_are_not_added_up() -> None:
    names = ["id", "ID", "order_id", "uuid", "a_uuid", "sort_key", "row_pk", "taxIdentifier"]
    found = sources([{"name": "t", "columns": [*map(column, names), column("paid")]}])
    assert [m["name"] for m in found["t"]["measures"]] == ["total_paid", "avg_paid"]


def test_joins_both_ways() -> None:
    tables = [
        {"name": name, "columns": [column("id", primary_key=True)]} for name in ("orders", "people")
    ]
    links = [link("orders.person_id", "people.id"), link("orders.x", "gone.id")]
    found = sources(tables, links)
    assert joins(found["orders"]) == [("people", "person_id = people.id", "many_to_one", None)]
    assert joins(found["people"]) == [("orders", "id = orders.person_id", "one_to_many", None)]


@pytest.mark.parametrize(
    ("relationship", "forward", "reverse"),
    [
        ("ONE_TO_ONE", "one_to_one", "one_to_one"),
        ("one_to_many", "one_to_many", "many_to_one"),
        ("Many_To_One", "many_to_one", "one_to_many"),
        ("MANY_TO_MANY", "many_to_one", "one_to_many"),
        ("", "many_to_one", "one_to_many"),
    ],
)
def test_relationships(relationship: str, forward: str, reverse: str) -> None:
    tables = [{"name": name, "columns": [column("id")]} for name in ("a", "b")]
    found = sources(tables, [link("a.b_id", "b.id", relationship)])
    assert joins(found["a"])[0][2] == forward
    assert joins(found["b"])[0][2] == reverse


def test_two_joins_to_one_target_are_named_apart() -> None:
    tables = [{"name": name, "columns": [column("id")]} for name in ("orders", "people")]
    links = [link("orders.buyer", "people.id"), link("orders.payer", "people.id")]
    found = sources(tables, [*links, links[0]])
    assert [join[3] for join in joins(found["orders"])] == ["people_buyer", "people_payer"]
    assert [join[3] for join in joins(found["people"])] == ["orders_id", "orders_id_payer"]
    itself = sources([tables[1]], [link("people.boss", "people.id")])["people"]
    assert [join[3] for join in joins(itself)] == ["people_boss", "people_id"]
    # By the source's own name, the condition would be of one row and its own columns.
    assert [join[1] for join in joins(itself)] == [
        "boss = people_boss.id",
        "id = people_id.boss",
    ]


def test_odd_names_are_quoted() -> None:
    table = {"name": "Order Lines", "db": "my-db", "columns": [column("net price", "real")]}
    source = sources([table])["Order Lines"]
    assert source["table"] == '"my-db"."Order Lines"'
    assert source["measures"][0]["expr"] == 'sum("net price")'
    assert sources([table], dialect="mysql")["Order Lines"]["table"] == "`my-db`.`Order Lines`"


def test_requests_that_make_no_sense() -> None:
    table = {"name": "t", "columns": []}
    twice = reply_to([table, {**table, "db": "other"}])["error"]
    assert (twice["kind"], "'t'" in twice["message"]) == ("invalid_request", True)
    assert reply_to([table], dialect="oracle")["error"]["kind"] == "unsupported"
    assert "tables.0.columns" in reply_to([{"name": "t"}])["error"]["message"]


def test_from_a_database_to_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        """CREATE TABLE people (id INTEGER PRIMARY KEY, "First Name" TEXT);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, amount REAL, buyer REFERENCES people,
            payer REFERENCES people);
        INSERT INTO people VALUES (1, 'Ada'), (2, 'Bo');
        INSERT INTO orders VALUES (1, 10, 1, 2), (2, 5, 1, 1)"""
    )
    scan = {"connection_id": "c", "driver": "sqlite", "url": str(path)}
    found = json.loads(dispatch("database-introspect", json.dumps(scan).encode()))["ok"]["tables"]
    links = [
        link(f"{table['name']}.{key['from_column']}", f"{key['to_table']}.{key['to_column']}")
        for table in found
        for key in table.pop("foreign_keys")
    ]
    generated = reply_to(found, links, dialect="sqlite")["ok"]["sources"]
    model = {"sources": generated, "dialect": "sqlite"}
    checked = json.loads(dispatch("semantic-validate", json.dumps(model).encode()))["ok"]
    assert [item for item in checked["findings"] if item["severity"] == "error"] == []
    query = {
        "measures": ["orders.total_amount"],
        "dimensions": ['people_payer."First Name"'],
        "order_by": [{"field": "orders.total_amount"}],
    }
    reply = json.loads(dispatch("semantic-query", json.dumps({**model, "query": query}).encode()))
    assert "ok" in reply, reply
    rows = connection.execute(reply["ok"]["sql"]).fetchall()
    connection.close()
    assert sorted(rows) == [("Ada", 5.0), ("Bo", 10.0)]


def test_a_key_of_several_columns_joins_by_all_of_them(tmp_path: Path) -> None:
    """A join by one of them would repeat rows; the answer is SQLite's own."""
    file = tmp_path / "depot.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript("""
            CREATE TABLE boxes (hall TEXT, number INTEGER, owner TEXT, PRIMARY KEY (hall, number));
            CREATE TABLE moves (id INTEGER PRIMARY KEY, hall TEXT, box INTEGER, weight INTEGER,
                FOREIGN KEY (hall, box) REFERENCES boxes (hall, number));
            INSERT INTO boxes VALUES ('n', 1, 'Ada'), ('n', 2, 'Bob'), ('s', 1, 'Bob');
            INSERT INTO moves VALUES (1, 'n', 1, 10), (2, 'n', 2, 5), (3, 's', 1, 8);
        """)
    composite = {
        **link("moves.hall", "boxes.hall"),
        "further_columns": [{"from_column": "box", "to_column": "number"}],
    }
    tables = [
        {
            "name": "boxes",
            "columns": [
                column("hall", "text", primary_key=True),
                column("number", primary_key=True),
                column("owner", "text"),
            ],
        },
        {
            "name": "moves",
            "columns": [
                column("id", primary_key=True),
                column("hall", "text"),
                column("box"),
                column("weight"),
            ],
        },
    ]
    found = sources(tables, [composite], dialect="sqlite")
    condition = "hall = boxes.hall AND box = boxes.number"
    assert joins(found["moves"]) == [("boxes", condition, "many_to_one", None)]
    back = "hall = moves.hall AND number = moves.box"
    assert joins(found["boxes"]) == [("moves", back, "one_to_many", None)]
    query = {"measures": ["moves.total_weight"], "dimensions": ["boxes.owner"]}
    request = {"sources": list(found.values()), "query": query, "dialect": "sqlite"}
    answer = json.loads(dispatch("semantic-query", json.dumps(request).encode()))["ok"]
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute(answer["sql"]).fetchall()
    assert sorted(rows) == [("Ada", 10), ("Bob", 13)]


@pytest.mark.parametrize(
    ("type_", "kept_as", "expected"),
    [
        ("INTEGER", "unix", {"type": "time", "storage": "unix", "role": "time"}),
        ("TIMESTAMP", "unix_ms", {"type": "time", "storage": "unix_ms", "role": "time"}),
        ("DATE", "iso", {"type": "time", "role": "time"}),
        ("DATE", None, {"type": "time", "role": "time"}),
        ("DATE", "other", {"type": "string", "role": "default"}),
        ("DATE", "number", {"type": "number", "role": "default"}),
        ("BIGINT", None, {"type": "number", "role": "default"}),
    ],
)
def test_what_a_column_holds_comes_before_its_declared_type(
    type_: str, kept_as: str | None, expected: dict[str, str]
) -> None:
    table = {"name": "t", "columns": [column("created_at", type_, kept_as=kept_as)]}
    source = sources([table])["t"]
    (found,) = source["columns"]
    assert {key: found.get(key) for key in ("type", "storage", "role") if key in found} == expected
    summed = any(measure["name"] == "total_created_at" for measure in source["measures"])
    # Numbers of a column that is declared as a time are days or moments: their sum means nothing.
    assert summed == (type_ == "BIGINT" and expected["type"] == "number")
