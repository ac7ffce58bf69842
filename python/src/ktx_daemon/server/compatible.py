"""The compatible API: a route for each operation, bare responses, errors as `{"detail": …}`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response

from ktx_daemon.errors import INTERNAL, INVALID_REQUEST, UNKNOWN_MODEL
from ktx_daemon.operations import OPERATIONS, Operation
from ktx_daemon.server.calls import Calls
from ktx_daemon.server.messages import BodyReader, Disconnected, Refusal, detail
from ktx_daemon.server.openapi import document

TITLE = "KTX Daemon"
STATUSES = {INVALID_REQUEST: 422, UNKNOWN_MODEL: 404, INTERNAL: 500}
"""The status of each kind of error that has one of its own; the others are 400."""

_OK = b'{"ok":'


def compatible_api(version: str, calls: Calls, bodies: BodyReader) -> FastAPI:
    """Return the application with the routes of the operations that this server runs."""
    operations = [OPERATIONS[name] for name in calls.operations()]
    application = FastAPI(title=TITLE, version=version, docs_url=None, redoc_url=None)
    application.add_exception_handler(Refusal, _refused)
    application.add_exception_handler(Disconnected, _unheard)
    for operation in operations:
        application.post(operation.path, name=operation.name)(_route(operation, calls, bodies))
    # The routes read their bodies themselves, so FastAPI knows nothing of what is in them.
    application.openapi = lambda: document(TITLE, version, operations)  # type: ignore[method-assign]
    return application


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    headers = {name.decode(): value.decode() for name, value in refusal.headers}
    content = detail(refusal.detail)
    return Response(content, refusal.status, headers, media_type="application/json")


async def _unheard(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # goes to nobody


def _route(
    operation: Operation, calls: Calls, bodies: BodyReader
) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        body = await bodies.read(request.scope, request.receive)
        reply = await calls.run(operation.name, body, request.receive)
        status, content = bare(operation, reply)
        return Response(content, status, media_type="application/json")

    return respond


def bare(operation: Operation, reply: bytes) -> tuple[int, bytes]:
    """Return the status and the body for a tagged reply."""
    if reply.startswith(_OK):
        return 200, reply[len(_OK) : -1]
    error: dict[str, Any] = json.loads(reply)["error"]
    status = STATUSES.get(error["kind"], 400)
    message = " ".join(filter(None, (error["message"], error.get("fix"))))
    return status, detail(f"{operation.failure}: {message}" if status == 500 else message)
