"""Two users of one machine: root, who installs, and one who owns nothing but a home."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from harness import LIMIT_SECONDS, Ktx
from small_package import SERVER_PACKAGES, small_package

NOBODY = 65534
PYTHON = Path("/usr/bin/python3")
"""A Python that everybody may run."""


@contextmanager
def public_folder() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="ktx-public-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def administrator(folder: Path) -> Ktx:
    """Root with a package, a home and a runtime root in a public folder."""
    (folder / "root-home").mkdir(mode=0o700)
    binary = small_package(folder / "package", SERVER_PACKAGES)
    return Ktx(home=folder / "root-home", runtime_root=folder / "root", binary=binary)


def make_home(folder: Path) -> Path:
    """A home of the other user."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, NOBODY, NOBODY)
    return home


def other_user(user: Ktx, home: Path) -> Ktx:
    """The same machine and runtime root as the other user sees it; run it with `run_as_other`."""
    extra = {"UV_CACHE_DIR": str(home / "uv"), "PIP_CACHE_DIR": str(home / "pip")}
    return replace(user, home=home, extra=user.extra | extra)


def run_as_other(user: Ktx, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs ktx as the other user, by a program that really changes who it is."""
    change = [str(shutil.which("setpriv")), f"--reuid={NOBODY}", f"--regid={NOBODY}"]
    command = [*change, "--clear-groups", str(user.binary), *map(str, words)]
    return subprocess.run(
        command,
        env=user.environment(),
        cwd=user.home,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def give(path: Path) -> None:
    """Gives the folder and everything in it to the other user."""
    for entry in (path, *path.rglob("*")):
        os.chown(entry, NOBODY, NOBODY, follow_symlinks=False)
