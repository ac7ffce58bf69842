"""What the tools are told of Pythons is the one list: the classifiers of python/pyproject.toml."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "python" / "pyproject.toml").read_text())


def listed() -> list[str]:
    """As the shell scripts and CMake read it."""
    command = [ROOT / "cmake" / "pythons.sh"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_the_shell_reads_what_the_wheel_says() -> None:
    prefix = "Programming Language :: Python :: "
    said = [
        name.removeprefix(prefix)
        for name in PROJECT["project"]["classifiers"]
        if name.startswith(prefix)
    ]
    assert said == listed()
    assert said == sorted(said, key=lambda minor: int(minor.split(".")[1]))


def test_the_oldest_is_what_the_sources_are_written_for() -> None:
    oldest = listed()[0]
    assert PROJECT["project"]["requires-python"] == f">={oldest}"
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert PROJECT["tool"]["mypy"]["python_version"] == oldest


def test_what_is_fetched_is_of_the_list_and_pinned() -> None:
    text = (ROOT / "cmake" / "fetched-pythons.txt").read_text()
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    assert lines
    for minor, artifact, sha256 in lines:
        assert minor in listed()
        assert f":{minor}." in artifact
        assert re.fullmatch(r"[0-9a-f]{64}", sha256)
