"""What a cold build takes, in processor seconds and in time, by layer, beside that of a commit.

    build_times.py --out build/bench [--base COMMIT] [--target TARGET …] [--jobs N]

Builds the working tree and, in a worktree of its own, COMMIT: first the target `product` in an
empty folder, and then on top of it all that the tests need. Nothing comes from a compiler cache.
Prints a table and writes build_times.json into the folder. What it built is removed afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).with_name("compile_launcher.py")
EVERYTHING = "all"
REST = "linking and the rest"


class Compile(NamedTuple):
    """One run of the compiler: processor seconds, seconds, and the file that it made."""

    cpu: float
    wall: float
    made: str


class Phase(NamedTuple):
    """The build of one target: what all its processes took, and the compilers among them."""

    target: str
    cpu: float
    wall: float
    compiles: list[Compile]

    def layers(self) -> dict[str, float]:
        """Processor seconds by layer; what no compiler took comes last."""
        found: defaultdict[str, float] = defaultdict(float)
        for compile_ in self.compiles:
            found[layer(compile_.made)] += compile_.cpu
        rest = self.cpu - sum(found.values())
        return dict(sorted(found.items())) | {REST: max(rest, 0.0)}


def layer(made: str) -> str:
    """The folder of the sources that an object is made from: `host/util`, `tests/cli`."""
    folder, marker, _ = made.partition("CMakeFiles/")
    return folder.strip("/") or "." if marker else "."


def read_compiles(folder: Path) -> list[Compile]:
    """What the launcher left in a folder."""
    found = []
    for file in sorted(folder.iterdir()):
        for line in file.read_text(encoding="utf-8").splitlines():
            cpu, wall, made = line.split("\t")
            found.append(Compile(float(cpu), float(wall), made))
    return found


def timed(words: Sequence[str | Path]) -> tuple[float, float]:
    """Processor seconds of a command with all that it starts, and how long it took."""
    began = time.monotonic()
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"exit code {process.returncode}: {' '.join(map(str, words))}")
    return used.ru_utime + used.ru_stime, time.monotonic() - began


def configure(source: Path, build: Path, compiles: Path) -> None:
    """Configures a tree whose compilers are timed; with a launcher of its own it asks no cache."""
    launcher = ";".join([sys.executable, "-S", "-E", str(LAUNCHER), str(compiles)])
    words = ["cmake", "--preset", "dev", "--log-level=WARNING", "-S", source, "-B", build]
    words += [f"-DKTX_TOOLS_DIR={ROOT / 'build' / 'tools' / 'venv' / 'bin'}"]
    words += [f"-DCMAKE_{language}_COMPILER_LAUNCHER={launcher}" for language in ("C", "CXX")]
    subprocess.run([str(word) for word in words], cwd=source, check=True, stdout=subprocess.DEVNULL)


def build_phases(source: Path, scratch: Path, targets: Iterable[str], jobs: int) -> list[Phase]:
    """Builds the targets one after the other, the first of them in an empty folder."""
    build, compiles = scratch / "build", scratch / "compiles"
    compiles.mkdir(parents=True)
    configure(source, build, compiles)
    phases = []
    for target in targets:
        shutil.rmtree(compiles)
        compiles.mkdir()
        print(f"Building {target} in {build.relative_to(ROOT)}", file=sys.stderr, flush=True)
        words: list[str | Path] = [
            "cmake",
            "--build",
            build,
            "--parallel",
            str(jobs),
            "--target",
            target,
        ]
        cpu, wall = timed(words)
        phases.append(Phase(target, cpu, wall, read_compiles(compiles)))
    return phases


@contextmanager
def checkout(commit: str, folder: Path) -> Iterator[Path]:
    """The commit's files in a worktree, which is gone afterwards."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", "--force", folder, commit], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", folder], check=True)


def ratio(own: float | None, base: float | None) -> str:
    """The first in units of the second; nothing where one of them is missing or next to nothing."""
    return f"{own / base:.2f}x" if own is not None and base and base >= 0.05 else ""


def cells(own: float | None, base: float | None) -> list[str]:
    """A row's numbers, as they are printed."""
    return [f"{own:.1f}" if own is not None else "", f"{base:.1f}" if base is not None else "",
            ratio(own, base)]  # fmt: skip


def rows(own: Phase, base: Phase | None) -> list[list[str]]:
    """The rows of a target: the whole in both measures, and processor seconds by layer."""
    found = [
        [own.target, "processor seconds", *cells(own.cpu, base.cpu if base else None)],
        ["", "seconds", *cells(own.wall, base.wall if base else None)],
    ]
    ours, theirs = own.layers(), base.layers() if base else {}
    names = sorted((ours.keys() | theirs.keys()) - {REST})
    groups = sorted({name.partition("/")[0] for name in names})
    for group in groups:
        members = [name for name in names if name.partition("/")[0] == group]
        if len(members) > 1:
            total = [sum(part.get(name, 0.0) for name in members) for part in (ours, theirs)]
            found.append(["", group, *cells(total[0], total[1] if base else None)])
        indent = "  " if len(members) > 1 else ""
        found += [["", indent + name, *cells(ours.get(name), theirs.get(name))] for name in members]
    return [*found, ["", REST, *cells(ours[REST], theirs.get(REST))]]


def table(own: list[Phase], base: list[Phase], base_name: str) -> str:
    """All targets, for people."""
    lines = [["target", "", "this tree", base_name, "ratio" if base_name else ""]]
    for index, phase in enumerate(own):
        lines += rows(phase, base[index] if base else None)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            word.ljust(width) if column < 2 else word.rjust(width)
            for column, (word, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def as_json(phases: list[Phase]) -> list[dict[str, Any]]:
    """What is kept of a tree."""
    return [
        {"target": phase.target, "cpu": round(phase.cpu, 2), "wall": round(phase.wall, 2),
         "layers": {name: round(cpu, 2) for name, cpu in phase.layers().items()}}
        for phase in phases
    ]  # fmt: skip


def commit_of(name: str) -> str:
    """A commit's short number."""
    words = ["git", "-C", str(ROOT), "rev-parse", "--verify", "--short", f"{name}^{{commit}}"]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise SystemExit(f"{name} is no commit of this repository: {found.stderr.strip()}")
    return found.stdout.strip()


def processors() -> str:
    """The processor's name and how many there are."""
    about = Path("/proc/cpuinfo")
    text = about.read_text(encoding="utf-8") if about.exists() else ""
    found = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    return f"{os.cpu_count()} x {found[1] if found else 'unknown'}"


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="where the JSON goes")
    parser.add_argument("--base", help="the commit to measure beside this tree")
    parser.add_argument("--target", nargs="+", default=["product", EVERYTHING])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    base_name = commit_of(options.base) if options.base else ""
    scratch = ROOT / "build" / "bench-build"
    shutil.rmtree(scratch, ignore_errors=True)
    load = os.getloadavg()[0]
    try:
        own = build_phases(ROOT, scratch / "own", options.target, options.jobs)
        base: list[Phase] = []
        if base_name:
            with checkout(base_name, scratch / base_name / "source") as source:
                base = build_phases(source, scratch / base_name, options.target, options.jobs)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(table(own, base, base_name))
    about = {"processors": processors(), "jobs": options.jobs, "load when it began": load}
    document = {"about": about, "this tree": as_json(own)}
    document |= {base_name: as_json(base)} if base_name else {}
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "build_times.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
