"""`ktx mcp start`, `status`, `logs` and `stop`, and `ktx serve --mcp http`."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from harness import BUILD, Ktx
from mcp_talk import PATIENCE_SECONDS, Http, call, request

SECRET = "a-secret-that-nobody-may-see"


@pytest.fixture
def project(ready: Ktx, warehouse: Path) -> Iterator[Path]:
    """A project whose server is ended afterwards."""
    yield warehouse
    ready.run("mcp", "stop", "--project-dir", str(warehouse))


def mcp(user: Ktx, project: Path, command: str, *words: str) -> Any:
    """What a command says as JSON."""
    return user.json("mcp", command, "--json", "--project-dir", str(project), *words)


def start(user: Ktx, project: Path, *words: str) -> dict[str, Any]:
    """Starts a server on a free port."""
    return dict(mcp(user, project, "start", "--port", "0", *words))


def server_of(state: dict[str, Any]) -> Http:
    """The server, with the token that is in its file."""
    return Http(state["url"], Path(state["tokenIn"]).read_text().strip())


def names_of_tools(server: Http) -> list[str]:
    """What it offers."""
    return [tool["name"] for tool in server.ask(request(1, "tools/list")).json["result"]["tools"]]


def wait_for_end(pid: int) -> None:
    """Until the process is gone."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Path(f"/proc/{pid}/stat").exists():
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return
        assert time.monotonic() < deadline


def test_a_server_is_started_used_and_stopped(ready: Ktx, project: Path) -> None:
    """Its state is what the commands say."""
    assert mcp(ready, project, "status")["state"] == "stopped"
    started = start(ready, project)
    assert started["state"] == "started"
    assert started["url"].startswith("http://127.0.0.1:")
    shown = mcp(ready, project, "status")
    assert shown == started | {"state": "running"}
    server = server_of(started)
    assert "sl_query" in names_of_tools(server)
    asked = call(2, "sl_query", {"measures": ["orders.revenue"], "execute": True})
    assert "60" in str(server.ask(asked).json["result"])
    log = ready.ok("mcp", "logs", "--project-dir", str(project))
    assert "POST tools/call sl_query" in log
    assert (
        len(ready.ok("mcp", "logs", "--lines", "1", "--project-dir", str(project)).splitlines())
        == 1
    )
    stopped = mcp(ready, project, "stop")
    assert (stopped["state"], stopped["server"]["pid"]) == ("stopped", started["pid"])
    wait_for_end(started["pid"])
    assert mcp(ready, project, "stop")["state"] == "none"
    assert mcp(ready, project, "status")["state"] == "stopped"


def test_a_second_start_says_that_one_runs(ready: Ktx, project: Path) -> None:
    """Of many at once, one starts it."""
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: start(ready, project), range(8)))
    assert sorted(result["state"] for result in results) == ["existing"] * 7 + ["started"]
    assert len({result["pid"] for result in results}) == 1
    text = ready.ok("mcp", "start", "--project-dir", str(project))
    assert text.startswith("The MCP server runs already")


def test_what_a_killed_server_leaves_the_next_start_mends(ready: Ktx, project: Path) -> None:
    """Its token stays, so that agents need not be told anew."""
    first = start(ready, project)
    token = server_of(first).token
    os.kill(first["pid"], signal.SIGKILL)
    wait_for_end(first["pid"])
    assert mcp(ready, project, "status")["state"] == "stopped"
    second = start(ready, project)
    assert (second["state"], server_of(second).token) == ("started", token)
    assert names_of_tools(server_of(second))
    state = project / ".ktx" / "mcp" / "state.json"
    mcp(ready, project, "stop")
    state.write_text("{")
    assert start(ready, project)["state"] == "started"


def test_a_server_of_another_version_is_replaced(ready: Ktx, project: Path) -> None:
    """After an upgrade, a start is enough."""
    old = start(ready, project)
    state = project / ".ktx" / "mcp" / "state.json"
    text = json.loads(state.read_text())
    state.write_text(json.dumps(text | {"version": "0.0.1"}))
    shown = ready.ok("mcp", "status", "--project-dir", str(project))
    assert "another version" in shown
    new = start(ready, project)
    assert new["state"] == "started"
    assert new["pid"] != old["pid"]
    wait_for_end(old["pid"])


