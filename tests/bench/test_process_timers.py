"""Timers of processes, with real ones."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import processes
import pytest
from processes import MOST_STARTS, changing_process, loads_python, process


@pytest.mark.parametrize(("milliseconds", "starts"), [(1e9, MOST_STARTS), (0, 1)])
def test_a_short_program_is_started_several_times(
    milliseconds: float, starts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "SHORT", milliseconds)
    started: list[int] = []

    def next_words() -> list[str]:
        started.append(1)
        return ["/bin/true"]

    assert changing_process(next_words, {})() > 0
    assert len(started) == starts


def test_another_exit_code_than_the_expected_is_an_error() -> None:
    with pytest.raises(RuntimeError, match=r"exit code 1 instead of 0: /bin/false"):
        process(["/bin/false"], {})()
    assert process(["/bin/false"], {}, expected=1)() > 0


def test_the_loader_says_whether_python_is_loaded() -> None:
    folders = [f"{sys.base_prefix}/lib", sysconfig.get_config_var("LIBDIR")]
    name = sysconfig.get_config_var("INSTSONAME")
    library = next(path for folder in folders if (path := Path(folder, name)).exists())
    script = f"import ctypes; ctypes.CDLL({str(library)!r})"
    assert loads_python([sys.executable, "-c", script], {})
    assert not loads_python(["/bin/true"], {})


def test_a_program_of_which_the_loader_says_nothing_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="the loader says nothing"):
        loads_python(["/bin/false"], {})
