"""Sums by layer, ratios, and what the launcher and the worktrees leave."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from build_times import (
    LAUNCHER,
    REST,
    Compile,
    Phase,
    as_json,
    layer,
    ratio,
    read_compiles,
    table,
    timed,
)

OWN = Phase(
    "product",
    10.0,
    6.0,
    [
        Compile(1.0, 1.0, "host/util/CMakeFiles/ktx_util.dir/Unity/unity_0_cxx.cxx.o"),
        Compile(2.0, 2.0, "host/util/CMakeFiles/ktx_util.dir/cmake_pch.hxx.gch"),
        Compile(4.0, 4.0, "cli/CMakeFiles/ktx_cli.dir/Unity/unity_0_cxx.cxx.o"),
    ],
)
BASE = Phase(
    "product",
    40.0,
    20.0,
    [
        Compile(6.0, 6.0, "host/util/CMakeFiles/ktx_util.dir/a.cpp.o"),
        Compile(4.0, 4.0, "host/cache/CMakeFiles/ktx_cache.dir/a.cpp.o"),
    ],
)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("host/util/CMakeFiles/ktx_util.dir/Unity/unity_0_cxx.cxx.o", "host/util"),
        ("CMakeFiles/ktx_glibc_compat.dir/cmake/portable/glibc_compat.c.o", "."),
        ("cli/CMakeFiles/ktx_cli.dir/cmake_pch.hxx.gch", "cli"),
        ("elsewhere.o", "."),
    ],
)
def test_an_object_is_of_its_folder(made: str, expected: str) -> None:
    assert layer(made) == expected


def test_what_no_compiler_took_is_the_rest() -> None:
    assert OWN.layers() == {"cli": 4.0, "host/util": 3.0, REST: 3.0}
    assert list(OWN.layers())[-1] == REST


def test_the_rest_is_never_negative() -> None:
    """The two clocks differ by a little."""
    assert Phase("t", 0.9, 1.0, [Compile(1.0, 1.0, "a.o")]).layers()[REST] == 0.0


def test_ratios() -> None:
    assert ratio(3.0, 10.0) == "0.30x"
    assert ratio(3.0, None) == ratio(None, 3.0) == ratio(3.0, 0.0) == ""


def test_the_table_has_both_trees_side_by_side() -> None:
    lines = [line.split() for line in table([OWN], [BASE], "abc1234").splitlines()]
    assert lines == [
        ["target", "this", "tree", "abc1234", "ratio"],
        ["product", "processor", "seconds", "10.0", "40.0", "0.25x"],
        ["seconds", "6.0", "20.0", "0.30x"],
        ["cli", "4.0"],
        ["host", "3.0", "10.0", "0.30x"],
        ["host/cache", "4.0"],
        ["host/util", "3.0", "6.0", "0.50x"],
        [*REST.split(), "3.0", "30.0", "0.10x"],
    ]


def test_one_tree_has_no_ratios() -> None:
    assert "x" not in table([OWN], [], "").replace("processor", "")


def test_what_is_kept_adds_up() -> None:
    (kept,) = as_json([OWN])
    assert (kept["target"], kept["cpu"], kept["wall"]) == ("product", 10.0, 6.0)
    assert sum(kept["layers"].values()) == kept["cpu"]


def test_the_launcher_leaves_what_a_compiler_took(tmp_path: Path) -> None:
    work = "import sys, time; t = time.process_time()\nwhile time.process_time() < t + 0.2: pass"
    words = [sys.executable, "-c", work, "-c", "a.cpp", "-o", "host/util/CMakeFiles/x.dir/a.o"]
    for _ in range(2):
        subprocess.run([sys.executable, str(LAUNCHER), str(tmp_path), *words], check=True)
    found = read_compiles(tmp_path)
    assert [compile_.made for compile_ in found] == ["host/util/CMakeFiles/x.dir/a.o"] * 2
    assert all(0.2 <= compile_.cpu < 60 for compile_ in found)


def test_the_launcher_fails_as_the_compiler_does(tmp_path: Path) -> None:
    words = [sys.executable, str(LAUNCHER), str(tmp_path), sys.executable, "-c", "exit(7)"]
    assert subprocess.run(words, check=False).returncode == 7


def test_a_build_is_timed_with_all_that_it_starts() -> None:
    child = "import time; t = time.process_time()\nwhile time.process_time() < t + 0.3: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    cpu, wall = timed([sys.executable, "-c", code])
    assert cpu >= 0.3
    assert wall >= 0.3
    with pytest.raises(SystemExit, match="exit code 3"):
        timed([sys.executable, "-c", "exit(3)"])
