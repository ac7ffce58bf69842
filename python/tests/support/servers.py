"""Server processes for tests: started on a socket that listens already, and asked over it.

A connection waits in the socket's queue until the server answers, so nobody has to look whether it
has started yet.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

SOURCE_ROOT = Path(__file__).parents[2] / "src"
TESTS_ROOT = Path(__file__).parents[1]
TOKEN = "correct-horse-battery-staple-again"
LIMIT = 120.0
"""Seconds after which something that must happen counts as not happening."""

_PROGRAM = """
import sys
import support.server_operations
from ktx_daemon.server import prepare, serve
config = sys.argv[1].encode()
for step in (prepare, serve):
    print(step(config).decode(), flush=True)
"""


class Answer(NamedTuple):
    """An answer over HTTP; the header's names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class ServerProcess:
    """One server and the process that it runs in."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask as a client that knows the token; a header given replaces the usual one."""
        usual = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.request(method, path, body, usual | (headers or {}))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, names, response.read())
        finally:
            connection.close()

    def call(self, operation: str, request: object) -> Any:
        """Ask through the native API; the tagged reply."""
        return self.ask("POST", f"/call/{operation}", json.dumps(request).encode()).json()

    def connect(self) -> socket.socket:
        """Return a connection to write what no client would."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT)

    def exchange(self, *pieces: bytes) -> bytes:
        """Send bytes and return all that comes until the server closes the connection."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
            return read_all(connection)

    def wait(self) -> dict[str, Any]:
        """Wait for the end; what `serve` returned."""
        output, _ = self.process.communicate(timeout=LIMIT)
        assert self.process.returncode == 0
        reply: dict[str, Any] = json.loads(output.splitlines()[-1])
        return reply

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    pieces = []
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            break
        if not piece:
            break
        pieces.append(piece)
    return b"".join(pieces)


@contextmanager
def running_server(stderr: int | None = None, **settings: Any) -> Iterator[ServerProcess]:
    """Run a server with settings other than the usual ones; its log goes to `stderr`."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = {"fd": listener.fileno(), "token": TOKEN, "version": "1.2.3", **settings}
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, json.dumps(config)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            pass_fds=[listener.fileno()],
            env={"PYTHONPATH": os.pathsep.join(map(str, (SOURCE_ROOT, TESTS_ROOT)))},
        )
        port = listener.getsockname()[1]
    try:
        yield ServerProcess(process, port)
    finally:
        process.kill()
        process.communicate()
