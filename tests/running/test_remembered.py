"""A check that passed on the same files is not run again; anything else is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from remembered import main

Runs = list[str]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks for all checks."""
    monkeypatch.delenv("KTX_TEST_AGAIN", raising=False)
    monkeypatch.delenv("KTX_UPDATE_GOLDEN", raising=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What the check depends on: a folder with a file in a folder."""
    folder = tmp_path / "source"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "a.txt").write_text("one")
    return folder


def check(tmp_path: Path, source: Path, code: int = 0, more: str = "") -> int:
    """Runs a check that counts how often it really ran; the count so far."""
    ran = tmp_path / "ran"
    script = f"open({str(ran)!r}, 'a').write('x')\n{more}\nraise SystemExit({code})"
    words = ["--record", str(tmp_path / "passed" / "check"), "--of", str(source)]
    assert main([*words, "--", sys.executable, "-c", script]) == code
    return len(ran.read_text())


def test_the_second_time_nothing_runs(tmp_path: Path, source: Path) -> None:
    """Also when a file is only touched, or Python left its byte code."""
    assert check(tmp_path, source) == 1
    (source / "inner" / "a.txt").touch()
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "a.pyc").write_text("made")
    assert check(tmp_path, source) == 1


@pytest.mark.parametrize("change", ["edit", "add", "rename", "remove"])
def test_any_other_file_runs_it(tmp_path: Path, source: Path, change: str) -> None:
    """Whatever is done to the files."""
    assert check(tmp_path, source) == 1
    file = source / "inner" / "a.txt"
    if change == "edit":
        file.write_text("two")
    elif change == "add":
        (source / "b.txt").write_text("")
    elif change == "rename":
        file.rename(source / "a.txt")
    else:
        file.unlink()
    assert check(tmp_path, source) == 2
    assert check(tmp_path, source) == 2


def test_another_command_runs(tmp_path: Path, source: Path) -> None:
    """The command is part of what is remembered."""
    assert check(tmp_path, source) == 1
    assert check(tmp_path, source, more="pass") == 2


def test_a_failure_is_not_remembered(tmp_path: Path, source: Path) -> None:
    """Nor is what passed before it."""
    assert check(tmp_path, source) == 1
    (source / "b.txt").write_text("")
    assert check(tmp_path, source, code=3) == 2
    (source / "b.txt").unlink()
    assert check(tmp_path, source) == 3


def test_a_change_meanwhile_is_not_remembered(tmp_path: Path, source: Path) -> None:
    """Nobody knows which of the two it passed on."""
    edit = f"open({str(source / 'b.txt')!r}, 'a').write('y')"
    assert check(tmp_path, source, more=edit) == 1
    assert check(tmp_path, source, more=edit) == 2


@pytest.mark.parametrize("variable", ["KTX_TEST_AGAIN", "KTX_UPDATE_GOLDEN"])
def test_all_run_when_asked(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """By a variable."""
    assert check(tmp_path, source) == 1
    monkeypatch.setenv(variable, "1")
    assert check(tmp_path, source) == 2


def test_what_is_missing_is_an_error(tmp_path: Path, source: Path) -> None:
    """A path that is not there, and a command line without a command."""
    with pytest.raises(FileNotFoundError):
        check(tmp_path, source / "nowhere")
    with pytest.raises(SystemExit) as error:
        main(["--record", "r", "--of", str(source)])
    assert error.value.code == 2
