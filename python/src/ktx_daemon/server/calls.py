"""Operations called by requests: each on its lane, with the reply of `dispatch`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ktx_daemon.dispatch import dispatch, encode
from ktx_daemon.errors import INTERNAL, UNSUPPORTED
from ktx_daemon.operations import COMPUTE, OPERATIONS
from ktx_daemon.server.answers import Refusal
from ktx_daemon.server.body import RETRY_AFTER
from ktx_daemon.server.lanes import AnswerT, Busy, Lanes

CODE_EXECUTION = "code-execute"
_CODE_EXECUTION_IS_OFF = {
    "kind": UNSUPPORTED,
    "message": "This server does not execute code.",
    "fix": "Start it with --enable-code-execution.",
}


class Calls:
    """Runs operations for both doors; `after_call` runs on the thread that plans, after each."""

    def __init__(
        self, lanes: Lanes, after_call: Callable[[], None], *, code_execution: bool
    ) -> None:
        self._lanes = lanes
        self._after_call = after_call
        self._code_execution = code_execution

    def operations(self) -> list[str]:
        """Return the names of the operations that this server runs."""
        return [name for name in OPERATIONS if self._code_execution or name != CODE_EXECUTION]

    async def run(self, operation: str, body: list[bytes]) -> bytes:
        """Return the tagged reply to a request that came in pieces."""
        if operation == CODE_EXECUTION and not self._code_execution:
            return encode({"error": _CODE_EXECUTION_IS_OFF})
        lane = OPERATIONS[operation].lane if operation in OPERATIONS else COMPUTE
        work = partial(reply_to, operation, body)
        return await self._run(lane, partial(self._compute, work) if lane == COMPUTE else work)

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


def reply_to(operation: str, body: list[bytes]) -> bytes:
    """Join the body and dispatch it; what would end a process of its own is an error here."""
    try:
        return dispatch(operation, body[0] if len(body) == 1 else b"".join(body))
    except MemoryError:
        return _internal("Python ran out of memory")
    except SystemExit as ending:
        return _internal(f"Python code tried to end the process with status {ending.code}")
    except KeyboardInterrupt:
        return _internal("Python code raised KeyboardInterrupt")


def _internal(message: str) -> bytes:
    return encode({"error": {"kind": INTERNAL, "message": message}})
