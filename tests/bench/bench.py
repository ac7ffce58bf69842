"""Whole-process times as ratios inside one run: each contender in turn, medians with their spread.

    bench.py --ktx build/bin/ktx --uv build/tools/venv/bin/uv --out build/bench

Machines differ and are noisy, so nothing here is compared with a figure from elsewhere: every row
divides the contender's time by the time of its floor, measured in the same round. A row that misses
its budget is shown as missed and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 21


@dataclass(frozen=True)
class Row:
    """One comparison: `command` takes at most `budget` times as long as `floor`."""

    name: str
    command: list[str]
    floor_name: str
    floor: list[str]
    budget: float


@dataclass(frozen=True)
class Result:
    """What one row came to; times in milliseconds, ratios pair by pair."""

    row: Row
    milliseconds: list[float]
    floor_milliseconds: list[float]

    def ratio(self) -> float:
        """The median of the ratios of each round."""
        pairs = zip(self.milliseconds, self.floor_milliseconds, strict=True)
        return statistics.median(a / b for a, b in pairs)

    def met(self) -> bool:
        """Whether the row is within its budget."""
        return self.ratio() <= self.row.budget


def environment(root: Path) -> dict[str, str]:
    """The surroundings of every timed process; byte code is read and written as for a user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"KTX_RUNTIME_ROOT": str(root / "runtime")}


def time_once(command: list[str], variables: dict[str, str]) -> float:
    """Milliseconds from start to exit of one run, which must succeed."""
    started = time.perf_counter()
    subprocess.run(command, env=variables, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - started) * 1000


def measure(row: Row, variables: dict[str, str]) -> Result:
    """Runs the pair in turn; the first round warms the caches and is not counted."""
    rounds = [
        (time_once(row.command, variables), time_once(row.floor, variables))
        for _ in range(ROUNDS + 1)
    ][1:]
    return Result(row, [a for a, _ in rounds], [b for _, b in rounds])


def rows(ktx: str, python: str, project: Path) -> list[Row]:
    """Every comparison; the budgets are the project's own."""
    query = [ktx, "sl", "query", "--project-dir", str(project), "--measure", "orders.order_count"]
    sqlglot = [python, "-c", "import sqlglot"]
    floors = "python -c 'import sqlglot'"
    native = {
        "--version": ["--version"],
        "--help": ["--help"],
        "runtime status --json": ["runtime", "status", "--json"],
        "sl list": ["sl", "list", "--project-dir", str(project)],
    }
    return [
        Row("sl query, compile only, cold", [*query, "--format", "sql"], floors, sqlglot, 1.5),
        *(
            Row(name, [ktx, *words], "/bin/true", ["/bin/true"], 5.0)
            for name, words in native.items()
        ),
    ]


def make_project(root: Path) -> Path:
    """One source in one connection: what the cold figures are defined over."""
    project = root / "project"
    sources = project / "semantic-layer" / "warehouse"
    sources.mkdir(parents=True, exist_ok=True)
    (project / "ktx.yaml").write_text(
        "project: bench\nconnections:\n  warehouse:\n    driver: sqlite\n    path: bench.db\n"
    )
    (sources / "orders.yaml").write_text(
        "name: orders\ntable: orders\ngrain: [id]\ncolumns:\n  - {name: id, type: number}\n"
        "measures:\n  - {name: order_count, expr: count(id)}\n"
    )
    return project


def table(results: list[Result]) -> str:
    """The results for a reader."""
    lines = [f"{'what':32} {'median ms':>10} {'floor ms':>9} {'ratio':>6} {'budget':>7}"]
    for result in results:
        mid, floor = map(statistics.median, (result.milliseconds, result.floor_milliseconds))
        verdict = "" if result.met() else "  MISSED"
        lines.append(
            f"{result.row.name:32} {mid:10.1f} {floor:9.1f} {result.ratio():6.2f} "
            f"{result.row.budget:7.2f}{verdict}"
        )
    return "\n".join(lines)


def report(results: list[Result]) -> list[dict[str, object]]:
    """The results for a program."""
    return [
        {
            "name": result.row.name,
            "floor": result.row.floor_name,
            "ratio": round(result.ratio(), 3),
            "budget": result.row.budget,
            "met": result.met(),
            "milliseconds": [round(value, 2) for value in result.milliseconds],
            "floorMilliseconds": [round(value, 2) for value in result.floor_milliseconds],
        }
        for result in results
    ]


def main() -> int:
    """Installs a runtime where there is none, measures every row, prints and keeps the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("ktx", "uv", "out"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    ktx, variables = str(options.ktx.absolute()), environment(options.out.absolute())
    install = variables | {"KTX_UV": str(options.uv.absolute())}
    subprocess.run([ktx, "runtime", "install", "--yes"], env=install, check=True)
    shown = subprocess.run(
        [ktx, "runtime", "status", "--json"], env=variables, capture_output=True, check=True
    )
    python = json.loads(shown.stdout)["manifest"]["python"]["executable"]
    project = make_project(options.out.absolute())
    results = [measure(row, variables) for row in rows(ktx, python, project)]
    print(table(results))
    (options.out / "bench.json").write_text(json.dumps(report(results), indent=2) + "\n")
    return 0 if all(result.met() for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
