"""Times of the built binary: in a stated zone, whatever the machine's, and values that are none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg
import pymysql  # type: ignore[import-untyped]
import pytest
from databases import Servers
from harness import Ktx

SOURCE = """\
name: events
table: events
grain: [id]
columns:
  - {name: id, type: number}
  - {name: tz, type: time}
  - {name: s, type: time}
  - {name: v, type: number}
measures:
  - {name: total, expr: sum(v)}
"""
# 1 February 12:00, 1 March 2:00 and 31 March 20:00 of UTC.
SECONDS = [(1, 1769947200, 2), (2, 1772330400, 1), (3, 1774987200, 4)]
MOMENTS = """CREATE TABLE events (id INT, tz TIMESTAMPTZ, s BIGINT, v INT);
    INSERT INTO events VALUES (1, '2026-02-01 12:00:00+00', 0, 2),
        (2, '2026-03-01 02:00:00+00', 0, 1), (3, '2026-03-31 20:00:00+00', 0, 4)"""
UTC = ["events.tz,events.total", "2026-02-01,2", "2026-03-01,5"]
TOKYO = ["events.tz,events.total", "2026-02-01,2", "2026-03-01,1", "2026-04-01,4"]
ZONES = ["UTC", "America/New_York", "Asia/Tokyo"]


def question(project: Path, connection: str, *words: str) -> list[str]:
    """A query that is run, as CSV."""
    about = ["--connection-id", connection, "--measure", "events.total", *words]
    more = ["--execute", "--format", "csv", "--no-input", "--project-dir", str(project)]
    return ["sl", "query", *about, *more]


def add_source(project: Path, *connections: str) -> None:
    """The source of the tests, beside those that are there."""
    for connection in connections:
        (project / "semantic-layer" / connection / "events.yaml").write_text(SOURCE)


@pytest.fixture
def moments(shop: Path, servers: Servers) -> Path:
    """The project of every database, with moments in those that have zones."""
    with duckdb.connect(str(shop / "shop.duckdb")) as duck:
        duck.execute(MOMENTS)
    address = f"host={servers.postgres} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS events")
        connection.execute(MOMENTS)
    add_source(shop, "duck", "pg")
    return shop


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("connection", ["duck", "pg"])
def test_the_machine_s_zone_means_nothing(
    ready: Ktx, moments: Path, connection: str, zone: str
) -> None:
    """A month is one of UTC, and of another zone only when somebody says so."""
    ready.extra |= {"TZ": zone, "PGTZ": zone}
    by_month = question(moments, connection, "--dimension", "events.tz:month")
    assert ready.ok(*by_month).splitlines() == UTC
    assert ready.ok(*by_month, "--timezone", "Asia/Tokyo").splitlines() == TOKYO
    since = question(moments, connection, "--filter", "events.tz >= '2026-03-01'")
    assert ready.ok(*since).splitlines() == ["events.total", "5"]


def test_a_connection_and_a_source_state_a_zone(ready: Ktx, moments: Path) -> None:
    """The source's comes before the connection's."""
    by_month = question(moments, "duck", "--dimension", "events.tz:month")
    config = moments / "ktx.yaml"
    stated = config.read_text().replace("{driver: duckdb", "{timezone: Asia/Tokyo, driver: duckdb")
    config.write_text(stated)
    assert ready.ok(*by_month).splitlines() == TOKYO
    (moments / "semantic-layer/duck/events.yaml").write_text(SOURCE + "timezone: UTC\n")
    assert ready.ok(*by_month).splitlines() == UTC


def fill_numbers(shop: Path, servers: Servers) -> None:
    """Seconds in SQLite and MariaDB, under a column that is said to be a time."""
    create = "CREATE TABLE events (id INT, tz VARCHAR(40), s BIGINT, v INT)"
    with closing(sqlite3.connect(shop / "shop.db")) as lite, lite:
        lite.execute(create)
        lite.executemany("INSERT INTO events VALUES (?, '2026-01-01', ?, ?)", SECONDS)
    address = {"unix_socket": str(servers.mariadb), "user": "root", "database": "shop"}
    with closing(pymysql.connect(**address)) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS events")
        cursor.execute(create)
        cursor.executemany("INSERT INTO events VALUES (%s, '2026-01-01', %s, %s)", SECONDS)
        connection.commit()


@pytest.mark.parametrize("connection", ["lite", "my"])
def test_numbers_that_are_said_to_be_times(
    ready: Ktx, shop: Path, servers: Servers, connection: str
) -> None:
    """A group of them is warned of, a comparison is refused, and `storage` makes them times."""
    fill_numbers(shop, servers)
    add_source(shop, connection)
    by_month = question(shop, connection, "--dimension", "events.s:month")
    warned = ready.run(*by_month)
    assert warned.returncode == 0
    assert "events.s holds 1769947200, which cannot be read as a time" in warned.stderr
    assert "Write `storage: unix` on the column s of the source events" in warned.stderr
    assert "[time_unreadable]" in warned.stderr
    since = question(shop, connection, "--filter", "events.s >= '2026-03-01'")
    assert "and the query compares it with times" in ready.fails(*since)
    file = shop / "semantic-layer" / connection / "events.yaml"
    file.write_text(SOURCE.replace("{name: s, type: time}", "{name: s, type: time, storage: unix}"))
    rows = ready.run(*by_month)
    assert rows.stdout.splitlines() == ["events.s,events.total", *UTC[1:]]
    assert rows.stderr == ""
    assert ready.ok(*since).splitlines() == ["events.total", "5"]


def test_json_says_the_zone_and_what_is_no_time(ready: Ktx, shop: Path, servers: Servers) -> None:
    """Warnings stand in the answer's own list."""
    fill_numbers(shop, servers)
    add_source(shop, "lite")
    words = question(shop, "lite", "--dimension", "events.s:month")
    answer = ready.json(*[word if word != "csv" else "json" for word in words])
    assert answer["timezone"] == "UTC"
    assert [warning["code"] for warning in answer["warnings"]] == ["time_unreadable"]


def test_setup_looks_at_the_values(ready: Ktx, tmp_path: Path) -> None:
    """A declared type says nothing on SQLite."""
    folder = tmp_path / "new"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "notes.db")) as lite, lite:
        lite.execute(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, created_at INTEGER, updated TIMESTAMP,"
            " due DATE, sent DATE, length_ms INTEGER, body TEXT)"
        )
        row = (1, 1769947200, 1769947200000, "2026-02-01", "01/15/2026", 350, "hello")
        lite.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    ready.ok(
        *("setup", "--project-dir", str(folder), "--new", "--no-input"),
        *("--database", "sqlite", "--database-url", "notes.db", "--skip-agents"),
    )
    (text,) = [path.read_text() for path in folder.glob("semantic-layer/*/notes.yaml")]
    assert "storage: unix\n" in text
    assert "storage: unix_ms\n" in text
    assert "total_created_at" not in text
    assert text.count("type: time") == 3
