"""Compares what a page shows with what a command printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What differs from run to run, on both sides: times, sizes, ports and names made by chance.
CHANGING = [
    (r"\b\d+(\.\d+)?( ?)(ms|s|KiB|MiB|GiB|KB|MB|GB)\b", r"<number>\2\3"),
    (r"(127\.0\.0\.1):\d+", r"\1:<port>"),
    (r"(?<=-)[0-9a-f]{12}\b", "<random>"),
]


def _steady(line: str) -> str:
    for pattern, replacement in CHANGING:
        line = re.sub(pattern, replacement, line)
    return line.rstrip()


def _pattern(lines: Sequence[str]) -> str:
    """`…` on a line of its own stands for any lines, within a line for any text."""
    parts = []
    for line in lines:
        if line.strip() == "…":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(
                r"[^\n]*?".join(re.escape(part) for part in _steady(line).split("…")) + "\n"
            )
    return "".join(parts)


def is_shown(shown: Sequence[str], printed: str) -> bool:
    """Whether the lines of a page are what was printed, all of it."""
    steady = "".join(_steady(line) + "\n" for line in printed.splitlines())
    return re.fullmatch(_pattern(shown), steady) is not None
