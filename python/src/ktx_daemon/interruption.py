"""Telling running work that nobody waits for its result any more.

In the process of a command a signal says so, through a descriptor that the host watches too; in a
server it is a client that went away. Either way the work is told on its own thread's behalf, so
that a statement can end on its server before the answer is given up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Interruption:
    """Happens at most once; listeners are called then, and later ones at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._happened = False
        self._listeners: list[Callable[[], None]] = []

    def happen(self) -> None:
        """Call all listeners; they may not block."""
        with self._lock:
            self._happened = True
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    @contextmanager
    def tells(self, listener: Callable[[], None]) -> Iterator[None]:
        """Let `listener` be called when it happens while the block runs, or has happened before."""
        with self._lock:
            self._listeners.append(listener)
            happened = self._happened
        if happened:
            listener()
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(listener)


_of_process = Interruption()
_of_thread = threading.local()


def current() -> Interruption:
    """Return what interrupts the work of this thread."""
    found: Interruption = getattr(_of_thread, "interruption", _of_process)
    return found


@contextmanager
def interrupted_by(interruption: Interruption) -> Iterator[None]:
    """Let the work of this thread be interrupted by it, within the block."""
    _of_thread.interruption = interruption
    try:
        yield
    finally:
        del _of_thread.interruption


_of_calls: dict[int, Interruption] = {}


def begin(call: int) -> bytes:
    """Let `interrupt` reach the call of this number from now on: `{"ok":{}}`."""
    _of_calls[call] = Interruption()
    return b'{"ok":{}}'


def interrupt(call: int) -> bytes:
    """Interrupt a call, unless it has ended: `{"ok":{}}`."""
    interruption = _of_calls.get(call)
    if interruption is not None:
        interruption.happen()
    return b'{"ok":{}}'


@contextmanager
def of_call(call: int) -> Iterator[None]:
    """Let the work of this thread be what `interrupt` ends, and end the call with the block."""
    try:
        with interrupted_by(_of_calls[call]):
            yield
    finally:
        del _of_calls[call]


def watch(descriptor: int) -> bytes:
    """Interrupt this process's work once the descriptor is readable: `{"ok":{}}`.

    Nothing is read from it: the host does that. It must stay open.
    """

    import select

    def wait() -> None:
        watched = select.poll()
        watched.register(descriptor, select.POLLIN)
        watched.poll()
        _of_process.happen()

    threading.Thread(target=wait, name="ktx-interrupts", daemon=True).start()
    return b'{"ok":{}}'
