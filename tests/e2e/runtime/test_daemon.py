"""`ktx runtime start` and `stop`, and the queries that a warm host answers."""

from __future__ import annotations

import calendar
import configparser
import json
import os
import plistlib
import signal
import stat
import subprocess
from pathlib import Path

import pytest
from daemon import Watched, log_lines, start_time, state, state_file, status, write_state
from foreign_listener import ForeignListener
from harness import BUILD, LIMIT_SECONDS, Ktx, query
from json_schema import SCHEMAS, conforms, read_schema

ROWS = [[3]]
CALL = "POST /call/semantic-query"


def answer(user: Ktx, project: Path, *more: str) -> list[list[int]]:
    """The rows of a query that ran, with nothing said about it."""
    result = user.run(*query(project, "--execute", *more))
    assert (result.returncode, result.stderr) == (0, "")
    rows: list[list[int]] = json.loads(result.stdout)["rows"]
    return rows


def test_start_says_where_it_serves_and_stop_ends_it(serving: Ktx) -> None:
    """The lines of the contract, and a process that is gone when `stop` returns."""
    out = serving.ok("runtime", "start")
    url = f"http://127.0.0.1:{state(serving)['port']}"
    log = state_file(serving).with_name("daemon.log")
    rest = f"url: {url}\nfeatures: core\nlog: {log}\n"
    assert out == f"Started KTX Python daemon\n{rest}"
    assert serving.ok("runtime", "start") == f"Using existing KTX Python daemon\n{rest}"
    with Watched(state(serving)["pid"]) as daemon:
        assert serving.ok("runtime", "stop") == f"Stopped KTX Python daemon\nurl: {url}\n"
        assert daemon.ends(0), "stop returns when the process is gone"
    assert not state_file(serving).exists()
    assert serving.ok("runtime", "stop") == "No KTX Python daemon is running\n"


def test_status_tells_of_it_and_never_the_token(serving: Ktx) -> None:
    """Everything that a user may see, in all formats, and nothing that lets in."""
    assert status(serving)["state"] == "stopped"
    started = serving.json("runtime", "start", "--json")
    assert conforms(started, read_schema(SCHEMAS / "runtime-start.schema.json"))
    assert started["state"] == "started"
    daemon = status(serving)
    assert conforms(daemon, read_schema(SCHEMAS / "runtime-daemon.schema.json"))
    assert daemon["state"] == "running"
    assert daemon["pid"] == started["pid"] == state(serving)["pid"]
    text = serving.ok("runtime", "status")
    assert f"running daemon: process {daemon['pid']} at {daemon['url']}\n" in text
    token = state(serving)["token"]
    assert len(token) == 64
    written = [path.read_text() for path in state_file(serving).parent.glob("daemon.*")]
    stopped = serving.json("runtime", "stop", "--json")
    assert conforms(stopped, read_schema(SCHEMAS / "runtime-stop.schema.json"))
    for shown in (*map(json.dumps, (started, daemon, stopped)), text, *written):
        assert token not in shown


def test_state_is_for_its_owner_alone(serving: Ktx) -> None:
    """The folder and what is in it, but for the lock."""
    serving.ok("runtime", "start")
    folder = state_file(serving).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        if path.name != "lock":
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_query_asks_a_running_daemon_by_itself(serving: Ktx, warehouse: Path) -> None:
    """The same bytes with it and without."""
    alone = serving.ok(*query(warehouse, "--format", "json"))
    serving.ok("runtime", "start")
    assert serving.ok(*query(warehouse, "--format", "json")) == alone
    asked = len(log_lines(serving, CALL))
    assert asked > 0
    assert serving.ok(*query(warehouse, "--format", "json", "--no-daemon")) == alone
    assert len(log_lines(serving, CALL)) == asked
    assert answer(serving, warehouse) == ROWS


