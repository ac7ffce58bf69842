"""Projects on the disk, of models of any size, and one with rows to run queries on."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from models import model, plain, question

ROWS = 200_000
SETTLED_SECONDS = 3
CONFIG = (
    "project: bench\nconnections:\n  warehouse:\n"
    "    driver: sqlite\n    path: bench.db\n    readonly: true\n"
)


def yaml_text(definition: dict[str, Any]) -> str:
    """The definition as YAML, a key a line and JSON below: as dense as people write it."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in definition.items())


def write_project(project: Path, sources: dict[str, dict[str, Any]]) -> Path:
    """A project with these sources, one file each; returns its folder. What is there is kept."""
    folder = project / "semantic-layer" / "warehouse"
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in [
        (project / "ktx.yaml", CONFIG),
        *((folder / f"{name}.yaml", yaml_text(source)) for name, source in sources.items()),
    ]:
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return project


def settle(project: Path) -> None:
    """Waits until every file is some seconds old.

    ktx does not remember what a younger file held, which may still change within the clock's tick.
    """
    newest = max(path.stat().st_ctime for path in project.rglob("*"))
    time.sleep(max(0.0, newest + SETTLED_SECONDS - time.time()))


def of_size(folder: Path, size: int, kind: str) -> Path:
    """A project with so many sources."""
    return write_project(folder / f"{kind}-{size}", model(size, kind))


def broken(folder: Path, size: int, kind: str) -> Path:
    """The same with one more file that is not YAML, which keeps the planner from being asked."""
    project = write_project(folder / f"{kind}-{size}-broken", model(size, kind))
    (project / "semantic-layer" / "warehouse" / "broken.yaml").write_text("name: [\n")
    return project


def with_rows(folder: Path) -> Path:
    """A project of one source whose table, in `bench.db`, has ROWS rows."""
    project = write_project(folder / "rows", {"s0": plain(0)})
    path = project / "bench.db"
    path.unlink(missing_ok=True)
    numbers = random.Random(0)
    days = [f"2024-{1 + day // 28:02}-{1 + day % 28:02}" for day in range(12 * 28)]
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t0 (id INTEGER PRIMARY KEY, parent_id, amount, kind, at)")
        database.executemany(
            "INSERT INTO t0 VALUES (?, ?, ?, ?, ?)",
            (
                (row, row // 3, numbers.random(), f"k{row % 17}", numbers.choice(days))
                for row in range(ROWS)
            ),
        )
    database.close()
    return project


def query_words(project: Path, number: int, kind: str) -> list[str]:
    """The command line behind `ktx` of a question of one source of the project, compile only."""
    asked = question(number, kind)
    options = {
        "measures": "--measure",
        "dimensions": "--dimension",
        "filters": "--filter",
        "segments": "--segment",
    }
    words = ["sl", "query", "--project-dir", str(project), "--format", "sql"]
    for member, values in asked.items():
        for value in values:
            words += [options[member], value]
    return words
