"""One child process for one piece of code: started with nothing, bounded, and ended for sure."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from ktx_daemon.errors import UNSUPPORTED, OperationError
from semantic_layer.data.record import Record

_CHILD = Path(__file__).with_name("child.py")
# A result that is larger was not written by our program.
_MAX_RESULT_FILE = 16_000_000


class Limits(Record):
    """What one piece of code may use; bytes and seconds."""

    wall_seconds: float = 60
    cpu_seconds: int = 30
    memory_bytes: int = 2 * 1024**3
    file_bytes: int = 16 * 1024**2
    open_files: int = 64
    # For a user that is not root: the system does not limit the processes of root.
    processes: int = 0
    console_bytes: int = 100_000

    def as_rlimits(self) -> dict[str, int]:
        """Return the limits by the system's names."""
        return {
            "RLIMIT_CORE": 0,
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_AS": self.memory_bytes,
            "RLIMIT_FSIZE": self.file_bytes,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_NPROC": self.processes,
        }


class Outcome(Record):
    """What became of the code; `fields` is None when it ended before it could say."""

    fields: dict[str, Any] | None
    console: str
    ended: str


def run_in_child(code: str, limits: Limits) -> Outcome:
    """Run code in an interpreter of its own, in a folder that is gone afterwards."""
    if not sys.executable:
        raise OperationError(UNSUPPORTED, "This process has no Python interpreter to start.")
    with TemporaryDirectory(prefix="ktx-code-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "work").mkdir()
        request = {"code": code, "limits": limits.as_rlimits(), "parent": os.getpid()}
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        # A file takes what anybody writes and keeps nobody waiting, unlike a pipe; the limit on
        # the size of files holds for it. It has no name that the code could give to another.
        with TemporaryFile(dir=folder) as console:
            ended = _run(folder, console, limits.wall_seconds)
            fields = _fields(folder / "result.json")
            return Outcome(fields, _text_of(console, limits.console_bytes), ended)


def _run(folder: Path, console: IO[bytes], seconds: float) -> str:
    """Start the child and wait; returns why it ended, or an empty text when it just did."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=console,
        stderr=subprocess.STDOUT,
        cwd=folder / "work",
        env={},
        start_new_session=True,
    )
    in_time = False
    try:
        in_time = _has_ended(process, seconds)
    finally:
        # While it is not waited for its number is nobody else's. What it started goes with it.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        status = process.wait()
    if not in_time:
        return f"took longer than {seconds:g} seconds and was ended"
    if status == -signal.SIGXCPU:
        return "used all the processor time that it may, and was ended"
    if status < 0:
        return f"was ended by signal {signal.Signals(-status).name}"
    return f"left with exit code {status}" if status else ""


def _has_ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    if not hasattr(os, "pidfd_open"):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
    descriptor = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(descriptor)


def _fields(path: Path) -> dict[str, Any] | None:
    """Return what the child wrote, if it did; the code could write there too."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            value = json.loads(file.read(_MAX_RESULT_FILE))
    except (OSError, ValueError, RecursionError):
        return None
    wanted = {"result", "formatted_result", "visualizations", "error"}
    return value if isinstance(value, dict) and value.keys() == wanted else None


def _text_of(console: IO[bytes], limit: int) -> str:
    console.seek(0)
    text = console.read(limit).decode("utf-8", "backslashreplace")
    more = os.fstat(console.fileno()).st_size - limit
    return text if more <= 0 else f"{text}… ({more} more bytes)"
