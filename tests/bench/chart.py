"""Draws the share of each budget that is used, as SVG.

    chart.py bench.json performance.svg

Dots on a logarithmic scale with a line at 1, where a budget is used up. What misses has another
colour (Okabe and Ito's, which differ for every eye) and another shape. The background is white, so
that a dark page changes nothing. Text stays text, which is anchored where any font fits.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from figures import Figure
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from report import read_report, sections, used

MET, MISSED, INK, FAINT = "#0072b2", "#d55e00", "#222222", "#bbbbbb"
LEAST_SHARE = 0.02  # a logarithm needs one; less is written beside the dot all the same
ROW_INCHES, WIDTH_INCHES = 0.21, 10.0


def main() -> None:
    """Reads the report and writes the chart."""
    report = read_report(Path(sys.argv[1]))
    judged = [figure for figure in report.figures if figure.share() is not None]
    mpl.rcParams.update({"svg.hashsalt": "ktx", "svg.fonttype": "none", "font.size": 8})
    drawing = draw(judged)
    out = Path(sys.argv[2])
    drawing.savefig(
        out, metadata={"Date": None, "Creator": None}, bbox_inches="tight", pad_inches=0.15
    )
    if out.suffix == ".svg":
        # Without its indentation the file is half as large.
        out.write_text(re.sub(r"\s*\n\s*", " ", out.read_text()).strip() + "\n")


def draw(figures: Sequence[Figure]) -> Drawing:
    """One line for each figure, a gap and a heading for each section."""
    grouped = sections(figures)
    height = (len(figures) + 1.4 * len(grouped)) * ROW_INCHES + 1
    drawing = Drawing(figsize=(WIDTH_INCHES, height), facecolor="white")
    axes = drawing.add_subplot()
    labels: list[tuple[float, str]] = []
    place = 0.0
    for name, members in grouped.items():
        _heading(axes, place, name)
        for figure in members:
            place += 1
            labels.append((place, figure.title))
            _dot(axes, place, figure)
        place += 1.4
    _finish(axes, labels, place)
    return drawing


def _heading(axes: Axes, place: float, name: str) -> None:
    """The section's name, where the titles of its rows are: left of the drawing area."""
    beside = axes.get_yaxis_transform()
    axes.text(-0.01, place, name, transform=beside, weight="bold", ha="right", va="center")


def _dot(axes: Axes, place: float, figure: Figure) -> None:
    """The median, a line over the quartiles, and the number."""
    if figure.value is None or figure.budget is None:
        return
    budget = figure.budget
    quartiles = (figure.value.low, figure.value.median, figure.value.high)
    low, middle, high = (max(value / budget, LEAST_SHARE) for value in quartiles)
    colour = MISSED if figure.missed() else MET
    axes.plot([low, high], [place, place], color=colour, linewidth=2, alpha=0.45)
    axes.plot(middle, place, marker="D" if figure.missed() else "o", color=colour, markersize=5)
    words = f"missed: {used(figure)}" if figure.missed() else used(figure)
    axes.annotate(
        words,
        (max(middle, high), place),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=7,
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )


def _finish(axes: Axes, labels: Sequence[tuple[float, str]], end: float) -> None:
    axes.set_xscale("log")
    axes.set_ylim(end - 0.4, -0.9)
    left, right = axes.get_xlim()
    axes.set_xlim(min(left, 0.1), max(right, 2) * 1.8)
    axes.axvline(1, color=INK, linewidth=1.2)
    axes.set_yticks([place for place, _ in labels], [title for _, title in labels])
    ticks = [tick for tick in (0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100) if _inside(axes, tick)]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", top=True, labeltop=True)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xlabel("share of the budget that is used, median and quartiles (logarithmic)")
    below = (0.5, -1.1 / axes.get_figure(root=True).get_figheight())
    axes.legend(handles=_key(), loc="lower center", bbox_to_anchor=below, ncols=3, frameon=False)


def _inside(axes: Axes, tick: float) -> bool:
    left, right = axes.get_xlim()
    return bool(left <= tick <= right)


def _key() -> list[Line2D]:
    return [
        Line2D([], [], color=MET, marker="o", markersize=5, label="within its budget"),
        Line2D([], [], color=MISSED, marker="D", markersize=5, label="missed"),
        Line2D([], [], color=INK, linewidth=1.2, label="all of the budget"),
    ]


if __name__ == "__main__":
    main()
