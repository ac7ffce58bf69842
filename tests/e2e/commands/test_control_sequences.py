"""What names, texts and words of others could do to a terminal, in every command."""

from __future__ import annotations

import json
import os
import pty
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from harness import LIMIT_SECONDS, Ktx
from terminal import resize

# As they stand in the files, and what must never be written: C0 without tab and line break, DEL,
# C1, and the marks that turn the direction of a text.
TITLE, CLEAR, RED, BLINK, C1, BIDI = (
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x1b[31m",
    "\x1b[5m",
    "\x9b31m",
    "\u202e",
)
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OWN_COLOUR = re.compile("\x1b\\[(0|1|2|1;31|1;35)m")


def quoted(text: str) -> str:
    """As a scalar of YAML."""
    return json.dumps(text)


HOSTILE = f"""name: loaves
description: {quoted(TITLE + CLEAR + " hello " + C1 + BIDI)}
table: loaves
grain: [id]
columns:
  - {{name: id, type: number}}
  - {{name: {quoted("na" + RED + "me")}, type: string, description: {quoted(BLINK)}}}
measures:
  - {{name: n, expr: count(id), description: {quoted(BLINK)}}}
  - {{name: {quoted("m" + RED)}, expr: sum(id)}}
"""
SPOILT = f"""name: spoilt
table: loaves
grain: [id]
columns: [{{name: id, type: number}}]
{quoted(RED + "red" + C1)}: 1
measures:
  - {{name: {quoted("s" + CLEAR)}, expr: {quoted("sum(nowhere" + CLEAR + ")")}}}
joins:
  - {{to: {quoted("no" + TITLE)}, on: {quoted("spoilt.id = " + RED)}, relationship: many_to_one}}
"""
CONFIG = f"""project: {quoted("bakery" + TITLE)}
connections:
  oven: {{driver: sqlite, path: oven.db, readonly: true}}
  {quoted("con" + RED)}: {{driver: sqlite, path: {quoted(TITLE + ".db")}, readonly: true}}
  odd: {{driver: {quoted("sql" + CLEAR)}, path: x}}
"""
PAGE = f"""---
summary: {quoted(TITLE + "how we bake" + BIDI)}
tags: [{quoted(RED)}]
---
Bread {RED}
"""


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    """A project of which no text can be trusted."""
    folder = tmp_path / "bakery"
    sources = folder / "semantic-layer" / "oven"
    sources.mkdir(parents=True)
    (sources / "loaves.yaml").write_text(HOSTILE, encoding="utf-8")
    (folder / "ktx.yaml").write_text(CONFIG, encoding="utf-8")
    wiki = folder / "wiki" / "global"
    wiki.mkdir(parents=True)
    (wiki / "bread.md").write_text(PAGE, encoding="utf-8")
    (wiki / f"cake{RED}.md").write_text(PAGE, encoding="utf-8")
    with sqlite3.connect(folder / "oven.db") as database:
        database.execute(f'CREATE TABLE loaves (id INTEGER PRIMARY KEY, "{RED}" TEXT)')
        database.execute("INSERT INTO loaves VALUES (1, ?)", [TITLE + C1 + BIDI])
    database.close()
    return folder


WORD = f"wo{RED}rd{C1}{BIDI}"
ASKED = ["sl", "query", "--connection-id", "oven"]
COMMANDS = [
    ["sl", "list", "--output", "pretty"],
    ["sl", "list", "--output", "plain"],
    ["sl", "search", "hello", "--output", "pretty"],
    ["sl", "search", "hello", "--output", "plain"],
    ["sl", "search", WORD],
    ["sl", "validate"],
    ["sl", "validate", "--verbose"],
    ["sl", "validate", "--format", "github"],
    ["sl", "validate", WORD],
    ["sl", "read", WORD],
    ["sl", "read", "loavez" + CLEAR],
    ["sl", WORD],
    [*ASKED, "--measure", f"loaves.n{RED}"],
    [*ASKED, "--measure", "loaves.n", "--dimension", f"loaves.na{RED}m"],
    [*ASKED, "--measure", "loaves.n", "--filter", f"loaves.id = '{CLEAR}"],
    [*ASKED, "--measure", "loaves.n", "--order-by", WORD],
    [*ASKED, "--measure", "loaves.n", "--timezone", WORD],
    [*ASKED, "--measure", "loaves.n", "--limit", WORD],
    [*ASKED, "--measure", "loaves.n", "--format", WORD],
    [*ASKED, "--measure", "loaves.n", "--query-file", WORD],
    [*ASKED, f"--mea{RED}sure", "loaves.n"],
    ["sl", "query", "--connection-id", WORD, "--measure", "loaves.n"],
    ["sql", "--connection-id", "oven", f"SELECT nothing AS {WORD}"],
    ["sql", "--connection-id", "oven", "SELECT * FROM loaves", "--output", "plain"],
    ["sql", "--connection-id", "oven", "SELECT * FROM loaves", "--format", "table"],
    ["sql", "--connection-id", "oven", "SELECT * FROM loaves", "--format", "markdown"],
    ["sql", "--connection-id", "oven", "--file", WORD],
    ["wiki", "list", "--output", "plain"],
    ["wiki", "list", "--output", "pretty"],
    ["wiki", "search", "bread", "--output", "plain"],
    ["wiki", "search", "bread", "--output", "pretty"],
    ["wiki", "read", f"brea{RED}"],
    ["wiki", "read", "bread" + C1],
    ["connection", "list", "--output", "pretty"],
    ["connection", "list", "--output", "plain"],
    ["connection", "test", "con" + RED],
    ["connection", "test", WORD],
    ["connection", "add", WORD, "--driver", "sqlite"],
    ["connection", "remove", WORD, "--yes"],
    ["status"],
    ["status", "--verbose"],
    ["--debug", "status", "--verbose"],
    ["setup", "--status"],
    ["setup", "--no-input", "--yes", "--database", WORD],
    ["runtime", "install", "--python", WORD],
    ["runtime", "install", "--feature", WORD],
    ["completion", WORD],
    ["help", WORD],
    [WORD],
    [f"s{RED}tatus"],
    ["--project-dir", WORD, "status"],
    ["--project-dir", WORD, "sl", "list"],
]


def on_terminal(user: Ktx, folder: Path, words: list[str]) -> str:
    """All that a terminal gets of both streams."""
    terminal, side = pty.openpty()
    resize(side, 100)
    process = subprocess.Popen(
        [str(user.binary), *words],
        env=user.environment() | {"TERM": "xterm-256color"},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=side,
        stderr=side,
    )
    os.close(side)
    written = b""
    try:
        while piece := os.read(terminal, 65536):
            written += piece
    except OSError:  # EIO: the other side is closed
        pass
    process.wait(LIMIT_SECONDS)
    os.close(terminal)
    # A terminal puts a carriage return before each line break.
    return OWN_COLOUR.sub("", written.decode().replace("\r\n", "\n"))


def in_pipes(user: Ktx, folder: Path, words: list[str]) -> str:
    """Both streams."""
    result = user.run(*words, cwd=folder)
    return result.stdout + result.stderr


@pytest.mark.parametrize("spoilt", [False, True])
def test_nothing_of_others_steers_the_terminal(ready: Ktx, bakery: Path, spoilt: bool) -> None:
    """Every command, on a terminal and in pipes, with a sound model and a spoilt one."""
    if spoilt:
        source = bakery / "semantic-layer" / "oven" / f"spo{RED}ilt.yaml"
        source.write_text(SPOILT, encoding="utf-8")
    raw = {}
    for words in COMMANDS:
        for way in (on_terminal, in_pipes):
            text = way(ready, bakery, words)
            assert text or words[-1] == "github", words
            if found := STEERS.search(text):
                raw[(way.__name__, *words)] = text[max(found.start() - 60, 0) :][:160]
    assert not raw


def test_the_escapes_say_what_was_there(ready: Ktx, bakery: Path) -> None:
    """The code of each character, where it stood."""
    listed = ready.ok("sl", "list", "--output", "pretty", cwd=bakery)
    assert "\\u001b]0;owned\\u0007\\u001b[2J hello \\u009b31m\\u202e" in listed
    assert "brea\\u001b[31m" in ready.run("wiki", "read", f"brea{RED}", cwd=bakery).stderr


def test_what_programs_read_stays_as_it_is(ready: Ktx, bakery: Path) -> None:
    """Files byte for byte, CSV, and the values in JSON."""
    source = bakery / "semantic-layer" / "oven" / "loaves.yaml"
    assert ready.ok("sl", "read", "loaves", cwd=bakery) == source.read_text(encoding="utf-8")
    assert f"Bread {RED}\n" in ready.ok("wiki", "read", "bread", cwd=bakery)
    statement = ["sql", "--connection-id", "oven", "SELECT * FROM loaves"]
    csv = ready.ok(*statement, "--format", "csv", cwd=bakery)
    assert csv == f"id,{RED}\n1,{TITLE}{C1}{BIDI}\n"
    answer = json.loads(ready.ok(*statement, "--format", "json", cwd=bakery))
    assert (answer["headers"], answer["rows"]) == (["id", RED], [[1, TITLE + C1 + BIDI]])
    items = json.loads(ready.ok("sl", "list", "--json", cwd=bakery))["data"]["items"]
    assert items[0]["description"] == f"{TITLE}{CLEAR} hello {C1}{BIDI}"
    sql = ready.ok(
        *[*ASKED, "--measure", "loaves.n", "--filter", f"loaves.id = '{RED}'", "--format", "sql"],
        cwd=bakery,
    )
    assert f"'{RED}'" in sql