def test_the_daemon_is_told_a_model_once(serving: Ktx, warehouse: Path) -> None:
    """And again when the model has changed."""
    serving.ok("runtime", "start")
    for _ in range(3):
        assert answer(serving, warehouse) == ROWS
    assert len(log_lines(serving, "POST /call/semantic-register-model")) == 1
    source = warehouse / "semantic-layer" / "warehouse" / "orders.yaml"
    source.write_text(source.read_text().replace("sum(amount)", "max(amount)"))
    assert answer(serving, warehouse) == ROWS
    assert len(log_lines(serving, "POST /call/semantic-register-model")) == 2


def test_errors_are_the_same_from_the_daemon(serving: Ktx, warehouse: Path) -> None:
    """Places in files and suggestions included."""
    words = query(warehouse, "--dimension", "orders.statsu")
    alone = serving.fails(*words)
    serving.ok("runtime", "start")
    assert serving.fails(*words) == alone
    source = warehouse / "semantic-layer" / "warehouse" / "orders.yaml"
    source.write_text(source.read_text().replace("sum(amount)", "sum(("))
    broken = query(warehouse, "--measure", "orders.revenue")
    assert serving.fails(*broken) == serving.fails(*broken, "--no-daemon")


def test_fifty_first_uses_give_one_daemon(serving: Ktx, warehouse: Path) -> None:
    """One starts it; the others wait and find it."""
    uses = [serving.start(*query(warehouse, "--execute", "--daemon")) for _ in range(50)]
    outputs = [use.communicate(timeout=LIMIT_SECONDS) for use in uses]
    assert [use.returncode for use in uses] == [0] * 50, outputs
    assert all(json.loads(out)["rows"] == ROWS for out, _ in outputs)
    assert len(log_lines(serving, " serves 127.0.0.1:")) == 1


def test_a_killed_daemon_is_not_missed(serving: Ktx, warehouse: Path) -> None:
    """Queries answer in process, and a start replaces it."""
    serving.ok("runtime", "start")
    with Watched(state(serving)["pid"]) as daemon:
        daemon.signal(signal.SIGKILL)
        assert daemon.ends()
    assert status(serving)["state"] == "stale"
    assert answer(serving, warehouse) == ROWS
    assert serving.ok("runtime", "start").startswith("Started")


