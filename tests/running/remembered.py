"""Runs a check unless it passed before on the very same files.

    remembered.py --record FILE --of PATH… -- COMMAND…

What it passed on is kept in FILE: a digest of the command and of every file below each PATH. Only
checks that depend on nothing else are run like this. KTX_TEST_AGAIN=1 runs them all the same.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

MADE_BY_PYTHON = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
# With these a run is asked for what it does, and not only for whether it passes.
RUNS_ANYWAY = ("KTX_TEST_AGAIN", "KTX_UPDATE_GOLDEN")


def files_below(path: Path) -> Iterator[Path]:
    """The file itself, or every file of a folder in a fixed order."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(set(folders) - MADE_BY_PYTHON)
        yield from (Path(folder, name) for name in sorted(names))


def digest(command: list[str], paths: Iterable[Path]) -> str:
    """What the outcome depends on, as one hexadecimal number; a missing path is an OSError."""
    whole = hashlib.sha256(repr(command).encode())
    for path in paths:
        for file in files_below(path):
            content = os.readlink(file).encode() if file.is_symlink() else file.read_bytes()
            whole.update(f"{file}\0{len(content)}\0".encode())
            whole.update(content)
    return whole.hexdigest()


def run(record: Path, paths: list[Path], command: list[str]) -> int:
    """Runs the command where that is needed; its exit code."""
    before = digest(command, paths)
    anyway = any(os.environ.get(name) for name in RUNS_ANYWAY)
    if not anyway and record.exists() and record.read_text() == before:
        print("Passed before on the same files. KTX_TEST_AGAIN=1 runs it again.")
        return 0
    record.unlink(missing_ok=True)
    code = subprocess.run(command, check=False).returncode
    if code == 0 and digest(command, paths) == before:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(before)
    return code if code >= 0 else 128 - code


def main(arguments: list[str]) -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--record", type=Path, required=True, help="the file that remembers")
    parser.add_argument(
        "--of", type=Path, nargs="+", required=True, help="files and folders it depends on"
    )
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser.parse_args(arguments[:end])
    command = arguments[end + 1 :]
    if not command:
        parser.error("the command is missing: write -- and then what is to be run")
    return run(options.record, options.of, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
