"""Reading a request: its bytes as a JSON object, and that as the model of its operation."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from ktx_daemon.errors import INVALID_REQUEST, OperationError

if TYPE_CHECKING:
    from semantic_layer.data.model import Model

RequestT = TypeVar("RequestT", bound="Model")

LARGE = 64 * 1024
"""From this many bytes on, reading a request takes long enough for other threads to notice."""


def decode(request: bytes) -> dict[str, Any]:
    """Return the JSON object in `request`."""
    try:
        # A lone surrogate in an escape is text that UTF-8 cannot carry back.
        text = request.decode("utf-8")
        hook = _same if len(request) > LARGE and others_run() else None
        value = json.loads(text, parse_constant=_reject_constant, object_hook=hook)
        if "\\ud" in text or "\\uD" in text:
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


def checked(model: type[RequestT], request: dict[str, Any], *, has_query: bool = False) -> RequestT:
    """Return the request as its model; raises an error that names the field that is wrong.

    `has_query` says that the fields of a semantic query are worth suggesting.
    """
    try:
        return model.model_validate(request, strict=True)
    except ValueError as error:
        # Whoever has a model has loaded these; the seam by itself does without.
        from semantic_layer.catalog import validation_failure
        from semantic_layer.errors import SemanticError

        if isinstance(error, SemanticError):
            raise
        failure = validation_failure(error, INVALID_REQUEST, "The request")
        if not has_query:
            failure.suggestions = []
        raise failure from error


def others_run() -> bool:
    """Whether this process has other threads, which a long call would hold up."""
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1


def _same(value: dict[str, Any]) -> dict[str, Any]:
    # Calling Python is where the parser, which is C, lets other threads have the interpreter.
    return value


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _json_type(value: object) -> str:
    if value is None:
        return "null"
    names = {list: "an array", str: "a string", bool: "a boolean"}
    return names.get(type(value), "a number")
