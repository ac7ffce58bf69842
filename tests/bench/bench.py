"""Measures every speed claim of ktx in one run, as ratios, against its budget.

    bench.py --ktx build/bin/ktx --uv build/tools/venv/bin/uv --out build/bench [--only SUITE …]

Writes bench.json, performance.md and performance.svg into the folder and prints the table. A row
that misses its budget is shown as MISSED and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cold_suite import cold
from daemon_suite import daemon
from document import REASONS, document
from engine_suite import engine
from execute_suite import execute
from figures import Figure
from install_suite import install
from installation import Installation
from instructions import instructions
from machine import describe
from mcp_suite import mcp
from memory_suite import memory
from native_suite import native
from report import Report, read_reasons, sections, text_table
from search_suite import search
from server_suite import server
from validate_suite import validate

HERE = Path(__file__).parent
SUITES: dict[str, Callable[[Installation], list[Figure]]] = {
    suite.__name__: suite
    for suite in (
        native,
        cold,
        validate,
        daemon,
        install,
        execute,
        engine,
        server,
        mcp,
        memory,
        search,
        instructions,
    )
}


def measured(bench: Installation, names: Sequence[str]) -> list[Figure]:
    """The figures of these suites, a section's together."""
    figures: list[Figure] = []
    for name in names:
        started = time.monotonic()
        print(f"Measuring: {name} ", end="", file=sys.stderr, flush=True)
        figures += SUITES[name](bench)
        print(f"{time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return [figure for members in sections(figures).values() for figure in members]


def write_page(out: Path, report: Report) -> None:
    """The page and its chart."""
    reasons = read_reasons(REASONS, report.figures)
    (out / "performance.md").write_text(document(report, reasons))
    chart = [sys.executable, str(HERE / "chart.py"), "bench.json", "performance.svg"]
    subprocess.run(chart, cwd=out, check=True)


def main() -> int:
    """Measures, writes and judges."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("ktx", "uv", "out"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=SUITES, metavar="SUITE", default=[])
    options = parser.parse_args()
    bench = Installation(options.ktx, options.uv, options.out)
    bench.install()
    machine = describe(bench.build, bench.python())
    report = Report(machine, measured(bench, options.only or list(SUITES)))
    print(text_table(report.figures), flush=True)
    if not options.only:  # a part is for whoever asked for it; the page is of a whole run
        (bench.root / "bench.json").write_text(json.dumps(report.as_json(), indent=2) + "\n")
        write_page(bench.root, report)
    print(f"\n{len(report.missed())} rows missed their budgets" if report.missed() else "\nAll met")
    return 1 if report.missed() else 0


if __name__ == "__main__":
    sys.exit(main())
