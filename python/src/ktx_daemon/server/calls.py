"""Operations called by requests: each on threads of its kind, with the reply of `dispatch`.

The event loop only moves bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

from ktx_daemon.dispatch import dispatch, encode
from ktx_daemon.errors import INTERNAL
from ktx_daemon.interruption import Interruption, interrupted_by
from ktx_daemon.operations import CODE_EXECUTION, COMPUTE, EMBEDDING, OPERATIONS, WAITING
from ktx_daemon.server.messages import RETRY_AFTER, Receive, Refusal

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


class Calls:
    """Runs operations for both APIs; `after_call` runs on the thread that plans, after each."""

    def __init__(
        self, lanes: Lanes, after_call: Callable[[], None], *, code_execution: bool
    ) -> None:
        self._lanes = lanes
        self._permissions = frozenset({CODE_EXECUTION} if code_execution else ())
        self._after_call = after_call

    def operations(self) -> list[str]:
        """Return the names of the operations that this server runs."""
        allowed = {None, *self._permissions}
        return [name for name, row in OPERATIONS.items() if row.enabled_by in allowed]

    async def run(self, operation: str, body: list[bytes], receive: Receive) -> bytes:
        """Return the tagged reply to a request that came in pieces.

        What waits is interrupted when `receive` says that the client went away.
        """
        lane = OPERATIONS[operation].lane if operation in OPERATIONS else COMPUTE
        work = partial(reply_to, operation, body, self._permissions)
        if lane == WAITING:
            return await self._run_for_client(work, receive)
        return await self._run(lane, partial(self._compute, work) if lane == COMPUTE else work)

    async def _run_for_client(self, work: Callable[[], bytes], receive: Receive) -> bytes:
        interruption = Interruption()

        def interruptible() -> bytes:
            with interrupted_by(interruption):
                return work()

        watcher = asyncio.ensure_future(_tell_of_end(receive, interruption))
        try:
            return await self._run(WAITING, interruptible)
        finally:
            watcher.cancel()

    def _compute(self, work: Callable[[], bytes]) -> bytes:
        try:
            return work()
        finally:
            self._after_call()

    async def beside(self, work: Callable[[], AnswerT]) -> AnswerT:
        """Return what `work` returns, which takes too long for the event loop."""
        return await self._run(COMPUTE, work)

    async def _run(self, lane: str, work: Callable[[], AnswerT]) -> AnswerT:
        try:
            return await self._lanes[lane].run(work)
        except Busy as busy:
            message = "Too many requests are waiting. Try again."
            raise Refusal(503, message, [RETRY_AFTER]) from busy


async def _tell_of_end(receive: Receive, interruption: Interruption) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    interruption.happen()


def reply_to(operation: str, body: list[bytes], permissions: Collection[str]) -> bytes:
    """Join the body and dispatch it; what would end a process of its own is an error here."""
    try:
        request = body[0] if len(body) == 1 else b"".join(body)
        return dispatch(operation, request, permissions)
    except MemoryError:
        return _internal("Python ran out of memory")
    except SystemExit as ending:
        return _internal(f"Python code tried to end the process with status {ending.code}")
    except KeyboardInterrupt:
        return _internal("Python code raised KeyboardInterrupt")


def _internal(message: str) -> bytes:
    return encode({"error": {"kind": INTERNAL, "message": message}})
