"""Connecting to MySQL or MariaDB by an address, within a time."""

from __future__ import annotations

import math
import socket
import ssl
from contextlib import suppress
from threading import Timer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pymysql  # type: ignore[import-untyped]

from ktx_daemon.errors import DATABASE, INVALID_REQUEST, OperationError

# A RuntimeError is about a package that a way of logging in needs.
ERRORS: tuple[type[Exception], ...] = (pymysql.MySQLError, RuntimeError)
_DEFAULT_PORT = 3306
# How long beyond the statement's own limit to wait for the server to end it.
_GRACE_SECONDS = 5
_SSL_MODES = ("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")


def connected(settings: dict[str, Any]) -> Any:
    """Return a connection made with what `settings_of` returned."""
    connection = pymysql.Connection(**settings, defer_connect=True)
    if "unix_socket" in settings:
        connection.connect()
        return connection
    seconds = settings["connect_timeout"]
    channel = socket.create_connection((settings["host"], settings["port"]), seconds)
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # The driver gives the greeting and the log-in as long as a statement. It wraps the socket for
    # TLS, so the guard is another handle of the same.
    with channel.dup() as guard:
        timer = Timer(seconds, _end, [guard])
        timer.start()
        try:
            connection.connect(channel)
        finally:
            timer.cancel()
            timer.join()
    return connection


def _end(guard: socket.socket) -> None:
    with suppress(OSError):  # It has just ended by itself.
        guard.shutdown(socket.SHUT_RDWR)


def _encryption(mode: str, authorities: str | None) -> dict[str, Any]:
    """Return how to connect in one of MySQL's modes; PREFERRED is the driver's own."""
    if mode == "PREFERRED":
        return {}
    if mode == "DISABLED":
        return {"ssl_disabled": True}
    context = ssl.create_default_context(cafile=authorities)
    context.check_hostname = mode == "VERIFY_IDENTITY"
    if mode == "REQUIRED":
        context.verify_mode = ssl.CERT_NONE
    return {"ssl": context}


def settings_of(
    url: str, connection_timeout_seconds: int, statement_timeout_ms: int
) -> dict[str, Any]:
    """Return what the driver is to connect with, from the address."""
    parts = urlsplit(url)
    read_seconds = math.ceil(statement_timeout_ms / 1000) + _GRACE_SECONDS
    if parts.scheme not in ("mysql", "mariadb", "mysql+pymysql") or not parts.netloc + parts.query:
        raise OperationError(
            INVALID_REQUEST,
            "The url is not an address of MySQL.",
            fix="Write mysql://USER:PASSWORD@HOST:PORT/DATABASE.",
        )
    options = dict(parse_qsl(parts.query))
    settings = {
        "host": parts.hostname or "localhost",
        "port": parts.port or _DEFAULT_PORT,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path.removeprefix("/")) or None,
        "charset": "utf8mb4",
        "connect_timeout": connection_timeout_seconds,
        "read_timeout": read_seconds,
        "write_timeout": read_seconds,
    }
    if "unix_socket" in options:
        settings["unix_socket"] = options.pop("unix_socket")
    authorities = options.pop("ssl-ca", None)
    mode = options.pop("ssl-mode", "PREFERRED").upper()
    if mode not in _SSL_MODES or options:
        unknown = ", ".join(options) or f"ssl-mode={mode}"
        raise OperationError(
            DATABASE,
            f"The url has what is not known: {unknown}.",
            fix=f"Known are unix_socket, ssl-ca and ssl-mode ({', '.join(_SSL_MODES)}).",
        )
    return settings | _encryption(mode, authorities)
