"""The signals of a server process."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

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
