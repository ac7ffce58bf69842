"""A search says its seed, and is run again by it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from seeded import LARGEST, choose

SEEDED = Path(__file__).with_name("seeded.py")


def test_the_seed_is_said_and_used() -> None:
    """In every word that asks for it."""
    words = [sys.executable, str(SEEDED), "echo", "-seed={seed}", "{seed}"]
    result = subprocess.run(
        words, env={"KTX_SEED": "17", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert result.stdout.splitlines() == [
        "Seed 17: with KTX_SEED=17 the same search is run again.",
        "-seed=17 17",
    ]


def test_a_new_one_differs_from_the_last() -> None:
    """Without KTX_SEED."""
    seeds = {choose("") for _ in range(20)}
    assert len(seeds) > 1
    assert all(1 <= seed <= LARGEST for seed in seeds)


@pytest.mark.parametrize("wrong", ["0", "-3", "x", "1.5", str(LARGEST + 1)])
def test_what_is_no_seed_is_refused(wrong: str) -> None:
    """0 means another seed each time to libFuzzer, and could not be repeated."""
    with pytest.raises(SystemExit, match="whole number"):
        choose(wrong)
