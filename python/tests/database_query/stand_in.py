"""A local HTTP server that answers a driver's real requests with replies of the real shape."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Request(NamedTuple):
    """What a driver asked."""

    method: str
    path: str
    options: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Reply(NamedTuple):
    """What it is told."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = {}


class Endless:
    """A statement that does not end by itself."""

    SQL = "SELECT endless()"

    def __init__(self) -> None:
        self.running = threading.Event()
        self.cancelled = threading.Event()

    def run(self) -> None:
        """Run until it is cancelled."""
        self.running.set()
        assert self.cancelled.wait(60), "nobody cancelled the statement"


Answerer = Callable[[Request], Reply]


@contextmanager
def serving(answer: Answerer) -> Iterator[int]:
    """Serve on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answer(
                Request(
                    self.command, parts.path, dict(parse_qsl(parts.query)), headers, self._body()
                )
            )
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = b""
            while size := int(self.rfile.readline(), 16):
                parts += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return parts

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
