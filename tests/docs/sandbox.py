"""The folders in which the documentation's commands run, each with a home of its own.

| name       | the working directory                                                       |
|------------|-----------------------------------------------------------------------------|
| `empty`    | an empty folder                                                             |
| `database` | a folder with the demo's database, and no project yet                       |
| `shop`     | the demo's project with its database                                        |
| `examples` | a project with what the examples of `--help` speak of                       |
| `checkout` | as after `make demo`: the program in build/bin, the shop in build/demo/shop |
| `tour`     | none of these: the page is typed into one shell (test_first_ten_minutes.py) |
| `model`    | `shop`, kept from block to block of a page                                  |
"""

from __future__ import annotations

import os
import pty
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness import Ktx
from pages import ROOT
from runtime_states import RuntimeCopy, shared_version
from shown import SEQUENCE
from terminal import resize

LIMIT_SECONDS = 120
KEPT = ("model",)
TOUR = "tour"  # by test_first_ten_minutes.py, blocks of YAML included
# Where shells look for completions; a person who has them has these folders.
COMPLETIONS = (".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions")
COLUMNS = 120
# What a block may call besides ktx and the shell's own words.
PROGRAMS = (
    "sh cat cp cut echo env git grep head ln ls mkdir mv rm sed sort sqlite3 tail touch tr true wc"
)


@dataclass
class Result:
    """What a person would see of a command, and its exit code."""

    code: int
    text: str


def make_shop(folder: Path) -> None:
    """The demo's project, made as the demo makes it."""
    demo = ROOT / "docs" / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(demo / "semantic-layer", folder / "semantic-layer")
    shutil.copy(demo / "ktx.yaml", folder / "ktx.yaml")
    make_database(folder)


def make_database(folder: Path) -> None:
    """The demo's database alone."""
    with sqlite3.connect(folder / "shop.db") as database:
        database.executescript((ROOT / "docs" / "demo" / "shop.sql").read_text())
    database.close()


ORDERS = """name: orders
table: orders
grain: [id]
columns:
  - { name: id, type: number }
  - { name: customer_id, type: number }
  - { name: status, type: string }
  - { name: amount, type: number }
  - { name: created_at, type: time, role: time }
joins:
  - { to: customers, on: customer_id = customers.id, relationship: many_to_one }
measures:
  - { name: order_count, expr: count(id) }
  - { name: revenue, expr: sum(amount) }
segments:
  - { name: paid, expr: status = 'paid' }
"""
CUSTOMERS = """name: customers
table: customers
grain: [id]
columns:
  - { name: id, type: number }
  - { name: segment, type: string }
"""
REGIONS = """name: regions
table: regions
grain: [id]
columns:
  - { name: id, type: number }
"""
PAGE = """---
summary: What counts as revenue
usage_mode: auto
---

Paid orders.
"""
TABLES = """CREATE TABLE customers (id INTEGER PRIMARY KEY, segment TEXT);
CREATE TABLE orders (id INT, customer_id INT, status TEXT, amount INT, created_at TEXT);
INSERT INTO customers VALUES (1, 'club'), (2, 'business');
INSERT INTO orders VALUES (1, 1, 'paid', 20, '2026-01-02'), (2, 2, 'open', 7, '2026-02-03');
"""


def make_example(folder: Path) -> None:
    """A project whose names are those that people expect of one."""
    sources = folder / "semantic-layer" / "warehouse"
    sources.mkdir(parents=True)
    (sources / "orders.yaml").write_text(ORDERS)
    (sources / "customers.yaml").write_text(CUSTOMERS)
    (folder / "regions.yaml").write_text(REGIONS)
    (folder / "question.json").write_text('{"measures": ["orders.revenue"]}\n')
    (folder / "report.sql").write_text("SELECT status FROM orders\n")
    (folder / "wheels").mkdir()
    (folder / "wiki" / "global").mkdir(parents=True)
    (folder / "wiki" / "global" / "revenue.md").write_text(PAGE)
    (folder / "ktx.yaml").write_text(
        "project: example\nconnections:\n  warehouse:\n"
        "    driver: sqlite\n    path: warehouse.db\n    readonly: true\n"
    )
    with sqlite3.connect(folder / "warehouse.db") as database:
        database.executescript(TABLES)
    database.close()


