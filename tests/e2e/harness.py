"""Drives the built binary as a user would, in a home of its own, with nothing inherited."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BUILD = Path(os.environ["KTX_TEST_BUILD"])
UV = Path(os.environ["KTX_TEST_UV"])
LIMIT_SECONDS = 300
# The Pythons that this build has a plugin for, as pyenv lays them out: versions/3.13.
ALL_PYTHONS = BUILD / "e2e" / "pythons"
# The one Python that a user of these tests has ("3.11"); empty for all.
ONLY_PYTHON = os.environ.get("KTX_TEST_PYTHON", "")
# What the test `e2e.shared_runtime` made, with the newest of the user's Pythons.
SHARED_RUNTIME = BUILD / "e2e" / f"runtime{ONLY_PYTHON}"


def pyenv_root() -> Path:
    """Where a user's Pythons are."""
    return BUILD / "e2e" / f"only-python{ONLY_PYTHON}" if ONLY_PYTHON else ALL_PYTHONS


@dataclass
class Ktx:
    """One user: a binary, a home, a runtime root and the variables of their shell."""

    home: Path
    runtime_root: Path
    binary: Path = BUILD / "bin" / "ktx"
    extra: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The whole environment of a run; the caches are shared, to download only once."""
        variables = {
            "HOME": str(self.home),
            "KTX_NO_CACHE": "1",
            "KTX_RUNTIME_ROOT": str(self.runtime_root),
            "KTX_UV": str(UV),
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PIP_CACHE_DIR": str(BUILD / "e2e" / "pip-cache"),
            "PYENV_ROOT": str(pyenv_root()),
            "UV_CACHE_DIR": str(BUILD / "e2e" / "uv-cache"),
        }
        passed_on = (
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "HTTPS_PROXY",
            "PIP_CERT",
            "PIP_INDEX_URL",
            "UV_INDEX_URL",
            "UV_DEFAULT_INDEX",
        )
        variables |= {name: os.environ[name] for name in passed_on if name in os.environ}
        return variables | self.extra

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Starts ktx without waiting for it."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [str(word) for word in (self.binary, *arguments)]
        return subprocess.Popen(command, env=self.environment(), text=True, **(pipes | options))

    def run(self, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Runs ktx to its end and returns exit code, stdout and stderr."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=LIMIT_SECONDS)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def ok(self, *arguments: str | Path, **options: Any) -> str:
        """Runs ktx, which must succeed, and returns its stdout."""
        result = self.run(*arguments, **options)
        assert result.returncode == 0, (
            f"{arguments}: {result.returncode}\n{result.stdout}\n{result.stderr}"
        )
        return result.stdout

    def json(self, *arguments: str | Path) -> Any:
        """Runs ktx, which must succeed and print one JSON document."""
        return json.loads(self.ok(*arguments))

    def fails(self, *arguments: str | Path, code: int = 1) -> str:
        """Runs ktx, which must fail with `code` and an empty stdout, and returns its stderr."""
        result = self.run(*arguments)
        assert (result.returncode, result.stdout) == (code, ""), (
            f"{result.returncode}\n{result.stdout}\n{result.stderr}"
        )
        return result.stderr


def make_warehouse(project: Path) -> Path:
    """The smallest useful project: a `warehouse` connection, a source `orders` with three rows."""
    sources = project / "semantic-layer" / "warehouse"
    sources.mkdir(parents=True)
    (project / "ktx.yaml").write_text(
        "project: smoke\nconnections:\n  warehouse:\n"
        "    driver: sqlite\n    path: warehouse.db\n    readonly: true\n"
    )
    (sources / "orders.yaml").write_text(
        "name: orders\ntable: orders\ngrain: [id]\ncolumns:\n"
        "  - {name: id, type: number}\n  - {name: status, type: string}\n"
        "  - {name: amount, type: number}\n"
        "measures:\n  - {name: order_count, expr: count(*)}\n"
        "  - {name: revenue, expr: sum(amount)}\n"
    )
    with sqlite3.connect(project / "warehouse.db") as database:
        database.execute(
            "CREATE TABLE orders "
            "(id INTEGER PRIMARY KEY, status TEXT NOT NULL, amount INTEGER NOT NULL)"
        )
        database.executemany(
            "INSERT INTO orders (status, amount) VALUES (?, ?)",
            [("paid", 20), ("paid", 30), ("open", 10)],
        )
    database.close()
    return project


def copy_package(target: Path, program: Path = BUILD / "bin" / "ktx") -> Path:
    """A package root of one's own, to be damaged; returns its binary."""
    for part in ("assets", "plugins"):
        shutil.copytree(BUILD / part, target / part)
    (target / "bin").mkdir()
    return Path(shutil.copy(program, target / "bin" / "ktx"))


def minor_number(version: str) -> int:
    """11 for "3.11"."""
    return int(version.split(".")[1])


def minors(root: Path | None = None) -> list[str]:
    """The minor versions of the Pythons there, else of the user's, the oldest first."""
    folder = (root or pyenv_root()) / "versions"
    return sorted((path.name for path in folder.iterdir()), key=minor_number)


def newest_minor() -> str:
    """The Python that ktx takes by itself, "3.13"."""
    return minors()[-1]


def query(project: Path, *more: str) -> list[str]:
    """The words of the query that most tests ask."""
    return [
        *["sl", "query", "--connection-id", "warehouse", "--measure", "orders.order_count"],
        "--project-dir",
        str(project),
        *more,
    ]
