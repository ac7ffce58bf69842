"""One connection to the daemon that is kept, from a client that costs as little as it can."""

from __future__ import annotations

import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit


class Connection:
    """Asks one request at a time. The address and the token are those of the daemon's state."""

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        host, port = address.hostname or "127.0.0.1", address.port or 80
        self._socket = socket.create_connection((host, port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")
        self._head = (
            f"Host: {host}:{port}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\n"
        )

    def close(self) -> None:
        """Close the connection."""
        self._answers.close()
        self._socket.close()

    def call(self, operation: str, request: Any) -> Any:
        """The answer of an operation, which must be one."""
        _, answer = self.timed_call(operation, request)
        return answer

    def timed_call(self, operation: str, request: Any) -> tuple[float, Any]:
        """The milliseconds from sending the request to having all of its answer; the answer."""
        body = json.dumps(request).encode()
        took, answer = self._exchange(f"POST /call/{operation}", body)
        reply = json.loads(answer)
        if "ok" not in reply:
            raise RuntimeError(f"{operation}: {answer[:300]!r}")
        return took, reply["ok"]

    def health(self) -> float:
        """The milliseconds that `/health` takes."""
        took, _ = self._exchange("GET /health", b"")
        return took

    def _exchange(self, what: str, body: bytes) -> tuple[float, bytes]:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        request = f"{what} HTTP/1.1\r\n{length}{self._head}\r\n".encode() + body
        started = time.perf_counter()
        self._socket.sendall(request)
        answer = self._read()
        return (time.perf_counter() - started) * 1000, answer

    def _read(self) -> bytes:
        status, length = self._answers.readline(), 0
        while (line := self._answers.readline().lower()) not in (b"\r\n", b""):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = self._answers.read(length)
        if b" 200 " not in status:
            raise RuntimeError(f"{status!r} {body[:300]!r}")
        return body
