"""Runs CTest, and says afterwards which tests were slowest and how long everything took.

    run.py --build FOLDER [--since SECONDS] [OPTION OF CTEST…]

SECONDS is when the command began whose part this is, as `date +%s` says it. The exit code is
CTest's. The last line is "N passed, N failed" and nothing else.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import NamedTuple

SHOWN = 20


class Case(NamedTuple):
    """One test of CTest: its status is "run", "fail" or "skipped"."""

    name: str
    status: str
    seconds: float


def read_cases(report: Path) -> list[Case]:
    """The tests of a report that CTest wrote with --output-junit."""
    cases = ET.parse(report).getroot().iter("testcase")
    return [
        Case(case.get("name", ""), status(case), float(case.get("time", "0"))) for case in cases
    ]


def status(case: ET.Element) -> str:
    """What came of a test; one that could not run, as without its fixture, has failed."""
    given = case.get("status", "")
    if given == "run":
        return given
    skipped = case.find("skipped")
    said = skipped.get("message", "") if skipped is not None else ""
    return "skipped" if given == "disabled" or said.startswith("SKIP_") else "fail"


def length(seconds: float) -> str:
    """A time for people: "7.2 s", "12 min 5 s"."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def summary(cases: list[Case], tests_took: float, everything_took: float) -> list[str]:
    """The lines that follow what CTest prints."""
    slowest = sorted(cases, key=lambda case: case.seconds, reverse=True)[:SHOWN]
    counts = Counter(case.status for case in cases)
    lines = [f"The {len(slowest)} slowest of {len(cases)} tests:"]
    lines += [f"{case.seconds:8.1f} s  {case.name}" for case in slowest]
    lines.append(
        f"All tests together: {length(sum(case.seconds for case in cases))} one after the other, "
        f"{length(tests_took)} beside each other; with what was built: {length(everything_took)}"
    )
    skipped = [case.name for case in cases if case.status == "skipped"]
    lines += [f"{len(skipped)} skipped: {', '.join(skipped)}"] if skipped else []
    return [*lines, f"{counts['run']} passed, {counts['fail']} failed"]


def counted(folder: Path, since: float) -> list[str]:
    """What the tests of this run counted: of each file that was written since, its text."""
    files = sorted(file for file in folder.glob("*.txt") if file.stat().st_mtime >= since)
    return [file.read_text().strip() for file in files]


def main(arguments: list[str]) -> int:
    """Runs the tests; what the options do not name goes to CTest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--build", type=Path, required=True, help="the folder of the build")
    parser.add_argument("--since", type=float, help="when the whole command began")
    options, rest = parser.parse_known_args(arguments)
    report = options.build.resolve() / "Testing" / "tests.xml"
    report.unlink(missing_ok=True)
    began = time.time()
    words = ["ctest", "--test-dir", str(options.build), "--output-on-failure"]
    words += ["--no-tests=error", "--output-junit", str(report), *rest]
    code = subprocess.run(words, check=False).returncode
    ended = time.time()
    if report.exists():
        lines = counted(options.build / "oracle", began)
        lines += summary(read_cases(report), ended - began, ended - (options.since or began))
        print("\n" + "\n".join(lines), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
