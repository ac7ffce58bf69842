"""What the tests of the daemon look at: its state, its log, its process."""

from __future__ import annotations

import json
import os
import select
import signal
from pathlib import Path
from typing import Any

from harness import LIMIT_SECONDS, Ktx


def status(user: Ktx) -> dict[str, Any]:
    """The daemon's part of `ktx runtime status --json`."""
    daemon: dict[str, Any] = user.json("runtime", "status", "--json")["daemon"]
    return daemon


def state_file(user: Ktx) -> Path:
    """Where the daemon's state is, whether or not one runs."""
    return Path(status(user)["stateFile"])


def state(user: Ktx) -> dict[str, Any]:
    """The state of the daemon that was started last."""
    document: dict[str, Any] = json.loads(state_file(user).read_text())
    return document


def write_state(user: Ktx, document: dict[str, Any]) -> None:
    """Replaces the state file by one that only its owner may read."""
    path = state_file(user)
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(document))
    beside.rename(path)


def log_lines(user: Ktx, words: str) -> list[str]:
    """The lines of the daemon's log that have these words."""
    log = state_file(user).with_name("daemon.log")
    text = log.read_text() if log.exists() else ""
    return [line for line in text.splitlines() if words in line]


def start_time(pid: int) -> int:
    """When the process started, as its state has it."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[19])


class Watched:
    """A process whose end can be waited for; it is held by a descriptor, not by its number."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def ends(self, seconds: float = LIMIT_SECONDS) -> bool:
        """Whether it ends within the time."""
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def signal(self, number: int) -> None:
        """Sends a signal to this very process."""
        signal.pidfd_send_signal(self._descriptor, number)
