"""What a run of ktx really did, as the kernel saw it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness import LIMIT_SECONDS, Ktx

CALLS = "trace=execve,execveat,openat,open,fork,vfork,clone,clone3"


@dataclass
class Trace:
    """The programs started and the files opened by one run, and its stdout."""

    started: list[str]
    opened: list[str]
    processes: int
    out: str


def trace(user: Ktx, log: Path, *arguments: str) -> Trace:
    """Runs ktx under strace; it must succeed."""
    command = ["strace", "-f", "-qq", "-o", str(log), "-e", CALLS, str(user.binary), *arguments]
    result = subprocess.run(
        command,
        env=user.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    text = log.read_text()
    started = re.findall(r'execve\("([^"]+)".*= 0', text)[1:]  # the first is ktx itself
    opened = re.findall(r'open(?:at)?\([^"]*"([^"]+)".*= \d+', text)
    forks = [line for line in text.splitlines() if re.search(r"\b(v?fork|clone3?)\(", line)]
    return Trace(started, opened, sum("CLONE_THREAD" not in line for line in forks), result.stdout)
