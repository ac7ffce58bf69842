"""The layout of the sources: what a compiler does not enforce of it.

A layer's include path keeps includes from pointing upward; here stands what is left: no circle
of files, CLI11 in the commands alone, and sizes at which a file is one noun with its whole life.
"""

from __future__ import annotations

import re
import statistics
import subprocess
from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^#include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
MOST_FILES = 40
LONGEST = 500
# Bounds of the median, of the ninth decile, and of the share of files of at most SHORT lines.
MEDIAN = range(100, 221)
NINTH_DECILE = 350
SHORT = 50
SHORT_SHARE = 0.08


def tracked(*folders: str) -> list[Path]:
    """The files below the folders that are in the repository, or new and not ignored."""
    command = [
        "git",
        "-C",
        str(ROOT),
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        *folders,
    ]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    return [Path(name) for name in listed if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [
        file for file in tracked("host", "cli", "bindings") if file.suffix in {".cpp", ".hpp", ".h"}
    ]


def layer_of(file: Path) -> str:
    """`host/util` for everything of that layer, its public headers too."""
    return "bindings" if file.parts[0] == "bindings" else "/".join(file.parts[:2])


def noun_of(file: Path) -> str:
    """A header and its source are one."""
    return f"{layer_of(file)}/{file.stem}" if "include" in file.parts else str(file.with_suffix(""))


def included(file: Path, known: set[Path]) -> list[Path]:
    """The project's own files that `file` includes."""
    found: list[Path] = []
    for own, _ in INCLUDE.findall((ROOT / file).read_text()):
        if not own:
            continue
        beside = [file.parent / own, Path("cli") / own, Path("cli/commands") / own]
        public = [
            path
            for path in known
            if "include" in path.parts and str(path).endswith(f"/include/{own}")
        ]
        found += [path for path in beside if path in known][:1] or public[:1]
    return found


def test_no_circle_of_headers_and_their_sources() -> None:
    files = set(sources())
    uses: dict[str, set[str]] = defaultdict(set)
    for file in files:
        uses[noun_of(file)] |= {noun_of(other) for other in included(file, files)} - {noun_of(file)}
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as circle:
        pytest.fail(f"These include each other: {' -> '.join(circle.args[1])}")


def layers() -> dict[str, set[str]]:
    """What each layer uses, as the build files say it: {"project": {"cache", "yaml"}, …}."""
    found = {}
    for file in tracked("host", "cli"):
        if file.name != "CMakeLists.txt":
            continue
        for name, rest in re.findall(r"ktx_layer\(\s*(\w+)([^)]*)\)", (ROOT / file).read_text()):
            found[name] = set(re.findall(r"ktx::(\w+)", rest))
    return found


def test_no_include_points_upward() -> None:
    uses = layers()
    below: dict[str, set[str]] = {}
    for layer in TopologicalSorter(uses).static_order():
        below[layer] = {layer} | {deep for used in uses[layer] for deep in below[used]}
    upward = {
        f"{file} includes {own}"
        for file in sources()
        if file.parts[1] in below
        for own, _ in INCLUDE.findall((ROOT / file).read_text())
        if own.startswith("ktx/") and own.split("/")[1] not in below[file.parts[1]]
    }
    assert "app" in below["commands"]
    assert not upward


def test_only_the_commands_see_cli11() -> None:
    seen = {
        str(file)
        for file in sources()
        if any(name.startswith("CLI/") for _, name in INCLUDE.findall((ROOT / file).read_text()))
        and not file.is_relative_to("cli/commands")
    }
    assert not seen


def test_the_interpreter_is_seen_by_the_bindings_alone() -> None:
    seen = {
        str(file)
        for file in sources()
        if any(
            name == "Python.h" or name.startswith("pybind11/")
            for _, name in INCLUDE.findall((ROOT / file).read_text())
        )
        and file.parts[0] != "bindings"
    }
    assert not seen


def test_no_folder_is_too_full() -> None:
    kinds = {".cpp", ".hpp", ".h", ".py"}
    files = [
        file
        for file in tracked("host", "cli", "bindings", "python", "tests", "cmake", "docs")
        if file.suffix in kinds
    ]
    full = {
        str(folder): count
        for folder, count in Counter(file.parent for file in files).items()
        if count > MOST_FILES
    }
    assert not full


@pytest.mark.parametrize(
    ("folders", "suffix"), [(["host", "cli", "bindings"], ".cpp"), (["python/src"], ".py")]
)
def test_a_file_is_one_noun_with_its_whole_life(folders: list[str], suffix: str) -> None:
    files = [
        file for file in tracked(*folders) if file.suffix == suffix and file.name != "__init__.py"
    ]
    lines = {str(file): len((ROOT / file).read_text().splitlines()) for file in files}
    sizes = sorted(lines.values())
    short = {name: size for name, size in lines.items() if size <= SHORT}
    assert sizes[-1] <= LONGEST
    assert statistics.median_low(sizes) in MEDIAN
    assert sizes[len(sizes) * 9 // 10] <= NINTH_DECILE
    assert len(short) <= SHORT_SHARE * len(sizes), short
