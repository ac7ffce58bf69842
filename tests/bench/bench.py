"""Whole-process times of ktx, and what its engine costs as a model grows, against their budgets.

    bench.py --ktx build/bin/ktx --uv build/tools/venv/bin/uv --out build/bench

A row that misses its budget is shown as missed and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from models import write_project
from timing import Row, measure, table


def environment(root: Path) -> dict[str, str]:
    """The surroundings of every timed process; byte code is read and written as for a user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"KTX_RUNTIME_ROOT": str(root / "runtime")}


def time_once(command: list[str], variables: dict[str, str]) -> float:
    """Milliseconds from start to exit of one run, which must succeed."""
    started = time.perf_counter()
    subprocess.run(command, env=variables, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - started) * 1000


class Processes:
    """The rows that time whole processes; the budgets are the project's own."""

    def __init__(self, ktx: str, python: str, root: Path, variables: dict[str, str]) -> None:
        self.ktx = ktx
        self.python = python
        self.variables = variables
        self.projects = {size: write_project(root / "projects", size) for size in (1, 100, 1000)}

    def rows(self) -> list[Row]:
        """Every comparison."""
        sqlglot = self.process(self.python, "-c", "import sqlglot")
        one = self.query(1)
        return [
            Row("sl query, compile only, cold", one, "import sqlglot", sqlglot, 1.5),
            Row("sl query, cold, 100 sources", self.query(100), "one source", one, 1.15),
            Row("sl query, cold, 1000 sources", self.query(1000), "one source", one, 1.5),
            *self.native(),
            *self.warm(),
        ]

    def warm(self) -> list[Row]:
        """What a running daemon is asked; it plans anew each time."""
        nothing = self.process("/bin/true")
        return [
            Row("sl query, daemon running", self.query(1, "--daemon"), "/bin/true", nothing, 15.0),
            Row(
                "sl query, daemon, 1000 sources",
                self.query(1000, "--daemon"),
                "sl list, 1000 sources",
                self.process(self.ktx, "sl", "list", "--project-dir", str(self.projects[1000])),
                1.5,
            ),
        ]

    def native(self) -> list[Row]:
        """What starts no Python."""
        nothing = self.process("/bin/true")
        project = str(self.projects[1])
        commands = {
            "--version": ["--version"],
            "--help": ["--help"],
            "runtime status --json": ["runtime", "status", "--json"],
            "sl list": ["sl", "list", "--project-dir", project],
        }
        return [
            Row(name, self.process(self.ktx, *words), "/bin/true", nothing, 5.0)
            for name, words in commands.items()
        ]

    def query(self, size: int, daemon: str = "--no-daemon") -> partial[float]:
        """A compile-only question of one source in a project of so many."""
        project, source = str(self.projects[size]), f"s{size - 1}"
        command = ["sl", "query", "--project-dir", project, "--measure", f"{source}.n"]
        return self.process(
            self.ktx, *command, "--dimension", f"{source}.kind", "--format", "sql", daemon
        )

    def process(self, *command: str) -> partial[float]:
        """A timer of one command."""
        return partial(time_once, list(command), self.variables)


def prepare(ktx: str, uv: Path, variables: dict[str, str]) -> str:
    """Installs a runtime where there is none; returns its Python."""
    install = variables | {"KTX_UV": str(uv.absolute())}
    subprocess.run([ktx, "runtime", "install", "--yes"], env=install, check=True)
    status = subprocess.check_output([ktx, "runtime", "status", "--json"], env=variables)
    python: str = json.loads(status)["manifest"]["python"]["executable"]
    return python


def main() -> int:
    """Measures every row, prints the tables and keeps the figures in bench.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("ktx", "uv", "out"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    options = parser.parse_args()
    out = options.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    ktx, variables = str(options.ktx.absolute()), environment(out)
    python = prepare(ktx, options.uv, variables)
    try:
        results = [measure(row) for row in Processes(ktx, python, out, variables).rows()]
    finally:
        subprocess.run([ktx, "runtime", "stop"], env=variables, check=True)
    print(table(results), flush=True)
    (out / "bench.json").write_text(json.dumps([r.as_json() for r in results], indent=2) + "\n")
    # In the runtime's own Python, which is the one that users' questions run in.
    engine = [python, "-P", str(Path(__file__).with_name("engine_bench.py")), str(out)]
    engine_met = subprocess.run(engine, env=variables, check=False).returncode == 0
    return 0 if engine_met and all(result.met() for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
