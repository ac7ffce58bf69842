"""The site and its pictures of terminals in a real browser: nothing sticks out or fades."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from browser import measured
from pages import ROOT

sys.path.insert(0, str(ROOT / "docs" / "site"))

from terminal_screens import TRANSCRIPT
from terminal_svg import DARK, LIGHT, Theme, draw

PHONE, DESKTOP = 390, 1280
# What reaches over the right edge and does not scroll by itself.
OVERFLOW = """{
  width: document.documentElement.clientWidth,
  needed: document.documentElement.scrollWidth,
  broken: [...document.images].filter(image => !image.naturalWidth).map(image => image.src),
  cut: [...document.querySelectorAll('h1, h2, h3, p, li')]
    .filter(part => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0)
    .map(part => part.textContent.slice(0, 60)),
}"""
# The boxes of a picture's texts, as they are drawn with the fonts of this machine.
BOXES = """{
  width: document.documentElement.viewBox.baseVal.width,
  height: document.documentElement.viewBox.baseVal.height,
  boxes: [...document.querySelectorAll('text')].map(text => {
    const box = text.getBBox();
    return [box.x, box.x + box.width, box.y, box.y + box.height, +text.getAttribute('y')];
  }),
}"""


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_page_is_wider_than_its_window(site: Path, tmp_path: Path, width: int) -> None:
    """On a phone and on a desk; only tables, code and screens scroll, each by itself."""
    pages = sorted((site / "docs").rglob("*.html"))
    assert len(pages) > 20
    for page, found in zip(pages, measured(tmp_path, pages, width, OVERFLOW), strict=True):
        assert found["width"] > width - 30, page
        assert found["needed"] <= found["width"], f"{page}: {found}"
        assert (found["broken"], found["cut"]) == ([], []), page


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_a_screen_is_drawn_cell_by_cell(tmp_path: Path, theme: Theme) -> None:
    """The whole session: every text is inside the picture, and none covers another."""
    picture = tmp_path / "session.svg"
    lines = TRANSCRIPT.read_text(encoding="utf-8").splitlines()
    picture.write_text(draw(lines, "the session", theme), encoding="utf-8")
    [found] = measured(tmp_path, [picture], DESKTOP, BOXES)
    assert len({row for *_, row in found["boxes"]}) == len([line for line in lines if line.strip()])
    ends: dict[float, float] = {}
    for left, right, top, bottom, row in found["boxes"]:
        assert left >= ends.get(row, 0) - 0.5, (row, left, ends)
        assert right <= found["width"]
        assert top >= 0
        assert bottom <= found["height"]
        ends[row] = right


def luminance(colour: str) -> float:
    """As WCAG defines it, of #rrggbb."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_every_colour_of_a_screen_can_be_read(theme: Theme) -> None:
    """4.5 : 1 is what WCAG asks of text."""
    for colour in (theme.text, theme.dim, *theme.colours.values()):
        assert contrast(colour, theme.background) >= 4.5, colour


# Normal and bright red and magenta, and the two that are not used, as xterm has them.
XTERM = {31: ("#cd0000", "#ff0000"), 33: ("#cdcd00", "#ffff00")}
XTERM |= {35: ("#cd00cd", "#ff00ff"), 36: ("#00cdcd", "#00ffff")}


def test_ktx_uses_colours_that_black_and_white_terminals_show() -> None:
    """3 : 1 at least, as WCAG asks of bold text; yellow and cyan are not that on white."""
    style = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "cli" / "terminal").rglob("*.?pp")
    )
    used = {
        int(code)
        for codes in re.findall(r'wrapped\("([\d;]+)"', style)
        for code in codes.split(";")
    }
    assert used & XTERM.keys()
    for code in used - {1, 2}:
        for colour in XTERM[code]:
            assert contrast(colour, "#ffffff") >= 3, code
            assert contrast(colour, "#000000") >= 3, code
