"""What is answered where: health, the native API, the end, and the compatible API."""

from __future__ import annotations

import json
import logging
from contextlib import nullcontext

from ktx_daemon.server.calls import Calls
from ktx_daemon.server.guard import OPEN_PATH
from ktx_daemon.server.lifetime import SHUTDOWN, Ending, Lifetime
from ktx_daemon.server.messages import (
    Application,
    BodyReader,
    Disconnected,
    Receive,
    Refusal,
    Scope,
    Send,
    answer,
    refuse,
)

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
        # A health check does not count as use: it must not keep an idle server alive.
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


def _require(scope: Scope, method: str) -> None:
    if scope["method"] != method:
        raise Refusal(405, f"Use {method}.", [(b"allow", method.encode())])
