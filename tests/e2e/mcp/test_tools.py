"""The tools of the MCP server, over stdio: every answer fits its schema and its budget."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import Ktx
from tool_client import ToolClient, tool_client

ROOT = Path(__file__).parents[3]
BIG = 2**63 - 1
ROUTES = """
joins:
  - {to: shops, "on": shop_id = shops.id, relationship: many_to_one}
  - {to: makers, "on": maker_id = makers.id, relationship: many_to_one}
measures:
  - {name: n, expr: count(*)}
"""


def _columns(*names: str) -> str:
    lines = [
        f"  - {{name: {name}, type: {'string' if name == 'name' else 'number'}}}\n"
        for name in names
    ]
    return "columns:\n" + "".join(lines)


@pytest.fixture
def project(warehouse: Path) -> Path:
    """The warehouse with a wiki, a segment, two routes to cities and numbers of all sizes."""
    sources = warehouse / "semantic-layer" / "warehouse"
    (sources / "orders.yaml").write_text(
        "name: orders\ndescription: All orders\ntable: orders\ngrain: [id]\ncolumns:\n"
        "  - {name: id, type: number}\n  - {name: status, type: string}\n"
        "  - {name: amount, type: number}\n"
        "measures:\n  - {name: order_count, expr: count(*)}\n"
        "  - {name: revenue, expr: sum(amount), description: Money of orders}\n"
        "segments:\n  - {name: paid, expr: status = 'paid'}\n"
    )
    (sources / "sales.yaml").write_text(
        "name: sales\ntable: sales\ngrain: [id]\n" + _columns("id", "shop_id", "maker_id") + ROUTES
    )
    for name in ("shops", "makers"):
        (sources / f"{name}.yaml").write_text(
            f"name: {name}\ntable: {name}\ngrain: [id]\n{_columns('id', 'city_id')}joins:\n"
            '  - {to: cities, "on": city_id = cities.id, relationship: many_to_one}\n'
        )
    (sources / "cities.yaml").write_text(
        "name: cities\ntable: cities\ngrain: [id]\n" + _columns("id", "name")
    )
    with sqlite3.connect(warehouse / "warehouse.db") as database:
        database.executescript(
            "CREATE TABLE sales (id INTEGER, shop_id INTEGER, maker_id INTEGER);"
            "CREATE TABLE shops (id INTEGER, city_id INTEGER);"
            "CREATE TABLE makers (id INTEGER, city_id INTEGER);"
            "CREATE TABLE cities (id INTEGER, name TEXT);"
            "INSERT INTO sales VALUES (1, 1, 1); INSERT INTO shops VALUES (1, 1);"
            "INSERT INTO makers VALUES (1, 2); INSERT INTO cities VALUES (1, 'Paris'), (2, 'Rome');"
            f"CREATE TABLE numbers (n); INSERT INTO numbers VALUES ({BIG}), (0.1), (NULL), ('x');"
        )
    database.close()
    page = warehouse / "wiki" / "global" / "revenue.md"
    page.parent.mkdir(parents=True)
    page.write_text("---\nsummary: What revenue is\ntags: [finance]\n---\nMoney of all orders.\n")
    return warehouse


@pytest.fixture
def client(ready: Ktx, project: Path) -> Iterator[ToolClient]:
    """A client that may only read."""
    with tool_client(ready, project) as client:
        yield client


@pytest.fixture
def writer(ready: Ktx, project: Path) -> Iterator[ToolClient]:
    """A client that may write, in a project with a repository."""
    subprocess.run(["git", "init", "--quiet", project], check=True)
    with tool_client(ready, project, "--allow-write") as client:
        yield client


def _log(project: Path) -> list[str]:
    command = ["git", "-C", str(project), "log", "--format=%s"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


def test_a_question_in_words_becomes_a_call_that_answers_it(client: ToolClient) -> None:
    """With the measure, the dimension and the segment that the words name."""
    found = client.call("discover", query="revenue of paid orders by status")
    call = found["ready_calls"][0]
    assert call["arguments"] == {
        "connectionId": "warehouse",
        "measures": ["orders.revenue"],
        "dimensions": ["orders.status"],
        "segments": ["orders.paid"],
    }
    answer = client.call(call["tool"], **call["arguments"])
    assert ["paid", 50] in answer["rows"]
    assert {"column": "orders.status", "values": ["open", "paid"]} in found["samples"]
    assert client.call("discover_data", query="revenue of paid orders by status") == found


def test_a_query_is_run_and_says_all_about_its_rows(client: ToolClient) -> None:
    """Types, counts, and which bound was reached."""
    answer = client.call(
        "sl_query",
        measures=["orders.revenue", {"expr": "max(orders.amount)", "name": "largest"}],
        dimensions=["orders.status"],
        order_by=["orders.revenue:desc"],
        explain=True,
    )
    assert answer["rows"] == [["paid", 50, 30], ["open", 10, 10]]
    assert [column["type"] for column in answer["columns"]] == ["text", "number", "number"]
    assert (answer["executed"], answer["row_count"], answer["row_limit_reached"]) == (
        True,
        2,
        False,
    )
    assert "orders.revenue" in answer["explanation"]
    limited = client.call(
        "sl_query", measures=["orders.revenue"], dimensions=["orders.status"], limit=1
    )
    assert (limited["row_count"], limited["row_limit_reached"]) == (1, True)
    assert "`limit`" in limited["notes"][0]
    read = client.call(
        "sl_query", measures=["orders.revenue"], dimensions=["orders.status"], max_rows=1
    )
    assert (read["row_count"], read["row_limit_reached"]) == (1, True)
    assert "`max_rows`" in read["notes"][0]


def test_a_call_that_comes_while_python_starts_is_answered(ready: Ktx, project: Path) -> None:
    """The planner is loaded beside the first calls, by threads that import the same modules."""
    for _ in range(8):
        with tool_client(ready, project) as client:
            client.call("sl_query", measures=["orders.revenue"])


def test_a_query_can_only_be_compiled(client: ToolClient) -> None:
    """By `execute: false`, and by the tool that explains."""
    answer = client.call("sl_query", measures=["orders.revenue"], execute=False)
    assert not answer["executed"]
    assert "rows" not in answer
    assert (answer["row_count"], answer["row_limit_reached"]) == (None, False)
    explained = client.call("sl_explain", measures=["orders.revenue"])
    assert explained["sql"] == answer["sql"]
    assert explained["explanation"].startswith("- ")


def test_nothing_is_run_on_a_connection_that_is_not_read_only(ready: Ktx, project: Path) -> None:
    """A query says so and is compiled; what was asked to run is refused."""
    config = project / "ktx.yaml"
    config.write_text(config.read_text().replace("    readonly: true\n", ""))
    with tool_client(ready, project) as client:
        answer = client.call("sl_query", measures=["orders.revenue"])
        assert not answer["executed"]
        assert "readonly: true" in answer["notes"][0]
        for tool, arguments in (
            ("sl_query", {"measures": ["orders.revenue"], "execute": True}),
            ("sql_execution", {"sql": "select 1"}),
            ("connection_test", {}),
        ):
            error = client.refusal(tool, **arguments)
            assert error["kind"] == "connection", tool
            assert "readonly: true" in error["fix"]
        assert client.call("dictionary_search", values=["paid"])["matches"] == []


def test_misspelt_names_give_the_call_that_was_meant(client: ToolClient) -> None:
    """All slips at once, and only where no other name is near."""
    error = client.refusal(
        "sl_query",
        measures=["sum(orders.amout)", "order.revenue"],
        dimensions=[{"field": "orders.stats"}],
        max_tokens=1000,
    )
    assert error["kind"] == "query"
    call = error["corrected_call"]
    assert call["arguments"]["measures"] == ["sum(orders.amount)", "orders.revenue"]
    assert call["arguments"]["dimensions"] == [{"field": "orders.status"}]
    assert client.call(call["tool"], **call["arguments"])["row_count"] == 2
    # More than one name is near: no call is certain.
    error = client.refusal("sl_query", measures=["orders.revenue"], dimensions=["id"])
    assert len(error["did_you_mean"]) > 1
    assert "corrected_call" not in error


def test_an_ambiguous_route_gives_the_routes_to_choose_from(client: ToolClient) -> None:
    """Each can be given back as `join_path`."""
    question: dict[str, Any] = {"measures": ["sales.n"], "dimensions": ["cities.name"]}
    error = client.refusal("sl_query", **question)
    assert error["routes"] == [["sales", "makers", "cities"], ["sales", "shops", "cities"]]
    assert error["place"].startswith("semantic-layer/warehouse/sales.yaml:")
    cities = [
        client.call("sl_query", **question, join_path=[route], include_empty=False)["rows"]
        for route in error["routes"]
    ]
    assert cities == [[["Rome", 1]], [["Paris", 1]]]


def test_errors_in_the_files_are_findings_with_their_places(ready: Ktx, project: Path) -> None:
    """Those that end a query are those that validation finds."""
    source = project / "semantic-layer" / "warehouse" / "orders.yaml"
    source.write_text(source.read_text().replace("grain:", "grian:"))
    with tool_client(ready, project) as client:
        error = client.refusal("sl_query", measures=["orders.revenue"])
        assert error["kind"] == "model"
        assert error["place"] == "semantic-layer/warehouse/orders.yaml:1:1"
        slip = next(finding for finding in error["findings"] if finding["code"] == "unknown-key")
        assert (slip["line"], slip["suggestions"]) == (4, ["grain"])
        checked = client.call("sl_validate", names=["orders"])
        assert not checked["valid"]
        assert slip | {"connectionId": "warehouse"} in checked["findings"]


def test_numbers_keep_their_digits(client: ToolClient) -> None:
    """What JSON cannot hold exactly is a text."""
    answer = client.call("sql_execution", sql="select n from numbers")
    assert answer["rows"] == [[str(BIG)], [0.1], [None], ["x"]]
    assert answer["columns"] == [{"name": "n", "type": "unknown"}]


def test_rows_are_followed_to_their_end(ready: Ktx, project: Path) -> None:
    """In pages of any size, over a restart, and no further once the rows are others."""
    with sqlite3.connect(project / "warehouse.db") as database:
        database.executemany(
            "INSERT INTO orders (status, amount) VALUES (?, ?)",
            [(f"status {i} „ü“", i) for i in range(2000)],
        )
    database.close()
    with tool_client(ready, project) as client:
        sql = "select id, status, amount from orders order by id"
        whole = client.whole("sql_execution", sql=sql, max_rows=10000)
        assert len(whole["rows"]) == whole["row_count"] == 2003
        assert client.whole("sql_execution", sql=sql, max_rows=10000, max_tokens=500) == whole
        question: dict[str, Any] = {"measures": ["orders.revenue"], "dimensions": ["orders.status"]}
        asked = client.whole("sl_query", **question, limit=5000)
        assert len(asked["rows"]) == asked["row_count"] == 2002
        assert client.whole("sl_query", **question, limit=5000, max_tokens=300) == asked
        first = client.call("sl_query", **question, max_tokens=300)
    # Another server goes on, as long as the rows are the same.
    cursor = first["cut"]["next_cursor"]
    with tool_client(ready, project) as client:
        client.call("sl_query", **question, max_tokens=300, cursor=cursor)
    with sqlite3.connect(project / "warehouse.db") as database:
        database.execute("UPDATE orders SET amount = amount + 1")
    database.close()
    with tool_client(ready, project) as client:
        error = client.refusal("sl_query", **question, max_tokens=300, cursor=cursor)
        assert "has changed" in error["message"]
        assert "without `cursor`" in error["fix"]


def test_what_only_reads_is_told_apart_by_the_parser(client: ToolClient) -> None:
    """Nothing else reaches the database."""
    for sql in (
        "delete from orders",
        "with x as (select 1) insert into orders select 1",
        "select 1; select 2",
    ):
        assert client.refusal("sql_execution", sql=sql)["kind"] == "database"


def test_sources_are_checked_with_the_whole_model_before_they_are_written(
    writer: ToolClient, project: Path
) -> None:
    """By the planner too; with an error nothing is written or committed."""
    path = project / "semantic-layer" / "warehouse" / "regions.yaml"
    good = "name: regions\ntable: regions\ngrain: [id]\n" + _columns("id", "name")
    for text, code in (
        (good.replace("grain:", "grian:"), "unknown-key"),
        (good + "measures:\n  - {name: n, expr: sum(amuont)}\n", ""),
        (good.replace("name: regions", "name: areas", 1), "name-mismatch"),
    ):
        error = writer.refusal("sl_write_source", sourceName="regions", yaml=text)
        assert error["kind"] == "model"
        assert error["message"].startswith("Nothing was written")
        assert not code or code in [finding["code"] for finding in error["findings"]]
        assert not path.exists()
        assert _log(project) == []
    assert writer.refusal("sl_write_source", sourceName="regions")["kind"] == "usage"
    assert writer.call("sl_write_source", sourceName="regions", yaml=good)["action"] == "written"
    assert path.read_text() == good
    assert _log(project) == ["Write semantic-layer source: warehouse/regions"]
    # What others need is not taken away.
    error = writer.refusal("sl_write_source", sourceName="cities", delete=True)
    assert {finding["source"] for finding in error["findings"] if "source" in finding} <= {
        "shops",
        "makers",
    }
    assert (path.parent / "cities.yaml").exists()
    assert writer.call("sl_write_source", sourceName="regions", delete=True)["action"] == "deleted"
    assert not path.exists()
    assert len(_log(project)) == 2


def test_a_source_can_be_written_as_an_object(writer: ToolClient, project: Path) -> None:
    """It becomes YAML."""
    source = {
        "name": "regions",
        "table": "regions",
        "grain": ["id"],
        "columns": [{"name": "id", "type": "number"}],
    }
    writer.call("sl_write_source", sourceName="regions", source=source)
    assert writer.call("sl_read_source", sourceName="regions")["yaml"].startswith("name: regions\n")


def test_pages_are_written_and_found(writer: ToolClient, project: Path) -> None:
    """With a warning for what they refer to in vain."""
    written = writer.call(
        "knowledge_write",
        key="finance/margin",
        summary="What margin is",
        content="Revenue without costs.",
        tags=["finance"],
        sl_refs=["orders.revenu"],
    )
    assert written["path"] == "wiki/global/finance/margin.md"
    assert "orders.revenue" in written["warnings"][0]["message"]
    page = writer.call("wiki_read", key="finance/margin")
    assert (page["content"], page["tags"]) == ("Revenue without costs.", ["finance"])
    assert "finance/margin" in [
        hit["key"] for hit in writer.call("wiki_search", query="margin")["pages"]
    ]
    assert _log(project) == ["Write wiki page: finance/margin"]
    assert writer.refusal("wiki_write", key="../out", summary="s", content="c")["kind"] == "usage"


def test_every_tool_answers_within_the_least_budget(client: ToolClient) -> None:
    """And its pages say the whole."""
    calls: dict[str, dict[str, Any]] = {
        "connection_list": {},
        "connection_test": {},
        "dictionary_search": {"values": ["paid", "Paris"]},
        "discover": {"query": "revenue by status"},
        "entity_details": {"names": ["orders", "sales.n"]},
        "sl_explain": {"measures": ["orders.revenue"], "dimensions": ["orders.status"]},
        "sl_list_sources": {},
        "sl_query": {"measures": ["orders.revenue"], "dimensions": ["orders.status"]},
        "sl_read_source": {"sourceName": "orders"},
        "sl_search": {"query": "revenue"},
        "sl_validate": {},
        "sql_execution": {"sql": "select * from orders"},
        "wiki_read": {"key": "revenue"},
        "wiki_search": {"query": "revenue"},
    }
    aliases = {"discover_data", "knowledge_read", "knowledge_search"}
    assert set(client.tools) == calls.keys() | aliases
    for tool, arguments in calls.items():
        whole = client.whole(tool, **arguments)
        assert client.whole(tool, **arguments, max_tokens=200) == whole, tool


def test_no_answer_has_a_secret(ready: Ktx, project: Path) -> None:
    """Neither an answer nor a refusal."""
    config = project / "ktx.yaml"
    config.write_text(
        config.read_text()
        + "  away:\n    driver: postgres\n    readonly: true\n"
        + "    url: postgres://me:hunter2@127.0.0.1:9/db?sslpassword=hunter3\n"
    )
    with tool_client(ready, project) as client:
        said = [
            client.call("connection_list"),
            client.refusal("connection_test", connectionId="away"),
            client.refusal("sql_execution", connectionId="away", sql="select 1"),
            client.refusal("sl_query", connectionId="away", measures=["orders.revenue"]),
            client.refusal("sl_query", measures=["orders.revenue"]),
        ]
    assert "hunter" not in json.dumps(said)
    assert said[-1]["did_you_mean"] == ["warehouse", "away"]


def test_the_documented_tools_are_those_of_the_server(ready: Ktx, project: Path) -> None:
    """The table of docs/mcp.md, line by line."""
    with tool_client(ready, project, "--allow-write") as client:
        tools = client.tools
    aliases: dict[str, list[str]] = {}
    for name, tool in tools.items():
        if tool["description"].startswith("The same as "):
            aliases.setdefault(tool["description"].split()[3].rstrip(","), []).append(name)
    known = {alias for names in aliases.values() for alias in names}
    rows = [_row(tool, aliases.get(name, [])) for name, tool in tools.items() if name not in known]
    page = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    shown = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 4]
    assert shown == rows, "\n".join(rows)


def _row(tool: dict[str, Any], aliases: list[str]) -> str:
    required = tool["inputSchema"].get("required", [])
    shared = ("max_tokens", "cursor")
    arguments = [
        f"**{name}**" if name in required else name
        for name in tool["inputSchema"]["properties"]
        if name not in shared
    ]
    names = ", ".join(f"`{name}`" for name in (tool["name"], *aliases))
    what = tool["description"].partition(" Example: ")[0].replace("|", "\\|")
    return f"| {names} | {', '.join(arguments)} | {what} |"
