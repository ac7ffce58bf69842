"""A SQLite file, opened for reading so that nothing is left behind; why it cannot be read.

`host/database/sqlite_file.hpp` says what a reader of a database in WAL mode must see to: a database
that no other process has open is read alone, and anew when that does not hold.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from ktx_daemon.errors import DATABASE, OperationError

T = TypeVar("T")
_ATTEMPTS_ALONE = 3
# In the file's header: the version that is needed to read it; 2 is WAL.
_READ_VERSION_AT, _WAL_VERSION = 19, 2
_HEADER = b"SQLite format 3"


def read_file(path: Path, place: str, timeout: float, read: Callable[[sqlite3.Connection], T]) -> T:
    """Return what `read` makes of the file, which is one state of it.

    Raises an error that says what is to be done when the file cannot be read; `place` is where the
    path stands.
    """
    try:
        for _ in range(_ATTEMPTS_ALONE):
            before, options = _state(path), _alone(path)
            if not options:
                break
            found = _read_once(options, path, timeout, read)
            if before == _state(path):
                return found
        return _read_once("mode=ro", path, timeout, read)
    except sqlite3.Error as error:
        what, fix = _failure(path, error, place)
    raise OperationError(DATABASE, what, fix=fix)


def _read_once(
    options: str, path: Path, timeout: float, read: Callable[[sqlite3.Connection], T]
) -> T:
    uri = f"file:{quote(str(path.absolute()))}?{options}"
    with closing(
        sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None)
    ) as connection:
        if "unix-none" in options:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        return read(connection)


def _alone(path: Path) -> str:
    """Return the options that read a database in WAL mode alone; "" when that may not be done."""
    if not _is_in_wal_mode(path):
        return ""
    wal, index = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))
    if not wal.exists() or not wal.stat().st_size:
        return "mode=ro&immutable=1"
    return "" if index.exists() else "mode=ro&vfs=unix-none"


def _state(path: Path) -> list[tuple[int, ...]]:
    """Return what differs once the database was written."""
    states: list[tuple[int, ...]] = []
    for file in (path, path.with_name(path.name + "-wal")):
        try:
            found = file.stat()
        except OSError:
            states.append((0,))
        else:
            states.append((found.st_ino, found.st_size, found.st_mtime_ns))
    return states


def _is_in_wal_mode(path: Path) -> bool:
    header = _beginning(path)
    return (
        len(header) > _READ_VERSION_AT
        and header.startswith(_HEADER)
        and header[_READ_VERSION_AT] == _WAL_VERSION
    )


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(100)
    except OSError:
        return b""


def _failure(path: Path, error: sqlite3.Error, place: str) -> tuple[str, str]:
    """Return what keeps the file from being read, and what to do next."""
    words = str(error)
    if "locked" in words:
        return f"Another process is writing to `{path}`.", "Try again when that is done."
    beginning = _beginning(path)
    if "not a database" in words and not beginning.startswith(_HEADER):
        is_duckdb = beginning[8:12] == b"DUCK"
        return (
            f"`{path}` is {'a DuckDB file, and ' if is_duckdb else ''}no SQLite database.",
            f"Write `driver: duckdb`, or correct {place}." if is_duckdb else f"Correct {place}.",
        )
    if "not a database" in words or "unsupported file format" in words:
        return (
            f"`{path}` was written by a newer SQLite than {sqlite3.sqlite_version}, or it is "
            "encrypted.",
            "Write a plain copy with what wrote it: VACUUM INTO 'copy.db'.",
        )
    if "malformed" in words:
        return f"`{path}` is damaged.", "Put back a copy of it."
    if _is_in_wal_mode(path) and ("readonly" in words or "unable to open" in words):
        return (
            f"`{path}` is in WAL mode, and its newest rows are in {path.name}-wal beside it: "
            f"SQLite reads these only where it may read that file and write in {path.parent}.",
            "Let this user write in that folder, or let the database's owner run `PRAGMA "
            f"journal_mode = DELETE` in it, or name a copy of it in {place}.",
        )
    if "interrupted" in words:
        return f"Reading `{path}` took too long.", "Try again when the machine has less to do."
    return f"`{path}` cannot be read: {words}.", f"Make it readable, or correct {place}."
