"""A throw-away PostgreSQL server for one test session, reached over a socket of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_MISSING = (
    "The tests check every answer on PostgreSQL, and its server is not installed. "
    "Install Debian's package `postgresql`, or put `initdb` and `pg_ctl` on PATH, "
    "or give the tests a database with --postgres DSN."
)
_DEBIAN = Path("/usr/lib/postgresql")
# Text is ordered by code point, as on the other databases.
_LOCALE = ("--encoding=UTF8", "--no-locale")
# Nothing in the cluster is worth keeping, and nothing outside the machine may reach it.
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{directory}'
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
max_connections = 10
shared_buffers = 32MB
"""


class NoPostgres(RuntimeError):
    """PostgreSQL is missing or does not start: the suite fails, it never skips."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server on an empty cluster, yield its address, then stop and remove it."""
    server = _Server(_directory_of_programs(), _make_directory())
    try:
        server.start()
        yield server.address
    finally:
        server.remove()


class _Server:
    """A cluster in a directory, and the programs that handle it."""

    def __init__(self, programs: Path, directory: Path) -> None:
        self._programs = programs
        self._directory = directory
        self._data = directory / "data"
        self._log = directory / "log"
        self.address = f"host={directory} user=postgres dbname=postgres"

    def start(self) -> None:
        """Create the cluster and wait until it accepts connections."""
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", *_LOCALE)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(directory=self._directory))
        self._run("pg_ctl", "start", "--wait", "--timeout=120", f"--log={self._log}")

    def remove(self) -> None:
        """Stop the server, if it runs, and remove every file."""
        if (self._data / "postmaster.pid").exists():
            with suppress(NoPostgres):  # It died by itself, which the tests have reported.
                self._run("pg_ctl", "stop", "--wait", "--mode=immediate")
        shutil.rmtree(self._directory, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), f"--pgdata={self._data}", *arguments]
        # A file, not a pipe: the server would keep a pipe open after pg_ctl has ended.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command,
                check=False,
                cwd=self._directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **_identity(),
            )
            if done.returncode != 0:
                output.seek(0)
                log = self._log.read_text(errors="replace") if self._log.exists() else ""
                said = output.read().decode(errors="replace")
                raise NoPostgres(f"{program} ended with {done.returncode}:\n{said}{log}")


def _identity() -> dict[str, Any]:
    """Return the user to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _make_directory() -> Path:
    # Not pytest's: that is closed to other users and may be too long for the path of a socket.
    directory = Path(tempfile.mkdtemp(prefix="ktx-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        try:
            shutil.chown(directory, "postgres", "postgres")
        except LookupError as error:
            directory.rmdir()
            raise NoPostgres(_MISSING + " (There is no user `postgres`.)") from error
    return directory


def _directory_of_programs() -> Path:
    """Return where `initdb` and `pg_ctl` are: Debian keeps them off PATH, by version."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(_DEBIAN.glob("*/bin"), key=_version, reverse=True)
    for place in places:
        if all(os.access(place / program, os.X_OK) for program in ("initdb", "pg_ctl")):
            return place
    raise NoPostgres(_MISSING)


def _version(place: Path) -> float:
    number = re.fullmatch(r"\d+(\.\d+)?", place.parent.name)
    return float(number[0]) if number else 0.0
