"""Operations called by requests: each on its lane, with the reply of `dispatch`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from functools import partial

from ktx_daemon.dispatch import dispatch, encode
from ktx_daemon.errors import INTERNAL
from ktx_daemon.interruption import Interruption, interrupted_by
from ktx_daemon.operations import CODE_EXECUTION, COMPUTE, OPERATIONS, WAITING
from ktx_daemon.server.answers import Receive, Refusal
from ktx_daemon.server.body import RETRY_AFTER
from ktx_daemon.server.lanes import AnswerT, Busy, Lanes


class Calls:
    """Runs operations for both doors; `after_call` runs on the thread that plans, after each."""

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
