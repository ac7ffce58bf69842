"""Counts the instructions of what starts no Python, and compares them with the committed baseline.

    instructions.py check|refresh --ktx build/bin/ktx --uv UV --out FOLDER [--runtime FOLDER]

Times are noisy and instruction counts are not: under callgrind the same binary needs the same
number but for a few, on any machine of one kind. Another compiler makes other code, so a baseline
is of one compiler: `check` leaves with 77 (skipped) where the build has another.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from figures import Figure, Spread
from installation import Installation
from machine import compiler
from native_suite import commands, fill_caches, rows
from processes import Words, loads_python
from report import text_table

BASELINE = Path(__file__).with_name("instructions.json")
BUDGET = 1.15
SKIPPED = 77
TITLES = {row.key: row.title for row in rows()}
REFRESH = "make bench-instructions counts anew"


def count_instructions(words: Words, variables: Mapping[str, str]) -> int:
    """How many instructions the process executes, the dynamic loader's included."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind"
        callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
        run = subprocess.run(
            [*callgrind, *words], env=variables, capture_output=True, text=True, check=False
        )
        found = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE)
    if run.returncode != 0 or not found:
        raise RuntimeError(f"callgrind failed: {run.stderr[-500:]}")
    return int(found[1])


def kind_of_build(build: Path) -> str:
    """What a baseline is of."""
    return f"{compiler(build)}, {platform.machine()}"


def counts(bench: Installation) -> dict[str, int | None]:
    """The instructions of each command; None of one that loads Python."""
    fill_caches(bench)
    # Little else than what ktx asks for, because the loader and every getenv read all of it.
    wanted = ("HOME", "PATH", "KTX_CACHE_DIR", "KTX_RUNTIME_ROOT")
    variables = {name: bench.variables[name] for name in wanted}
    return {
        key: None if loads_python(words, variables) else count_instructions(words, variables)
        for key, words in commands(bench).items()
    }


def figures(
    counted: Mapping[str, int | None], build: str, baseline: Mapping[str, Any]
) -> list[Figure]:
    """Each count beside the baseline's; without a budget where that is of another compiler."""
    same = baseline.get("build") == build
    known: Mapping[str, int] = baseline.get("instructions", {})
    return [_figure(key, number, known.get(key), same) for key, number in counted.items()]


def _figure(key: str, number: int | None, before: int | None, same: bool) -> Figure:
    broken = []
    if number is None:
        broken.append("maps libpython, so it was not counted")
    elif before is None and same:
        broken.append(f"has no baseline; {REFRESH}")
    change = number / before if number and before else None
    return Figure(
        key=f"instructions.{key}",
        section="Instructions",
        title=f"{TITLES[key]}, millions of instructions",
        unit="x",
        value=Spread(change, change, change) if change else None,
        rounds=1,
        budget=BUDGET if same else None,
        took=number / 1e6 if number else None,
        floor="the baseline" if before else "",
        floor_took=before / 1e6 if before else None,
        note="" if same else "the baseline is another compiler's",
        broken=tuple(broken),
    )


def instructions(bench: Installation) -> list[Figure]:
    """The suite of `make bench`."""
    return figures(counts(bench), kind_of_build(bench.build), json.loads(BASELINE.read_text()))


def refresh(bench: Installation) -> int:
    """Writes the baseline of this build; writes nothing where a command loads Python."""
    counted = counts(bench)
    wrong = [key for key, number in counted.items() if number is None]
    if wrong:
        print(f"These load Python and must not: {', '.join(wrong)}", file=sys.stderr)
        return 1
    baseline = {"build": kind_of_build(bench.build), "instructions": counted}
    BASELINE.write_text(json.dumps(baseline, indent=2) + "\n")
    print(f"Wrote {BASELINE.name}: review the difference and commit it")
    return 0


def check(bench: Installation) -> int:
    """Compares with the baseline."""
    baseline = json.loads(BASELINE.read_text())
    if baseline["build"] != kind_of_build(bench.build):
        print(f"The baseline is of {baseline['build']}, this build of {kind_of_build(bench.build)}")
        return SKIPPED
    found = instructions(bench)
    print(text_table(found))
    if any(one.missed() for one in found):
        print(f"{BUDGET} of the baseline is the most. If more work is wanted, {REFRESH}.")
        return 1
    return 0


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("check", "refresh"))
    for option in ("ktx", "uv", "out"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--runtime", type=Path)
    options = parser.parse_args()
    bench = Installation(options.ktx, options.uv, options.out, options.runtime)
    bench.install()
    return {"check": check, "refresh": refresh}[options.what](bench)


if __name__ == "__main__":
    sys.exit(main())
