"""Runs ktx with its stderr on a pseudo-terminal, and draws what a person would see there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import termios
from collections.abc import Callable
from dataclasses import dataclass, field

from harness import LIMIT_SECONDS, Ktx

PART = re.compile("\r|\n|\x1b\\[[0-9;?]*[ -/]*[@-~]|[^\r\n\x1b]")
COLOUR = re.compile("\x1b\\[[0-9;]*m")


def resize(descriptor: int, columns: int) -> None:
    """Gives a terminal another width."""
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


@dataclass
class Screen:
    """A terminal that knows what the progress line needs; any other sequence fails the test."""

    columns: int
    lines: list[str] = field(default_factory=lambda: [""])
    frames: list[str] = field(default_factory=list)
    column: int = 0

    def draw(self, text: str) -> None:
        """Takes what was written; a line that reaches the last column fails the test."""
        for part in PART.findall(text):
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.lines.append("")
            elif part == "\x1b[K":
                self._remember()
                self.lines[-1] = self.lines[-1][: self.column]
            elif not COLOUR.fullmatch(part):
                assert len(part) == 1, (
                    f"a sequence that is neither text nor an empty line: {part!r}"
                )
                self.lines[-1] = self.lines[-1][: self.column] + part
                self.column += 1
                assert self.column < self.columns, f"wraps: {self.lines[-1]}"

    def _remember(self) -> None:
        if self.lines[-1]:
            self.frames.append(self.lines[-1])


@dataclass
class TerminalRun:
    """What came of a run."""

    code: int
    out: str
    raw: str


def run_on_terminal(
    user: Ktx,
    *arguments: str,
    columns: int,
    on_text: Callable[[int, str], None],
    on_start: Callable[[int], None] = lambda _: None,
) -> TerminalRun:
    """Runs ktx; `on_text` is given the terminal and each piece of what was written to it.

    `on_start` is given the number of the process.
    """
    terminal, side_of_ktx = pty.openpty()
    resize(terminal, columns)
    raw = b""
    process = user.start(*arguments, stderr=side_of_ktx)
    os.close(side_of_ktx)
    on_start(process.pid)
    try:
        while piece := _read(terminal):
            raw += piece
            on_text(terminal, piece.decode(errors="replace"))
        out, _ = process.communicate(timeout=LIMIT_SECONDS)
    finally:
        process.kill()
        os.close(terminal)
    return TerminalRun(process.returncode, out, raw.decode())


def _read(terminal: int) -> bytes:
    """The next whole characters; nothing once ktx has closed its side."""
    try:
        piece = os.read(terminal, 65536)
        while piece and not _is_whole(piece):
            piece += os.read(terminal, 1)
    except OSError:  # EIO: the other side is closed
        return b""
    return piece


def _is_whole(piece: bytes) -> bool:
    return re.search(rb"[\xc0-\xff]$|[\xe0-\xff][\x80-\xbf]$|\x1b(\[[0-9;?]*)?$", piece) is None
