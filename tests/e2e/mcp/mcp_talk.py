"""Speaks the Model Context Protocol to a server, over pipes and over HTTP, byte for byte."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from harness import BUILD

# The product's code with the fixtures of the conformance suite.
FIXTURES = BUILD / "tests" / "mcp_conformance_server"
PATIENCE_SECONDS = 30
REVISION = "2026-07-28"
ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": REVISION,
    "io.modelcontextprotocol/clientCapabilities": {},
}


def request(identifier: Any, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """A request of JSON-RPC."""
    message: dict[str, Any] = {"jsonrpc": "2.0", "id": identifier, "method": method}
    return message if params is None else message | {"params": params}


def call(identifier: Any, tool: str, arguments: dict[str, Any] | None = None, **more: Any) -> Any:
    """A request that calls a tool."""
    return request(identifier, "tools/call", {"name": tool, "arguments": arguments or {}} | more)


def initialize(revision: str = "2025-11-25", **capabilities: Any) -> dict[str, Any]:
    """The first request of a client with a handshake."""
    client = {"name": "test", "version": "1"}
    return request(
        "first",
        "initialize",
        {"protocolVersion": revision, "capabilities": capabilities, "clientInfo": client},
    )


class Pipes:
    """A server on pipes."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        """Starts it."""
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self.pending = b""

    def write(self, data: bytes) -> None:
        """Sends bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, *messages: Any) -> None:
        """Sends messages, one a line."""
        self.write(b"".join(json.dumps(message).encode() + b"\n" for message in messages))

    def read(self) -> Any:
        """The next message; None at the end of the stream."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"\n" not in self.pending:
            ready, _, _ = select.select([self.process.stdout], [], [], deadline - time.monotonic())
            assert ready, "the server says nothing"
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                assert not self.pending, "the last line has no end"
                return None
            self.pending += data
        line, self.pending = self.pending.split(b"\n", 1)
        return json.loads(line)

    def ask(self, message: dict[str, Any]) -> Any:
        """Sends a request and returns the next message."""
        self.send(message)
        return self.read()

    def hang_up(self) -> None:
        """Closes our end."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def end(self) -> int:
        """The exit code, once it has ended."""
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def on_pipes(command: list[str], environment: dict[str, str] | None = None) -> Iterator[Pipes]:
    """A server on pipes, ended afterwards."""
    pipes = Pipes(command, environment)
    try:
        yield pipes
    finally:
        pipes.process.kill()
        pipes.process.wait()
        for pipe in (pipes.process.stdin, pipes.process.stdout, pipes.process.stderr):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()


@dataclass
class Answer:
    """A reply of HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    events: list[Any] = field(default_factory=list)

    @property
    def json(self) -> Any:
        """The body of a JSON reply; the last event of a stream."""
        return self.events[-1] if self.events else json.loads(self.body)


class Wire:
    """One connection, on which bytes are written as a test wants them."""

    def __init__(self, url: str) -> None:
        """Connects."""
        place = urlsplit(url)
        assert place.hostname is not None
        assert place.port is not None
        self.host = f"{place.hostname}:{place.port}"
        self.socket = socket.create_connection((place.hostname, place.port), PATIENCE_SECONDS)
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        """Writes bytes."""
        self.socket.sendall(data)

    def head(self, method: str, target: str, headers: dict[str, str]) -> bytes:
        """The head of a request."""
        lines = [f"{method} {target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in ({"Host": self.host} | headers).items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def post(self, body: bytes, headers: dict[str, str]) -> None:
        """Sends a POST."""
        usual = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        self.send(self.head("POST", "/mcp", usual | headers) + body)

    def begin(self) -> Answer:
        """The head of a reply."""
        words = self.file.readline().split(b" ", 2)
        assert words[0] == b"HTTP/1.1", words
        headers = {}
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return Answer(int(words[1]), headers)

    def chunk(self) -> bytes:
        """The next chunk of a stream; empty at its end."""
        size = int(self.file.readline(), 16)
        data = self.file.read(size)
        self.file.readline()
        return data

    def answer(self) -> Answer:
        """A whole reply, be it a stream."""
        answer = self.begin()
        if answer.headers.get("transfer-encoding") == "chunked":
            while chunk := self.chunk():
                answer.body += chunk
            lines = answer.body.decode().splitlines()
            answer.events = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
        else:
            answer.body = self.file.read(int(answer.headers.get("content-length", 0)))
        return answer

    def is_closed(self) -> bool:
        """Whether the server has closed its end, with nothing more to be read."""
        return self.file.read(1) == b""

    def close(self) -> None:
        """Hangs up."""
        self.file.close()
        self.socket.close()


@dataclass
class Http:
    """A server of HTTP."""

    url: str
    token: str = ""

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        """Those that every request has."""
        authorization = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return authorization | {"Accept": "application/json, text/event-stream"} | more

    def wire(self) -> Wire:
        """A new connection."""
        return Wire(self.url)

    def send(self, method: str, target: str = "/mcp", **headers: str) -> Answer:
        """One request without a body, on a connection of its own."""
        wire = self.wire()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        wire.send(wire.head(method, target, self.headers(named)))
        answer = wire.answer()
        wire.close()
        return answer

    def post(self, message: Any, headers: dict[str, str] | None = None) -> Answer:
        """One message, on a connection of its own."""
        wire = self.wire()
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        wire.post(body, self.headers(headers or {}))
        answer = wire.answer()
        wire.close()
        return answer

    def ask(self, message: dict[str, Any], **headers: str) -> Answer:
        """A request of the newest revision."""
        params = message.get("params", {})
        meta = ENVELOPE | params.get("_meta", {})
        routing = {"MCP-Protocol-Version": REVISION, "Mcp-Method": message["method"]}
        name = params.get("name", params.get("uri"))
        if isinstance(name, str):
            routing["Mcp-Name"] = name
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.post(message | {"params": params | {"_meta": meta}}, routing | named)

    def session(self, **capabilities: Any) -> dict[str, str]:
        """The headers of a new session with a handshake."""
        answer = self.post(initialize(**capabilities))
        assert answer.status == 200, answer.body
        return {
            "Mcp-Session-Id": answer.headers["mcp-session-id"],
            "MCP-Protocol-Version": "2025-11-25",
        }


@contextmanager
def on_http() -> Iterator[Http]:
    """The fixtures over HTTP, without a token."""
    process = subprocess.Popen(
        [str(FIXTURES), "http"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        yield Http(process.stdout.readline().strip())
    finally:
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 143
