"""The first ten minutes of a new user, typed on a bare system under each package manager.

What their terminal showed is kept in transcripts/, one file for each newcomer: with `…` in the
place of what the package manager said, and a line with the exit code where that is not 0.
KTX_UPDATE_GOLDEN=1 writes them anew. Nothing is skipped: where the mirror, a manager or a Python is
not to be had, the test fails and says which.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bare_system import HOME, BareSystem, bare_system
from golden import expect_text
from installed import described, packed
from newcomers import NEWCOMERS, Newcomer
from npm_registry import npm_registry
from typing_shell import PROMPT, SEQUENCE, Typed, TypingShell

TRANSCRIPTS = Path(__file__).parent / "transcripts"
WIDE, NARROW, ROWS = 80, 60, 30
QUESTION = "{ktx} sl query --measure orders.order_count --dimension regions.name --execute"
AT_FIRST = ["{ktx} --version", "{ktx} runtime doctor", "{ktx} setup demo shop", "cd shop"]
MINUTES = [
    "{ktx} sl validate",
    "{ktx} status",
    "{ktx} doctor 2>&1 | head -n 1",
    "{ktx} sl qurey",
    "{ktx} sl query --measure orders.order_cuont --execute",
    "{ktx} sl list --project-dir ../nowhere",
    "{ktx} completion bash | head -n 1",
    "{ktx} runtime doctor | head -n 5",
]
ON_A_NARROW_SCREEN = [
    "{ktx} help sl list",
    "{ktx} sl query --measure orders.order_count --dimension products.name",
    "{ktx} sl list --project-dir ../nowhere",
    "{ktx} setup demo ../another",
    "{ktx} sl search refunds",
]
AS_ROOT = "# "
PACKAGES = re.compile(r"`apt-get install ([\w. -]+)`")
# What differs from run to run, or with the version of something that is not ktx.
CHANGING = [
    (r"\b\d+(\.\d+)?( ?)(ms|s|KiB|MiB|GiB|KB|MB|GB)\b", r"<number>\2\3"),
    (r"\b3\.(1\d)\.\d+\b", r"3.\1.<patch>"),
    (r"\buv \d[\d.]+", "uv <version>"),
    (r"(?<=archive-v0/)[\w-]+", "<random>"),
    (r"(error: Failed to install )[^\n]*(\n [^\n]*)*", r"\1…"),
]


@contextmanager
def made_for(newcomer: Newcomer) -> Iterator[BareSystem]:
    """The newcomer's system, with what they have, in a folder that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="ktx-bare-") as place,
        npm_registry(*packed("npm")) as npm,
    ):
        Path(place).chmod(0o755)
        system = bare_system(Path(place) / "root")
        newcomer.prepare(system)
        wheel = packed("wheel")[0]
        system.put(wheel, f"/opt/wheels/{wheel.name}")
        settings = newcomer.settings | {
            ".config/pip/pip.conf": "[install]\nno-index = true\nfind-links = /opt/wheels\n"
        }
        for name, text in settings.items():
            system.write(name, text)
        system.extra |= {
            "BUN_CONFIG_REGISTRY": npm,
            "UV_FIND_LINKS": "/opt/wheels",
            "VIRTUAL_ENV_DISABLE_PROMPT": "1",  # the shell is known by its prompt
            "YARN_ENABLE_TELEMETRY": "0",
            "YARN_NPM_MINIMAL_AGE_GATE": "0",
            "YARN_NPM_REGISTRY_SERVER": npm,
            "YARN_UNSAFE_HTTP_WHITELIST": "127.0.0.1",
            "npm_config_registry": npm,
            "npm_config_update_notifier": "false",
            "pnpm_config_registry": npm,
        }
        yield system


def shell_in(system: BareSystem, columns: int) -> TypingShell:
    """A shell on a terminal of that width, in the home."""
    codes = system.folder / f"codes-{columns}"
    return TypingShell(
        system, Path("/"), codes, columns, ROWS, (*system.entering(), "/bin/bash"), system.folder
    )


