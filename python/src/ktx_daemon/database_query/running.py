"""Work that waits for a database, on a thread of its own: it can be given up at any time.

A driver may wait in C code or behind retries of its own, where neither a signal nor a time limit
reaches it. Who waits here is woken by both, and asks the database to stop.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from ktx_daemon import interruption
from ktx_daemon.database_query.failures import Late

T = TypeVar("T")
# How long the database is given to take note that nobody waits any more. The host gives an
# interrupted process 2 seconds in all (host/util/include/ktx/util/interrupt.hpp).
_CANCEL_SECONDS = 1.5


class Work(Generic[T]):
    """One piece of work; it sets `cancel` once there is something that can be asked to stop."""

    def __init__(self, run: Callable[[Work[T]], T]) -> None:
        self.cancel: Callable[[], None] | None = None
        self._run = run
        self._woken = threading.Event()
        self._interrupted = False
        self._result: list[T] = []
        self._error: BaseException | None = None

    def result_within(self, seconds: float) -> T:
        """Run it and return its result; raises `Late` when time is over, and what it raises.

        An interruption, or a KeyboardInterrupt of the calling thread, ends the wait as well, and
        the statement; it is raised as KeyboardInterrupt.
        """
        with interruption.current().tells(self._interrupt):
            threading.Thread(target=self._work, name="ktx-database", daemon=True).start()
            try:
                woken = self._woken.wait(seconds)
            except BaseException:
                self._stop()
                raise
        if self._interrupted:
            self._stop()
            raise KeyboardInterrupt
        if not woken:
            self._stop()
            raise Late(f"no answer within {math.ceil(seconds)} seconds")
        if self._error is not None:
            raise self._error
        return self._result[0]

    def _interrupt(self) -> None:
        self._interrupted = True
        self._woken.set()

    def _work(self) -> None:
        try:
            self._result.append(self._run(self))
        except BaseException as error:  # It is raised where the result is wanted.
            self._error = error
        finally:
            self._woken.set()

    def _stop(self) -> None:
        stopper = threading.Thread(target=self._ask_to_stop, name="ktx-cancel", daemon=True)
        stopper.start()
        stopper.join(_CANCEL_SECONDS)

    def _ask_to_stop(self) -> None:
        cancel = self.cancel
        if cancel is not None:
            with suppress(Exception):  # Nobody waits for the statement; its own limit ends it.
                cancel()
