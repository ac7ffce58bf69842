"""The server's log: a file that turns over, or standard error."""

from __future__ import annotations

import logging
import os
import time
from logging.handlers import RotatingFileHandler
from typing import Any

from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.server.messages import Application, Message, Receive, Scope, Send

FILE_BYTES = 1024 * 1024
FILES = 5
"""How many files there are at most, the current one among them."""
LOGGERS = ("ktx_daemon", "uvicorn")
_TRACE = 5

log = logging.getLogger("ktx_daemon")


class Scrubber(logging.Formatter):
    """Formats a line and takes the secret out of it, whoever wrote it there."""

    def __init__(self, secret: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return super().format(record).replace(self._secret, "[token]")


class PrivateFile(RotatingFileHandler):
    """A log that only its owner can read."""

    def _open(self) -> Any:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=private)


def start_log(path: str | None, level: str, secret: str) -> None:
    """Send the lines of the server to the file, or to standard error without one.

    A file that cannot be written is an `OperationError`.
    """
    handler = logging.StreamHandler() if path is None else _file(path)
    handler.setFormatter(Scrubber(secret))
    logging.addLevelName(_TRACE, "TRACE")
    for name in LOGGERS:
        logger = logging.getLogger(name)
        for former in logger.handlers[:]:
            logger.removeHandler(former)
            former.close()
        logger.addHandler(handler)
        logger.setLevel(level.upper())
        logger.propagate = False


def _file(path: str) -> logging.StreamHandler[Any]:
    try:
        return PrivateFile(path, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8")
    except OSError as error:
        raise OperationError(
            INVALID_REQUEST,
            f"The server cannot write its log {path}: {error.strerror}.",
            fix="Name a file in a folder that you may write to.",
        ) from error


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
