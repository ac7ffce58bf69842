"""What is answered where: health, the native door, the end, and the compatible door."""

from __future__ import annotations

import json
import logging
import time
from contextlib import nullcontext

from ktx_daemon.server.answers import (
    Application,
    Message,
    Receive,
    Refusal,
    Scope,
    Send,
    answer,
    refuse,
)
from ktx_daemon.server.body import BodyReader, Disconnected
from ktx_daemon.server.calls import Calls
from ktx_daemon.server.guard import OPEN_PATH
from ktx_daemon.server.lifetime import SHUTDOWN, Ending, Lifetime

NATIVE_PREFIX = "/call/"
SHUTDOWN_PATH = "/shutdown"
_STOPPING = b'{"status":"stopping"}'

log = logging.getLogger("ktx_daemon")


class Site:
    """The application behind the guard."""

    def __init__(
        self,
        version: str,
        calls: Calls,
        bodies: BodyReader,
        lifetime: Lifetime,
        compatible: Application,
    ) -> None:
        health = {"status": "healthy", "version": version}
        self._health = json.dumps(health, separators=(",", ":")).encode()
        self._calls = calls
        self._bodies = bodies
        self._lifetime = lifetime
        self._compatible = compatible

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        # Asking whether a server is there is no use of it.
        with nullcontext() if scope["path"] == OPEN_PATH else self._lifetime:
            try:
                await self._route(scope, receive, send)
            except Refusal as refusal:
                await refuse(send, refusal)
            except Disconnected:
                pass

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path == OPEN_PATH:
            _require(scope, "GET")
            await answer(send, 200, self._health)
        elif path.startswith(NATIVE_PREFIX):
            _require(scope, "POST")
            body = await self._bodies.read(scope, receive)
            reply = await self._calls.run(path.removeprefix(NATIVE_PREFIX), body, receive)
            await answer(send, 200, reply)
        elif path == SHUTDOWN_PATH:
            _require(scope, "POST")
            await answer(send, 200, _STOPPING)
            self._lifetime.end(Ending(SHUTDOWN))
        else:
            await self._compatible(scope, receive, send)


def logged(application: Application) -> Application:
    """Write a line for each request: what was asked, the status and how long it took."""

    async def application_with_log(scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        status = 0

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await application(scope, receive, watched_send)
        finally:
            took = (time.perf_counter() - started) * 1000
            path = scope["raw_path"][:200].decode("ascii", "backslashreplace")
            log.info("%s %s %d %.1f ms", scope["method"], path, status, took)

    return application_with_log


def _require(scope: Scope, method: str) -> None:
    if scope["method"] != method:
        raise Refusal(405, f"Use {method}.", [(b"allow", method.encode())])