def test_a_reused_pid_is_never_signalled(serving: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """Whatever the name of the process that has it now."""
    serving.ok("runtime", "start")
    document = state(serving)
    with Watched(document["pid"]) as daemon:
        daemon.signal(signal.SIGKILL)
        assert daemon.ends()
    odd_name = tmp_path / "a b) S 1"
    odd_name.symlink_to("/bin/sleep")
    with subprocess.Popen([odd_name, "1000"]) as other:
        document["pid"] = other.pid
        write_state(serving, document)
        assert answer(serving, warehouse) == ROWS
        out = serving.ok("runtime", "stop")
        assert out.splitlines()[1].endswith(f"its process {other.pid} has ended")
        assert other.poll() is None
        other.kill()


def test_a_state_from_before_a_restart_is_stale(serving: Ktx, warehouse: Path) -> None:
    """The boot id tells; the process that it named ends by itself."""
    serving.ok("runtime", "start")
    document = state(serving)
    with Watched(document["pid"]) as daemon:
        document["bootId"] = "00000000-0000-0000-0000-000000000000"
        write_state(serving, document)
        assert status(serving)["state"] == "stale"
        assert answer(serving, warehouse) == ROWS
        assert serving.ok("runtime", "start").startswith("Started")
        assert daemon.ends(), "it is not named any more"
    assert status(serving)["state"] == "running"


@pytest.mark.parametrize("year", [1971, 2099])
def test_a_clock_that_jumped_changes_nothing(serving: Ktx, warehouse: Path, year: int) -> None:
    """Neither client nor daemon goes by the time of day: all that has a date has a wrong one."""
    serving.ok("runtime", "start")
    document = state(serving)
    with Watched(document["pid"]) as daemon:
        document["startedAt"] = f"{year}-01-01T00:00:00.000Z"
        write_state(serving, document)
        moment = calendar.timegm((year, 1, 1, 0, 0, 0))
        for path in (state_file(serving), state_file(serving).with_name("lock")):
            os.utime(path, (moment, moment))
        asked = len(log_lines(serving, CALL))
        assert answer(serving, warehouse) == ROWS
        assert len(log_lines(serving, CALL)) > asked
        assert serving.ok("runtime", "start").startswith("Using existing")
        serving.ok("runtime", "stop")
        assert daemon.ends(0)


def test_a_foreign_listener_gets_no_token(serving: Ktx, warehouse: Path) -> None:
    """It is asked for a proof that it cannot give."""
    serving.ok("runtime", "start")
    document = state(serving)
    serving.ok("runtime", "stop")
    with ForeignListener() as listener:
        document |= {"port": listener.port, "pid": os.getpid()}
        document["startTime"] = start_time(os.getpid())
        write_state(serving, document)
        assert answer(serving, warehouse) == ROWS
        state_file(serving).unlink()
    assert listener.heard.startswith(b"GET /health ")
    assert document["token"].encode() not in listener.heard


def test_a_daemon_without_its_state_ends(serving: Ktx) -> None:
    """Nobody could find or stop it any more."""
    serving.ok("runtime", "start")
    with Watched(state(serving)["pid"]) as daemon:
        state_file(serving).unlink()
        assert daemon.ends()


def test_an_idle_daemon_ends_and_leaves_no_state(serving: Ktx) -> None:
    """After the time that it was given."""
    started = serving.json("runtime", "start", "--idle-timeout", "1", "--json")
    with Watched(started["pid"]) as daemon:
        assert daemon.ends()
    assert status(serving)["state"] == "stopped"


def test_a_terminated_daemon_leaves_no_state(serving: Ktx) -> None:
    """As a service manager or a shutdown ends it."""
    serving.ok("runtime", "start")
    with Watched(state(serving)["pid"]) as daemon:
        daemon.signal(signal.SIGHUP)  # a closed terminal is nothing to it
        daemon.signal(signal.SIGTERM)
        assert daemon.ends()
    assert status(serving)["state"] == "stopped"
    assert log_lines(serving, "ended: signal")


def test_another_runtime_needs_another_daemon(serving: Ktx, warehouse: Path) -> None:
    """A reinstall leaves the old one alone until the next start."""
    serving.ok("runtime", "start")
    before = len(log_lines(serving, CALL))
    serving.ok("runtime", "install", "--force")
    assert answer(serving, warehouse) == ROWS
    assert len(log_lines(serving, CALL)) == before, "the daemon runs what was installed before"
    with Watched(state(serving)["pid"]) as old:
        assert serving.ok("runtime", "start").startswith("Started")
        assert old.ends(0)


def test_the_daemon_holds_no_pipe_of_its_starter(serving: Ktx) -> None:
    """A CI job waits for the end of every pipe that it gave away."""
    reader, writer = os.pipe()
    starter = serving.start("runtime", "start", pass_fds=[writer])
    os.close(writer)
    out, err = starter.communicate(timeout=LIMIT_SECONDS)
    assert (starter.returncode, err) == (0, ""), out
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b""
    assert status(serving)["state"] == "running"


def test_waiting_for_the_starter_can_be_interrupted(serving: Ktx) -> None:
    """Ctrl-C, with 130 and nothing left behind."""
    serving.ok("runtime", "start")
    serving.ok("runtime", "stop")
    lock = state_file(serving).with_name("lock")
    holder = subprocess.Popen(
        ["flock", lock, "sh", "-c", "echo held; read -r _"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    waiting = serving.start("runtime", "start")
    assert waiting.stderr is not None
    assert waiting.stderr.readline().startswith("Waiting for process ")
    waiting.send_signal(signal.SIGINT)
    waiting.communicate(timeout=LIMIT_SECONDS)
    assert waiting.returncode == 130
    holder.communicate("\n", timeout=LIMIT_SECONDS)
    assert serving.ok("runtime", "start").startswith("Started")


def test_in_the_foreground_it_serves_until_it_is_stopped(serving: Ktx, warehouse: Path) -> None:
    """For service managers: one process, one place."""
    service = serving.start("runtime", "start", "--foreground")
    assert service.stdout is not None
    assert service.stdout.readline() == "Started KTX Python daemon\n"
    assert answer(serving, warehouse) == ROWS
    assert log_lines(serving, CALL)
    second = serving.fails("runtime", "start", "--foreground")
    assert second.startswith(f"A KTX Python daemon runs already: process {service.pid} at ")
    service.send_signal(signal.SIGTERM)
    service.communicate(timeout=LIMIT_SECONDS)
    assert service.returncode == 143
    assert status(serving)["state"] == "stopped"


def test_a_folder_open_to_others_is_not_used(serving: Ktx, warehouse: Path) -> None:
    """Whoever could replace the state could read the queries."""
    serving.ok("runtime", "start")
    folder = state_file(serving).parent
    serving.ok("runtime", "stop")
    folder.chmod(0o777)
    try:
        error = serving.fails("runtime", "start")
        assert error == (
            f"The daemon's folder cannot be trusted: {folder} is open to other users\n"
            f"Fix: Keep it for yourself alone: chmod 700 {folder}\n"
        )
        result = serving.run(*query(warehouse, "--execute", "--daemon"))
        assert json.loads(result.stdout)["rows"] == ROWS
        assert result.stderr.endswith("Going on without it, in this process\n")
    finally:
        folder.chmod(0o700)


def test_a_daemon_that_cannot_start_says_why(user: Ktx, warehouse: Path) -> None:
    """The small package has no server; eight who want one at once all hear it."""
    user.ok("runtime", "install", "--yes")
    starts = [user.start("runtime", "start") for _ in range(8)]
    for start in starts:
        out, err = start.communicate(timeout=LIMIT_SECONDS)
        assert (start.returncode, out) == (1, "")
        assert "The KTX Python daemon did not start: " in err
        assert "uvicorn" in err
    result = user.run(*query(warehouse, "--execute", "--daemon"))
    assert json.loads(result.stdout)["rows"] == ROWS
    assert "Going on without it, in this process" in result.stderr


def test_prune_keeps_the_version_that_a_daemon_runs(serving: Ktx) -> None:
    """Known by its lock."""
    serving.ok("runtime", "start")
    next_version = Ktx(serving.home, serving.runtime_root, BUILD / "next" / "bin" / "ktx")
    in_use = next_version.ok("runtime", "prune", "--dry-run")
    assert "in use" in in_use
    assert status(serving)["state"] == "running"


def test_without_a_runtime_it_says_how_to_get_one(fresh: Ktx) -> None:
    """By the install policy, as a query does."""
    assert "ktx runtime install --yes" in fresh.fails("runtime", "start")
    assert status(fresh)["state"] == "stopped"


def test_the_examples_for_service_managers_are_commands_of_ktx(fresh: Ktx) -> None:
    """Their words, with `--help` so that nothing starts."""
    folder = Path(__file__).parents[3] / "docs" / "service"
    unit = configparser.ConfigParser(interpolation=None)
    unit.read(folder / "ktx.service")
    with (folder / "com.kaelio.ktx.plist").open("rb") as file:
        job = plistlib.load(file)
    commands = [
        unit["Service"]["ExecStart"].split(),
        unit["Service"]["ExecStop"].split(),
        job["ProgramArguments"],
    ]
    for words in commands:
        assert words[0].endswith("/bin/ktx")
        assert "KTX Python daemon" in fresh.ok(*words[1:], "--help")
