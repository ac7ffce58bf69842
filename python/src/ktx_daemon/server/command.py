"""`ktx-daemon serve-http`: the server, started from Python."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from ktx_daemon import VERSION
from ktx_daemon.server.readiness import warm_up
from ktx_daemon.server.runner import Runner
from ktx_daemon.server.settings import Settings

TOKEN_VARIABLE = "KTX_DAEMON_TOKEN"
LEVELS = ("critical", "error", "warning", "info", "debug", "trace")
_HOSTS = {
    "127.0.0.1": (socket.AF_INET, "127.0.0.1"),
    "localhost": (socket.AF_INET, "127.0.0.1"),
    "::1": (socket.AF_INET6, "::1"),
}


def main(argv: Sequence[str]) -> int:
    """Serve until the end: 0, or 1 after a message on standard error.

    A second signal leaves at once, with 128 and its number.
    """
    options = _parser().parse_args(argv)
    try:
        token = _token(options.token_file)
        listener = _listener(options.host, options.port)
        runner = Runner(_settings(options, token, listener.detach()))
        runner.start_log()
        warm_up([])
    except (OSError, ValueError) as error:
        fix = getattr(error, "fix", None)
        print(f"{error}\n{fix}" if fix else str(error), file=sys.stderr)
        return 1
    ending = runner.run()
    if runner.forced:
        # A thread may still be at work, and Python would wait for it.
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        os._exit(128 + ending.signal)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ktx-daemon serve-http", description="Serves every operation over HTTP."
    )
    parser.add_argument("--host", default="127.0.0.1", choices=list(_HOSTS))
    parser.add_argument("--port", type=_port, default=8765, help="0 for any that is free")
    parser.add_argument("--log-level", default="info", choices=LEVELS)
    parser.add_argument(
        "--enable-code-execution",
        action="store_true",
        help="allow code-execute, which runs the request's Python with this user's rights",
    )
    parser.add_argument(
        "--token-file",
        type=Path,
        help=f"the file that holds the token; otherwise {TOKEN_VARIABLE}, "
        "or one is made and printed on standard error",
    )
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: use a number from 0 to 65535")
    return int(text)


def _token(file: Path | None) -> str:
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise OSError(f"Cannot read the token file {file}: {error.strerror}.") from error
    given = os.environ.get(TOKEN_VARIABLE)
    if given:
        return given
    token = secrets.token_urlsafe(32)
    print(f"Token: {token}", file=sys.stderr, flush=True)
    return token


def _listener(host: str, port: int) -> socket.socket:
    family, address = _HOSTS[host]
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise OSError(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
    return listener


def _settings(options: argparse.Namespace, token: str, descriptor: int) -> Settings:
    return Settings.checked(
        {
            "fd": descriptor,
            "token": token,
            "version": VERSION,
            "log_level": options.log_level,
            "code_execution": options.enable_code_execution,
        }
    )
