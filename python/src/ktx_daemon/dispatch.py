"""The seam: operation name and JSON bytes in, JSON bytes out.

A reply is `{"ok": <response>}` or `{"error": {"kind", "message", …}}` with a kind from
`ktx_daemon.errors.KINDS`. Importing this module costs little: an operation imports what it needs.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Collection
from importlib import import_module
from typing import Any

from ktx_daemon.errors import (
    INVALID_REQUEST,
    UNKNOWN_OPERATION,
    UNSUPPORTED,
    OperationError,
    internal_error,
)
from ktx_daemon.operations import OPERATIONS
from ktx_daemon.requests import decode, others_run

Handler = Callable[[Any], dict[str, Any]]
"""Takes a request as a dict, or as bytes where its operation says so."""


def dispatch(operation: str, request: bytes, permissions: Collection[str] = ()) -> bytes:
    """Run one operation; every failure becomes an error reply.

    `permissions` names what this process may do beyond answering (`Operation.enabled_by`).
    KeyboardInterrupt, SystemExit and MemoryError pass through.
    """
    return _reply(lambda: run(operation, request, permissions))


def dispatch_call(call: int, operation: str, request: bytes) -> bytes:
    """Run one operation as the call of a number that `interruption.begin` was told."""
    from ktx_daemon.interruption import of_call

    with of_call(call):
        return dispatch(operation, request)


def prepare(operation: str) -> bytes:
    """Import what an operation needs; the reply is empty. Nothing is called or permitted by it."""
    return _reply(lambda: _imported(operation))


def _imported(operation: str) -> dict[str, Any]:
    import_module(OPERATIONS[operation].handler.partition(":")[0])
    return {}


def _reply(answer: Callable[[], dict[str, Any]]) -> bytes:
    # Imports and syntax trees stay alive: collecting while they grow only costs time. Beside other
    # threads that time is worth it: a late collection is long, and holds everybody up. A
    # collector that is off already is left alone: whoever turned it off turns it on again.
    collecting = gc.isenabled() and not others_run()
    if collecting:
        gc.disable()
    try:
        return encode({"ok": answer()})
    except MemoryError:
        raise
    except Exception as error:
        return encode({"error": error_of(error)})
    finally:
        if collecting:
            gc.enable()


def run(operation: str, request: bytes, permissions: Collection[str] = ()) -> dict[str, Any]:
    """Run one operation and return its response; raises what goes wrong."""
    handler = handler_of(operation, permissions)
    return handler(request if OPERATIONS[operation].takes_bytes else decode(request))


def handler_of(operation: str, permissions: Collection[str] = ()) -> Handler:
    """Return the function behind an operation name, if the operation is allowed here."""
    if operation not in OPERATIONS:
        raise _unknown_operation(operation)
    needed = OPERATIONS[operation].enabled_by
    if needed is not None and needed not in permissions:
        option = f"--enable-{needed.replace('_', '-')}"
        raise OperationError(
            UNSUPPORTED,
            f"The operation '{operation}' is off in this process.",
            fix=f"Start it with {option}, if whoever sends requests may run code on this machine.",
        )
    module, function = OPERATIONS[operation].handler.split(":")
    new = module not in sys.modules
    handler: Handler = getattr(import_module(module), function)
    if new and not gc.isenabled():
        # What was imported stays: the collector need not look at it once it is on again.
        gc.freeze()
    return handler


def _unknown_operation(operation: str) -> OperationError:
    from difflib import get_close_matches

    return OperationError(
        UNKNOWN_OPERATION,
        f"There is no operation '{operation}'.",
        fix="Use one of the operations that ktx-daemon --help lists.",
        suggestions=get_close_matches(operation, OPERATIONS),
    )


def encode(reply: dict[str, Any]) -> bytes:
    """Return a reply as JSON: UTF-8, keys in the order they were set, no NaN."""
    text = json.dumps(reply, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def error_of(error: Exception) -> dict[str, Any]:
    """Return the error object of a reply for what an operation raised."""
    if isinstance(error, OperationError):
        return error.as_json()
    if isinstance(error, RecursionError):
        return OperationError(
            INVALID_REQUEST,
            "Something in the request is nested too deeply.",
            fix="Split it into parts.",
        ).as_json()
    as_json = getattr(error, "as_json", None)
    return as_json() if as_json is not None else internal_error(error)
