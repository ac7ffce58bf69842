"""Every command line of the documentation runs, and prints what the page shows."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from model_files import write_file
from pages import ROOT, Block, Command, blocks_of, pages
from sandbox import COLUMNS, KEPT, TOUR, Sandbox
from shown import is_shown

from conftest import MakeSandbox

# Blocks in these languages are shown, not typed; JSON and YAML are checked in test_data.py.
SHOWN = {
    "",
    "text",
    "markdown",
    "json",
    "yaml",
    "sql",
    "ini",
    "toml",
    "xml",
    "html",
    "python",
    "dockerfile",
}
TYPED = {"sh", "bash", "console"}
COMMAND_LINE = re.compile(r"(ktx|make|npm|npx|uvx?|pipx?|apt(-get)?|brew|docker|git|curl) \S")

BLOCKS = [block for page in pages() for block in blocks_of(page)]


def is_typed(block: Block) -> bool:
    """Whether people type what the block shows."""
    return bool(block.commands())


def runs() -> list[list[Block]]:
    """What runs in one sandbox: a block, or all of a page's that keep theirs."""
    single = [[block] for block in BLOCKS if is_typed(block) and block.sandbox not in (*KEPT, TOUR)]
    kept = [
        block
        for block in BLOCKS
        if block.sandbox in KEPT
        and (is_typed(block) or block.value("file") or block.value("adds to"))
    ]
    return single + [
        list(group)
        for _, group in itertools.groupby(kept, key=lambda block: (block.page, block.sandbox))
    ]


def reason_not_to_run(block: Block, command: Command) -> str:
    """What the page says of a command that cannot be run here."""
    for item in block.directives:
        if item.word == "not run" and command.text.startswith(item.about):
            return item.value
    return ""


def changes_runtime(block: Block) -> bool:
    """Whether a command of the block may change the runtime, or start its daemon."""
    return "runtime" in block.text or "--daemon" in block.text or "setup" in block.text


def run_command(sandbox: Sandbox, block: Block, command: Command) -> None:
    """Runs a command line, and compares."""
    result = sandbox.run(command.text)
    where = f"{block.name}: {command.text}\n{result.text}"
    assert result.code == int(block.value("exit", "0")), where
    if command.shown:
        assert is_shown(command.shown, result.text, COLUMNS), where


@pytest.mark.parametrize("run", runs(), ids=lambda run: run[0].name)
def test_what_is_typed_runs(run: list[Block], make_sandbox: MakeSandbox) -> None:
    """In the sandbox that the page asks for, with the exit code and the output that it shows."""
    sandbox = make_sandbox(
        run[0].sandbox, changes_runtime=any(changes_runtime(block) for block in run)
    )
    for block in run:
        write_file(sandbox.here, block)
        if prepare := block.value("prepare"):
            assert sandbox.run(prepare).code == 0, block.name
        for command in block.commands():
            if not reason_not_to_run(block, command):
                run_command(sandbox, block, command)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_block_says_what_it_is(block: Block) -> None:
    """No language, comment or command line is there that nothing here understands."""
    assert block.language in SHOWN | TYPED, block.language
    assert "unknown" not in [item.word for item in block.directives], block.directives
    if not is_typed(block):
        typed = [line for line in block.text.splitlines() if COMMAND_LINE.match(line)]
        assert not typed or block.value("not run"), (
            f"give {typed[0]!r} a prompt, or mark the block `sh`"
        )
    for item in block.directives:
        if item.word == "not run" and item.about:
            assert any(line.text.startswith(item.about) for line in block.commands()), item


def test_what_is_not_run_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Most is run; what is not says why."""
    lines, total = [], 0
    for block in BLOCKS:
        for command in block.commands():
            total += 1
            if reason := reason_not_to_run(block, command):
                lines.append(f"{block.name}: {command.text.splitlines()[0]}  ({reason})")
    with capsys.disabled():
        print(f"\n{total - len(lines)} of {total} command lines run; not these:")
        print("\n".join(f"  {line}" for line in lines))
    assert len(lines) < total / 3


def test_pages_are_found() -> None:
    """The list is not empty by mistake."""
    assert {ROOT / "README.md", ROOT / "docs" / "cli.md"} <= set(pages())
    assert Path(__file__).is_relative_to(ROOT)
