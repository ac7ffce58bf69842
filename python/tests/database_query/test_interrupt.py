"""A wait for a database ends when who waits is interrupted, and the statement ends with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from ktx_daemon.database_query.failures import Late
from ktx_daemon.database_query.running import Work
from support.mariadb_server import connect

SOURCE = Path(__file__).parents[2] / "src"
_RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
_RUNNING_MYSQL = (
    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'"
)


def started(settings: dict[str, Any], sql: str) -> subprocess.Popen[bytes]:
    request = {"connection_id": "c", "driver": settings["driver"], "settings": settings, "sql": sql}
    process = subprocess.Popen(
        [sys.executable, "-m", "ktx_daemon", "database-query"],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(json.dumps(request).encode())
    process.stdin.close()
    process.stdin = None
    return process


def test_postgres_ends_the_statement(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as watcher:

        def running() -> int:
            found = watcher.execute(_RUNNING).fetchone()
            return int(found[0]) if found else -1

        process = started({"driver": "postgres", "url": postgres}, "SELECT pg_sleep(50)")
        while not running():
            assert process.poll() is None, process.communicate()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=25)
        assert process.returncode != 0
        while running():  # The server takes note on its own time, long before the 50 seconds.
            assert watcher.execute("SELECT 1")


def test_mysql_ends_the_statement(mariadb: Path) -> None:
    url = f"mysql://root@localhost/mysql?unix_socket={quote(str(mariadb))}"
    with connect(mariadb) as watcher, watcher.cursor() as cursor:

        def running() -> int:
            cursor.execute(_RUNNING_MYSQL)
            return int(cursor.fetchone()[0])

        process = started({"driver": "mysql", "url": url}, "SELECT SLEEP(50)")
        while not running():
            assert process.poll() is None, process.communicate()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=25)
        assert process.returncode != 0
        while running():
            assert process.returncode


def test_work_that_takes_too_long_is_given_up_and_asked_to_stop() -> None:
    asked = threading.Event()

    def run(work: Work[int]) -> int:
        work.cancel = asked.set
        asked.wait()
        return 1

    with pytest.raises(Late, match="no answer within 1 seconds"):
        Work(run).result_within(0.01)
    assert asked.is_set()


def test_what_the_work_raises_is_raised() -> None:
    def run(_: Work[int]) -> int:
        raise KeyError("x")

    with pytest.raises(KeyError):
        Work(run).result_within(60)