def test_the_token_is_its_owners_alone(ready: Ktx, project: Path) -> None:
    """It is shown nowhere, and git does not take it."""
    started = start(ready, project)
    server = server_of(started)
    folder = project / ".ktx" / "mcp"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("token", "state.json", "server.log"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    assert Http(server.url).ask(request(1, "tools/list")).status == 401
    assert Http(server.url, "wrong").ask(request(1, "tools/list")).status == 401
    server.ask(call(1, server.token))
    told = json.dumps(started) + json.dumps(mcp(ready, project, "status"))
    told += (folder / "state.json").read_text() + (folder / "server.log").read_text()
    assert server.token not in told
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    listed = subprocess.run(
        ["git", "-C", str(project), "status", "--porcelain", "--untracked-files=all"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ".ktx/mcp" not in listed.stdout
    (folder / "token").chmod(0o644)
    assert "open to other users" in ready.fails("mcp", "start", "--project-dir", str(project))


def test_the_token_may_be_elsewhere(ready: Ktx, project: Path, tmp_path: Path) -> None:
    """In a variable or a file; on the command line it is refused, and never repeated."""
    ready.extra["MCP_SECRET"] = SECRET
    started = start(ready, project, "--token", "env:MCP_SECRET")
    assert started["tokenIn"] == "env:MCP_SECRET"
    assert names_of_tools(Http(started["url"], SECRET))
    for path in (project / ".ktx" / "mcp").iterdir():
        assert SECRET not in path.read_text()
    mcp(ready, project, "stop")
    (tmp_path / "secret").write_text(SECRET + "\n")
    started = start(ready, project, "--token", f"file:{tmp_path}/secret")
    assert names_of_tools(Http(started["url"], SECRET))
    mcp(ready, project, "stop")
    words = ["mcp", "start", "--project-dir", str(project), "--token"]
    refused = ready.fails(*words, SECRET, code=2)
    assert "env:NAME" in refused
    assert SECRET not in refused
    assert "NOT_SET" in ready.fails(*words, "env:NOT_SET")
    ready.extra["SHORT"] = "short"
    assert "16 visible" in ready.fails(*words, "env:SHORT", code=2)


def test_what_keeps_it_from_starting_is_said(ready: Ktx, project: Path, tmp_path: Path) -> None:
    """A port that is taken, an address that is not ours, and a folder without a project."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ["mcp", "start", "--project-dir", str(project), "--port", port]
        refused = ready.fails(*words)
        assert f"127.0.0.1:{port}" in refused
        assert "--port" in refused
        again = ready.fails("serve", "--mcp", "http", "--project-dir", str(project), "--port", port)
        assert f"127.0.0.1:{port}" in again
    assert mcp(ready, project, "status")["state"] == "stopped"
    words = ["mcp", "start", "--project-dir", str(project), "--host", "192.0.2.1"]
    assert "192.0.2.1" in ready.fails(*words)
    (tmp_path / "empty").mkdir()
    assert "ktx.yaml" in ready.fails("mcp", "start", "--project-dir", str(tmp_path / "empty"))
    assert "no log" in ready.fails("mcp", "logs", "--project-dir", str(tmp_path / "empty"))


def test_names_and_origins_are_allowed_by_options(ready: Ktx, project: Path) -> None:
    """And a page of such an origin may read the answers."""
    words = ["--allow-host", "ktx.example", "--allow-origin", "https://chat.example"]
    server = server_of(start(ready, project, *words))
    listing = request(1, "tools/list")
    assert server.ask(listing, Host="ktx.example").status == 200
    assert server.ask(listing, Host="other.example").status == 421
    allowed = server.ask(listing, Origin="https://chat.example")
    assert allowed.headers["access-control-allow-origin"] == "https://chat.example"
    assert server.ask(listing, Origin="https://other.example").status == 403
    asked = Http(server.url).send("OPTIONS", Origin="https://chat.example")
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (
        204,
        "https://chat.example",
    )


def test_writes_are_refused_unless_they_are_allowed(ready: Ktx, project: Path) -> None:
    """Which the status says."""
    assert start(ready, project)["allowWrite"] is False
    mcp(ready, project, "stop")
    assert start(ready, project, "--allow-write")["allowWrite"] is True


def test_a_server_outlives_its_starters_folder_and_terminal(ready: Ktx, project: Path) -> None:
    """SIGHUP does not end it; it stands in no folder that somebody may want to remove."""
    started = start(ready, project)
    os.kill(started["pid"], signal.SIGHUP)
    assert names_of_tools(server_of(started))
    assert Path(f"/proc/{started['pid']}/cwd").readlink() == Path("/")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_in_the_foreground_it_ends_by_a_signal(
    ready: Ktx, warehouse: Path, number: signal.Signals
) -> None:
    """It says where it is, and logs to stderr."""
    words = ["serve", "--mcp", "http", "--port", "0", "--project-dir", str(warehouse)]
    process = ready.start(*words)
    assert process.stdout is not None
    url = process.stdout.readline().removeprefix("Serving at ").strip()
    token = process.stdout.readline().removeprefix("token: in ").strip()
    server = Http(url, Path(token).read_text().strip())
    assert names_of_tools(server)
    process.send_signal(number)
    _, log = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 128 + number
    assert "POST tools/list" in log
    assert server.token not in log


def test_two_servers_serve_one_project(ready: Ktx, project: Path) -> None:
    """One in the background, one for an agent on pipes."""
    server = server_of(start(ready, project))
    words = ["mcp", "stdio", "--project-dir", str(project)]
    asked = json.dumps(call(1, "sl_query", {"measures": ["orders.revenue"], "execute": True}))
    process = ready.start(*words, stdin=subprocess.PIPE)
    out, _ = process.communicate(asked + "\n", timeout=PATIENCE_SECONDS)
    assert "60" in out
    asked_too = call(1, "sl_query", {"measures": ["orders.revenue"], "execute": True})
    assert "60" in str(server.ask(asked_too).json["result"])


def test_the_next_version_takes_over(ready: Ktx, project: Path) -> None:
    """The server of the version before is replaced by its own `ktx mcp start`."""
    old = start(ready, project)
    following = Ktx(ready.home, ready.runtime_root, BUILD / "next" / "bin" / "ktx", ready.extra)
    new = start(following, project)
    assert new["state"] == "started"
    assert new["version"] != old["version"]
    wait_for_end(old["pid"])
