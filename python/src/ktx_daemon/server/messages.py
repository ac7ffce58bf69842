"""ASGI messages: bodies of requests, read within a limit, and small JSON answers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]


class Refusal(Exception):
    """A request that is answered with a status and `{"detail": …}`."""

    def __init__(self, status: int, detail: str, headers: Headers = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


async def answer(send: Send, status: int, body: bytes, headers: Headers = ()) -> None:
    """Send one complete JSON answer."""
    own = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, refusal: Refusal) -> None:
    """Send a refusal."""
    await answer(send, refusal.status, detail(refusal.detail), refusal.headers)


def detail(text: str) -> bytes:
    """Return the body of an answer that is an error."""
    body = json.dumps({"detail": text}, ensure_ascii=False, separators=(",", ":"))
    return body.encode("utf-8", "backslashreplace")


RETRY_AFTER = (b"retry-after", b"1")


class Disconnected(Exception):
    """The client went away, or was cut off, before its body was complete."""


class BodyReader:
    """Reads bodies of at most `limit` bytes, and all at once at most twice as many."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    async def read(self, scope: Scope, receive: Receive) -> list[bytes]:
        """Return the body's pieces; joining them is left to the thread that needs them joined."""
        if _declared_length(scope) > self._limit:
            raise self._too_large()
        pieces: list[bytes] = []
        size = 0
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                piece = message.get("body", b"")
                more = message.get("more_body", False)
                size += len(piece)
                self._held += len(piece)
                self._check(size)
                pieces.append(piece)
        finally:
            self._held -= size
        return pieces

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise self._too_large()
        if self._held > 2 * self._limit:
            raise Refusal(503, "Too many large requests at once. Try again.", [RETRY_AFTER])

    def _too_large(self) -> Refusal:
        return Refusal(413, f"The body is larger than the limit of {self._limit} bytes.")


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
