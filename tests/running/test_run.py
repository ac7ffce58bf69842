"""What is said after CTest: the slowest tests, the times, and the counts in the last line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from run import SHOWN, Case, counted, length, read_cases, summary

RUN = Path(__file__).with_name("run.py")
TESTS = """\
add_test(good "true")
add_test(bad "false")
add_test(skipped "false")
set_tests_properties(skipped PROPERTIES SKIP_RETURN_CODE 1)
add_test(waits "true")
set_tests_properties(bad PROPERTIES FIXTURES_SETUP f)
set_tests_properties(waits PROPERTIES FIXTURES_REQUIRED f)
"""


def test_lengths_are_readable() -> None:
    """Seconds, and minutes beyond one."""
    assert length(7.24) == "7.2 s"
    assert length(125.9) == "2 min 5 s"


def test_the_slowest_come_first_and_the_counts_last() -> None:
    """No more than twenty of them."""
    cases = [Case(f"t{number}", "run", float(number)) for number in range(30)]
    lines = summary([*cases, Case("bad", "fail", 1.0)], 60.0, 3600.0)
    assert lines[0] == "The 20 slowest of 31 tests:"
    assert lines[1].split() == ["29.0", "s", "t29"]
    assert len([line for line in lines if " s  t" in line]) == SHOWN
    assert "7 min 16 s one after the other, 1 min 0 s beside each other" in lines[-2]
    assert lines[-2].endswith("with what was built: 60 min 0 s")
    assert lines[-1] == "30 passed, 1 failed"


def test_ctest_itself(tmp_path: Path) -> None:
    """Its report is read, its count line stays, and its exit code is handed on."""
    (tmp_path / "CTestTestfile.cmake").write_text(TESTS)
    words = [sys.executable, str(RUN), "--build", str(tmp_path)]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    assert result.returncode == 8
    assert "2 tests failed out of 4" in result.stdout
    lines = result.stdout.splitlines()
    assert lines[-2:] == ["1 skipped: skipped", "1 passed, 2 failed"]
    names = {case.name: case.status for case in read_cases(tmp_path / "Testing" / "tests.xml")}
    assert names == {"good": "run", "bad": "fail", "skipped": "skipped", "waits": "fail"}


def test_only_what_is_asked_for_runs(tmp_path: Path) -> None:
    """Options go to CTest."""
    (tmp_path / "CTestTestfile.cmake").write_text(TESTS)
    words = [sys.executable, str(RUN), "--build", str(tmp_path), "--tests-regex", "good"]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "1 passed, 0 failed")
    assert "100% tests passed, 0 tests failed out of 1" in result.stdout


def test_counts_of_this_run_alone_are_shown(tmp_path: Path) -> None:
    """An old count is none of this run."""
    old, new = tmp_path / "a.txt", tmp_path / "b.txt"
    old.write_text("of yesterday\n")
    os.utime(old, (1000, 1000))
    new.write_text("Random questions on b: 1 answered\n")
    assert counted(tmp_path, 2000) == ["Random questions on b: 1 answered"]
    assert counted(tmp_path / "none", 0) == []
