"""What a person sees while an install runs, and that nothing of it is left behind."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from harness import UV, Ktx, query
from terminal import Screen, resize, run_on_terminal

STEPS = [
    r"Creating the environment with Python 3\.\d+\.\d+",
    r"Installing packages",
    r"Installing kaelio_ktx-.+\.whl",
    r"Checking the installed files",
    r"Loading the new environment",
]


def slow_network(user: Ktx, folder: Path) -> Path:
    """Makes uv say what it says with an empty cache, once the returned file is there."""
    go = folder / "go"
    script = folder / "uv"
    script.write_text(
        f"#!/bin/sh\nif [ \"$2\" = install ]; then\n  until [ -e '{go}' ]; do :; done\n"
        "  printf 'Resolved 33 packages in 342ms\\nDownloading numpy (15.0MiB)\\n' >&2\n"
        "  printf 'Downloading a-package-with-quite-a-long-name (1.5GiB)\\n' >&2\n"
        f"fi\nexec '{UV}' \"$@\"\n"
    )
    script.chmod(0o755)
    user.extra |= {"KTX_UV": str(script), "TERM": "xterm-256color"}
    return go


def matches(patterns: list[str], lines: list[str]) -> bool:
    """Whether each line matches the pattern at its place."""
    return len(patterns) == len(lines) and all(map(re.fullmatch, patterns, lines))


@pytest.mark.parametrize(
    ("columns", "later", "frame"),
    [
        (120, 120, "Installing packages: a-package-with-quite-a-long-name 1.5 GiB"),
        (40, 40, "a-package-with-quite-a-long-name 1.5 G…"),
        (120, 40, "a-package-with-quite-a-long-name 1.5 G…"),
    ],
)
def test_a_terminal_shows_one_line_that_fits_and_goes(
    user: Ktx, tmp_path: Path, columns: int, later: int, frame: str
) -> None:
    """It names the package; a terminal that is made narrower meanwhile gets shorter lines."""
    go = slow_network(user, tmp_path)
    screen = Screen(columns)

    def on_text(terminal: int, text: str) -> None:
        screen.draw(text)
        if "Installing packages" in text and not go.exists():
            resize(terminal, later)
            screen.columns = later
            go.touch()

    result = run_on_terminal(user, "runtime", "install", "--yes", columns=columns, on_text=on_text)
    assert result.code == 0, result.raw
    assert result.out.startswith("Installed KTX Python runtime\n")
    assert frame in screen.frames
    assert any(re.search(r"\(\d+ of \d+\)", line) for line in screen.frames)
    assert screen.lines == [""]


def test_the_line_is_gone_before_an_error_is_shown(user: Ktx, tmp_path: Path) -> None:
    """The error starts on an empty line of its own; so does what a person types next."""
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\n[ "$1" = --version ] && echo uv 0.9.0 && exit\necho no >&2\nexit 1\n')
    uv.chmod(0o755)
    user.extra |= {"KTX_UV": str(uv), "TERM": "xterm"}
    screen = Screen(10_000)
    result = run_on_terminal(
        user, "runtime", "install", columns=10_000, on_text=lambda _, text: screen.draw(text)
    )
    assert result.code == 1
    assert len(screen.frames) == 1, "there was a line to take away"
    assert [line.split()[0] for line in screen.lines[:-1]] == ["Python", "no", "Fix:"]
    assert screen.lines[-1] == ""


@pytest.mark.parametrize("terminal", ["dumb", ""])
def test_a_dumb_terminal_gets_plain_lines(user: Ktx, terminal: str) -> None:
    """No line is written over where that cannot be done."""
    user.extra["TERM"] = terminal
    result = run_on_terminal(
        user, "runtime", "install", "--offline", columns=40, on_text=lambda _terminal, _text: None
    )
    assert result.code == 0, result.raw
    assert "\x1b" not in result.raw
    assert matches(STEPS, result.raw.splitlines())


def test_without_a_terminal_only_verbose_shows_steps(user: Ktx, warehouse: Path) -> None:
    """An install that went well says nothing on stderr; a query that installs names each step."""
    silent = user.run("runtime", "install", "--yes")
    assert (silent.returncode, silent.stderr) == (0, "")
    verbose = user.run("runtime", "install", "--force", "--verbose")
    assert verbose.returncode == 0
    assert matches(STEPS, verbose.stderr.splitlines())

    (user.runtime_root / "0.0.1").mkdir()
    pruned = user.run("runtime", "prune", "--yes", "--verbose")
    assert pruned.stderr == f"Removing {user.runtime_root / '0.0.1'}\n"
    (user.runtime_root / "0.0.1").mkdir()
    assert user.run("runtime", "prune", "--yes").stderr == ""

    user.runtime_root = user.runtime_root.with_name("another-root")
    lazy = user.run(*query(warehouse, "--yes"))
    around = [r"Installing KTX Python runtime \(core\) with uv", r"KTX Python runtime ready: .+"]
    assert lazy.returncode == 0
    assert matches([around[0], *STEPS, around[1]], lazy.stderr.splitlines())


def test_an_index_that_cannot_be_reached_is_named(user: Ktx, tmp_path: Path) -> None:
    """uv's own words between the message and the fix, without its reports of what went well."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    user.extra |= {
        "UV_CACHE_DIR": str(tmp_path / "empty cache"),
        "UV_INDEX_URL": "",
        "UV_DEFAULT_INDEX": f"http://127.0.0.1:{port}/index",
        "UV_HTTP_RETRIES": "0",
    }
    first, *details, fix = user.fails("runtime", "install", "--yes").splitlines()
    log = next(user.runtime_root.glob("*/install.log"))
    assert first == f"Python runtime install failed. Install log: {log}"
    assert all(line.startswith("  ") for line in details)
    assert any(f"http://127.0.0.1:{port}/index/" in line for line in details)
    assert "Connection refused" in details[-1]
    assert not any(line.startswith("  Using Python") for line in details)
    assert details[0] == "  The package index could not be reached"
    assert fix.startswith("Fix: Check the network, the proxy (HTTPS_PROXY) and the index ")
