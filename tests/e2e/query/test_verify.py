"""`ktx sl verify`: the SQL of a question beside a walk over its rows, on real databases."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from harness import Ktx
from json_schema import SCHEMAS, conforms, read_schema
from terminal import Screen, run_on_terminal

ORDERS = """\
name: orders
table: orders
grain: [id]
columns:
  - {name: id, type: number}
  - {name: customer, type: number}
  - {name: amount, type: number}
joins:
  - {to: customers, on: orders.customer = customers.id, relationship: many_to_one}
measures:
  - {name: revenue, expr: sum(amount)}
  - {name: codes, expr: "count_distinct(hex(customers.name))"}
"""
CUSTOMERS = """\
name: customers
table: customers
grain: [id]
columns:
  - {name: id, type: number}
  - {name: name, type: string}
"""
TABLES = """
CREATE TABLE orders (id INTEGER, customer INTEGER, amount INTEGER);
CREATE TABLE customers (id INTEGER, name VARCHAR);
INSERT INTO orders VALUES (1, 1, 20), (2, 1, 30), (3, 2, 10), (4, NULL, 5), (5, 9, 7);
INSERT INTO customers VALUES (1, 'Ada'), (2, 'Bob'), (3, 'Eve');
"""
ASKED = ("--measure", "orders.revenue", "--dimension", "customers.name")


def run_sqlite(folder: Path, sql: str) -> None:
    """Changes the SQLite database."""
    with closing(sqlite3.connect(folder / "shop.db")) as database:
        database.executescript(sql)


def run_duckdb(folder: Path, sql: str) -> None:
    """Changes the DuckDB database."""
    with duckdb.connect(str(folder / "shop.duckdb")) as database:
        database.execute(sql)


RUN: dict[str, Callable[[Path, str], None]] = {"lite": run_sqlite, "duck": run_duckdb}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A shop with orders of nobody and of a customer who is not there, in both databases."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "ktx.yaml").write_text(
        "project: shop\nconnections:\n"
        "  lite: {driver: sqlite, path: shop.db, readonly: true}\n"
        "  duck: {driver: duckdb, path: shop.duckdb, readonly: true}\n"
    )
    for connection, run in RUN.items():
        sources = folder / "semantic-layer" / connection
        sources.mkdir(parents=True)
        (sources / "orders.yaml").write_text(ORDERS)
        (sources / "customers.yaml").write_text(CUSTOMERS)
        run(folder, TABLES)
    return folder


def verify(project: Path, connection: str, *words: str) -> list[str]:
    """The words of a verification on a connection."""
    where = ["--connection-id", connection, "--project-dir", str(project)]
    return ["sl", "verify", *(words or ASKED), *where]


@pytest.mark.parametrize("connection", ["lite", "duck", "pg", "my"])
def test_one_line_says_that_the_answers_are_equal(ready: Ktx, shop: Path, connection: str) -> None:
    """On every database that runs here."""
    words = ("--measure", "orders.revenue", "--dimension", "orders.status")
    said = ready.ok(*verify(shop, connection, *words))
    assert said.startswith("equal: 2 rows of the answer, computed from orders (4 rows, all), in ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("connection", RUN)
def test_a_larger_source_is_sampled(ready: Ktx, project: Path, connection: str) -> None:
    """And of what it looks up, what it meets."""
    answer = ready.json(*verify(project, connection, *ASKED, "--rows", "2", "--json"))
    assert answer["outcome"] == "equal"
    assert [item["sampled"] for item in answer["sources"]] == [True, True]
    assert [item["rows"] for item in answer["sources"]] == [2, 2]
    assert "orders_sample" in answer["sql"]
    assert conforms(answer, read_schema(SCHEMAS / "sl-verify.schema.json"))


@pytest.mark.parametrize("connection", RUN)
def test_a_grain_that_the_data_does_not_keep(
    ready: Ktx, project: Path, tmp_path: Path, connection: str
) -> None:
    """The same customer twice: his orders count twice in SQL, and once by the rows."""
    RUN[connection](project, "INSERT INTO customers VALUES (1, 'Zoe')")
    report = tmp_path / "report.json"
    words = verify(project, connection, *ASKED, "--report", str(report))
    result = ready.run(*words)
    assert result.returncode == 1, result.stderr
    assert "disagree in 1 row of the answer" in result.stdout
    assert "the join orders -> customers (on: orders.customer = customers.id)" in result.stdout
    assert "by SQL:  Zoe | 50" in result.stdout
    assert "by rows: Zoe | NULL" in result.stdout
    assert f"report: {report} (it holds rows of your data)" in result.stdout
    written = json.loads(report.read_text())
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert written["question"]["measures"] == ["orders.revenue"]
    assert [source["name"] for source in written["sources"]] == ["orders", "customers"]
    assert written["rowsBehind"]
    assert written["sql"] in result.stdout
    answer = json.loads(ready.run(*words, "--json").stdout)
    assert (answer["outcome"], answer["report"]) == ("different", str(report))
    assert answer["differences"] == [
        {"what": "other values", "bySql": ["Zoe", 50], "byRows": ["Zoe", None]}
    ]
    assert conforms(answer, read_schema(SCHEMAS / "sl-verify.schema.json"))


def test_a_report_has_a_place_of_its_own(ready: Ktx, project: Path, tmp_path: Path) -> None:
    """In the folder for temporary files, when no other is named."""
    run_sqlite(project, "INSERT INTO customers VALUES (1, 'Zoe')")
    folder = tmp_path / "temporary"
    folder.mkdir()
    ready.extra["TMPDIR"] = str(folder)
    assert ready.run(*verify(project, "lite")).returncode == 1
    (file,) = folder.iterdir()
    assert file.name.startswith("ktx-verify-")


def test_a_report_that_cannot_be_written(ready: Ktx, project: Path, tmp_path: Path) -> None:
    """Is an error with the file's name, and no verdict without its report."""
    run_sqlite(project, "INSERT INTO customers VALUES (1, 'Zoe')")
    missing = tmp_path / "missing" / "report.json"
    assert str(missing) in ready.fails(*verify(project, "lite", *ASKED, "--report", str(missing)))


