"""One server: its parts put together, and its run from the first request to the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import Iterator
from functools import cached_property

import uvicorn

from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.server.calls import Calls, Lanes
from ktx_daemon.server.guard import Guard
from ktx_daemon.server.lifetime import (
    DISOWNED,
    SIGNAL,
    Ending,
    Lifetime,
    Ownership,
    handle_signals,
    ignore_signals,
)
from ktx_daemon.server.logs import logged, start_log
from ktx_daemon.server.messages import Application, BodyReader, Receive, Scope, Send
from ktx_daemon.server.protocol import Limits
from ktx_daemon.server.readiness import Collector
from ktx_daemon.server.settings import Settings
from ktx_daemon.server.site import Site

SWITCH_SECONDS = 0.0005
"""How long a planning thread keeps the interpreter while the event loop waits for it."""

CONNECTIONS = 512
"""From this many connections on, requests are answered with 503."""
GRACE_SECONDS = 60
"""How long what is in flight may take once the server ends."""

log = logging.getLogger("ktx_daemon")


class Runner:
    """The server of one configuration; it runs once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lifetime = Lifetime(settings.idle_seconds)
        self.forced = False
        self._lanes = Lanes()
        self._collector = Collector()
        self._calls = Calls(
            self._lanes, self._collector.after_call, code_execution=settings.code_execution
        )
        self._bodies = BodyReader(settings.body_limit)
        self._compatible_api: Application | None = None
        self._ownership = Ownership(settings.state_file, settings.instance)

    @cached_property
    def application(self) -> Guard:
        """The application, behind its guard."""
        site = Site(
            self.settings.version, self._calls, self._bodies, self.lifetime, self._compatible
        )
        return Guard(logged(site), self.settings.token)

    def run(self) -> Ending:
        """Serve until the end, with the log open; the calling thread must be the main one."""
        listener = _listener(self.settings.fd)
        sys.setswitchinterval(SWITCH_SECONDS)
        self._collector.start()
        ignore_signals()
        host, port = listener.getsockname()[:2]
        log.info("ktx %s serves %s:%d, process %d", self.settings.version, host, port, os.getpid())
        _Server(self).run(sockets=[listener])
        self._lanes.close()
        ending = self.lifetime.ending or Ending(SIGNAL)
        log.info("ended: %s", ending.reason)
        return ending

    def start_log(self) -> None:
        """Open the log; a file that cannot be written is an `OperationError`."""
        start_log(self.settings.log_file, self.settings.log_level, self.settings.token)

    def begin(self, server: _Server) -> None:
        """Start what ends the server; runs on the event loop."""
        self.lifetime.start(asyncio.get_running_loop())
        handle_signals(lambda number: self.lifetime.end(Ending(SIGNAL, number)), server.force)
        self._ownership.watch(
            self.settings.watch_seconds, lambda: self.lifetime.end(Ending(DISOWNED))
        )

    async def _compatible(self, scope: Scope, receive: Receive, send: Send) -> None:
        # FastAPI takes long to import, and ktx itself never uses this API: it is made for the
        # first client that does, beside the event loop.
        if self._compatible_api is None:
            self._compatible_api = await self._calls.beside(self._made_compatible_api)
        await self._compatible_api(scope, receive, send)

    def _made_compatible_api(self) -> Application:
        from ktx_daemon.server.compatible import compatible_api

        return compatible_api(self.settings.version, self._calls, self._bodies)


class _Server(uvicorn.Server):
    """uvicorn, ended by a `Lifetime` and without signal handlers of its own."""

    def __init__(self, runner: Runner) -> None:
        super().__init__(_config(runner))
        self._runner = runner

    async def main_loop(self) -> None:
        """Wait for the end; nothing is done in between."""
        self._runner.begin(self)
        await self._runner.lifetime.ended.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the runner: uvicorn would raise them again afterwards."""
        yield

    def force(self) -> None:
        """Wait no longer for what is in flight."""
        self.force_exit = self._runner.forced = True
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in self.server_state.tasks:
            task.cancel()


def _config(runner: Runner) -> uvicorn.Config:
    limits = Limits(runner.settings.header_seconds, runner.settings.body_seconds)
    return uvicorn.Config(
        runner.application,
        http=limits.protocol,  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _listener(descriptor: int) -> socket.socket:
    """Return the socket behind a descriptor; anything but a loopback listener is refused."""
    try:
        listener = socket.socket(fileno=descriptor)
        listening = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
        host = listener.getsockname()[0]
    except OSError as error:
        raise _no_listener(descriptor, str(error)) from error
    if not listening or host not in ("127.0.0.1", "::1"):
        raise _no_listener(descriptor, "it is not a listening socket of 127.0.0.1 or ::1")
    return listener


def _no_listener(descriptor: int, reason: str) -> OperationError:
    return OperationError(
        INVALID_REQUEST,
        f"The server cannot serve on the descriptor {descriptor}: {reason}.",
        fix="Pass a socket that listens on a loopback address.",
    )
