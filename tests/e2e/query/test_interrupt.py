"""Ctrl-C while a database works: ktx ends with 130, and the statement ends on its server."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pymysql  # type: ignore[import-untyped]
import pytest
from databases import Servers
from harness import LIMIT_SECONDS, Ktx
from small_package import SERVER_PACKAGES, small_package

# Long enough that nothing but an interruption ends them while a test waits.
LONG = {"pg": "SELECT pg_sleep(600)", "my": "SELECT SLEEP(600) FROM orders"}


@pytest.fixture(params=["pg", "my"])
def connection(request: pytest.FixtureRequest) -> str:
    """The connection to interrupt."""
    name: str = request.param
    return name


class Server:
    """What a server says of the long statement."""

    def __init__(self, connection: str, servers: Servers) -> None:
        self._is_postgres = connection == "pg"
        if self._is_postgres:
            address = f"host={servers.postgres} user=postgres dbname=postgres"
            self._watcher: Any = psycopg.connect(address, autocommit=True)
        else:
            self._watcher = pymysql.connect(unix_socket=str(servers.mariadb), user="root")

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self._watcher.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def running(self) -> list[int]:
        """The server's numbers of who runs it."""
        if self._is_postgres:
            sql = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        else:
            sql = "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(%'"
        return [number for (number,) in self._rows(sql)]

    def kills(self) -> int:
        """How many statements MariaDB was told to end."""
        ((_, count),) = self._rows("SHOW GLOBAL STATUS LIKE 'Com_kill'")
        return int(count)

    def clear(self) -> None:
        """End what a test has left running."""
        for number in self.running():
            self._rows(
                f"SELECT pg_terminate_backend({number})" if self._is_postgres else f"KILL {number}"
            )
        self._watcher.close()


@pytest.fixture
def server(connection: str, servers: Servers) -> Iterator[Server]:
    """The server of the connection."""
    found = Server(connection, servers)
    yield found
    found.clear()


@pytest.fixture(scope="module")
def daemon_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ktx]:
    """A user of a daemon of their own that knows both databases."""
    folder = tmp_path_factory.mktemp("daemon")
    (folder / "home").mkdir()
    drivers = ("psycopg", "psycopg-binary", "pymysql")
    binary = small_package(folder / "package", SERVER_PACKAGES + drivers)
    user = Ktx(home=folder / "home", runtime_root=folder / "root", binary=binary)
    user.ok("runtime", "install", "--yes")
    user.ok("runtime", "start")
    yield user
    user.ok("runtime", "stop")


def until(condition: Callable[[], object], process: subprocess.Popen[str] | None = None) -> None:
    """Waits for it, and not for ever."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ask(user: Ktx, project: Path, connection: str) -> subprocess.Popen[str]:
    """Starts the long statement."""
    at = ["--project-dir", str(project)]
    return user.start("sql", "-c", connection, LONG[connection], *at)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"]
)
def test_the_statement_ends_with_the_process(
    ready: Ktx, shop: Path, connection: str, server: Server, number: int, code: int
) -> None:
    """The server is told before the process is gone."""
    process = ask(ready, shop, connection)
    until(server.running, process)
    kills = server.kills() if connection == "my" else 0
    process.send_signal(number)
    out, err = process.communicate(timeout=LIMIT_SECONDS)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err
    until(lambda: not server.running())
    if connection == "my":  # which would end it too, but not before it looks who is there still
        assert server.kills() == kills + 1


def test_the_statement_of_a_daemon_ends_with_the_process_that_asked(
    daemon_user: Ktx, shop: Path, connection: str, server: Server
) -> None:
    """The daemon stays."""
    process = ask(daemon_user, shop, connection)
    until(server.running, process)
    kills = server.kills() if connection == "my" else 0
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 130
    until(lambda: not server.running())
    if connection == "my":
        assert server.kills() == kills + 1
    answer = daemon_user.json(
        "sql", "-c", connection, "SELECT 1 AS one", "--json", "--project-dir", str(shop)
    )
    assert answer["rows"] == [[1]]


def test_a_second_ctrl_c_waits_for_nothing(
    ready: Ktx, shop: Path, connection: str, server: Server
) -> None:
    """Whatever the first one has begun."""
    process = ask(ready, shop, connection)
    until(server.running, process)
    process.send_signal(signal.SIGSTOP)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    process.communicate(timeout=LIMIT_SECONDS)
    # Which of two pending signals the system delivers first is its own choice.
    assert process.returncode in (130, 143)
