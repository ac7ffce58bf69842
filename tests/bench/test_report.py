"""The table, the page and the reasons."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from document import document
from figures import Figure, Spread
from report import Report, in_unit, read_reasons, sections, text_table, used, verdict

MET = Figure(
    "version",
    "Without Python",
    "ktx --version",
    "x",
    Spread(1.9, 2.0, 2.15),
    rounds=41,
    budget=5,
    took=2.1,
    floor="/bin/true",
    floor_took=1.05,
)
MISSED = replace(MET, key="list", title="sl list", value=Spread(5, 6, 7))
FLOOR = replace(MET, key="true", section="Floors", title="/bin/true", budget=None)
MACHINE = {"Processor": "one, 2 cores"}


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [(0.8149, "x", "0.81x"), (12.34, "ms", "12.3 ms"), (1234.5, "MiB", "1,234 MiB")],
)
def test_numbers_have_three_digits(number: float, unit: str, text: str) -> None:
    assert in_unit(number, unit) == text


def test_verdicts() -> None:
    assert [verdict(each) for each in (MET, MISSED, FLOOR)] == ["met", "MISSED", ""]
    broken = replace(MET, broken=("maps libpython", "and more"))
    assert verdict(broken) == "MISSED: maps libpython; and more"


@pytest.mark.parametrize(
    ("median", "text"), [(5, "100%"), (5.0001, "101%"), (0.5, "10%"), (600, "12,000%")]
)
def test_what_is_used_is_rounded_up(median: float, text: str) -> None:
    assert used(replace(MET, value=Spread(0, median, 1000))) == text


def test_sections_keep_their_order() -> None:
    found = sections([FLOOR, MET, replace(FLOOR, key="hello"), MISSED])
    assert {name: [each.key for each in members] for name, members in found.items()} == {
        "Floors": ["true", "hello"],
        "Without Python": ["version", "list"],
    }


def test_the_table_has_every_figure_with_its_verdict() -> None:
    lines = text_table([MET, MISSED, FLOOR]).splitlines()
    (missed,) = (line for line in lines if line.strip().startswith("sl list"))
    assert "6.00x (5.00x to 7.00x)" in missed
    assert " 120%  MISSED" in missed
    (met,) = (line for line in lines if "ktx --version" in line)
    assert " 40%  met " in met
    assert met.endswith("2.10 ms | /bin/true 1.05 ms")


def test_the_page_shows_a_reason_only_while_the_row_misses() -> None:
    reasons = {"list": "It reads every file.", "version": "It used to be slow."}
    page = document(Report(MACHINE, [MET, MISSED]), reasons)
    assert "- **sl list**: It reads every file." in page
    assert "It used to be slow." not in page
    assert "1 of 2 rows keep their budgets." in page


def test_the_page_says_that_a_reason_is_lacking() -> None:
    assert "no reason has been written down" in document(Report(MACHINE, [MISSED]), {})


def test_the_page_of_a_run_without_a_miss_has_no_list_of_them() -> None:
    page = document(Report(MACHINE, [FLOOR, MET]), {})
    assert "What misses" not in page
    assert "1 of 1 rows keep their budgets." in page


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    noted = replace(MISSED, note="a | b", broken=("x | y",))
    page = document(Report(MACHINE, [FLOOR, MET, noted]), {})
    rows = [line for line in page.splitlines() if line.startswith("|")]
    counts = {line.replace("\\|", "").count("|") for line in rows}
    assert counts == {8, 3}  # the figures, and the machine


def test_a_reason_for_a_row_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reasons.toml"
    path.write_text('"gone" = "why"\n')
    with pytest.raises(ValueError, match="gone"):
        read_reasons(path, [MET])


def test_reasons_are_read_by_row(tmp_path: Path) -> None:
    path = tmp_path / "reasons.toml"
    path.write_text('"list" = "why"\n')
    assert read_reasons(path, [MET, MISSED]) == {"list": "why"}


def test_the_committed_reasons_are_toml() -> None:
    committed = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text())
    assert all(isinstance(reason, str) for reason in committed.values())
