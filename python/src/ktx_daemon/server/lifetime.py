"""How long a server lives, and why it ends."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

IDLE = "idle"
SIGNAL = "signal"
SHUTDOWN = "shutdown"
DISOWNED = "disowned"


class Ending(NamedTuple):
    """Why a server ended; `signal` is 0 unless a signal ended it."""

    reason: str
    signal: int = 0


class Lifetime:
    """Ends the server when it is told to, or when nobody has used it for `idle_seconds`.

    A request in flight is use for as long as it takes. All methods are for the event loop's thread.
    """

    def __init__(self, idle_seconds: float | None) -> None:
        self.ending: Ending | None = None
        self.ended = asyncio.Event()
        self._idle_seconds = idle_seconds
        self._in_flight = 0
        self._last_use = 0.0

    def start(self) -> None:
        """Let the time of idleness begin."""
        self._last_use = asyncio.get_running_loop().time()
        if self._idle_seconds is not None:
            self._look_again_in(self._idle_seconds)

    def end(self, ending: Ending) -> None:
        """Take no more requests and finish those in flight; the first reason is the reason."""
        self.ending = self.ending or ending
        self.ended.set()

    def __enter__(self) -> None:
        """Begin one use of the server."""
        self._in_flight += 1

    def __exit__(self, *_: object) -> None:
        """End one use of the server."""
        self._in_flight -= 1
        self._last_use = asyncio.get_running_loop().time()

    def _look_again_in(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._end_if_idle)

    def _end_if_idle(self) -> None:
        assert self._idle_seconds is not None
        left = self._last_use + self._idle_seconds - asyncio.get_running_loop().time()
        if self._in_flight:
            self._look_again_in(self._idle_seconds)
        elif left > 0:
            self._look_again_in(left)
        else:
            self.end(Ending(IDLE))
