"""docs/performance.md: the report as a page, with the chart and how it was measured."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from figures import Figure
from report import (
    Report,
    in_unit,
    read_reasons,
    read_report,
    sections,
    spread_text,
    took,
    used,
    verdict,
)

METHOD = Path(__file__).with_name("method.md")
REASONS = Path(__file__).with_name("reasons.toml")
HEADINGS = "| what | median (quartiles) | budget | used | | took | beside |"
COLUMNS = HEADINGS.count("|") - 1


def document(report: Report, reasons: Mapping[str, str]) -> str:
    """The page, as Markdown."""
    missed = report.missed()
    parts = [
        "# Performance",
        "<!-- Made by `make bench` and `make bench-docs`; not to be edited. -->",
        _summary(report, missed),
        "![Each row's share of its budget, with a line where all of it is used](performance.svg)",
        *_reasons(missed, reasons),
        *(_section(name, figures) for name, figures in sections(report.figures).items()),
        "## The machine",
        _rows(["|  |  |", "|---|---|"], [[name, said] for name, said in report.machine.items()]),
        METHOD.read_text().strip(),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(report: Report, missed: Sequence[Figure]) -> str:
    judged = [figure for figure in report.figures if figure.budget is not None or figure.broken]
    kept = f"{len(judged) - len(missed)} of {len(judged)} rows keep their budgets."
    rest = "A row that does not is marked **MISSED**, and the chart shows how much of each is used."
    return f"{kept} {rest}"


def _reasons(missed: Sequence[Figure], reasons: Mapping[str, str]) -> list[str]:
    if not missed:
        return []
    lines = [
        f"- **{figure.title}**: {reasons.get(figure.key, 'no reason has been written down.')}"
        for figure in missed
    ]
    return ["## What misses its budget, and why", "\n".join(lines)]


def _section(name: str, figures: Sequence[Figure]) -> str:
    head = [HEADINGS, "|" + "---|" * COLUMNS]
    table = _rows(head, [_cells(figure) for figure in figures])
    return f"## {name}\n\n{table}"


def _cells(figure: Figure) -> list[str]:
    said = verdict(figure)
    beside = f"{figure.floor}: {took(figure, figure.floor_took)}" if figure.floor else ""
    return [
        f"{figure.title} ({figure.note})" if figure.note else figure.title,
        spread_text(figure),
        "" if figure.budget is None else in_unit(figure.budget, figure.unit),
        used(figure),
        f"**{said}**" if figure.missed() else said,
        took(figure, figure.took),
        beside,
    ]


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([*head, *lines])


def main() -> None:
    """Writes page and chart of the last whole run, with the reasons as they are now.

    document.py <folder of the run> <folder of the page>
    """
    run, target = map(Path, sys.argv[1:])
    report = read_report(run / "bench.json")
    reasons = read_reasons(REASONS, report.figures)
    (target / "performance.md").write_text(document(report, reasons))
    shutil.copy(run / "performance.svg", target)


if __name__ == "__main__":
    main()
