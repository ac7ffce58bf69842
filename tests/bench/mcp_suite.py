"""An agent's server: what an agent waits for from the start of the process, and later questions."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from figures import Figure
from installation import Installation
from models import question
from native_suite import TRUE
from processes import process
from rows import Row, absolute, beyond, ratio
from timing import Timer, calls, measure

ROUNDS = 31
REPEATS = 5
START, FIRST, LATER, MEMORY = 6, 1.0, 2, 15
SECTION = "Agents (MCP over stdio)"
HELLO: dict[str, Any] = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "bench", "version": "1"},
}


class Agent:
    """A client of one server on its stdin and stdout."""

    def __init__(self, words: list[str], variables: Mapping[str, str]) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(words, env=variables, stdin=pipe, stdout=pipe)
        self._ids = count(1)

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """The result of a request; anything else raises."""
        result: dict[str, Any] = json.loads(self.answer(method, params))["result"]
        return result

    def answer(self, method: str, params: dict[str, Any]) -> bytes:
        """The line that answers a request, unread: reading it costs the client's time."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        number = next(self._ids)
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        named = f'"id":{number},'.encode()
        while named not in (line := self._process.stdout.readline())[:64]:
            if not line:
                raise RuntimeError(f"the server ended before it answered {method}")
        return line

    def query(self, arguments: dict[str, Any]) -> None:
        """Compiles a question."""
        call = {"name": "sl_query", "arguments": arguments | {"execute": False}}
        result = self.ask("tools/call", call)
        if result.get("isError"):
            raise RuntimeError(f"sl_query is refused: {result}")

    def peak_memory(self) -> float:
        """MiB that the process had at most so far."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def close(self) -> None:
        """Ends the server as an agent does: by closing its input."""
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait()


@contextmanager
def agent(
    bench: Installation, size: int, kind: str, variables: Mapping[str, str] | None = None
) -> Iterator[Agent]:
    """A server of a project; it keeps no plans unless it has other variables."""
    folder = str(bench.project(size, kind))
    words = bench.command("mcp", "stdio", "--project-dir", folder)
    started = Agent(words, variables or bench.uncached)
    try:
        yield started
    finally:
        started.close()


def mcp(bench: Installation) -> list[Figure]:
    """From `exec` to an answer, each beside what a process costs at least."""
    with (
        agent(bench, 1, "plain", bench.variables) as small,
        agent(bench, 1000, "plain", bench.variables) as large,
        agent(bench, 1, "realistic", bench.variables) as realistic,
        engines(bench) as own,
    ):
        timers: dict[str, Timer] = {
            TRUE: process(["/bin/true"], bench.variables),
            "mcp.cold": process(bench.query(1), bench.uncached),
            "mcp.initialize": _until(bench, lambda server: server.ask("initialize", HELLO)),
            "mcp.list": _until(bench, _lists),
            "mcp.first": _until(bench, _asks_first),
            "mcp.memory": lambda: _memory_of_a_list(bench),
        }
        rows: list[Row] = [
            ratio("mcp.initialize", "from exec to the answer of initialize", TRUE, START),
            ratio("mcp.list", "from exec to the answer of tools/list", TRUE, START),
            ratio("mcp.first", "from exec to a first sl_query", "mcp.cold", FIRST).beside(
                "ktx sl query, cold"
            ),
            absolute("mcp.memory", "peak memory after a list", "MiB", MEMORY),
        ]
        for server, size, kind in (
            (small, 1, "plain"),
            (large, 1000, "plain"),
            (realistic, 1, "realistic"),
        ):
            server.ask("initialize", HELLO)
            name = f"mcp.{size}.{kind}"
            engine = f"mcp.engine.{size}.{kind}"
            timers[name] = _later(server, size - 1, kind)
            timers[engine] = own(f"{max(size, 10)} {kind}")
            title = f"a later sl_query beyond the engine's own time, {size} sources, {kind} model"
            rows.append(beyond(name, title, engine, LATER).beside("the engine alone"))
        rounds = measure(timers, ROUNDS)
    return [row.figure(SECTION, rounds) for row in rows]


@contextmanager
def engines(bench: Installation) -> Iterator[Callable[[str], Timer]]:
    """The engine without a server, asked the same questions in the runtime's own Python."""
    pipe = subprocess.PIPE
    script = str(Path(__file__).with_name("engine_bench.py"))
    words = [bench.python(), "-P", script, "--serve"]
    with subprocess.Popen(words, env=bench.variables, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        asking, answers = child.stdin, child.stdout

        def asked(line: str) -> Timer:
            def run() -> float:
                print(line, file=asking, flush=True)
                return float(answers.readline())

            return run

        yield asked
        asking.close()


def _until(bench: Installation, work: Callable[[Agent], object]) -> Timer:
    """Milliseconds from before the start of a server until the work is done; not its end."""

    def run() -> float:
        started = time.perf_counter()
        with agent(bench, 1, "plain") as server:
            work(server)
            return (time.perf_counter() - started) * 1000

    return run


def _lists(server: Agent) -> None:
    server.ask("initialize", HELLO)
    server.answer("tools/list", {})


def _asks_first(server: Agent) -> None:
    server.ask("initialize", HELLO)
    server.query(question(0, "plain"))


def _memory_of_a_list(bench: Installation) -> float:
    # Without a greeting nothing is loaded before a tool needs it.
    with agent(bench, 1, "plain") as server:
        key = "io.modelcontextprotocol"
        meta = {f"{key}/protocolVersion": "2026-07-28", f"{key}/clientCapabilities": {}}
        server.ask("tools/list", {"_meta": meta})
        return server.peak_memory()


def _later(server: Agent, number: int, kind: str) -> Timer:
    """A question never asked before, each time; as many in a row as the engine is asked."""
    limits = count(1)
    return calls(lambda: server.query(question(number, kind) | {"limit": next(limits)}), REPEATS)
