"""Counts beside a baseline."""

from __future__ import annotations

import json

from figures import Spread
from instructions import BASELINE, TITLES, figures

BUILD = "g++ 12, x86_64"
BEFORE = {"build": BUILD, "instructions": {"version": 2_000_000}}


def test_a_count_within_the_budget_is_met() -> None:
    (figure,) = figures({"version": 2_300_000}, BUILD, BEFORE)
    assert figure.value is not None
    assert (figure.value.median, figure.took, figure.floor_took) == (1.15, 2.3, 2.0)
    assert not figure.missed()


def test_a_count_above_it_is_missed() -> None:
    (figure,) = figures({"version": 2_300_001}, BUILD, BEFORE)
    assert figure.missed()


def test_another_compilers_baseline_is_shown_and_does_not_judge() -> None:
    (figure,) = figures({"version": 9_000_000}, "clang++ 16, x86_64", BEFORE)
    assert (figure.missed(), figure.value) == (False, Spread(4.5, 4.5, 4.5))
    assert "another compiler" in figure.note


def test_a_command_without_a_baseline_is_missed() -> None:
    (figure,) = figures({"help": 1}, BUILD, BEFORE)
    assert "make bench-instructions" in figure.broken[0]


def test_a_command_that_loads_python_is_missed() -> None:
    (figure,) = figures({"version": None}, BUILD, BEFORE)
    assert "libpython" in figure.broken[0]
    assert (figure.missed(), figure.share()) == (True, None)


def test_the_committed_baseline_has_commands_that_are_counted() -> None:
    baseline = json.loads(BASELINE.read_text())
    assert baseline["build"]
    assert baseline["instructions"].keys() <= TITLES.keys()
