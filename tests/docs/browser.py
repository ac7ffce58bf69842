"""Asks a real browser, Chromium without a window, how pages come out."""

from __future__ import annotations

import html
import json
import subprocess
from pathlib import Path
from typing import Any

LIMIT_SECONDS = 120
# Nothing but files of this machine, a profile of its own, and frames that may look into each other.
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --allow-file-access-from-files"
).split()
ANSWER = "<title>", "</title>"


def measured(folder: Path, pages: list[Path], width: int, question: str) -> list[Any]:
    """What `question`, an expression of JavaScript about `document` and `window`, is on each page.

    Every page is in a frame of `width` pixels, as narrow as a phone if need be. `folder` is
    the browser's own.
    """
    frames = "".join(
        f'<iframe width="{width}" height="800" src="{html.escape(page.as_uri())}"></iframe>\n'
        for page in pages
    )
    asking = folder / "ask.html"
    asking.write_text(
        "<!doctype html><meta charset='utf-8'><title></title>"
        f"{frames}<script>const ask = (document, window) => ({question});"
        "addEventListener('load', () => { document.title = JSON.stringify("
        "Array.from(window.frames, frame => ask(frame.document, frame))); });</script>",
        encoding="utf-8",
    )
    command = ["chromium", *OPTIONS, f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    result = subprocess.run(
        [*command, asking.as_uri()],
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    start, end = (result.stdout.index(tag) for tag in ANSWER)
    answers = json.loads(html.unescape(result.stdout[start + len(ANSWER[0]) : end]))
    assert len(answers) == len(pages), answers
    return list(answers)
