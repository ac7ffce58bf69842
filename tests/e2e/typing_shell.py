"""A person who types a page's commands into one bash, and what their terminal shows of it."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyte
from harness import LIMIT_SECONDS, Ktx
from person import Person

PROMPT = "$ "
SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
Answers = Sequence[tuple[str, str]]
HISTORY_LINES = 10000
COLOURS = {"red": 31, "green": 32, "brown": 33, "blue": 34, "magenta": 35, "cyan": 36}
OTHER_COLOUR = 37  # ktx has none but these; other programs may
# What less has on the last line while it waits for a key, and the key for it.
PAGER_KEYS = {":": " ", "(END)": "q"}


class Paper(pyte.HistoryScreen):
    """A terminal that forgets no line, and knows dim text too: its cells are the italic ones."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows, history=HISTORY_LINES)
        self.is_drawing = False
        self.overfull: set[int] = set()  # lines that the terminal itself went on from

    def draw(self, data: str) -> None:
        """Writes text; a line that is full goes on in the next one."""
        self.is_drawing = True
        super().draw(data)
        self.is_drawing = False

    def carriage_return(self) -> None:
        """Goes to the start of the line, before a line feed where the text did not fit."""
        if self.is_drawing:
            self.overfull.add(self.cursor_line())
        super().carriage_return()

    def select_graphic_rendition(self, *codes: int, **more: Any) -> None:
        """Takes dim for italic: pyte does not know the one, and ktx never writes the other."""
        super().select_graphic_rendition(*(3 if code == 2 else code for code in codes), **more)

    def cursor_line(self) -> int:
        """The line that the cursor is on, of all that were ever shown."""
        return len(self.history.top) + int(self.cursor.y)

    def text(self, first: int) -> list[str]:
        """The lines from `first` to the cursor's, with their colours as escape sequences."""
        cells = [*self.history.top, *(self.buffer[row] for row in range(self.cursor.y + 1))]
        return [_with_sequences(line, self.columns) for line in cells[first:]]


def _codes(cell: pyte.screens.Char) -> str:
    """What a select-graphic-rendition sequence says of the cell; nothing for plain text."""
    codes = [
        code for code, is_set in ((1, cell.bold), (2, cell.italics), (7, cell.reverse)) if is_set
    ]
    if cell.fg != "default":
        codes.append(COLOURS.get(cell.fg, OTHER_COLOUR))
    return ";".join(map(str, codes))


def _with_sequences(line: Any, columns: int) -> str:
    text, before = "", ""
    for column in range(columns):
        codes = _codes(line[column])
        if codes != before:
            text += ("\x1b[0m" if before else "") + (f"\x1b[{codes}m" if codes else "")
        text, before = text + line[column].data, codes
    return (text + ("\x1b[0m" if before else "")).rstrip()


@dataclass(frozen=True)
class Typed:
    """A command line, the lines of the terminal that it and its output took, and its exit code."""

    command: str
    lines: list[str]
    code: int
    overfull: frozenset[int] = frozenset()  # indexes of lines that did not fit


class TypingShell(Person):
    """One bash as a new user has it: a plain prompt, colours, less for what is long."""

    new_screen = Paper
    screen: Paper

    def __init__(
        self,
        user: Ktx,
        folder: Path,
        codes: Path,
        columns: int,
        rows: int,
        entering: tuple[str, ...] = (),
        root: Path = Path("/"),
    ) -> None:
        """Starts bash; `entering` are the words that do so in another system, whose root is `root`.

        `codes` is a file for the exit codes, in the system of this process.
        """
        self._codes = codes
        codes.touch()
        codes.chmod(0o666)
        program, *before = entering or ("/bin/bash",)
        super().__init__(
            user,
            *(*before, "--noprofile", "--norc", "-i"),
            program=program,
            folder=folder,
            columns=columns,
            rows=rows,
            PS1=PROMPT,
            PROMPT_COMMAND=f"echo $? >> '/{codes.relative_to(root)}'",
            HISTFILE="/dev/null",
            INPUTRC="/dev/null",
            TERM="xterm-256color",
        )
        self._until(lambda: self._ended() == 1 and self._is_at_prompt(), "the prompt")

    def runs(self, command: str, keys: str = "", answers: Answers = ()) -> Typed:
        """Types a command line and Enter, reads to the end, and leaves the pager when it is read.

        `keys` are those that write the command line, with Tab as ⇥, when it is not typed in full.
        `answers` are texts to wait for, each with the keys that are pressed when it stands on the
        cursor's line or above.
        """
        first = self.screen.cursor_line()
        ended = self._ended()
        written = ""
        for part in re.split("(⇥)", keys or command):
            end = command.find(" ", len(written)) + 1 or len(command)
            written = command[:end] if part == "⇥" else written + part
            self._writes("\t" if part == "⇥" else part, first, written)
        self.types("\r")
        for text, pressed in answers:
            self._until(lambda text=text: text in self._since(first), text)
            self.types(pressed)
        self._until(
            lambda: self._ended() > ended and self._is_at_prompt(), command, turn_pages=True
        )
        code = int(self._codes.read_text().split()[-1])
        overfull = frozenset(line - first for line in self.screen.overfull)
        return Typed(command, self.screen.text(first)[:-1], code, overfull)

    def _writes(self, keys: str, first: int, written: str) -> None:
        """Types, and waits until the command line reads so."""
        self.types(keys)

        def is_written() -> bool:
            # A line that is full goes on in the next one; a blank at its end is not to be seen.
            line = "".join(self.screen.text(first))
            return line.replace(" ", "") == (PROMPT + written).replace(" ", "")

        self._until(is_written, written)

    def _since(self, first: int) -> str:
        """What the terminal shows from a line on, as plain text."""
        return "\n".join(SEQUENCE.sub("", line) for line in self.screen.text(first))

    def _ended(self) -> int:
        return len(self._codes.read_text().split())

    def _line(self) -> str:
        return self.screen.display[self.screen.cursor.y].rstrip()

    def _is_at_prompt(self) -> bool:
        return self._line() == PROMPT.rstrip() and self.screen.cursor.x == len(PROMPT)

    def _until(self, is_so: Any, what: str, turn_pages: bool = False) -> None:
        until = time.monotonic() + LIMIT_SECONDS
        while not is_so():
            assert time.monotonic() < until, f"waited in vain for {what}:\n{self.text()}"
            assert self.process.poll() is None, f"ended before {what}:\n{self.text()}"
            if self._read(0.2) and turn_pages and self._line() in PAGER_KEYS:
                self.types(PAGER_KEYS[self._line()])
