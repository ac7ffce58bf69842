"""Reads the documentation's pages: their blocks, and the comments that say how a block is tested.

A comment directly before a block is about that block. One may follow another.

    <!-- page sandbox: shop -->      that of the page's blocks (sandbox.py); else `shop`
    <!-- sandbox: empty -->          the sandbox of the next block
    <!-- prepare: sed … -->          what is run before the block, in its sandbox
    <!-- exit: 1 -->                 the exit code of each of its commands
    <!-- not run: reason -->         why a block cannot be run here
    <!-- not run [ktx x]: reason --> the same of those of its commands that begin so
    <!-- file: ktx.yaml -->          the block is written to that file of the sandbox
    <!-- adds to: …/orders.yaml -->  the lists of the block are added to those of that file
    <!-- finds: unknown-key -->      the findings that the model then has, instead of none
    <!-- screen: what it shows -->   the site shows a picture of the output (docs/site)
    <!-- typed: ktx sl qu⇥ -->       the keys for the block's one command, with Tab as ⇥
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.DOTALL)
DIRECTIVE = re.compile(r"([a-z ]+?)(?: \[([^\]]+)\])?: (.+)", re.DOTALL)
KNOWN = {
    *(
        "page sandbox",
        "sandbox",
        "prepare",
        "exit",
        "not run",
        "file",
        "adds to",
        "finds",
        "screen",
        "typed",
    ),
}
PROMPT = "$ "


@dataclass(frozen=True)
class Directive:
    """One comment: its word, what stands in brackets behind it, and its value."""

    word: str
    about: str
    value: str


@dataclass
class Command:
    """A command line and the lines that are shown below it."""

    text: str
    shown: list[str] = field(default_factory=list)


@dataclass
class Block:
    """A fenced or indented block of a page; `line` counts from 1."""

    page: Path
    line: int
    language: str
    text: str
    sandbox: str
    directives: list[Directive]

    @property
    def name(self) -> str:
        """What test reports call it: docs/cli.md:12."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    def value(self, word: str, default: str = "") -> str:
        """The value of a directive about the whole block."""
        found = [item.value for item in self.directives if item.word == word and not item.about]
        return found[0] if found else default

    def commands(self) -> list[Command]:
        """The command lines: behind a prompt, or each line of a script."""
        lines = self.text.splitlines()
        if any(line.startswith(PROMPT) for line in lines):
            return _prompted(lines)
        if self.language in ("sh", "bash", "console"):
            return [
                Command(line)
                for line in _joined(lines)
                if line.strip() and not line.startswith("#")
            ]
        return []


def _prompted(lines: list[str]) -> list[Command]:
    commands: list[Command] = []
    for line in _joined(lines):
        if line.startswith(PROMPT):
            commands.append(Command(line.removeprefix(PROMPT)))
        elif commands:
            commands[-1].shown.append(line)
    for command in commands:
        while command.shown and not command.shown[-1].strip():
            command.shown.pop()
    return commands


def _joined(lines: list[str]) -> Iterator[str]:
    """The lines, those that end in a backslash with the next one."""
    text = ""
    for line in lines:
        if line.endswith("\\"):
            text += line + "\n"
            continue
        yield text + line
        text = ""
    if text:
        yield text


def pages() -> list[Path]:
    """Every page whose commands people type."""
    return [
        *sorted((ROOT / "docs").glob("**/*.md")),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")),
    ]


def tokens_of(page: Path) -> list[Token]:
    """The page as Markdown's tokens."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def _directives(comment: str) -> Iterator[Directive]:
    for text in COMMENT.findall(comment):
        match = DIRECTIVE.fullmatch(" ".join(text.split()))
        if match and match[1] in KNOWN:
            yield Directive(match[1], match[2] or "", match[3])
        else:
            yield Directive("unknown", "", text)


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page, in their order."""
    found: list[Block] = []
    pending: list[Directive] = []
    page_sandbox = "shop"
    for token in tokens_of(page):
        if token.type == "html_block":
            pending += _directives(token.content)
            page_sandbox = _last(pending, "page sandbox", page_sandbox)
        elif token.type in ("fence", "code_block") and token.map is not None:
            language = token.info.split()[0] if token.info.split() else ""
            sandbox = _last(pending, "sandbox", page_sandbox)
            line = token.map[0] + 1
            found.append(Block(page, line, language, token.content, sandbox, pending))
            pending = []
        elif token.block and token.type.endswith("_open"):
            pending = []
    return found


def _last(directives: list[Directive], word: str, default: str) -> str:
    values = [item.value for item in directives if item.word == word]
    return values[-1] if values else default
