"""What outlives a server of the tools, and what a server outlives."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from harness import Ktx
from mcp_talk import PATIENCE_SECONDS, call, initialize, on_pipes, request
from tool_client import tool_client

QUESTION: dict[str, Any] = {"measures": ["orders.order_count"]}


def test_a_server_answers_over_an_upgrade_of_the_runtime(fresh: Ktx, warehouse: Path) -> None:
    """By what it has loaded, and says so; a server that starts then has the new one."""
    with tool_client(fresh, warehouse) as client:
        missing = client.refusal("sl_query", **QUESTION)
        assert missing["kind"] == "runtime-missing"
        assert "ktx runtime install --yes" in missing["message"]
        fresh.ok("runtime", "install", "--yes")
        first = client.call("sl_query", **QUESTION)
        fresh.ok("runtime", "install", "--force", "--yes")
        second = client.call("sl_query", **QUESTION, limit=7)
        assert second["rows"] == first["rows"]
        (note,) = second["notes"]
        assert note.startswith("The Python runtime was installed anew since this server loaded it")
    fresh.ok("runtime", "prune", "--yes")
    with tool_client(fresh, warehouse) as client:
        assert client.call("sl_query", **QUESTION, limit=8)["notes"] == []
    fresh.ok("runtime", "verify")


def test_python_is_loaded_behind_the_first_call(ready: Ktx, warehouse: Path) -> None:
    """A client that only lists is spared it; a call that needs none lets the next one find it."""
    command = [str(ready.binary), "mcp", "stdio", "--project-dir", str(warehouse)]
    with on_pipes(command, ready.environment()) as pipes:
        maps = Path(f"/proc/{pipes.process.pid}/maps")
        pipes.ask(initialize())
        assert pipes.ask(request(1, "tools/list"))["result"]["tools"]
        assert "libpython" not in maps.read_text()
        assert "result" in pipes.ask(call(2, "connection_list"))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "libpython" not in maps.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_two_servers_of_one_project(ready: Ktx, warehouse: Path) -> None:
    """What one of them writes, the other asks for."""
    page = {"key": "orders", "summary": "What an order is", "content": "One line a purchase."}
    with (
        tool_client(ready, warehouse, "--allow-write") as writer,
        tool_client(ready, warehouse) as reader,
    ):
        assert reader.refusal("wiki_read", key="orders")["kind"] == "project"
        writer.call("wiki_write", **page)
        assert "purchase" in str(reader.call("wiki_read", key="orders"))
        assert "wiki_write" not in reader.tools


def test_a_server_that_is_killed_leaves_nothing_in_the_way(ready: Ktx, warehouse: Path) -> None:
    """While it answers: the next server and the command line work as before."""
    process = ready.start(
        "mcp", "stdio", "--project-dir", warehouse, "--allow-write", stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    envelope = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    params = {"name": "sl_search", "arguments": {"query": "orders"}, "_meta": envelope}
    for number in range(20):
        message = {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}
        process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
    assert process.stdout is not None
    process.stdout.readline()  # One of them is answered.
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with tool_client(ready, warehouse) as client:
        assert client.call("sl_search", query="orders")["items"]
    assert "orders" in ready.ok("sl", "search", "orders", "--project-dir", warehouse)
