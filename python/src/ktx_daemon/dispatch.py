"""The seam: operation name and JSON bytes in, JSON bytes out.

A reply is `{"ok": <response>}` or `{"error": {"kind", "message", …}}` with a kind from
`ktx_daemon.errors.KINDS`. Importing this module costs little: an operation imports what it needs.
"""

from __future__ import annotations

import gc
import json
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

Handler = Callable[[dict[str, Any]], dict[str, Any]]


def dispatch(operation: str, request: bytes, permissions: Collection[str] = ()) -> bytes:
    """Run one operation; every failure becomes an error reply.

    `permissions` names what this process may do beyond answering (`Operation.enabled_by`).
    KeyboardInterrupt, SystemExit and MemoryError pass through.
    """
    collecting = gc.isenabled()
    # Imports and syntax trees stay alive: collecting while they grow only costs time.
    gc.disable()
    try:
        return encode({"ok": run(operation, request, permissions)})
    except MemoryError:
        raise
    except Exception as error:
        return encode({"error": _error(error)})
    finally:
        if collecting:
            gc.enable()


def run(operation: str, request: bytes, permissions: Collection[str] = ()) -> dict[str, Any]:
    """Run one operation and return its response; raises what goes wrong."""
    handler = handler_of(operation, permissions)
    return handler(decode(request))


def handler_of(operation: str, permissions: Collection[str] = ()) -> Handler:
    """Return the function behind an operation name, if the operation is allowed here."""
    if operation not in OPERATIONS:
        raise OperationError(
            UNKNOWN_OPERATION,
            f"There is no operation '{operation}'. Operations: {', '.join(OPERATIONS)}.",
            fix="Use one of the operations listed.",
            suggestions=list(OPERATIONS),
        )
    needed = OPERATIONS[operation].enabled_by
    if needed is not None and needed not in permissions:
        option = f"--enable-{needed.replace('_', '-')}"
        raise OperationError(
            UNSUPPORTED,
            f"The operation '{operation}' is off in this process.",
            fix=f"Start it with {option}, if whoever sends requests may run code on this machine.",
        )
    module, function = OPERATIONS[operation].handler.split(":")
    handler: Handler = getattr(import_module(module), function)
    return handler


def decode(request: bytes) -> dict[str, Any]:
    """Return the JSON object in `request`."""
    try:
        # A lone surrogate in an escape is text that UTF-8 cannot carry back.
        text = request.decode("utf-8")
        value = json.loads(text, parse_constant=_reject_constant)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise OperationError(
            INVALID_REQUEST,
            f"The request is not valid JSON: {error}.",
            fix="Send one JSON object, encoded as UTF-8.",
        ) from error
    if not isinstance(value, dict):
        raise OperationError(
            INVALID_REQUEST,
            f"The request must be a JSON object, not {_json_type(value)}.",
            fix="Send one JSON object.",
        )
    return value


def encode(reply: dict[str, Any]) -> bytes:
    """Return a reply as JSON: UTF-8, keys in the order they were set, no NaN."""
    text = json.dumps(reply, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _json_type(value: object) -> str:
    if value is None:
        return "null"
    names = {list: "an array", str: "a string", bool: "a boolean"}
    return names.get(type(value), "a number")


def _error(error: Exception) -> dict[str, Any]:
    if isinstance(error, OperationError):
        return error.as_json()
    as_json = getattr(error, "as_json", None)
    return as_json() if as_json is not None else internal_error(error)
