"""Every test is in one shard, and in no more than one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sharding import parse

TESTS = """\
import pytest

@pytest.mark.parametrize("number", range(7))
def test_a(number: int) -> None: ...

def test_b() -> None: ...
"""


def collected(folder: Path, shard: str) -> list[str]:
    """The ids of the tests of a shard."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "sharding"]
    result = subprocess.run(
        [*words, "--collect-only", f"--shard={shard}", str(folder)],
        env={"PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.rpartition("::")[2] for line in result.stdout.splitlines() if "::" in line]


def test_shards_are_a_partition(tmp_path: Path) -> None:
    """In the order of collection, as evenly as can be."""
    (tmp_path / "test_some.py").write_text(TESTS)
    everything = collected(tmp_path, "1/1")
    assert len(everything) == 8
    parts = [collected(tmp_path, f"{part}/3") for part in (1, 2, 3)]
    assert sorted(name for part in parts for name in part) == sorted(everything)
    assert [len(part) for part in parts] == [3, 3, 2]


@pytest.mark.parametrize("wrong", ["0/3", "4/3", "2", "a/b", "-1/2", ""])
def test_anything_but_a_part_is_refused(wrong: str) -> None:
    """In words that say what to write."""
    with pytest.raises(pytest.UsageError, match="write I/N"):
        parse(wrong)
