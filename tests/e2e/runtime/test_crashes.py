"""Killed at any moment, many at once: the next plain command works, and nothing is left over."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
from pathlib import Path

from harness import LIMIT_SECONDS, UV, Ktx, query

ROWS = [[3]]


def what_is_there(user: Ktx) -> tuple[set[str], set[str]]:
    """The names in the version's folder, the environment's as `env`, and those in ktx's own."""
    version = next(entry for entry in user.runtime_root.iterdir() if entry.name != ".ktx")
    environment = json.loads((version / "manifest.json").read_text())["environment"]
    names = {entry.name for entry in version.iterdir()}
    names = {"env" if name == environment else name for name in names}
    return names, {entry.name for entry in (user.runtime_root / ".ktx").iterdir()}


CLEAN = ({".venv", "env", "install.log", "manifest.json"}, {"locks"})


def steps_of(process: subprocess.Popen[str]) -> list[str]:
    """What an install says on stderr, step by step, to its end."""
    assert process.stderr is not None
    return list(process.stderr)


def kill(process: subprocess.Popen[str]) -> None:
    """As the out-of-memory killer would."""
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=LIMIT_SECONDS)


def assert_next_query_mends(user: Ktx, warehouse: Path) -> None:
    """A plain query answers, or names the command that mends; the same with consent answers."""
    plain = user.run(*query(warehouse, "--execute"))
    if plain.returncode == 0:
        assert json.loads(plain.stdout)["rows"] == ROWS
    else:
        assert "ktx runtime install --yes" in plain.stderr
    assert user.json(*query(warehouse, "--execute", "--yes"))["rows"] == ROWS
    user.ok("runtime", "install", "--yes")
    assert what_is_there(user) == CLEAN
    assert user.run("runtime", "verify").returncode == 0


def test_killed_at_every_step_of_a_first_install(
    user: Ktx, warehouse: Path, tmp_path: Path
) -> None:
    """Killed as soon as it says that the step begins."""
    process = user.start(*query(warehouse, "--execute", "--yes"))
    steps = steps_of(process)
    process.wait(timeout=LIMIT_SECONDS)
    assert len(steps) >= 7, steps
    for number in range(len(steps)):
        user.runtime_root = tmp_path / f"root-{number}"
        process = user.start(*query(warehouse, "--execute", "--yes"))
        assert process.stderr is not None
        for _ in range(number + 1):
            process.stderr.readline()
        kill(process)
        assert_next_query_mends(user, warehouse)


def test_killed_at_random_moments_of_a_reinstall(user: Ktx, warehouse: Path) -> None:
    """The old runtime answers at once, whenever the new one's install ended."""
    user.ok("runtime", "install", "--yes")
    moments = random.Random(20261121)
    for _ in range(8):
        process = user.start("runtime", "install", "--force")
        try:
            process.wait(timeout=moments.uniform(0.05, 2.5))
        except subprocess.TimeoutExpired:
            kill(process)
        process.communicate(timeout=LIMIT_SECONDS)
        assert user.json(*query(warehouse, "--execute"))["rows"] == ROWS
    assert_next_query_mends(user, warehouse)


def test_eight_installs_at_once_install_once(user: Ktx, warehouse: Path) -> None:
    """Seven wait for the first and find its work done."""
    processes = [user.start("runtime", "install", "--yes") for _ in range(8)]
    outputs = [process.communicate(timeout=LIMIT_SECONDS) for process in processes]
    assert [process.returncode for process in processes] == [0] * 8, outputs
    heads = sorted(out.splitlines()[0] for out, _ in outputs)
    assert heads == [
        "Installed KTX Python runtime",
        *["Using existing KTX Python runtime"] * 7,
    ]
    assert what_is_there(user) == CLEAN
    assert user.json(*query(warehouse, "--execute"))["rows"] == ROWS


def test_installs_queries_and_prunes_at_once(user: Ktx, warehouse: Path) -> None:
    """Every query answers while the runtime is replaced under it and others are removed."""
    user.ok("runtime", "install", "--yes")
    (user.runtime_root / "0.0.1" / "env-old").mkdir(parents=True)
    installs = [user.start("runtime", "install", "--force") for _ in range(2)]
    prunes = [user.start("runtime", "prune", "--yes") for _ in range(2)]
    while any(process.poll() is None for process in installs):
        queries = [user.start(*query(warehouse, "--execute")) for _ in range(3)]
        for process in queries:
            out, err = process.communicate(timeout=LIMIT_SECONDS)
            assert (process.returncode, err) == (0, "")
            assert json.loads(out)["rows"] == ROWS
    for process in installs + prunes:
        out, err = process.communicate(timeout=LIMIT_SECONDS)
        assert process.returncode == 0, err
    assert not (user.runtime_root / "0.0.1").exists()
    user.ok("runtime", "install", "--yes")
    assert what_is_there(user) == CLEAN


def test_a_killed_install_takes_uv_with_it(user: Ktx, tmp_path: Path) -> None:
    """What it had started does not go on writing beside the next install."""
    pids = tmp_path / "pids"
    os.mkfifo(pids)
    user.extra["KTX_UV"] = str(endless_uv(tmp_path / "uv", pids))
    process = user.start("runtime", "install", "--yes")
    uv = os.pidfd_open(int(pids.read_text()))
    kill(process)
    ended, _, _ = select.select([uv], [], [], LIMIT_SECONDS)
    os.close(uv)
    assert ended, "uv goes on without ktx"


def endless_uv(path: Path, pids: Path) -> Path:
    """A uv that never ends to install packages; it says its pid when it comes to that."""
    fifo = path.with_name("never-written")
    os.mkfifo(fifo)
    path.write_text(
        '#!/bin/sh\ncase "$*" in "pip install"*) '
        f'echo $$ > "{pids}"; read -r _ < "{fifo}" ;; esac\nexec "{UV}" "$@"\n'
    )
    path.chmod(0o755)
    return path
