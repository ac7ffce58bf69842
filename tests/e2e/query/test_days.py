"""A period of a day or longer is a date, of every database and in every output; an hour is not."""

from __future__ import annotations

import datetime
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
name: visits
table: visits
grain: [id]
columns:
  - {name: id, type: number}
  - {name: seen, type: time}
  - {name: day, type: time}
  - {name: month, type: time, expr: "FIRST_MOMENT"}
measures:
  - {name: visit_count, expr: count(*)}
"""
ROWS = "INSERT INTO visits VALUES (1, '2025-11-03 10:30:00', '2025-11-03'), (2, NULL, NULL)"
# A month's first moment, as a database computes it that has no word for a month.
MIDNIGHTS = {
    "lite": "strftime('%Y-%m-01 00:00:00', seen)",
    "duck": "date_trunc('month', seen)",
    "pg": "date_trunc('month', seen)",
    "my": "CAST(DATE_FORMAT(seen, '%Y-%m-01') AS DATETIME)",
}
CONNECTIONS = list(MIDNIGHTS)


def table_of(moment: str) -> str:
    """The statement that makes the table, with the word of a database for a moment."""
    return f"CREATE TABLE visits (id INTEGER, seen {moment}, day DATE)"


@pytest.fixture
def visits(shop: Path, servers: Servers) -> Path:
    """The project of every database, with visits in each."""
    with closing(sqlite3.connect(shop / "shop.db")) as lite, lite:
        lite.execute(table_of("TIMESTAMP"))
        lite.execute(ROWS)
    with duckdb.connect(str(shop / "shop.duckdb")) as duck:
        duck.execute(table_of("TIMESTAMP"))
        duck.execute(ROWS)
    address = f"host={servers.postgres} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as postgres:
        postgres.execute("DROP TABLE IF EXISTS visits")
        postgres.execute(table_of("TIMESTAMPTZ"))
        postgres.execute(ROWS.replace("10:30:00", "10:30:00+00"))
    socket = {"unix_socket": str(servers.mariadb), "user": "root", "database": "shop"}
    with closing(pymysql.connect(**socket)) as maria, maria.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS visits")
        cursor.execute(table_of("DATETIME"))
        cursor.execute(ROWS)
        maria.commit()
    for connection, month in MIDNIGHTS.items():
        source = SOURCE.replace("FIRST_MOMENT", month)
        (shop / "semantic-layer" / connection / "visits.yaml").write_text(source)
    return shop


def question(project: Path, connection: str, dimension: str, *words: str) -> list[str]:
    """The first visit, by a time."""
    about = ["--measure", "visits.visit_count", "--dimension", dimension]
    about += ["--filter", "visits.id = 1"]
    more = ["--connection-id", connection, "--execute", "--project-dir", str(project), "--no-input"]
    return ["sl", "query", *about, *more, *words]


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_day_and_what_is_longer_are_dates(ready: Ktx, visits: Path, connection: str) -> None:
    """Of a moment and of a date; what is shorter keeps its clock, midnight or not."""
    shown = {
        "visits.seen:day": "2025-11-03",
        "visits.seen:week": "2025-11-03",
        "visits.seen:month": "2025-11-01",
        "visits.seen:quarter": "2025-10-01",
        "visits.seen:year": "2025-01-01",
        "visits.day": "2025-11-03",
        "visits.day:month": "2025-11-01",
        "visits.month:month": "2025-11-01",
    }
    for dimension, text in shown.items():
        rows = ready.ok(*question(visits, connection, dimension, "--format", "csv"))
        assert rows.splitlines()[1:] == [f"{text},1"], dimension
    moments = {"visits.seen:hour": "2025-11-03 10:00", "visits.month:hour": "2025-11-01 00:00"}
    for dimension, moment in moments.items():
        rows = ready.ok(*question(visits, connection, dimension, "--format", "csv"))
        assert rows.splitlines()[1].replace("T", " ").startswith(moment), dimension


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_month_is_a_date_in_every_output(
    ready: Ktx, visits: Path, tmp_path: Path, connection: str
) -> None:
    """As text, as JSON, in a chart and with the type DATE in a file."""
    for dimension in ("visits.seen:month", "visits.month:month"):
        by_month = question(visits, connection, dimension)
        for words in (("--format", "table"), ("--format", "markdown"), ("--chart",)):
            shown = ready.ok(*by_month, *words)
            assert "2025-11-01" in shown, words
            assert "00:00" not in shown, words
        assert ready.json(*by_month, "--format", "json")["rows"] == [["2025-11-01", 1]]
        file = tmp_path / "months.parquet"
        with file.open("wb") as target:
            ready.run(*by_month, "--format", "parquet", stdout=target)
        cell = duckdb.sql(f"SELECT * FROM '{file}'").fetchall()[0][0]
        # SQLite knows no dates, and says nothing of its columns' types.
        assert cell == ("2025-11-01" if connection == "lite" else datetime.date(2025, 11, 1))


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_date_of_the_database_s_is_one_in_sql(ready: Ktx, visits: Path, connection: str) -> None:
    """A column of the type DATE, in the answer of a statement; a moment at midnight stays one."""
    sql = "SELECT day FROM visits WHERE id = 1"
    words = ["sql", "--connection-id", connection, "--project-dir", str(visits), "--no-input"]
    assert ready.ok(*words, "--format", "csv", sql).splitlines() == ["day", "2025-11-03"]
    assert ready.json(*words, "--format", "json", sql)["rows"] == [["2025-11-03"]]
    moment = f"SELECT {MIDNIGHTS[connection]} AS m FROM visits WHERE id = 1"
    row = ready.ok(*words, "--format", "csv", moment).splitlines()[1]
    assert row.replace("T", " ").startswith("2025-11-01 00:00:00")
