"""Threads that operations run on, so that the event loop only moves bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from ktx_daemon.operations import COMPUTE, EMBEDDING, WAITING

AnswerT = TypeVar("AnswerT")


class Busy(Exception):
    """A lane has as much to do as it may queue."""


class Size(NamedTuple):
    """How wide a lane is, and how many calls it holds, running or queued."""

    threads: int
    calls: int


# Planning holds the interpreter, so more threads would only get in each other's way.
SIZES = {COMPUTE: Size(1, 256), WAITING: Size(4, 64), EMBEDDING: Size(1, 64)}


class Lane:
    """One kind of work: a few threads and a bounded queue before them."""

    def __init__(self, name: str, size: Size) -> None:
        self._threads = ThreadPoolExecutor(size.threads, thread_name_prefix=f"ktx-{name}")
        self._room = size.calls

    async def run(self, work: Callable[[], AnswerT]) -> AnswerT:
        """Run `work` on a thread of the lane; raises `Busy` when its queue is full."""
        if self._room == 0:
            raise Busy
        self._room -= 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        # Room is made when the work ends, not when its caller goes away.
        future.add_done_callback(self._make_room)
        return await asyncio.shield(future)

    def close(self) -> None:
        """Take no more work; what is queued is dropped, what runs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _make_room(self, done: asyncio.Future[AnswerT]) -> None:
        self._room += 1
        if not done.cancelled():
            done.exception()  # its caller may be gone; nobody else asks


class Lanes:
    """The lanes of a server, by the name that an operation's row has."""

    def __init__(self, sizes: dict[str, Size] = SIZES) -> None:
        self._lanes = {name: Lane(name, size) for name, size in sizes.items()}

    def __getitem__(self, name: str) -> Lane:
        return self._lanes[name]

    def close(self) -> None:
        """Close every lane."""
        for lane in self._lanes.values():
            lane.close()
