"""`ktx …` in a sentence or a table exists, and the examples in `--help` run."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import Ktx
from markdown_it.token import Token
from pages import ROOT, pages, tokens_of

from conftest import MakeSandbox

SUBCOMMANDS = re.compile(r"^(?:Subcommands|Commands|SUBCOMMANDS):\n((?:  .+\n)+)", re.MULTILINE)
EXAMPLES = re.compile(r"^Examples:\n((?:(?:  .*)?\n)+)", re.MULTILINE)
OPTION = re.compile(r"(--[a-z][a-z-]*)")
# What cannot run where a test runs, by the words that the example begins with.
NOT_RUN = {
    "ktx runtime install --feature": "downloads packages",
    "ktx runtime bundle": "downloads packages",
    "ktx runtime start --foreground": "serves until it is stopped",
    "ktx serve --mcp": "serves until its client goes or it is stopped",
    "ktx mcp stdio": "serves until its client goes",
    "ktx mcp start --token env:KTX_MCP_TOKEN": "needs the variable",
    "ktx mcp logs": "there is no log before ktx mcp start",
    "ktx runtime install --from-bundle": "needs a bundle",
}


def mentions() -> list[tuple[str, str]]:
    """Each page with the inline code on it that begins with `ktx `."""
    found = set()
    for page in pages():
        for token in tokens_of(page):
            for child in _inline(token):
                if child.type == "code_inline" and child.content.startswith("ktx "):
                    found.add((str(page.relative_to(ROOT)), child.content.replace("\\|", "|")))
    return sorted(found)


def _inline(token: Token) -> Iterator[Token]:
    yield from token.children or []


@functools.cache
def help_of(user_root: Path, binary: Path, words: tuple[str, ...]) -> str:
    """What `ktx words --help` prints; nothing when there is no such command."""
    user = Ktx(home=user_root, runtime_root=user_root, binary=binary)
    result = user.run(*words, "--help")
    return result.stdout if result.returncode == 0 else ""


def names_below(text: str) -> list[str]:
    """The commands that a help text lists."""
    listed = SUBCOMMANDS.search(text)
    return re.findall(r"^  (\S+)", listed[1], re.MULTILINE) if listed else []


def command_of(user: Ktx, words: list[str]) -> tuple[str, ...]:
    """The longest beginning of the words that is a command."""
    command: tuple[str, ...] = ()
    for word in words:
        if word not in names_below(help_of(user.home, user.binary, command)):
            break
        command = (*command, word)
    return command


@pytest.mark.parametrize(("page", "mention"), mentions(), ids=lambda text: text)
def test_a_mentioned_command_exists(page: str, mention: str, user: Ktx) -> None:
    """With the options that are mentioned with it, its own or those of every command."""
    words = mention.split()[1:]
    named = [word for word in words if not word.startswith("-")]
    command = command_of(user, named)
    starts = bool(named) and words[0] == named[0] and re.fullmatch(r"[a-z-]+", named[0]) is not None
    assert command or not starts, f"{page}: {mention}"
    known = help_of(user.home, user.binary, command) + help_of(user.home, user.binary, ())
    missing = [name for name in OPTION.findall(mention) if not re.search(rf"{name}\b", known)]
    assert not missing, f"{page}: {mention}: {command} has no {missing}"


def every_command(user: Ktx, command: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All commands that help lists, from the root down."""
    yield command
    for name in names_below(help_of(user.home, user.binary, command)):
        yield from every_command(user, (*command, name))


def examples_of(text: str) -> list[str]:
    """The command lines below `Examples:` in a help text."""
    part = EXAMPLES.search(text)
    lines = re.findall(r"^ +(?:\$ )?(ktx .+)$", part[1], re.MULTILINE) if part else []
    return [re.split(r"\s{2,}(?=\S)", line)[0] for line in lines]


def test_examples_of_help_run(user: Ktx, make_sandbox: MakeSandbox) -> None:
    """Each in a project of its own: the reader may copy what is shown."""
    failed = []
    for command in every_command(user):
        for line in examples_of(help_of(user.home, user.binary, command)):
            assert shlex.split(line)[0] == "ktx", line
            if any(line.startswith(beginning) for beginning in NOT_RUN):
                continue
            kind = "database" if "--new" in line else "examples"
            result = make_sandbox(kind, changes_runtime="runtime" in line).run(line)
            if result.code != 0:
                failed.append(f"{line}: {result.code}\n{result.text}")
    assert not failed, "\n".join(failed)


def test_commands_are_found(user: Ktx) -> None:
    """Help is read as it is written: no list is empty by mistake."""
    commands = set(every_command(user))
    assert {("sl", "query"), ("runtime", "install"), ("cache", "clear")} <= commands
    assert len(mentions()) > 20