class Session:
    """One shell of a newcomer, and the transcript of it."""

    def __init__(self, system: BareSystem, ktx: str, shell: TypingShell, columns: int) -> None:
        self.system, self.ktx, self.shell, self.columns = system, ktx, shell, columns
        self.text = ""

    def manages(self, line: str) -> None:
        """Types what the package manager or the shell answers in its own words."""
        if line.startswith(AS_ROOT):
            self.system.does("/bin/sh", "-c", line.removeprefix(AS_ROOT))
            self.text += f"{line}\n…\n"
            return
        typed = self.shell.runs(line)
        assert typed.code == 0, "\n".join(typed.lines)
        self.text += f"{PROMPT}{line}\n…\n"

    def asks(self, line: str, answer: tuple[tuple[str, str], ...] = ()) -> str:
        """Types a line that starts ktx, and returns what it printed."""
        typed = self.shell.runs(line.format(ktx=self.ktx), answers=answer)
        printed = self._printed(typed)
        # What goes into a pipe has the lines that a program reads.
        broken = [] if "|" in line else list(broken_words(typed, self.columns, self.ktx))
        assert not broken, f"{typed.command}: broken within {broken}:\n" + "\n".join(printed)
        self.text += f"{PROMPT}{typed.command}\n" + "".join(f"{line}\n" for line in printed)
        self.text += f"[exit {typed.code}]\n" if typed.code else ""
        return "\n".join(printed)

    def _printed(self, typed: Typed) -> list[str]:
        """The lines below those that the command line takes."""
        taken = rows_of_command(typed.command, self.columns)
        return [SEQUENCE.sub("", line).rstrip() for line in typed.lines[taken:]]


def rows_of_command(command: str, columns: int) -> int:
    """The lines of the terminal that the prompt and a command line take."""
    return 1 + (len(PROMPT + command) - 1) // columns


def broken_words(typed: Typed, columns: int, ktx: str) -> Iterator[str]:
    """Words within which the terminal had to go on in the next line, though one has room for
    them. A command to be copied that is longer than a line stays one, and is no such word.
    """
    lines = [SEQUENCE.sub("", line) for line in typed.lines]
    for at in sorted(typed.overfull):
        if rows_of_command(typed.command, columns) <= at < len(lines) - 1:
            parts = lines[at].split(" ")[-1], lines[at + 1].split(" ")[0]
            indent = len(lines[at]) - len(lines[at].lstrip())
            both = lines[at] + lines[at + 1]
            command = both[both.find(ktx) :] if ktx in both else ""
            is_long = len("".join(parts)) + indent > columns or len(command) > columns
            if all(parts) and not is_long:
                yield "".join(parts)


def with_a_runtime(session: Session) -> None:
    """Asks the first question, agrees to the install, and does as root what its Fix says."""
    agreed = (("Install now?", "y\r"),)
    printed = session.asks(QUESTION, agreed)
    found = PACKAGES.search(printed.replace("\n", " "))
    if found:
        session.manages(f"{AS_ROOT}apt-get install {found[1]}")
        printed = session.asks(QUESTION, agreed)
    assert "Vienna" in printed, printed


def steady(text: str) -> str:
    """The transcript as it would be on any day, with any release."""
    text = text.replace(described()["version"], "<ktx>")
    for pattern, replacement in CHANGING:
        text = re.sub(pattern, replacement, text)
    return text


@pytest.mark.parametrize("newcomer", NEWCOMERS, ids=[newcomer.name for newcomer in NEWCOMERS])
def test_the_first_ten_minutes(newcomer: Newcomer) -> None:
    """Nothing surprises: the transcript is the one that was read, and no word in it is broken."""
    with made_for(newcomer) as system:
        with shell_in(system, WIDE) as shell:
            session = Session(system, newcomer.run, shell, WIDE)
            for line in newcomer.install:
                session.manages(line)
            for line in AT_FIRST:
                session.asks(line)
            session.ktx = newcomer.below or newcomer.run
            with_a_runtime(session)
            for line in MINUTES:
                session.asks(line)
        with shell_in(system, NARROW) as shell:
            narrow = Session(system, session.ktx, shell, NARROW)
            for line in (*newcomer.again, "cd shop"):
                narrow.manages(line)
            for line in ON_A_NARROW_SCREEN:
                narrow.asks(line)
            shell.runs(f"cd {HOME}")
            for line in newcomer.uninstall:
                narrow.manages(line)
    expect_text(
        TRANSCRIPTS / f"{newcomer.name}.txt", steady(f"{session.text}\n# 60 columns\n{narrow.text}")
    )
