"""The first ten minutes of a new user, typed into one shell as their page tells it.

What their terminal showed is kept in tests/golden/first_ten_minutes.ansi, colours and all: `cat`
shows it again. The page shows parts of it, and the site draws its screens of it. What differs from
run to run (`CHANGING` in shown.py, and the folder) may differ from the file.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from golden import GOLDEN
from harness import BUILD, Ktx
from model_files import write_file
from pages import ROOT, blocks_of
from shown import SEQUENCE, is_shown, on_terminal, steady
from typing_shell import PROMPT, Typed, TypingShell

PAGE = ROOT / "docs" / "first-ten-minutes.md"
TRANSCRIPT = GOLDEN / "first_ten_minutes.ansi"
COLUMNS, ROWS = 100, 30


@pytest.fixture(scope="module")
def session() -> Iterator[list[Typed]]:
    """Everything that was typed, from an empty home without a runtime on."""
    with tempfile.TemporaryDirectory(prefix="ktx-", dir="/tmp") as folder:
        home = Path(folder)
        programs = home / ".local" / "bin"
        programs.mkdir(parents=True)
        (programs / "ktx").symlink_to(BUILD / "bin" / "ktx")
        path = f"{programs}:/usr/local/bin:/usr/bin:/bin"
        user = Ktx(home, home / ".ktx/runtime", extra={"KTX_NO_CACHE": "", "PATH": path})
        with TypingShell(user, home, home / ".codes", COLUMNS, ROWS) as shell:
            yield type_page(shell, home)


def type_page(shell: TypingShell, work: Path) -> list[Typed]:
    """Types every command of the page, and does with an editor what the page says."""
    typed = []
    for block in blocks_of(PAGE):
        write_file(work, block)
        for command in block.commands():
            turn = shell.runs(command.text, block.value("typed"))
            assert turn.code == int(block.value("exit", "0")), f"{block.name}: {turn.lines}"
            typed.append(turn)
    return typed


def as_kept(session: list[Typed]) -> str:
    """The transcript, with a home as long as those made by chance: lines end where they did."""
    text = "".join(line + "\n" for turn in session for line in turn.lines)
    return re.sub(r"/tmp/ktx-\w{8}\b", "/home/kim.example", text)


def test_the_terminal_shows_what_is_kept(session: list[Typed]) -> None:
    """To the character and the colour; KTX_UPDATE_GOLDEN=1 writes the file anew."""
    actual = as_kept(session)
    kept = TRANSCRIPT.read_text(encoding="utf-8") if TRANSCRIPT.exists() else ""
    if os.environ.get("KTX_UPDATE_GOLDEN") and steady(actual) != steady(kept):
        TRANSCRIPT.write_text(actual, encoding="utf-8")
        return
    assert steady(actual) == steady(kept)


def test_the_page_shows_parts_of_it() -> None:
    """Each command of the page, in its order, with what the terminal showed below it."""
    kept = SEQUENCE.sub("", TRANSCRIPT.read_text(encoding="utf-8"))
    turns = re.split(rf"^{re.escape(PROMPT)}", kept, flags=re.MULTILINE)[1:]
    commands = [command for block in blocks_of(PAGE) for command in block.commands()]
    assert len(turns) == len(commands)
    for turn, command in zip(turns, commands, strict=True):
        line = on_terminal(PROMPT + command.text, COLUMNS).removeprefix(PROMPT)
        assert turn.startswith(line), f"{command.text}\n{turn}"
        printed = turn.removeprefix(line)
        if command.shown:
            assert is_shown(command.shown, printed, COLUMNS), f"{command.text}\n{printed}"
