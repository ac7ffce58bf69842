"""Prints what one lock file has and another has not.

own_requirements.py clickhouse.lock core.lock
"""

from __future__ import annotations

import sys
from pathlib import Path


def blocks(lock: Path) -> list[str]:
    """The requirements of a lock: each with the lines of its hashes."""
    found: list[str] = []
    for line in lock.read_text().splitlines(keepends=True):
        if line.startswith((" ", "#")) and found:
            found[-1] += line
        else:
            found.append(line)
    return found


def main() -> None:
    """Prints them in the order of the first file."""
    more, base = (blocks(Path(name)) for name in sys.argv[1:])
    sys.stdout.write("".join(block for block in more if block not in base))


if __name__ == "__main__":
    main()
