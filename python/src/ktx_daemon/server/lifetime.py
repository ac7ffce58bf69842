"""How long a server lives, and why it ends: idleness, signals, or another server in its place."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
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
        """Call back after a number of seconds."""


class Ending(NamedTuple):
    """Why a server ended; `signal` is 0 unless a signal ended it."""

    reason: str
    signal: int = 0


class Lifetime:
    """Ends the server when it is told to, or when nobody has used it for `idle_seconds`.

    A request counts as use for as long as it takes. All methods are for the event loop's thread.
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


class Ownership:
    """The state file that names this server, and the environment that it runs from.

    Only proof counts: a file that is there and cannot be read proves nothing.
    """

    def __init__(self, state_file: str | None, instance: str) -> None:
        self._state_file = state_file
        self._instance = instance
        self._seen: tuple[int, ...] | None = None

    def is_lost(self) -> bool:
        """Return whether the state file names another server, or the environment is gone."""
        return not os.path.isdir(sys.prefix) or self._is_disowned()

    def watch(self, seconds: float, lost: Callable[[], None]) -> None:
        """Look every so often, from the event loop, until ownership is lost."""

        def look() -> None:
            if self.is_lost():
                lost()
            else:
                asyncio.get_running_loop().call_later(seconds, look)

        look()

    def _is_disowned(self) -> bool:
        if self._state_file is None:
            return False
        try:
            now = os.stat(self._state_file)
            stamp = (now.st_dev, now.st_ino, now.st_mtime_ns, now.st_size)
            if stamp == self._seen:
                return False
            with open(self._state_file, "rb") as file:
                names_this = _instance(file.read()) == self._instance
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False
        self._seen = stamp if names_this else None
        return not names_this


def _instance(state: bytes) -> object:
    try:
        document = json.loads(state)
    except ValueError:
        return None
    return document.get("instance") if isinstance(document, dict) else None


ENDING = (signal.SIGINT, signal.SIGTERM)


def ignore_signals() -> None:
    """Ignore a terminal's hang-up, and broken connections, which are errors of a write."""
    for ignored in (signal.SIGHUP, signal.SIGPIPE):
        signal.signal(ignored, signal.SIG_IGN)


def handle_signals(end: Callable[[int], None], force: Callable[[], None]) -> None:
    """Call `end` with the first signal that asks for the end, and `force` with each one after it.

    To be called on the event loop, which must run on the main thread.
    """
    received: list[int] = []

    def handle(number: int) -> None:
        received.append(number)
        if len(received) == 1:
            end(number)
        else:
            force()

    loop = asyncio.get_running_loop()
    for number in ENDING:
        loop.add_signal_handler(number, handle, int(number))
