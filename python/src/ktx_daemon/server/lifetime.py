"""How long a server lives, and why it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import NamedTuple, Protocol

IDLE = "idle"
SIGNAL = "signal"
SHUTDOWN = "shutdown"
DISOWNED = "disowned"


log = logging.getLogger("ktx_daemon")


class Clock(Protocol):
    """What an event loop is asked for here."""

    def time(self) -> float:
        """Return the seconds since some moment."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> object:
        """Call back after so many seconds."""


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
        self._clock: Clock | None = None
        self._in_flight = 0
        self._last_use = 0.0

    def start(self, clock: Clock) -> None:
        """Let the time of idleness begin."""
        self._clock = clock
        self._last_use = clock.time()
        if self._idle_seconds is not None:
            clock.call_later(self._idle_seconds, self._end_if_idle)

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
        if self._clock is not None:
            self._last_use = self._clock.time()

    def _end_if_idle(self) -> None:
        assert self._clock is not None
        assert self._idle_seconds is not None
        left = self._last_use + self._idle_seconds - self._clock.time()
        if self._in_flight:
            log.debug("not idle: %d requests in flight", self._in_flight)
            left = self._idle_seconds
        if left > 0:
            self._clock.call_later(left, self._end_if_idle)
        else:
            self.end(Ending(IDLE))
