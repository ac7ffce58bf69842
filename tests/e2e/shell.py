"""A person at an interactive shell: keys go in, the screen comes out."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

from harness import LIMIT_SECONDS
from terminal import resize

PROMPT = "ready> "
# What has been typed when Enter is pressed: the words are written instead of run.
WRAPPER = """#!/bin/sh
if [ "$1" = __complete ]; then exec "$KTX_REAL" "$@"; fi
printf '\\nTYPED:'
printf '[%s]' "$@"
printf ':END\\n'
"""
START = {
    "bash": (
        ["bash", "--noprofile", "--norc", "-i"],
        "PS1='{prompt}'; source {script}",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        "PROMPT='{prompt}'; autoload -U compinit && compinit -D -u; source {script}",
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        "function fish_prompt; echo -n '{prompt}'; end; source {script}",
    ),
}


class Shell:
    """One interactive shell on a pseudo-terminal of its own."""

    def __init__(self, name: str, script: Path, folder: Path, variables: dict[str, str]) -> None:
        words, setup = START[name]
        self._terminal, side = pty.openpty()
        resize(side, 120)
        self.screen = ""
        self._process = subprocess.Popen(
            ["setsid", "--ctty", *words],  # fish wants a controlling terminal
            cwd=folder,
            env=variables | {"TERM": "xterm", "INPUTRC": "/dev/null"},
            stdin=side,
            stdout=side,
            stderr=side,
        )
        os.close(side)
        # The prompt is written in two parts, so that the echo of this line is not taken for it.
        self.press(setup.format(prompt=PROMPT.replace("ready", "rea''dy"), script=script) + "\r")
        self.wait_for(re.escape(PROMPT))

    def press(self, keys: str) -> None:
        """Types."""
        os.write(self._terminal, keys.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first place where the screen has it, from what was not waited for yet on."""
        until = time.monotonic() + LIMIT_SECONDS
        while not (found := re.search(pattern, self.screen, re.DOTALL)):
            left = until - time.monotonic()
            ready, _, _ = select.select([self._terminal], [], [], max(left, 0))
            assert ready, f"{pattern} is not on the screen: {self.screen!r}"
            self.screen += os.read(self._terminal, 65536).decode(errors="replace")
        self.screen = self.screen[found.end() :]
        return found

    def words_after_tab(self, typed: str) -> list[str]:
        """The words of the line `ktx <typed>`, when Tab and then Enter are pressed."""
        self.press(f"ktx {typed}\t\r")
        line = self.wait_for(r"TYPED:(.*?):END")[1]
        self.wait_for(re.escape(PROMPT))
        return re.findall(r"\[(.*?)\]", line)

    def close(self) -> None:
        """Ends the shell."""
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)


def make_wrapper(folder: Path) -> Path:
    """A folder with a `ktx` that completes as the real one does and otherwise shows its words."""
    folder.mkdir()
    wrapper = folder / "ktx"
    wrapper.write_text(WRAPPER, encoding="utf-8")
    wrapper.chmod(0o755)
    return folder
