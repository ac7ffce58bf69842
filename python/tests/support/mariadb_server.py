"""A throw-away MariaDB server for one test session, reached over a socket of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pymysql  # type: ignore[import-untyped]

_MISSING = (
    "The tests read tables from MariaDB, and its server is not installed. Install Debian's "
    "package `mariadb-server`, or put `mariadbd` and `mariadb-install-db` on PATH."
)
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/libexec")
# Generous: the machine may be busy. A server that dies is noticed at once.
_START_SECONDS = 120
# Nothing in it is worth keeping, and nothing outside the machine may reach it.
_OPTIONS = (
    "--no-defaults",
    "--skip-networking",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=32M",
    "--lower-case-table-names=0",
)


class NoMariaDB(RuntimeError):
    """MariaDB is missing or does not start: the suite fails, it never skips."""


@contextmanager
def mariadb_server() -> Iterator[Path]:
    """Start a server on an empty data folder, yield its socket, then stop and remove it."""
    programs = {name: _program(name) for name in ("mariadb-install-db", "mariadbd")}
    directory = Path(tempfile.mkdtemp(prefix="ktx-my-", dir="/tmp"))
    user = ["--user=mysql"] if os.geteuid() == 0 else []
    try:
        if user:
            shutil.chown(directory, "mysql", "mysql")
        # Temporary tables are named by the process, and several systems may share one /tmp.
        data = [f"--datadir={directory}/data", f"--tmpdir={directory}"]
        _install([programs["mariadb-install-db"], "--no-defaults", *data, *user])
        with (directory / "log").open("wb") as log:
            address = directory / "socket"
            server = subprocess.Popen(
                [programs["mariadbd"], *_OPTIONS, *data, *user, f"--socket={address}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait(server, address, directory / "log")
                yield address
            finally:
                server.send_signal(signal.SIGKILL)
                server.wait()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def connect(path: Path, user: str = "root", password: str = "", client_flag: int = 0) -> Any:
    """Return a connection that commits by itself."""
    return pymysql.connect(
        unix_socket=str(path),
        user=user,
        password=password,
        autocommit=True,
        charset="utf8mb4",
        client_flag=client_flag,
    )


def _install(command: list[str]) -> None:
    done = subprocess.run(
        [*command, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=False,
        capture_output=True,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace")
        raise NoMariaDB(f"mariadb-install-db ended with {done.returncode}:\n{said}")


def _wait(server: subprocess.Popen[bytes], path: Path, log: Path) -> None:
    """Wait until the server accepts connections; it has no way to say so by itself."""
    for _ in range(_START_SECONDS * 10):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
            return
        try:
            server.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise NoMariaDB(f"mariadbd did not start:\n{log.read_text(errors='replace')}")


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(_PLACES))
    if found is None:
        raise NoMariaDB(_MISSING)
    return found