class Sandbox:
    """One shell of one user: its working directory and variables last from command to command."""

    def __init__(self, kind: str, folder: Path, user: Ktx, changes_runtime: bool) -> None:
        self._changes_runtime = changes_runtime
        self.folder = folder
        self._work = folder / "work"
        self._work.mkdir(parents=True)
        self._make(kind, user.binary)
        self._user = self._make_user(user)
        self._state = folder / "state"
        self._state.write_text(f"cd '{self._work}'\n")

    def _make(self, kind: str, binary: Path) -> None:
        if kind in ("shop", "model"):
            make_shop(self._work)
        elif kind == "database":
            make_database(self._work)
        elif kind == "examples":
            make_example(self._work)
        elif kind == "checkout":
            make_shop(self._work / "build" / "demo" / "shop")
            (self._work / "build" / "bin").mkdir()
            (self._work / "build" / "bin" / "ktx").symlink_to(binary)
        else:
            assert kind == "empty", f"no sandbox is called {kind}"

    def _make_user(self, shared: Ktx) -> Ktx:
        """A user of the shared runtime, or of a copy of it when a command may change it."""
        home = self.folder / "home"
        home.mkdir()
        for folder in COMPLETIONS:
            (home / folder).mkdir(parents=True)
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "ktx").symlink_to(shared.binary)
        for name in PROGRAMS.split():
            found = shutil.which(name)
            assert found is not None, f"{name} is not installed"
            (programs / name).symlink_to(found)
        user = Ktx(home=home, runtime_root=shared.runtime_root)
        if self._changes_runtime:
            user.runtime_root = self.folder / "runtime"
            RuntimeCopy(shared_version(shared), user.runtime_root)
        user.extra |= {"PATH": str(programs), "NO_COLOR": "1", "TERM": "xterm", "PAGER": "cat"}
        user.extra["KTX_DOCS"] = str(ROOT / "docs")  # for what a page prepares
        return user

    @property
    def here(self) -> Path:
        """The folder that a file of a page is written to."""
        return self._work

    def run(self, command: str) -> Result:
        """Runs a command line on a terminal, where the ones before it left off."""
        script = f". '{self._state}'\n{command}\nktx_status=$?\n"
        script += f"{{ export -p; echo \"cd '$PWD'\"; }} > '{self._state}'\nexit $ktx_status\n"
        environment = self._user.environment()
        del environment["KTX_NO_CACHE"]
        terminal, side = pty.openpty()
        resize(side, COLUMNS)
        process = subprocess.Popen(
            [self.folder / "bin" / "sh", "-c", script],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=side,
            stderr=side,
            start_new_session=True,
        )
        os.close(side)
        raw = _read_all(terminal)
        return Result(process.wait(LIMIT_SECONDS), as_seen(raw.decode(errors="replace")))

    def close(self) -> None:
        """Ends what a block may have started, and removes everything."""
        if self._changes_runtime:
            self._user.run("runtime", "stop")
        for state in self.folder.glob("**/.ktx/mcp/state.json"):
            self._user.run("mcp", "stop", "--project-dir", state.parents[2])
        shutil.rmtree(self.folder)


def _read_all(terminal: int) -> bytes:
    """Everything until the last process that has the terminal is gone."""
    raw = b""
    try:
        while piece := os.read(terminal, 65536):
            raw += piece
    except OSError:  # EIO: nobody has the other side any more
        pass
    finally:
        os.close(terminal)
    return raw


def as_seen(raw: str) -> str:
    """The text that stays on the terminal: lines that were taken back are gone."""
    lines = [
        SEQUENCE.sub("", line.rsplit("\r", 1)[-1]).rstrip()
        for line in raw.replace("\r\n", "\n").split("\n")
    ]
    return "\n".join(lines).strip("\n")
