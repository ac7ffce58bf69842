"""Small JSON answers, written straight to ASGI."""

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
