"""Timers of processes, with real ones."""

from __future__ import annotations

import pytest
from processes import MOST_STARTS, changing_process, loads_python, process


def test_a_short_program_is_started_several_times() -> None:
    started: list[int] = []

    def next_words() -> list[str]:
        started.append(1)
        return ["/bin/true"]

    assert changing_process(next_words, {})() > 0
    assert 1 <= len(started) <= MOST_STARTS


def test_another_exit_code_than_the_expected_is_an_error() -> None:
    with pytest.raises(RuntimeError, match=r"exit code 1 instead of 0: /bin/false"):
        process(["/bin/false"], {})()
    assert process(["/bin/false"], {}, expected=1)() > 0


def test_the_loader_is_asked_whether_python_is_loaded() -> None:
    assert not loads_python(["/bin/true"], {})


def test_a_program_of_which_the_loader_says_nothing_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="the loader says nothing"):
        loads_python(["/bin/false"], {})
