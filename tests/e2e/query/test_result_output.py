"""Rows on a real terminal: width, pager, colour, --quiet; charts; Parquet, read back."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from dataclasses import dataclass
from pathlib import Path

import pytest
from harness import Ktx, query

BY_STATUS = ("--dimension", "orders.status", "--measure", "orders.revenue", "--execute")


@dataclass
class Shown:
    """What a person saw, and how it ended."""

    code: int
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines as the screen has them."""
        return self.text.replace("\r\n", "\n").splitlines()


def on_terminal(
    user: Ktx,
    arguments: list[str],
    *,
    columns: int = 80,
    rows: int = 24,
    keys: bytes = b"",
) -> Shown:
    """Runs ktx on a terminal of its own; `keys` are typed once it shows `:READY:`."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    command = ["setsid", "--ctty", "--wait", str(user.binary), *arguments]
    process = subprocess.Popen(
        command,
        env=user.environment(),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            shown += os.read(controller, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if keys and b":READY:" in shown:
            os.write(controller, keys)
            keys = b""
    os.close(controller)
    return Shown(process.wait(timeout=60), shown.decode())


def pager(folder: Path, script: str) -> str:
    """A pager of the test's own, a real program."""
    file = folder / "a-pager"
    file.write_text("#!/bin/sh\n" + script)
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize("columns", [12, 30, 40, 80])
def test_no_line_is_wider_than_the_terminal(ready: Ktx, warehouse: Path, columns: int) -> None:
    """As a table, or as records where no table fits."""
    shown = on_terminal(ready, query(warehouse, *BY_STATUS, "--quiet"), columns=columns)
    assert shown.code == 0, shown.text
    assert all(len(line) <= columns for line in shown.lines), shown.text
    assert "paid" in shown.text
    assert ("-[ 1 ]" in shown.text) == (columns == 12)


def test_a_long_answer_goes_through_the_pager(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """All of it and nothing else; a short answer, --no-pager and an empty pager do without."""
    kept = tmp_path / "kept"
    ready.extra["KTX_PAGER"] = pager(tmp_path, f"cat > '{kept}'; echo \"LESS=$LESS\"\n")
    words = query(warehouse, *BY_STATUS)
    shown = on_terminal(ready, words, rows=4)
    assert shown.code == 0
    assert "LESS=FRX" in shown.text
    assert "paid" not in shown.text
    assert "paid" in kept.read_text()
    kept.unlink()
    for rows, more in ((24, []), (4, ["--no-pager"])):
        shown = on_terminal(ready, [*words, *more], rows=rows)
        assert "paid" in shown.text
        assert not kept.exists()
    ready.extra["KTX_PAGER"] = ""
    assert "paid" in on_terminal(ready, words, rows=4).text


def test_ctrl_c_is_the_pagers_and_quitting_is_no_error(
    ready: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """The pager lives on after Ctrl-C; its reader may leave without reading."""
    wait = "exec 0<&-\necho :READY:\nwhile :; do sleep 1; done\n"
    script = "trap 'echo interrupted; exit 3' INT\n" + wait
    ready.extra["KTX_PAGER"] = pager(tmp_path, script)
    shown = on_terminal(ready, query(warehouse, *BY_STATUS), rows=4, keys=b"\x03")
    assert shown.code == 0, shown.text
    assert "interrupted" in shown.text
    assert "2 rows in" in shown.text


def test_a_pager_that_is_not_there_is_done_without(ready: Ktx, warehouse: Path) -> None:
    """The answer is shown, and why there is no pager."""
    ready.extra["PAGER"] = "/nowhere/pager"
    shown = on_terminal(ready, query(warehouse, *BY_STATUS), rows=4)
    assert shown.code == 0
    assert "paid" in shown.text
    assert 'The pager "/nowhere/pager" cannot be run' in shown.text


def test_colour_is_one_decision(ready: Ktx, warehouse: Path) -> None:
    """A terminal has it; NO_COLOR takes it, CLICOLOR_FORCE gives it to a pipe."""
    words = query(warehouse, *BY_STATUS)
    ready.extra["TERM"] = "xterm"
    assert "\x1b[1morders.status\x1b[0m" in on_terminal(ready, words).text
    ready.extra["NO_COLOR"] = "1"
    assert "\x1b" not in on_terminal(ready, words).text
    del ready.extra["NO_COLOR"]
    assert "\x1b" not in ready.ok(*words, "--format", "table")
    ready.extra["CLICOLOR_FORCE"] = "1"
    assert "\x1b[1m" in ready.ok(*words, "--format", "table")


def test_quiet_leaves_stdout_as_it_is(ready: Ktx, warehouse: Path) -> None:
    """And errors on stderr."""
    words = query(warehouse, *BY_STATUS, "--format", "table")
    loud, quiet = ready.run(*words), ready.run(*words, "--quiet")
    assert (quiet.stdout, quiet.stderr) == (loud.stdout, "")
    assert loud.stderr.startswith("2 rows in ")
    assert "nowhere" in ready.fails("-q", "sl", "list", "--project-dir", "/nowhere")


def test_a_chart_is_drawn_anywhere(ready: Ktx, warehouse: Path) -> None:
    """With bars that are as long as their numbers say."""
    bars = ready.ok(*query(warehouse, *BY_STATUS, "--chart", "bar")).splitlines()
    paid = next(line for line in bars if line.startswith("paid  50"))
    unpaid = next(line for line in bars if line.startswith("open  10"))
    assert abs(paid.count("█") - 5 * unpaid.count("█")) <= 5
    error = ready.fails(*query(warehouse, "--execute", "--chart", "--format", "csv"), code=2)
    assert error.startswith("Choose only one of --chart and --format csv")


def test_parquet_is_read_by_another_reader(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """Typed, and never to a terminal."""
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "result.parquet"
    with file.open("wb") as target:
        words = query(warehouse, *BY_STATUS, "--format", "parquet", "--order-by", "orders.status")
        assert ready.start(*words, stdout=target).wait(timeout=300) == 0
    found = duckdb.connect().execute(f"SELECT * FROM '{file}'")
    assert [(column[0], str(column[1])) for column in found.description] == [
        ("orders.status", "VARCHAR"),
        ("orders.order_count", "BIGINT"),
        ("orders.revenue", "BIGINT"),
    ]
    assert found.fetchall() == [("open", 1, 10), ("paid", 2, 50)]
    shown = on_terminal(ready, words)
    assert shown.code == 2
    assert "> result.parquet" in shown.text