def test_what_is_not_known_has_a_code_of_its_own(ready: Ktx, project: Path) -> None:
    """And is named, with the measure that it is in."""
    result = ready.run(*verify(project, "lite", "--measure", "orders.codes"))
    assert (result.returncode, result.stderr) == (3, "")
    assert result.stdout == "cannot be checked: function hex of the measure orders.codes\n"


def test_a_slip_is_what_it_is_to_a_query(ready: Ktx, project: Path) -> None:
    """The planner's own words, and those of the command line."""
    said = ready.fails(*verify(project, "lite", "--measure", "orders.revenu"))
    assert "Did you mean revenue?" in said
    assert 'no connection "leit"' in ready.fails(*verify(project, "leit"))
    assert "requires at least one --measure" in ready.fails(
        "sl", "verify", "--project-dir", str(project), code=2
    )
    assert "--rows" in ready.fails(*verify(project, "lite", *ASKED, "--rows", "0"), code=2)


@pytest.mark.parametrize(("connection", "file"), [("lite", "shop.db"), ("duck", "shop.duckdb")])
def test_a_missing_file(ready: Ktx, project: Path, connection: str, file: str) -> None:
    """Is named."""
    (project / file).unlink()
    assert file in ready.fails(*verify(project, connection))


def test_a_question_from_a_file(ready: Ktx, project: Path, tmp_path: Path) -> None:
    """As `sl query` takes it."""
    question = tmp_path / "question.json"
    question.write_text('{"measures": [{"expr": "sum(orders.amount) / count(*)", "name": "mean"}]}')
    said = ready.ok(*verify(project, "duck", "--query-file", str(question)))
    assert said.startswith("equal: 1 row of the answer")


def test_ctrl_c(ready: Ktx, project: Path) -> None:
    """Ends a statement without an end; the line of who waits says that it does."""
    (project / "semantic-layer" / "lite" / "orders.yaml").write_text(
        ORDERS.replace(
            "table: orders",
            'sql: "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) '
            'SELECT id, id AS customer, id AS amount FROM n"',
        )
    )
    screen = Screen(80)
    started: list[int] = []

    def on_text(terminal: int, text: str) -> None:
        screen.draw(text.replace("^C", ""))
        if "Ctrl-C ends" in text:
            os.kill(int(started[0]), signal.SIGINT)

    ready.extra["TERM"] = "xterm-256color"
    words = verify(project, "lite")
    result = run_on_terminal(ready, *words, columns=80, on_text=on_text, on_start=started.append)
    assert result.code == 130, result.raw
