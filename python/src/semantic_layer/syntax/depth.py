"""How deep SQL may be nested: more than Python allows by itself, and a refusal beyond."""

from __future__ import annotations

import sys
from _thread import allocate_lock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from semantic_layer.errors import INVALID_QUERY, SemanticError

ResultT = TypeVar("ResultT")
# Reading a parenthesis takes some twenty calls of the parser. They are calls of Python functions
# by Python functions, which take next to no room of the stack that a thread has.
_ROOM = 8000


class _Limit:
    """The limit of the process: raised while any thread is in need of it."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._users = 0
        self._before = 0

    def enter(self) -> None:
        with self._lock:
            if self._users == 0:
                self._before = sys.getrecursionlimit()
                sys.setrecursionlimit(max(_ROOM, self._before))
            self._users += 1

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._before < _ROOM:
                # What called from deeper than that has to keep the room it is in.
                try:
                    sys.setrecursionlimit(self._before)
                except RecursionError:
                    return


_limit = _Limit()


@contextmanager
def _room() -> Iterator[None]:
    _limit.enter()
    try:
        yield
    finally:
        _limit.leave()


def with_room(run: Callable[[], ResultT]) -> ResultT:
    """Return the result of `run`; raises `SemanticError` where it would go too deep."""
    try:
        with _room():
            return run()
    except RecursionError as error:
        raise SemanticError(
            INVALID_QUERY,
            "An expression is nested too deeply.",
            fix="Split it: into a computed column, a segment, or an `sql` source.",
        ) from error
