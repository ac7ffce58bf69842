"""`ktx sl conformance`: every database that runs here, and what is left when it ends early."""

from __future__ import annotations

import json
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import Servers
from harness import Ktx
from json_schema import SCHEMAS, conforms, read_schema
from small_package import SERVER_PACKAGES, small_package

DRIVERS = Path(__file__).parents[3] / "docs" / "drivers.md"
SCHEMA = read_schema(SCHEMAS / "sl-conformance.schema.json")
ENGINES = {"lite": "SQLite", "duck": "DuckDB", "pg": "PostgreSQL", "my": "MariaDB"}


def words(project: Path, connection: str, *more: str) -> list[str]:
    """The words of the command."""
    at = ["--project-dir", str(project)]
    return ["sl", "conformance", "--connection-id", connection, *more, *at]


def cells(row: str) -> list[str]:
    """The cells of a row of a Markdown table, without the versions of engine and ktx."""
    engine, *rest = [cell.strip() for cell in row.strip().strip("|").split("|")]
    return [engine.split(" ")[0], *rest[:-1]]


@pytest.mark.parametrize("connection", list(ENGINES))
def test_all_is_right_and_the_page_says_so(ready: Ktx, shop: Path, connection: str) -> None:
    """Its first row is one of docs/drivers.md, which may have other versions too."""
    jobs = [] if connection == "lite" else ["--jobs", "4"]
    lines = ready.ok(*words(shop, connection, "--format", "markdown", *jobs)).splitlines()
    page = DRIVERS.read_text().splitlines()
    assert page[page.index(lines[0]) + 1] == lines[1]
    documented = [row for row in page if row.startswith(f"| {ENGINES[connection]} ")]
    assert cells(lines[2]) in [cells(row) for row in documented]


def test_json_conforms(ready: Ktx, shop: Path) -> None:
    """Of some features, in the order of the suite."""
    answer = ready.json(*words(shop, "lite", "--only", "zones,like", "--json"))
    assert conforms(answer, SCHEMA)
    assert [feature["name"] for feature in answer["features"]] == ["like", "zones"]
    assert answer["score"] == {"right": 9, "refused": 5, "wrong": 0}
    assert (answer["complete"], answer["engine"]) == (True, "SQLite")
    assert re.fullmatch(r"3\.\d+\.\d+", answer["engineVersion"])
    by_id = {question["id"]: question for question in answer["questions"]}
    assert by_id["like.percent"]["rows"] == by_id["like.percent"]["expected"] == [[2]]
    assert "SQLite has no time zones" in by_id["zones.days_in_berlin"]["reason"]


def test_text_lists_features_and_refusals(ready: Ktx, shop: Path) -> None:
    """And ends with the score."""
    text = ready.ok(*words(shop, "lite", "--only", "zones", "--only", "nulls"))
    assert re.match(r"SQLite 3\.\d+\.\d+ \(connection lite\), suite \d+, ktx \d", text)
    assert re.search(r"^nulls +4 +0 +0   NULLs in an order$", text, re.MULTILINE)
    assert re.search(r"^all +8 +5 +0$", text, re.MULTILINE)
    assert "Refused (5):\n  zones.months_in_berlin: Months of moments in Berlin\n" in text
    assert text.endswith("\n8 of 13 right, 5 refused, 0 wrong\n")


def test_what_cannot_be_asked(ready: Ktx, shop: Path) -> None:
    """One error each, that says what to do."""
    said = ready.fails(*words(shop, "lite", "--only", "joinz"))
    assert "has no feature 'joinz'; did you mean joins?" in said
    assert "Fix: Use --only with some of: time, numbers, text, names, joins" in said
    said = ready.fails(*words(shop, "lake"))
    assert 'There is no connection "lake" in ktx.yaml' in said
    assert "Fix: Use one of: lite, duck, pg, my" in said
    said = ready.fails(*words(shop, "lite", "--format", "xml"), code=2)
    assert "--format" in said
    assert "--jobs" in ready.fails(*words(shop, "lite", "--jobs", "0"), code=2)
    said = ready.fails(*words(shop, "lite", "--json", "--format", "text"), code=2)
    assert "Choose only one of --json and --format text" in said


