"""Compares what a page shows with what a command printed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

# What differs from run to run, on both sides: times, sizes, ports and names made by chance.
CHANGING = [
    (r"\b\d+(\.\d+)?( ?)(ms|s|KiB|MiB|GiB|KB|MB|GB)\b", r"<number>\2\3"),
    (r"(127\.0\.0\.1):\d+", r"\1:<port>"),
    (r"(?<=-)[0-9a-f]{12}\b", "<random>"),
]


SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def steady(text: str) -> str:
    """The text without what differs from run to run, and without blanks at ends of lines."""
    for pattern, replacement in CHANGING:
        text = re.sub(pattern, replacement, text)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


def on_terminal(line: str, columns: int) -> str:
    """The line as a terminal of that width shows it, with the line's end."""
    parts = [line[start : start + columns] for start in range(0, len(line), columns)]
    return "\n".join(parts or [""]) + "\n"


def between_words(line: str, columns: int) -> str:
    """The line as ktx breaks its messages for a terminal of that width."""
    parts = textwrap.wrap(line, columns, break_long_words=False, break_on_hyphens=False)
    return "\n".join(parts) + "\n"


def _line_pattern(line: str, columns: int | None) -> str:
    if columns is None or len(line) <= columns or "…" in line:
        return r"[^\n]*?".join(re.escape(part) for part in steady(line).split("…")) + "\n"
    # What is read from a terminal's other side has the lines as they were written.
    ways = [f"{line}\n", on_terminal(line, columns), between_words(line, columns)]
    return f"(?:{'|'.join(re.escape(steady(way)) for way in ways)})"


def is_shown(shown: Sequence[str], printed: str, columns: int | None = None) -> bool:
    """Whether the lines of a page are what was printed, all of it, on a terminal of `columns`.

    `…` on a line of its own stands for any lines, within a line for any text.
    """
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line.strip() == "…" else _line_pattern(line, columns) for line in shown
    )
    return (
        re.fullmatch(pattern, steady("".join(f"{line}\n" for line in printed.splitlines())))
        is not None
    )
