"""ktx on a Spark Connect server: rows, an error, a statement that writes, Ctrl-C, a daemon."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness import LIMIT_SECONDS, Ktx
from small_package import SERVER_PACKAGES, small_package

sys.path.append(str(Path(__file__).parents[3] / "python" / "tests"))

from support.spark_server import TOKEN, SparkServer, spark_server
from support.worker import NoEngine

CONFIG = """\
project: lake
connections:
  lake:
    driver: Spark
    url: sc://127.0.0.1:{port}
    token: env:SPARK_TOKEN
    readonly: true
"""
SOURCE = """\
name: people
sql: >-
  SELECT * FROM VALUES (1, 'O''Brien', DATE '2026-03-05', 1.00),
  (2, 'OBrien', DATE '2026-03-06', 1.01), (3, 'O\\\\Brien', NULL, NULL)
  AS t(id, name, born, pay) WHERE name <> 'it''s'
grain: [id]
columns:
  - {name: id, type: number}
  - {name: name, type: string}
  - {name: born, type: time}
  - {name: pay, type: number}
measures:
  - {name: n, expr: count(*)}
  - {name: mean, expr: avg(pay)}
"""
ENDLESS = "SELECT COUNT(*) FROM RANGE(1000000000000000)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkServer]:
    """One for all tests."""
    try:
        with spark_server(tmp_path_factory.mktemp("spark")) as found:
            yield found
    except NoEngine as missing:
        pytest.exit(str(missing), returncode=77)


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Ktx:
    """A user with the driver for Spark."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "home").mkdir()
    binary = small_package(folder / "package", SERVER_PACKAGES)
    found = Ktx(folder / "home", folder / "root", binary, {"SPARK_TOKEN": TOKEN})
    found.ok("runtime", "install", "--yes", "--feature", "spark")
    return found


@pytest.fixture
def lake(tmp_path: Path, server: SparkServer) -> Path:
    """A project with the server as its only connection."""
    (tmp_path / "ktx.yaml").write_text(CONFIG.format(port=server.port))
    sources = tmp_path / "semantic-layer" / "lake"
    sources.mkdir(parents=True)
    (sources / "people.yaml").write_text(SOURCE)
    return tmp_path


def at(project: Path, *words: str) -> list[str]:
    """The words of a command in a project."""
    return [*words, "--project-dir", str(project)]


def until(condition: Callable[[], object], process: subprocess.Popen[str] | None = None) -> None:
    """Waits for it, and not for ever."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < deadline


def test_a_question_is_answered(user: Ktx, lake: Path) -> None:
    """Validated, planned and executed, with texts and times that Spark reads in its own way."""
    assert "error" not in user.ok(*at(lake, "sl", "validate"))
    question = [
        "--measure",
        "people.n",
        "--measure",
        "people.mean",
        "--execute",
        "--format",
        "json",
    ]
    question += ["--dimension", "people.name"]
    asked = at(lake, "sl", "query", *question, "--filter", "people.name = 'O''Brien'")
    assert user.json(*asked)["rows"] == [["O'Brien", 1, 1]]
    asked = at(lake, "sl", "query", *question, "--filter", "people.born > '2026-03-05 12:00:00'")
    assert user.json(*asked)["rows"] == [["OBrien", 1, 1.01]]
    grouped = [
        "--measure",
        "people.n",
        "--dimension",
        "people.born:month",
        "--execute",
        "--format",
        "json",
    ]
    rows = user.json(*at(lake, "sl", "query", *grouped))["rows"]
    assert rows == [["2026-03-01", 2], [None, 1]]


def test_a_connection_is_tried(user: Ktx, lake: Path) -> None:
    """And what Spark does not promise is said."""
    said = user.ok(*at(lake, "connection", "test", "lake"))
    assert "Server version: 4." in said
    assert "Read-only: not enforced by the database" in said


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT * FROM gone", "does not have what is named: [TABLE_OR_VIEW_NOT_FOUND]"),
        ("INSERT INTO people VALUES (1)", "The statement is no SELECT but INSERT."),
        ("CREATE TABLE w (a INT)", "The statement is no SELECT but CREATE."),
        ("SELECT reflect('java.lang.System', 'gc')", "reflect may do more than compute"),
    ],
)
def test_what_is_refused(user: Ktx, lake: Path, sql: str, said: str) -> None:
    """In one line, with what to do, and without the token."""
    error = user.fails(*at(lake, "sql", sql))
    assert said in error
    assert "\nFix: " in error
    assert TOKEN not in error
    assert "{" not in error


def test_ctrl_c_is_seen_by_the_server(user: Ktx, lake: Path, server: SparkServer) -> None:
    """Its only core is free for the next statement."""
    process = user.start(*at(lake, "sql", ENDLESS))
    until(server.running_jobs, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_SECONDS)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    until(lambda: not server.running_jobs())
    answer = user.json(*at(lake, "sql", "SELECT COUNT(*) AS n FROM RANGE(9)", "--json"))
    assert answer["rows"] == [[9]]


def test_a_daemon_asks_too(user: Ktx, lake: Path, server: SparkServer) -> None:
    """One after the other, and its statement ends with who asked."""
    user.ok("runtime", "start", "--feature", "spark")
    try:
        for number in (1, 2):
            answer = user.json(*at(lake, "sql", f"SELECT {number} AS n", "--json"))
            assert answer["rows"] == [[number]]
        process = user.start(*at(lake, "sql", ENDLESS))
        until(server.running_jobs, process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT_SECONDS)
        until(lambda: not server.running_jobs())
    finally:
        user.ok("runtime", "stop")
