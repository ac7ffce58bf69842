"""Two versions of ktx, two Pythons and two machines on one runtime root."""

from __future__ import annotations

import fcntl
import os
import re
import socket
import sqlite3
import subprocess
from pathlib import Path

from harness import ALL_PYTHONS, BUILD, LIMIT_SECONDS, UV, Ktx, minors, query
from runtime_states import enter
from small_package import small_package

NEXT = BUILD / "next" / "bin" / "ktx"


def other_version(user: Ktx, package: Path) -> Ktx:
    """The same user with the next version of ktx, in a package of its own."""
    binary = small_package(package, program=NEXT)
    return Ktx(home=user.home, runtime_root=user.runtime_root, binary=binary)


def version_dir(user: Ktx) -> Path:
    """Where the user's version of ktx keeps its runtime."""
    return Path(user.json("runtime", "status", "--json")["layout"]["versionDir"])


def kind(user: Ktx) -> str:
    """What the user's version of ktx says of its runtime."""
    return str(user.json("runtime", "status", "--json")["kind"])


def answers(user: Ktx, project: Path) -> bool:
    """Whether a query gives the right rows."""
    return bool(user.json(*query(project, "--execute"))["rows"] == [[3]])


class HeldQuery:
    """A query in the middle of its output: Python runs in it until somebody reads the rest."""

    def __init__(self, user: Ktx, project: Path) -> None:
        """Returns once the answer has begun; it is far longer than what the pipe holds."""
        with sqlite3.connect(project / "warehouse.db") as database:
            rows = [(f"{number:0500}", 1) for number in range(200)]
            database.executemany("INSERT INTO orders (status, amount) VALUES (?, ?)", rows)
        database.close()
        self.reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        words = query(project, "--dimension", "orders.status", "--execute", "--format", "csv")
        self.process = user.start(*words, stdout=writer)
        os.close(writer)
        assert os.read(self.reader, 1)

    def finish(self) -> int:
        """Reads the rest; the exit code."""
        with os.fdopen(self.reader, "rb") as reader:
            reader.read()
        self.process.communicate(timeout=LIMIT_SECONDS)
        return self.process.returncode


