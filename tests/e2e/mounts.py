"""File systems of a test's own: mounted where the test says, seen by its ktx alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from harness import LIMIT_SECONDS, Ktx

ROOT_USER = 0


def run_in_mount(
    user: Ktx, point: Path, options: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Runs ktx with a tmpfs at `point` that only it can see."""
    point.mkdir(exist_ok=True)
    script = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"'
    namespace = ["unshare", "--mount"]
    if os.geteuid() != ROOT_USER:
        namespace.append("--map-root-user")
    command = [
        *namespace,
        "sh",
        "-c",
        script,
        "sh",
        options,
        str(point),
        str(user.binary),
        *arguments,
    ]
    return subprocess.run(
        command,
        env=user.environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
