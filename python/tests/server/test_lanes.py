"""What is slow keeps nobody else waiting, and what is too much is refused at once."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ktx_daemon.operations import COMPUTE, EMBEDDING, WAITING
from ktx_daemon.server.calls import Busy, Calls, Lane, Lanes, Size
from ktx_daemon.server.messages import Message, Refusal
from support.servers import TOKEN, running_server

VALIDATE = json.dumps({"sources": []}).encode()


def test_a_full_lane_takes_no_more_until_something_ends() -> None:
    async def fill() -> None:
        lane = Lane("test", Size(1, 2))
        go_on = threading.Event()
        loop = asyncio.get_running_loop()
        began = asyncio.Event()

        def block() -> str:
            loop.call_soon_threadsafe(began.set)
            go_on.wait()
            return "done"

        running, queued = (asyncio.ensure_future(lane.run(block)) for _ in range(2))
        await began.wait()
        with pytest.raises(Busy):
            await lane.run(block)
        go_on.set()
        assert [await running, await queued] == ["done", "done"]
        assert await lane.run(lambda: "room again") == "room again"
        lane.close()

    asyncio.run(fill())


def test_room_is_kept_for_work_whose_caller_has_gone() -> None:
    async def leave() -> None:
        lane = Lane("test", Size(1, 1))
        go_on, ended = threading.Event(), threading.Event()

        def block() -> None:
            go_on.wait()
            ended.set()

        caller = asyncio.ensure_future(lane.run(block))
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        with pytest.raises(Busy):
            await lane.run(block)
        go_on.set()
        await asyncio.get_running_loop().run_in_executor(None, ended.wait)
        lane.close()

    asyncio.run(leave())


def test_a_full_lane_is_a_503_that_says_when_to_come_again() -> None:
    async def stays() -> Message:
        return await asyncio.Future()

    async def ask() -> Refusal:
        full = dict.fromkeys((COMPUTE, WAITING, EMBEDDING), Size(1, 0))
        calls = Calls(Lanes(full), lambda: None, code_execution=False)
        with pytest.raises(Refusal) as refused:
            await calls.run("semantic-validate", [VALIDATE], stays)
        return refused.value

    refusal = asyncio.run(ask())
    assert refusal.status == 503
    assert list(refusal.headers) == [(b"retry-after", b"1")]


@pytest.fixture
def pipes(tmp_path: Path) -> dict[str, str]:
    paths = {name: str(tmp_path / name) for name in ("began", "go_on")}
    for path in paths.values():
        os.mkfifo(path)
    return paths


def test_others_are_answered_while_a_lane_is_busy(pipes: dict[str, str]) -> None:
    with running_server() as server, ThreadPoolExecutor(2) as threads:
        slow = threads.submit(server.call, "test-wait", pipes)
        Path(pipes["began"]).read_text()
        assert server.ask("GET", "/health").status == 200
        aside = threads.submit(server.call, "semantic-validate", {"sources": []})
        assert server.ask("GET", "/openapi.json", headers={"authorization": ""}).status == 401
        assert not slow.done()
        Path(pipes["go_on"]).write_text("now")
        assert slow.result() == {"ok": {"told": "now"}}
        assert aside.result()["ok"]["valid"] is True


@pytest.mark.parametrize("path", ["/call/test-until-gone", "/test/test-until-gone"])
def test_what_waits_is_told_when_its_client_goes_away(pipes: dict[str, str], path: str) -> None:
    body = json.dumps({"began": pipes["began"], "ended": pipes["go_on"]}).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    head += f"authorization: Bearer {TOKEN}\r\ncontent-length: {len(body)}\r\n\r\n"
    with running_server() as server:
        with server.connect() as client:
            client.sendall(head.encode() + body)
            assert Path(pipes["began"]).read_text() == "began"
        assert Path(pipes["go_on"]).read_text() == "ended"


def test_many_at_once_get_each_their_own_answer() -> None:
    def ask(number: int) -> Any:
        source: dict[str, Any] = {"name": f"s{number}", "table": f"t{number}", "grain": ["id"]}
        source |= {"columns": [{"name": "id", "type": "number"}]}
        request = {"sources": [source], "query": {"measures": [f"count(s{number}.id)"]}}
        return server.call("semantic-query", request)["ok"]["sql"]

    with running_server() as server, ThreadPoolExecutor(16) as threads:
        for number, sql in enumerate(threads.map(ask, range(200))):
            assert f"FROM t{number} AS s{number}" in sql