def test_two_versions_share_a_root(user: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """Each has its runtime; the newer one removes the older one's once no process runs from it."""
    newer = other_version(user, tmp_path / "next")
    assert user.ok("--version") != newer.ok("--version")
    for each in (user, newer):
        assert kind(each) == "missing"
        each.ok("runtime", "install", "--yes")
    assert version_dir(user).parent == version_dir(newer).parent == user.runtime_root
    assert [kind(each) for each in (user, newer)] == ["ready", "ready"]
    assert answers(user, warehouse)
    assert answers(newer, warehouse)

    old, new = str(version_dir(user)), str(version_dir(newer))
    held = HeldQuery(user, warehouse)
    kept = {"runtimeRoot": str(user.runtime_root), "kept": [new], "removed": []}
    expected = kept | {"stale": [], "inUse": [old]}
    assert newer.json("runtime", "prune", "--dry-run", "--json") == expected
    assert newer.json("runtime", "prune", "--yes", "--json") == expected
    assert newer.ok("runtime", "prune", "--yes") == (
        f"No stale KTX Python runtimes found under {user.runtime_root}\n"
        f"Kept, in use by another process\n{old}\n"
    )
    assert kind(user) == "ready"
    assert held.finish() == 0

    expected = kept | {"stale": [old], "inUse": []}
    assert newer.json("runtime", "prune", "--dry-run", "--json") == expected
    assert kind(user) == "ready", "a preview removes nothing"
    assert newer.json("runtime", "prune", "--yes", "--json") == expected | {"removed": [old]}
    assert [kind(each) for each in (user, newer)] == ["missing", "ready"]
    assert newer.run(*query(warehouse, "--execute")).returncode == 0


def test_a_receipt_of_a_newer_format_is_refused_and_replaced_by_force(
    restored: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """Nobody guesses what a later ktx meant; the way out is in the message."""
    enter(restored, "newer-receipt", tmp_path / "root")
    before = (version_dir(restored) / "manifest.json").read_text()
    for words in (["runtime", "install", "--yes"], query(warehouse, "--yes")):
        error = restored.fails(*words)
        assert "ktx 9.9.9" in error
        assert "ktx runtime install --force --yes" in error
    assert (version_dir(restored) / "manifest.json").read_text() == before
    restored.ok("runtime", "install", "--force", "--yes")
    assert answers(restored, warehouse)


def test_two_pythons_in_turn(user: Ktx, warehouse: Path) -> None:
    """The oldest and the newest that this build has a plugin for."""
    user.extra["PYENV_ROOT"] = str(ALL_PYTHONS)
    pythons = minors(ALL_PYTHONS)
    for minor in (pythons[0], pythons[-1]):
        user.ok("runtime", "install", "--yes", "--python", minor)
        status = user.json("runtime", "status", "--json")
        assert status["manifest"]["interpreter"]["version"].startswith(minor + ".")
        assert answers(user, warehouse)
        assert user.run("runtime", "doctor").returncode == 0


def waits_for(user: Ktx) -> tuple[subprocess.Popen[str], str]:
    """An install that has to wait, and what it says while it does."""
    waiter = user.start("runtime", "install", "--yes")
    assert waiter.stderr is not None
    return waiter, waiter.stderr.readline()


def test_a_waiter_is_told_where_the_holder_runs(fresh: Ktx) -> None:
    """Also of an earlier version, which left its pid alone."""
    lock = fresh.runtime_root / ".ktx" / "locks" / "install.lock"
    lock.parent.mkdir(parents=True)
    for content, place in (
        ("4242 host-b\n", " (process 4242 on host-b)"),
        ("4242\n", " (process 4242)"),
        ("", ""),
    ):
        with lock.open("w") as file:
            file.write(content)
            file.flush()
            fcntl.flock(file, fcntl.LOCK_EX)
            waiter, line = waits_for(fresh)
            waiter.terminate()
            waiter.communicate(timeout=LIMIT_SECONDS)
        assert line == f"Waiting for another ktx{place} that is changing {fresh.runtime_root}\n"
        assert waiter.returncode == 143


def host_name_prefix(name: str) -> tuple[list[str], str]:
    """The words that run a command under another host name, and the name that it then has."""
    script = f'hostname {name} && exec "$@"'
    for options in (["--uts"], ["--user", "--map-root-user", "--uts"]):
        words = ["unshare", *options, "sh", "-c", script, "sh"]
        if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            return words, name
    return [], socket.gethostname()  # this machine does not let us: its own name, then


def test_two_machines_share_a_root(user: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """The second waits for the first, says on which host that runs, and finds its work done."""
    prefix, host = host_name_prefix("host-b")
    go = tmp_path / "go"
    slow = tmp_path / "uv"
    slow.write_text(
        f"#!/bin/sh\nif [ \"$1\" = venv ]; then until [ -e '{go}' ]; do sleep 0.05; done; fi\n"
        f"exec '{UV}' \"$@\"\n"
    )
    slow.chmod(0o755)
    holder = subprocess.Popen(
        [*prefix, str(user.binary), "runtime", "install", "--yes"],
        env=user.environment() | {"KTX_UV": str(slow)},
        stdout=subprocess.PIPE,
        text=True,
    )
    log = user.runtime_root.glob
    while holder.poll() is None and not any(path.read_text() for path in log("*/install.log")):
        pass
    waiter, line = waits_for(user)
    go.touch()
    assert line == (
        f"Waiting for another ktx (process {holder.pid} on {host}) "
        f"that is changing {user.runtime_root}\n"
    )
    installed, _ = holder.communicate(timeout=LIMIT_SECONDS)
    found, _ = waiter.communicate(timeout=LIMIT_SECONDS)
    assert (holder.returncode, waiter.returncode) == (0, 0)
    assert installed.startswith("Installed KTX Python runtime\n")
    assert found.startswith("Using existing KTX Python runtime\n")
    assert answers(user, warehouse)
    elsewhere = subprocess.run(
        [*prefix, str(user.binary), *query(warehouse, "--execute", "--format", "csv")],
        env=user.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (elsewhere.returncode, elsewhere.stderr) == (0, "")
    assert re.search(r"^3$", elsewhere.stdout, re.MULTILINE)
