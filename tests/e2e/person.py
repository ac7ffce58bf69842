"""A person at a terminal: types keys to ktx, and reads what is on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pyte
from harness import LIMIT_SECONDS, Ktx

ENTER, ESCAPE, CTRL_C, CTRL_D = "\r", "\x1b", "\x03", "\x04"
UP, DOWN, LEFT, RIGHT = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C"


class Person:
    """Runs ktx, or another program, with all three streams on a terminal of its own."""

    new_screen: Callable[[int, int], pyte.Screen] = pyte.Screen

    def __init__(
        self,
        user: Ktx,
        *arguments: str,
        folder: Path,
        program: str = "",
        columns: int = 90,
        rows: int = 40,
        **more: str,
    ) -> None:
        self.terminal, self.side_of_ktx = pty.openpty()
        fcntl.ioctl(
            self.side_of_ktx,
            termios.TIOCSWINSZ,
            struct.pack("HHHH", rows, columns, 0, 0),
        )
        self.modes = termios.tcgetattr(self.side_of_ktx)
        self.screen = type(self).new_screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.process = subprocess.Popen(
            [program or str(user.binary), *arguments],
            env=user.environment() | {"TERM": "xterm-256color"} | more,
            cwd=folder,
            stdin=self.side_of_ktx,
            stdout=self.side_of_ktx,
            stderr=self.side_of_ktx,
            preexec_fn=_take_terminal,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)
        os.close(self.side_of_ktx)

    def sees(self, text: str) -> str:
        """Waits until the text is on the screen, and returns the screen."""
        self._waits(lambda: text in self.text(), text)
        return self.text()

    def hears_bell(self) -> None:
        """Waits until the terminal rings, the first time."""
        self._waits(lambda: b"\a" in self.raw, "a bell")

    def _waits(self, is_so: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + LIMIT_SECONDS
        while not is_so():
            assert time.monotonic() < end, f"no {what!r} on the screen:\n{self.text()}"
            ended = self.process.poll() is not None
            if not self._read(0.2) and ended:
                raise AssertionError(f"ended without {what!r}:\n{self.text()}")

    def sees_not(self, text: str) -> None:
        """Waits until the text is no longer on the screen."""
        end = time.monotonic() + LIMIT_SECONDS
        while text in self.text():
            assert time.monotonic() < end, f"still {text!r} on the screen:\n{self.text()}"
            self._read(0.2)

    def types(self, keys: str) -> None:
        """Presses keys."""
        os.write(self.terminal, keys.encode())

    def answers(self, question: str, keys: str = ENTER) -> str:
        """Waits for the question, returns the screen with it, and types the answer."""
        screen = self.sees(f"? {question}")
        self.types(keys)
        return screen

    def gets(self, number: signal.Signals) -> None:
        """Sends ktx a signal."""
        self.process.send_signal(number)

    def ends(self) -> int:
        """Waits for the end and returns the exit code; the terminal must be as it was."""
        end = time.monotonic() + LIMIT_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < end, f"does not end:\n{self.text()}"
            self._read(0.2)
        while self._read(0):
            pass
        assert termios.tcgetattr(self.side_of_ktx) == self.modes
        assert not self.screen.cursor.hidden
        return self.process.returncode

    def text(self) -> str:
        """The screen without the blanks at the ends of its lines."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip() + "\n"

    def _read(self, seconds: float) -> bool:
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        piece = os.read(self.terminal, 65536)
        self.raw += piece
        self._stream.feed(piece)
        return bool(piece)


def _take_terminal() -> None:
    """In the child: the terminal is the one whose Ctrl-C it hears."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
