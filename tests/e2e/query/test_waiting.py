"""The line that says how long a statement has been running: on terminals only, gone afterwards."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from harness import Ktx
from terminal import Screen, run_on_terminal

# Without an end, on SQLite and, unlike a sleep, on DuckDB too.
ENDLESS = {
    "lite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "duck": "SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000000) b",
}
SHOWN = "Running for 1 s. Ctrl-C ends the statement."


@pytest.mark.parametrize("connection", list(ENDLESS))
def test_a_long_statement_says_so(ready: Ktx, shop: Path, connection: str) -> None:
    """Ctrl-C ends it as the line says, and takes the line away."""
    screen = Screen(80)

    def on_text(terminal: int, text: str) -> None:
        screen.draw(text.replace("^C", ""))
        if SHOWN in text:
            os.kill(int(started[0]), signal.SIGINT)

    started: list[int] = []
    ready.extra["TERM"] = "xterm-256color"
    words = ["sql", "-c", connection, ENDLESS[connection], "--project-dir", str(shop)]
    result = run_on_terminal(ready, *words, columns=80, on_text=on_text, on_start=started.append)
    assert result.code == 130, result.raw
    assert SHOWN in [*screen.frames, *screen.lines]
    assert "Running" not in "".join(screen.lines)


def test_a_short_statement_says_nothing(ready: Ktx, shop: Path) -> None:
    """Nor does one without a terminal, however long: its stderr is all that there is."""
    ready.extra["TERM"] = "xterm-256color"
    words = ["sql", "-c", "lite", "SELECT 1", "--project-dir", str(shop)]
    result = run_on_terminal(ready, *words, columns=80, on_text=lambda *_: None)
    assert (result.code, "Running" in result.raw) == (0, False)
