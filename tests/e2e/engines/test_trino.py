"""The built binary on a Trino: rows, an error, what would write, and Ctrl-C seen on the server."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from databases import ORDERS, SOURCE
from harness import LIMIT_SECONDS, Ktx
from small_package import QUERY_PACKAGES, small_package

from support.engine_trino import NoTrino, Trino, serving

SKIPPED = 77
# Of the core lock, those that the driver needs.
DRIVER_PACKAGES = (
    *("certifi", "charset-normalizer", "idna", "orjson", "python-dateutil", "requests", "six"),
    *("tzdata", "urllib3"),
)
COLUMNS = "id INTEGER, status VARCHAR(20), amount DECIMAL(10,2), ordered_at TIMESTAMP"
TIMES = ("2026-01-31 23:59:59.9999", "2026-02-01 00:00:00", "2026-02-01 12:00:00", None)
ENDLESS = (
    "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(y), "
    "UNNEST(sequence(1, 10000)) c(z), UNNEST(sequence(1, 10000)) d(w)"
)
DETAILS = """\
  - {name: ordered_at, type: time}
"""
MEASURES = """\
  - {name: mean, expr: avg(amount)}
"""


@pytest.fixture(scope="module")
def trino() -> Iterator[Trino]:
    """A server with the shop in it."""
    try:
        with serving() as server:
            database = Trino(server)
            rows = [(*order, moment) for order, moment in zip(ORDERS, TIMES, strict=True)]
            database.load({"orders": (COLUMNS, rows)})
            yield database
            database.close()
    except NoTrino as missing:
        pytest.exit(f"trino: {missing}", returncode=SKIPPED)


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory, trino: Trino) -> Ktx:
    """A user with the driver."""
    folder = tmp_path_factory.mktemp("trino")
    (folder / "home").mkdir()
    binary = small_package(folder / "package", QUERY_PACKAGES + DRIVER_PACKAGES)
    user = Ktx(home=folder / "home", runtime_root=folder / "root", binary=binary)
    user.ok("runtime", "install", "--feature", "trino", "--yes")
    return user


@pytest.fixture
def shop(tmp_path: Path, trino: Trino) -> Path:
    """A project with a connection over TLS, by a token in a file."""
    security = trino.server.security
    (tmp_path / "token").write_text(security.token("reader"))
    (tmp_path / "ktx.yaml").write_text(
        "project: shop\nconnections:\n"
        f"  lake: {{driver: trino, host: 127.0.0.1, port: {trino.server.secure_port},"
        f" catalog: memory, schema: default, ca_file: {security.certificate},"
        " token: file:token, readonly: true}\n"
    )
    sources = tmp_path / "semantic-layer" / "lake"
    sources.mkdir(parents=True)
    source = SOURCE.replace("measures:\n", f"{DETAILS}measures:\n") + MEASURES
    (sources / "orders.yaml").write_text(source)
    return tmp_path


def query(user: Ktx, shop: Path, *words: str) -> list[list[object]]:
    """The rows of a question."""
    at = ("--project-dir", str(shop), "--execute", "--format", "json")
    rows: list[list[object]] = user.json("sl", "query", *words, *at)["rows"]
    return rows


def test_rows_of_a_question(user: Ktx, shop: Path) -> None:
    """The last moment of January is in it, and an average has its fraction."""
    words = ("--measure", "orders.order_count", "--measure", "orders.mean")
    rows = query(user, shop, *words, "--dimension", "orders.ordered_at:month")
    assert rows == [["2026-01-01", 1, 20.0], ["2026-02-01", 2, 20.0], [None, 1, None]]
    since = ("--filter", "orders.ordered_at >= '2026-02-01'")
    assert query(user, shop, "--measure", "orders.order_count", *since) == [[2]]


def test_a_connection_that_works(user: Ktx, shop: Path) -> None:
    """What is there, and that it is read-only."""
    report = user.json("connection", "test", "lake", "--json", "--project-dir", str(shop))
    assert report["readOnlyEnforced"] is True
    assert report["tables"] == 1


def test_an_error_of_the_database(user: Ktx, shop: Path) -> None:
    """In its own words, with what to do."""
    said = user.fails("sql", "-c", "lake", "SELECT gone FROM orders", "--project-dir", str(shop))
    assert "The database does not have what is named: line 1:8: Column 'gone'" in said
    assert "Fix: Correct the name" in said


def test_what_would_write_is_not_run(user: Ktx, shop: Path, trino: Trino) -> None:
    """Nothing reaches the server."""
    sql = "INSERT INTO orders SELECT 9, 'x', 1, NULL"
    said = user.fails("sql", "-c", "lake", sql, "--project-dir", str(shop))
    assert "The SQL is not run. The statement is no SELECT but INSERT" in said
    assert not seen(trino, sql, "true")


def test_ctrl_c_ends_the_statement_on_its_server(user: Ktx, shop: Path, trino: Trino) -> None:
    """130, and the server has noted that somebody cancelled it."""
    process = user.start("sql", "-c", "lake", ENDLESS, "--project-dir", str(shop))
    until(lambda: process.poll() is not None or seen(trino, ENDLESS, "state = 'RUNNING'"))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_SECONDS)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    until(lambda: seen(trino, ENDLESS, "error_code = 'USER_CANCELED'"))


def seen(trino: Trino, sql: str, condition: str) -> bool:
    """Whether the server has had the statement."""
    text = sql.replace("'", "''")
    found = trino.rows(
        f"SELECT 1 FROM system.runtime.queries WHERE query = '{text}' AND {condition}"
    )
    return bool(found)


def until(condition: Callable[[], bool]) -> None:
    """Waits for it, and not for ever."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline
