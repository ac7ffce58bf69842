"""Lets the site show what a terminal showed, as pictures of the kept session.

A comment `<!-- screen: what it shows -->` before a `console` block replaces the block's output by
the picture of it; the comment's words are for readers who do not see it. The command stays text, to
be copied. Where pages are read as they are, on GitHub, the block is text as a whole.
"""

from __future__ import annotations

import html
import posixpath
import re
from pathlib import Path

from terminal_svg import draw, plain

TRANSCRIPT = Path(__file__).resolve().parents[2] / "tests" / "golden" / "first_ten_minutes.ansi"
BLOCK = re.compile(r"<!-- screen: (.+?) -->\n(?:<!--.*?-->\n)*```console\n\$ (.+)\n(?:.*\n)*?```\n")
PROMPT = "$ "


def _is_typed(lines: list[str], command: str) -> int:
    """How many of the lines are the command line as it was typed; 0 when they are another."""
    # A line that was full goes on in the next one, and blanks at its end are not kept.
    typed, text = (PROMPT + command).replace(" ", ""), ""
    for count, line in enumerate(lines, 1):
        text += plain(line).replace(" ", "")
        if text == typed:
            return count
        if not typed.startswith(text):
            break
    return 0


def shown_below(command: str) -> list[str]:
    """What the terminal showed when the command was typed, with the sequences of its colours."""
    lines = TRANSCRIPT.read_text(encoding="utf-8").splitlines()
    for start in range(len(lines)):
        if count := _is_typed(lines[start:], command):
            rest = lines[start + count :]
            ends = [number for number, line in enumerate(rest) if line.startswith(PROMPT)]
            return rest[: ends[0] if ends else None]
    raise ValueError(f"the session in {TRANSCRIPT.name} has no command line {command!r}")


def with_screens(page: str, text: str, static: Path) -> str:
    """The page with its pictures, which are written to `static`/screens."""
    pictures = 0

    def screen(match: re.Match[str]) -> str:
        nonlocal pictures
        pictures += 1
        title, command = match.groups()
        name = f"screens/{posixpath.basename(page)}-{pictures}.svg"
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(draw(shown_below(command), title), encoding="utf-8")
        source = posixpath.relpath(f"_static/{name}", posixpath.dirname(page) or ".")
        picture = f'<img src="{source}" alt="{html.escape(title)}">'
        return f'```console\n$ {command}\n```\n\n<div class="screen" tabindex="0">{picture}</div>\n'

    return BLOCK.sub(screen, text)
