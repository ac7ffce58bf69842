"""Request bodies, read within a limit."""

from __future__ import annotations

from ktx_daemon.server.answers import Receive, Refusal, Scope

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