def test_a_server_that_is_not_there(ready: Ktx, shop: Path) -> None:
    """Nothing is written to stdout."""
    (shop / "ktx.yaml").write_text(
        "project: shop\nconnections:\n"
        "  pg: {driver: postgres, host: 127.0.0.1, port: 1, user: x, readonly: true}\n"
        "  open: {driver: sqlite, path: shop.db}\n"
    )
    assert "The database could not be reached" in ready.fails(*words(shop, "pg"))
    assert "readonly: true" in ready.fails(*words(shop, "open"))


class Gate:
    """Lets so many connections through to PostgreSQL; those after it meet `closed`."""

    def __init__(self, folder: str, most: int, closed: Callable[[socket.socket], None]) -> None:
        self._target = f"{folder}/.s.PGSQL.5432"
        self._left = most
        self._closed = closed
        self._kept: list[socket.socket] = []
        self.shut = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._kept.append(client)
            if self._left == 0:
                self._closed(client)
                self.shut.set()
                continue
            self._left -= 1
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            for pair in ((client, server), (server, client)):
                threading.Thread(target=_forward, args=pair, daemon=True).start()

    def close(self) -> None:
        """Let everything go."""
        for one in (self._listener, *self._kept):
            one.close()


def _forward(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


Gates = Callable[[int, Callable[[socket.socket], None]], Gate]


@pytest.fixture
def gates(shop: Path, servers: Servers) -> Iterator[Gates]:
    """Makes a gate in front of PostgreSQL, and a project whose connection `pg` leads to it."""
    made: list[Gate] = []

    def make(most: int, closed: Callable[[socket.socket], None]) -> Gate:
        gate = Gate(servers.postgres, most, closed)
        made.append(gate)
        (shop / "ktx.yaml").write_text(
            "project: shop\nconnections:\n"
            f"  pg: {{driver: postgres, host: 127.0.0.1, port: {gate.port}, user: postgres,"
            " database: postgres, sslmode: disable, readonly: true}\n"
        )
        return gate

    yield make
    for gate in made:
        gate.close()


def test_a_database_that_goes_away(ready: Ktx, shop: Path, gates: Gates) -> None:
    """What was found is written, whole, and the error behind it."""
    gates(4, lambda client: client.close())
    result = ready.run(*words(shop, "pg", "--only", "joins", "--json"))
    answer: dict[str, Any] = json.loads(result.stdout)
    assert (result.returncode, conforms(answer, SCHEMA)) == (1, True), result.stderr
    assert answer["score"] == {"right": 3, "refused": 0, "wrong": 0}
    assert (answer["complete"], answer["notAsked"]) == (False, 12)
    assert "The database could not be reached" in result.stderr


@pytest.fixture(scope="module")
def daemon_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ktx]:
    """A user of a daemon of their own that knows PostgreSQL."""
    folder = tmp_path_factory.mktemp("daemon")
    (folder / "home").mkdir()
    binary = small_package(
        folder / "package", (*SERVER_PACKAGES, "psycopg", "psycopg-binary", "pyyaml")
    )
    user = Ktx(home=folder / "home", runtime_root=folder / "root", binary=binary)
    user.ok("runtime", "install", "--yes")
    user.ok("runtime", "start")
    yield user
    user.ok("runtime", "stop")


@pytest.mark.parametrize("kind", ["alone", "daemon"])
def test_ctrl_c_ends_with_what_was_found(
    ready: Ktx, shop: Path, gates: Gates, kind: str, request: pytest.FixtureRequest
) -> None:
    """While a server does not answer."""
    user = ready if kind == "alone" else request.getfixturevalue("daemon_user")
    gate = gates(4, lambda _: None)
    process = user.start(*words(shop, "pg", "--only", "joins", "--json"))
    assert gate.shut.wait(120)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    answer = json.loads(out)
    assert (process.returncode, conforms(answer, SCHEMA)) == (130, True), err
    assert answer["score"] == {"right": 3, "refused": 0, "wrong": 0}
    assert (answer["complete"], answer["notAsked"]) == (False, 12)
    assert "Interrupted: 12 questions were not asked" in err


def test_a_daemon_gives_the_same(daemon_user: Ktx, shop: Path) -> None:
    """On SQLite, which the host asks, and on PostgreSQL, which the daemon asks."""
    for connection in ("lite", "pg"):
        asked = words(shop, connection, "--only", "joins,like,refusals", "--json")
        assert daemon_user.json(*asked) == daemon_user.json(*asked, "--no-daemon")
