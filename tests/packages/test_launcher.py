"""What a launcher must not change: exit codes, signals, the terminal, pipes. For npm's, started by
a shell and by Node.js, and for the wheel's.
"""

from __future__ import annotations

import os
import pty
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import LIMIT_SECONDS, UV, query
from installed import Person, packed, processes_from, tool
from managers import LATER_NODE


def by_npm(person: Person) -> None:
    """A dependency of the project."""
    person.does("npm", "install", *packed("npm"))
    person.command = (str(person.folder / "node_modules" / ".bin" / "ktx"),)


def by_wheel(person: Person) -> None:
    """An environment of Python, called through a link as uv tool and pipx make it."""
    environment = person.folder / "an environment"
    person.does(UV, "venv", "--no-config", environment)
    python = environment / "bin" / "python"
    person.does(
        UV, "pip", "install", "--no-config", "--offline", "--python", python, *packed("wheel")
    )
    link = person.folder / "a link"
    link.symlink_to(environment / "bin" / "ktx")
    person.command = (str(link),)


def by_node(person: Person) -> None:
    """As Yarn starts it: by Node.js, in which a process can become another one since 22.15."""
    by_npm(person)
    person.command = (str(LATER_NODE), *person.command)


def by_older_node(person: Person) -> None:
    """By a Node.js that cannot."""
    by_npm(person)
    older = person.folder / "older.cjs"
    older.write_text("delete process.execve;\n")
    person.command = (tool("node"), "--require", str(older), *person.command)


@pytest.fixture(params=[by_npm, by_wheel, by_node, by_older_node])
def launched(request: pytest.FixtureRequest, person: Person) -> Person:
    """Someone whose ktx is started by a launcher, below a folder with a space in its name."""
    install: Callable[[Person], None] = request.param
    install(person)
    return person


def test_exit_codes_and_words(launched: Person, tmp_path: Path) -> None:
    """Success, failure and a usage error; arguments arrive as they were given."""
    assert launched.run("--help").returncode == 0
    assert launched.run("sl", "list", "--project-dir", str(tmp_path)).returncode == 1
    odd = 'an option\'s  value with $HOME "quotes" and\nlines'
    refused = launched.run(odd)
    assert refused.returncode == 2
    assert odd.replace("\n", "\\n") in refused.stderr  # on one line


def test_a_reader_that_goes_away(launched: Person) -> None:
    """141, quietly, as without a launcher."""
    reader, writer = os.pipe()
    os.close(reader)
    process = launched.start("--help", stdout=writer)
    os.close(writer)
    _, words = process.communicate(timeout=LIMIT_SECONDS)
    assert (process.returncode, words) == (141, "")


class Session:
    """ktx as the leader of a session with a terminal of its own, at its question whether to
    install.
    """

    def __init__(self, person: Person, warehouse: Path) -> None:
        """Starts the query that asks."""
        words = [*person.command, *query(warehouse)]
        environment = {k: v for k, v in person.environment().items() if k != "CI"}
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(person.folder)
            os.execve(words[0], words, environment)
        self.text = ""
        while "[Y/n]" not in self.text:
            piece = os.read(self.terminal, 4096).decode(errors="replace")
            assert piece, self.text
            self.text += piece

    def exit_code(self) -> int:
        """Reads to the end, and returns what the shell would see."""
        while self._more():
            pass
        os.close(self.terminal)
        _, status = os.waitpid(self.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        # Before ktx listens to a signal, it ends whoever has it; to a shell that is the same.
        return 128 - code if code < 0 else code

    def _more(self) -> bool:
        try:
            return bool(os.read(self.terminal, 4096))
        except OSError:  # EIO: nobody has the other side open
            return False


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda session: os.write(session.terminal, b"n\n"), 1),
        (lambda session: os.write(session.terminal, b"\x03"), 130),
        (lambda session: os.kill(session.pid, signal.SIGINT), 130),
        (lambda session: os.kill(session.pid, signal.SIGTERM), 143),
    ],
    ids=["answer", "control-c", "SIGINT", "SIGTERM"],
)
def test_on_a_terminal(
    launched: Person,
    warehouse: Path,
    act: Callable[[Session], object],
    code: int,
    request: pytest.FixtureRequest,
) -> None:
    """ktx sees the terminal and asks; an answer, Ctrl-C and signals reach it, and nothing of it
    stays behind.
    """
    if "--require" in launched.command and request.node.callspec.id.endswith("SIGINT"):
        pytest.skip("on a terminal it takes every SIGINT for a Ctrl-C, which ktx gets too")
    session = Session(launched, warehouse)
    program = Path(os.readlink(f"/proc/{session.pid}/exe"))
    if program.name == "node":
        assert "--require" in launched.command, (
            "every other launcher is gone: ktx runs in its place"
        )
        program = next(launched.folder.glob("node_modules/@kaelio/ktx-*/bin/ktx"))
    act(session)
    assert session.exit_code() == code
    assert processes_from(program.parent) == []
    assert not launched.runtime_root.exists()


def test_an_installation_that_cannot_be_written(launched: Person, shared_runtime: Person) -> None:
    """A folder that even its owner may not change: ktx writes nothing there."""
    before = _tree(launched.folder)
    for path in [launched.folder, *launched.folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        doctor = shared_runtime.run("runtime", "doctor")
        assert "PASS Bundled Python wheel" in doctor.stdout
        assert "FAIL Managed Python runtime" not in doctor.stdout
    finally:
        subprocess.run(["chmod", "-R", "u+w", launched.folder], check=True)
    assert _tree(launched.folder) == before


def _tree(folder: Path) -> list[tuple[str, int]]:
    """Every file and when it changed, for root may write anywhere."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted((str(path), path.stat().st_mtime_ns) for path in files)
