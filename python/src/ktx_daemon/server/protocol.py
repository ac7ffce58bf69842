"""HTTP/1 as uvicorn speaks it, with limits on how long and how large a request may be on its way.

uvicorn answers what is no HTTP with 400 by itself; nothing of such a request reaches the guard.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ktx_daemon.server.messages import detail

HEADER_BYTES = 64 * 1024

_TOO_SLOW = 408, "Request Timeout", "The request did not arrive in time."
_TOO_LARGE = 431, "Request Header Fields Too Large", "The request's header is too large."


class Limits:
    """How long the header and the body of a request may take, in seconds."""

    def __init__(self, header_seconds: float, body_seconds: float) -> None:
        self.header_seconds = header_seconds
        self.body_seconds = body_seconds

    def protocol(self, *args: Any, **kwargs: Any) -> LimitedProtocol:
        """Make the protocol of one connection."""
        return LimitedProtocol(self, *args, **kwargs)


class LimitedProtocol(HttpToolsProtocol):
    """One connection; its requests are answered with 408 or 431 when they pass a limit.

    The time of a header runs from the connection's start or the request's first byte, the time of
    a body from the header's end; an answer before the body's end does not stop it.
    """

    def __init__(self, limits: Limits, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits
        self._deadline: asyncio.TimerHandle | None = None
        self._header_bytes = 0
        self._in_header = True
        self._begun = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin the time of the first header."""
        super().connection_made(transport)
        self._allow(self._limits.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the time."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before a header's end."""
        self._header_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if not self._in_header:
            self._header_bytes = 0
        elif self._header_bytes > HEADER_BYTES:
            self._cut(*_TOO_LARGE)
        elif self._deadline is None and self._is_idle():
            # An empty line, which begins no message and has ended uvicorn's limit for idleness.
            self._allow(self._limits.header_seconds)

    def on_message_begin(self) -> None:
        """Begin the time of a header."""
        super().on_message_begin()
        self._begun = True
        self._allow(self._limits.header_seconds)

    def on_headers_complete(self) -> None:
        """Begin the time of a body."""
        self._in_header = False
        self._allow(self._limits.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Stop the time; between requests uvicorn has a limit of its own."""
        self._stop()
        self._in_header = True
        self._begun = False
        self._header_bytes = 0
        super().on_message_complete()

    def _allow(self, seconds: float) -> None:
        self._stop()
        self._deadline = self.loop.call_later(seconds, self._cut, *_TOO_SLOW)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _is_answerable(self) -> bool:
        if self._in_header:
            return self._begun and self._is_idle()
        return not self.cycle.response_started

    def _cut(self, status: int, phrase: str, reason: str) -> None:
        """End the connection, and say why unless another answer is on its way or nobody asked."""
        self._stop()
        if self._is_answerable():
            body = detail(reason)
            head = f"HTTP/1.1 {status} {phrase}\r\ncontent-type: application/json\r\n"
            head += f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            self.transport.write(head.encode() + body)
        self.transport.close()
