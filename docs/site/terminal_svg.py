"""Draws lines of a terminal, with the sequences of their colours, as an SVG of text.

Each run of characters says how wide it is, so columns stay below each other in whatever monospaced
font the reader has. Every colour has a contrast of at least 4.5 : 1 with its background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

CELL, LINE, SIZE, MARGIN = 8.4, 19, 14, 14
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")
# What is placed by itself: no reader keeps wide blanks, and the characters of drawings come from
# another font than the letters where that has none of them.
WORDS = re.compile(r"[!-~]+(?: [!-~]+)*|[\u2500-\u259f]+|[^ -~\u2500-\u259f]+")
FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"


@dataclass(frozen=True)
class Theme:
    """A background, plain and dim text, and the colours by their number."""

    background: str
    text: str
    dim: str
    colours: dict[int, str]


DARK = Theme(
    *("#1c1f26", "#e4e6eb", "#9aa1ad"),
    {31: "#ff8080", 32: "#7fd68a", 33: "#e8c46a", 34: "#8ab4f8", 35: "#d7a4f0", 36: "#6fd3dc"},
)
LIGHT = Theme(
    *("#ffffff", "#1f2328", "#65696f"),
    {31: "#b3261e", 32: "#1a6b2c", 33: "#7a5600", 34: "#1a4fb3", 35: "#7b2fa0", 36: "#00626c"},
)


def plain(line: str) -> str:
    """The line without the sequences of its colours."""
    return SEQUENCE.sub("", line)


def _runs(line: str) -> Iterator[tuple[set[int], str]]:
    """The parts of a line, each with the codes that it is shown in."""
    codes: set[int] = set()
    parts = SEQUENCE.split(line)
    for position, part in enumerate(parts):
        if position % 2:
            codes = {int(code) for code in part.split(";") if code not in ("", "0")}
        elif part:
            yield codes, part


def _style(codes: set[int], theme: Theme) -> str:
    """The attributes of a run; dim is 2, or the 3 that it was recorded as."""
    colour = next((theme.colours[code] for code in sorted(codes) if code in theme.colours), "")
    if not colour and codes & {2, 3}:
        colour = theme.dim
    style = f' fill="{colour}"' if colour else ""
    return style + (' font-weight="bold"' if 1 in codes else "")


def _line(line: str, row: int, theme: Theme) -> str:
    y = MARGIN + row * LINE + SIZE
    text, column = "", 0
    for codes, run in _runs(line):
        for word in WORDS.finditer(run):
            x, width = MARGIN + (column + word.start()) * CELL, len(word[0]) * CELL
            text += f'<text x="{x:.1f}" y="{y}" textLength="{width:.1f}"'
            text += ' lengthAdjust="spacingAndGlyphs"'
            text += f"{_style(codes, theme)}>{escape(word[0])}</text>\n"
        column += len(run)
    return text


def draw(lines: Sequence[str], title: str, theme: Theme = DARK) -> str:
    """The SVG; `title` is for readers who do not see it. As wide as its longest line."""
    columns = max((len(plain(line)) for line in lines), default=1)
    width = round(2 * MARGIN + columns * CELL)
    height = 2 * MARGIN + len(lines) * LINE
    drawn = "".join(_line(line, row, theme) for row, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label={quoteattr(title)}>\n'
        f'<rect width="100%" height="100%" rx="6" fill="{theme.background}"/>\n'
        f'<g font-family="{FONTS}" font-size="{SIZE}" fill="{theme.text}" xml:space="preserve">\n'
        f"{drawn}</g>\n</svg>\n"
    )
