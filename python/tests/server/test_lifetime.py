"""When a server ends, and how: with real processes, and with a clock that the test moves."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ktx_daemon.server.lifetime import IDLE, SHUTDOWN, Ending, Lifetime, Ownership
from support.servers import ServerProcess, running_server


class ManualClock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.calls: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        self.calls.append((self.now + delay, callback))

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while due := sorted((at for at, _ in self.calls if at <= end)):
            self.now = due[0]
            index = [at for at, _ in self.calls].index(self.now)
            self.calls.pop(index)[1]()
        self.now = end


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def test_an_unused_server_ends_when_its_time_is_up(clock: ManualClock) -> None:
    lifetime = Lifetime(60)
    lifetime.start(clock)
    clock.advance(59.9)
    assert lifetime.ending is None
    clock.advance(0.1)
    assert lifetime.ending == Ending(IDLE)
    assert lifetime.ended.is_set()


def test_a_request_begins_the_time_anew(clock: ManualClock) -> None:
    lifetime = Lifetime(60)
    lifetime.start(clock)
    clock.advance(50)
    with lifetime:
        pass
    clock.advance(59)
    assert lifetime.ending is None
    clock.advance(1)
    assert lifetime.ending == Ending(IDLE)


def test_a_long_request_is_use_until_it_ends(clock: ManualClock) -> None:
    lifetime = Lifetime(60)
    lifetime.start(clock)
    with lifetime:
        clock.advance(1000)
        with lifetime:
            clock.advance(1000)
    clock.advance(59)
    assert lifetime.ending is None
    clock.advance(61)
    assert lifetime.ending == Ending(IDLE)


def test_without_a_limit_nothing_is_waited_for(clock: ManualClock) -> None:
    lifetime = Lifetime(None)
    lifetime.start(clock)
    assert clock.calls == []


def test_the_first_reason_is_the_reason() -> None:
    lifetime = Lifetime(None)
    lifetime.end(Ending(SHUTDOWN))
    lifetime.end(Ending("signal", 15))
    assert lifetime.ending == Ending(SHUTDOWN)


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    path = tmp_path / "daemon.json"
    path.write_text('{"instance": "this one", "port": 1}')
    return path


@pytest.mark.parametrize(
    ("content", "lost"),
    [
        ('{"instance": "this one", "more": 1}', False),
        ('{"instance": "another one"}', True),
        ("{}", True),
        ('"this one"', True),
        ('{"instance": "this', True),
        ("", True),
    ],
)
def test_what_the_state_file_says_counts(state_file: Path, content: str, lost: bool) -> None:
    ownership = Ownership(str(state_file), "this one")
    assert not ownership.is_lost()
    replacement = state_file.with_name("replacement")
    replacement.write_text(content)
    replacement.replace(state_file)
    assert ownership.is_lost() is lost
    assert ownership.is_lost() is lost


def test_a_state_file_that_is_gone_or_cannot_be_read(state_file: Path) -> None:
    assert Ownership(str(state_file / "below"), "this one").is_lost()
    assert Ownership(str(state_file.with_name("none")), "this one").is_lost()
    loop = state_file.with_name("loop")
    loop.symlink_to(loop)
    assert not Ownership(str(loop), "this one").is_lost()


def test_an_environment_that_is_gone(state_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ownership = Ownership(None, "")
    assert not ownership.is_lost()
    monkeypatch.setattr(sys, "prefix", str(state_file.with_name("environment")))
    assert ownership.is_lost()


def ok(reason: str, number: int = 0) -> dict[str, object]:
    return {"ok": {"reason": reason, "signal": number}}


class Pipes:
    """Named pipes through which a request in flight and the test wait for each other."""

    def __init__(self, folder: Path) -> None:
        self._began, self._go_on = folder / "began", folder / "go_on"
        for path in (self._began, self._go_on):
            os.mkfifo(path)

    def request(self) -> dict[str, str]:
        return {"began": str(self._began), "go_on": str(self._go_on)}

    def wait_until_it_began(self) -> None:
        assert self._began.read_text() == "began"

    def let_it_end(self) -> None:
        self._go_on.write_text("end")


@pytest.fixture
def pipes(tmp_path: Path) -> Pipes:
    return Pipes(tmp_path)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_a_server_that_nobody_uses_ends(tmp_path: Path) -> None:
    with running_server(idle_seconds=0.2) as server:
        assert server.wait() == ok("idle")


def test_asking_for_health_is_no_use() -> None:
    with running_server(idle_seconds=0.2) as server:
        try:
            while server.ask("GET", "/health").status == 200:
                pass
        except OSError:
            pass
        assert server.wait() == ok("idle")


def test_a_request_in_flight_keeps_the_server(pipes: Pipes, threads: ThreadPoolExecutor) -> None:
    # Long enough for the request to come first on a busy machine.
    with running_server(subprocess.PIPE, idle_seconds=4, log_level="debug") as server:
        reply = threads.submit(server.call, "test-wait-aside", pipes.request())
        pipes.wait_until_it_began()
        assert server.process.stderr is not None
        line = iter(server.process.stderr.readline, b"")
        assert any(b"not idle: 1 requests in flight" in found for found in line)
        pipes.let_it_end()
        assert reply.result() == {"ok": {"told": "end"}}
        assert server.wait() == ok("idle")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_when_what_is_in_flight_is_done(
    number: signal.Signals, pipes: Pipes, threads: ThreadPoolExecutor
) -> None:
    with running_server() as server:
        reply = threads.submit(server.call, "test-wait", pipes.request())
        pipes.wait_until_it_began()
        server.signal(number)
        wait_until_refused(server)
        pipes.let_it_end()
        assert reply.result() == {"ok": {"told": "end"}}
        assert server.wait() == ok("signal", number)


def wait_until_refused(server: ServerProcess) -> None:
    """Wait until nothing listens; until then a connection is accepted."""
    while True:
        try:
            server.connect().close()
        except ConnectionError:
            return


def test_a_second_signal_waits_for_nothing(pipes: Pipes, threads: ThreadPoolExecutor) -> None:
    with running_server() as server:
        reply = threads.submit(server.call, "test-wait", pipes.request())
        pipes.wait_until_it_began()
        server.signal(signal.SIGTERM)
        wait_until_refused(server)
        server.signal(signal.SIGINT)
        with pytest.raises(OSError):  # noqa: PT011 - any way in which a connection ends
            reply.result()
        assert server.process.stdout is not None
        lines = iter(server.process.stdout.readline, b"")
        assert json.loads(next(line for line in lines if b"reason" in line)) == ok("signal", 15)


def test_a_hang_up_is_ignored() -> None:
    with running_server() as server:
        assert server.ask("GET", "/health").status == 200
        server.signal(signal.SIGHUP)
        assert server.ask("GET", "/health").status == 200


def test_a_server_is_asked_to_end() -> None:
    with running_server() as server, socket.socket() as idle:
        idle.connect(("127.0.0.1", server.port))
        answer = server.ask("POST", "/shutdown")
        assert (answer.status, answer.json()) == (200, {"status": "stopping"})
        assert server.wait() == ok("shutdown")
        assert idle.recv(1) == b""


def owned_by(state_file: Path) -> dict[str, Any]:
    return {"state_file": str(state_file), "instance": "this one", "watch_seconds": 0.05}


def test_a_server_ends_when_its_state_file_is_removed(state_file: Path) -> None:
    with running_server(**owned_by(state_file)) as server:
        assert server.ask("GET", "/health").status == 200
        state_file.unlink()
        assert server.wait() == ok("disowned")


def test_a_server_ends_when_another_one_takes_its_place(state_file: Path) -> None:
    with running_server(**owned_by(state_file)) as server:
        assert server.ask("GET", "/health").status == 200
        replacement = state_file.with_name("replacement")
        replacement.write_text('{"instance": "another one"}')
        replacement.replace(state_file)
        assert server.wait() == ok("disowned")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"fd": 0}, "cannot serve on the descriptor 0"),
        ({"fd": 987}, "cannot serve on the descriptor 987"),
        ({"token": "short"}, "token must be"),
        ({"idle_seconds": 0}, "idle_seconds must be positive"),
        ({"unknown": 1}, "unknown"),
        ({"log_level": "loud"}, "log_level"),
        ({"log_file": "/nonexistent/folder/log"}, "cannot write its log /nonexistent/folder/log"),
        ({"warm": ["everything"]}, "nothing called 'everything'"),
    ],
)
def test_a_configuration_that_cannot_be_served(settings: dict[str, Any], words: str) -> None:
    with running_server(**settings) as server:
        error = server.wait()["error"]
        assert error["kind"] == "invalid_request"
        assert words in error["message"]
