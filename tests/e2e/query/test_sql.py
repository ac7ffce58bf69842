"""`ktx sql` on every database that runs here."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import psycopg
import pytest
from databases import ORDERS, Servers
from harness import Ktx
from json_schema import SCHEMAS, conforms, read_schema

CONNECTIONS = ("lite", "duck", "pg", "my")
ALL_ORDERS = "SELECT id, status, amount FROM orders ORDER BY id"


def sql(project: Path, connection: str, *words: str) -> list[str]:
    """The words of a statement on a connection."""
    return ["sql", "-c", connection, *words, "--project-dir", str(project)]


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_the_rows_of_a_statement(ready: Ktx, shop: Path, connection: str) -> None:
    """As JSON, in the published shape."""
    answer = ready.json(*sql(shop, connection, ALL_ORDERS, "--json"))
    assert answer["rows"] == [list(order) for order in ORDERS]
    assert answer["headers"] == ["id", "status", "amount"]
    assert (answer["rowCount"], answer["truncated"]) == (4, False)
    assert answer["connectionId"] == connection


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_cut_is_said(ready: Ktx, shop: Path, connection: str) -> None:
    """On stderr, and in the JSON."""
    result = ready.run(*sql(shop, connection, ALL_ORDERS, "--max-rows", "2", "--format", "csv"))
    assert result.stdout.splitlines() == ["id,status,amount", "1,paid,20", "2,paid,30"]
    assert "--max-rows" in result.stderr
    answer = ready.json(*sql(shop, connection, ALL_ORDERS, "--max-rows", "3", "--json"))
    assert (answer["rowCount"], answer["truncated"]) == (3, True)


@pytest.mark.parametrize("connection", CONNECTIONS)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM orders",
        "SELECT 1; DROP TABLE orders",
        "WITH a AS (SELECT 1) DELETE FROM orders",
    ],
)
def test_a_write_is_refused(ready: Ktx, shop: Path, connection: str, statement: str) -> None:
    """Before any database sees it; the rows stay."""
    assert "The SQL is not run." in ready.fails(*sql(shop, connection, statement))
    count = ready.json(*sql(shop, connection, "SELECT count(*) AS n FROM orders", "--json"))
    assert count["rows"] == [[4]]


def test_a_statement_from_a_file_or_stdin(ready: Ktx, shop: Path) -> None:
    """The three places, and what is wrong about two or none."""
    (shop / "all.sql").write_text(ALL_ORDERS + ";\n-- the end\n")
    from_file = ready.ok(*sql(shop, "lite", "--file", str(shop / "all.sql"), "--output", "plain"))
    assert from_file.splitlines()[:2] == ["id\tstatus\tamount", "1\tpaid\t20"]
    with (shop / "all.sql").open() as text:
        assert ready.ok(*sql(shop, "lite", "--output", "plain"), stdin=text) == from_file
    assert "not both" in ready.fails(*sql(shop, "lite", "SELECT 1", "--file", "x"), code=2)
    assert "no SQL" in ready.fails(*sql(shop, "lite"), code=2)
    ready.fails(*sql(shop, "lite", "SELECT 1", "--max-rows", "10001"), code=2)


def test_what_the_database_says(ready: Ktx, shop: Path) -> None:
    """Its own words, with the name that does not exist."""
    for connection in CONNECTIONS:
        assert "no_such_table" in ready.fails(*sql(shop, connection, "SELECT 1 FROM no_such_table"))


def test_only_connections_that_are_read_only(ready: Ktx, shop: Path) -> None:
    """ktx.yaml must say so."""
    config = shop / "ktx.yaml"
    config.write_text(config.read_text().replace("readonly: true", "readonly: false"))
    assert "readonly: true" in ready.fails(*sql(shop, "pg", "SELECT 1"))


def test_ctrl_c_during_a_long_query(ready: Ktx, shop: Path, servers: Servers) -> None:
    """Ends at once with 130; the server is seen at work first."""
    process = ready.start(*sql(shop, "pg", "SELECT count(*) FROM generate_series(1, 1000000000)"))
    address = f"host={servers.postgres} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        busy = (
            "SELECT 1 FROM pg_stat_activity WHERE state = 'active' "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        deadline = time.monotonic() + 120
        while connection.execute(busy).fetchone() is None:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")


def fits(value: object, name: str) -> bool:
    """Whether a value has the shape that docs/schema publishes."""
    return conforms(value, read_schema(SCHEMAS / f"{name}.schema.json"))


def test_the_json_fits_its_schema(ready: Ktx, shop: Path) -> None:
    """docs/schema has what --json prints."""
    for connection in CONNECTIONS:
        assert fits(ready.json(*sql(shop, connection, ALL_ORDERS, "--json")), "sql")
    at = ["--json", "--project-dir", str(shop)]
    assert fits(ready.json("connection", "test", "pg", *at), "connection-test")
    assert fits(ready.json("connection", "list", *at), "connection-list")


def test_a_text_that_is_not_utf8_is_named(ready: Ktx, shop: Path) -> None:
    """On stderr, whatever the format; the bytes themselves are in CSV."""
    words = sql(shop, "lite", "SELECT CAST(x'4a6fe9' AS TEXT) AS name, 'a' AS b")
    result = ready.run(*words, "--format", "json")
    assert "warning: name holds text that is not UTF-8" in result.stderr
    assert result.stderr.count("warning:") == 1
    assert json.loads(result.stdout)["rows"] == [["Jo\ufffd", "a"]]


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_numbers_are_numbers_on_every_database(ready: Ktx, shop: Path, connection: str) -> None:
    """By the one rule of docs/cli.md, whatever a database's own types are."""
    numbers = "2.5 AS a, CAST(9007199254740991 AS {big}) AS b, CAST(9007199254740993 AS {big}) AS c"
    statement = "SELECT " + numbers.format(big={"my": "SIGNED"}.get(connection, "BIGINT"))
    (row,) = ready.json(*sql(shop, connection, statement, "--json"))["rows"]
    assert row == [2.5, 9007199254740991, "9007199254740993"]
    average = "SELECT avg(amount) AS mean FROM orders WHERE amount IN (20, 30)"
    assert ready.json(*sql(shop, connection, average, "--json"))["rows"] == [[25.0]]
    shown = ready.ok(*sql(shop, connection, average, "--format", "csv")).splitlines()
    assert float(shown[1]) == 25
    assert len(shown[1]) <= len("25.0000")
