"""A DuckDB file, opened for reading and without access to other files; why it cannot be."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

import duckdb

from ktx_daemon.errors import DATABASE, OperationError
from ktx_daemon.sentences import sentence

# The same for every session: sessions of one process share the file, which DuckDB opens only once.
_SETTINGS: dict[str, Any] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
_HELD = re.compile(r"Conflicting lock is held in (?P<program>.*?) \(PID (?P<process>\d+)\)")
_TOO_NEW = "only read version"
_DAMAGED = re.compile("corrupt|checksum", re.IGNORECASE)
# The file's first block: a checksum, these letters, the version of the format, flags, the writer.
_MAGIC = slice(8, 12)
_WRITER = slice(52, 84)


def opened(path: Path, place: str) -> duckdb.DuckDBPyConnection:
    """Return a connection that reads the file; raises an error that says what is to be done.

    `place` is where the path stands, as "`path` of connection 'shop' in ktx.yaml".
    """
    try:
        return duckdb.connect(str(path), read_only=True, config=_SETTINGS)
    except duckdb.Error as error:
        what, fix = _failure(path, str(error), place)
    raise OperationError(DATABASE, what, fix=fix)


def _failure(path: Path, words: str, place: str) -> tuple[str, str]:
    """Return what keeps the file from being read, and what to do next."""
    correct = f"Correct {place}."
    held = _HELD.search(words)
    if held:
        return (
            f"`{path}` is open for writing in process {held['process']} ({held['program']}), and "
            "DuckDB lets nobody else read it meanwhile.",
            "Close it there, then try again.",
        )
    beginning = _beginning(path)
    if beginning is None:
        return f"`{path}` cannot be read: {sentence(words)}", f"Make it readable, or {correct}"
    if not beginning:
        return f"`{path}` is an empty file, and no DuckDB database.", correct
    if beginning.startswith(b"SQLite format 3"):
        return f"`{path}` is a SQLite database.", f"Write `driver: sqlite`, or {correct}"
    if beginning[_MAGIC] != b"DUCK":
        return f"`{path}` is no DuckDB database.", correct
    if _TOO_NEW in words:
        return _too_new(path, beginning)
    if _DAMAGED.search(words):
        return f"`{path}` is damaged: {sentence(words)}", "Put back a copy of it."
    return (
        f"DuckDB cannot open `{path}`: {sentence(words)}",
        f"See DuckDB's own words above, or {correct}",
    )


def _too_new(path: Path, beginning: bytes) -> tuple[str, str]:
    (version,) = struct.unpack_from("<Q", beginning, 12)
    writer = beginning[_WRITER].rstrip(b"\0").decode("ascii", "replace")
    written = f"DuckDB {writer}" if writer else "a newer DuckDB"
    return (
        f"`{path}` was written by {written} in its storage format {version}, and this ktx has "
        f"DuckDB {duckdb.__version__}, which is older.",
        "Write a copy with the newer one: ATTACH 'copy.duckdb' (STORAGE_VERSION "
        f"'{_format_of_this()}'), then COPY FROM DATABASE. Or let a newer ktx read it.",
    )


def _format_of_this() -> str:
    """Return the name of the storage format of the DuckDB that is here."""
    major, minor, *_ = duckdb.__version__.split(".")
    return f"v{major}.{minor}.0"


def _beginning(path: Path) -> bytes | None:
    """Return the first bytes of the file; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_WRITER.stop)
    except OSError:
        return None
