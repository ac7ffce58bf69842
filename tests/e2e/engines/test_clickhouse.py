"""ClickHouse asked by the built program: the engine behind HTTP, and for Ctrl-C a stand-in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from databases import SOURCE
from harness import LIMIT_SECONDS, Ktx

TESTS = Path(__file__).parents[3] / "python" / "tests"
TABLES = [
    "CREATE TABLE orders (id UInt32, status String, amount Decimal(10, 2)) ENGINE = Memory",
    "INSERT INTO orders VALUES (1, 'paid', 1.00), (2, 'paid', 1.01), (3, 'open', 10)",
]


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Ktx:
    """A user whose runtime has the driver for ClickHouse."""
    folder = tmp_path_factory.mktemp("clickhouse")
    (folder / "home").mkdir()
    user = Ktx(home=folder / "home", runtime_root=folder / "runtime")
    user.ok("runtime", "install", "--feature", "clickhouse", "--yes")
    return user


@contextmanager
def served(python: str, *program: str) -> Iterator[int]:
    """A server that prints its port and ends with its standard input."""
    process = subprocess.Popen(
        [python, *program],
        cwd=TESTS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(TESTS), "TZ": "UTC"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


@pytest.fixture
def clickhouse() -> Iterator[int]:
    """The port of the engine itself."""
    python = Path(os.environ["KTX_CLICKHOUSE"]) / "bin" / "python"
    with served(str(python), "support/clickhouse_http.py", json.dumps(TABLES)) as port:
        yield port


def project(folder: Path, port: int) -> Path:
    """A project with one connection to the port, and its orders."""
    sources = folder / "semantic-layer" / "shop"
    sources.mkdir(parents=True)
    measure = "  - {name: mean, expr: revenue / order_count}\n"
    (sources / "orders.yaml").write_text(SOURCE + measure)
    (folder / "ktx.yaml").write_text(
        "project: shop\nconnections:\n  shop:\n    driver: clickhouse\n    host: 127.0.0.1\n"
        f"    port: {port}\n    readonly: true\n"
    )
    return folder


def test_a_question_is_answered(user: Ktx, clickhouse: int, tmp_path: Path) -> None:
    """Its SQL runs in a session that may only read, and divides decimals as they are."""
    asked = ["--measure", "orders.mean", "--dimension", "orders.status", "--execute"]
    shop = project(tmp_path / "shop", clickhouse)
    answer = user.json("sl", "query", *asked, "--project-dir", shop, "--format", "json")
    found = {row[0]: row[-1] for row in answer["rows"]}
    assert found == {"open": 10.0, "paid": 1.005}


def test_what_the_engine_refuses_is_said(user: Ktx, clickhouse: int, tmp_path: Path) -> None:
    """A name that is not there is said to be that, in the engine's own words."""
    shop = project(tmp_path / "shop", clickhouse)
    said = user.fails("sql", "SELECT gone FROM orders", "--project-dir", shop)
    assert "The database does not have what is named" in said
    assert "Unknown expression identifier `gone`" in said


def test_nothing_is_written(user: Ktx, clickhouse: int, tmp_path: Path) -> None:
    """An INSERT is refused before the engine sees it."""
    shop = project(tmp_path / "shop", clickhouse)
    insert = "INSERT INTO orders VALUES (4, 'x', 1)"
    said = user.fails("sql", insert, "--project-dir", shop)
    assert "The SQL is not run. The statement is no SELECT but INSERT." in said
    counted = user.json("sql", "SELECT count() FROM orders", "--project-dir", shop, "--json")
    assert counted["rows"] == [[3]]


def test_ctrl_c_ends_the_statement_on_the_server(user: Ktx, tmp_path: Path) -> None:
    """The engine in a process runs one statement at a time, so a stand-in says what it was told."""
    program = str(TESTS / "database_query" / "clickhouse_stand_in.py")
    with served(sys.executable, program) as port:
        shop = project(tmp_path / "shop", port)
        process = user.start("sql", "SELECT endless()", "--project-dir", shop)
        assert told(port, "SELECT running()") == "yes"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT_SECONDS)
        assert process.returncode == 130
        assert told(port, "SELECT killed()").startswith("KILL QUERY WHERE query_id = '")


def told(port: int, sql: str) -> str:
    """What the stand-in says of itself, once it is so."""
    address = f"http://127.0.0.1:{port}/"
    with urllib.request.urlopen(address, sql.encode(), timeout=LIMIT_SECONDS) as answer:
        return str(answer.read().decode())
