"""DuckDB files that cannot be opened: what is said of them, and that there is no server."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from database_query.asking import answer_of, refusal_of, reply_of
from introspection.asking import reply_of as introspection_of

# Made once by DuckDB 2.0.0 from PyPI, whose own format is its default:
#   ATTACH 'two.duckdb' AS two; CREATE TABLE two.t (a INT); INSERT INTO two.t VALUES (1);
# and packed by gzip -9: 274,432 bytes of which nearly all are zeros.
NEWER = Path(__file__).parent / "newer.duckdb.gz"
VERSION = duckdb.__version__
HOLDER = """
import duckdb, sys
held = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def make_empty(path: Path) -> None:
    path.touch()


def make_foreign(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def make_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.commit()


def make_newer(path: Path) -> None:
    path.write_bytes(gzip.decompress(NEWER.read_bytes()))


def make_damaged(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t (a INT)")
    whole = bytearray(path.read_bytes())
    whole[4096 + 30] ^= 0xFF
    whole[8192 + 30] ^= 0xFF
    path.write_bytes(whole)


UNREADABLE: list[tuple[Callable[[Path], None], str, str]] = [
    (make_empty, "is an empty file, and no DuckDB database.", "Correct {place}."),
    (make_foreign, "is no DuckDB database.", "Correct {place}."),
    (make_sqlite, "is a SQLite database.", "Write `driver: sqlite`, or correct {place}."),
    (
        make_newer,
        "was written by DuckDB v2.0.0 in its storage format 999, and this ktx has DuckDB "
        f"{VERSION}, which is older.",
        "Write a copy with the newer one: ATTACH 'copy.duckdb' (STORAGE_VERSION 'v1.5.0'), then "
        "COPY FROM DATABASE. Or let a newer ktx read it.",
    ),
]


@pytest.mark.parametrize(("make", "what", "fix"), UNREADABLE)
def test_a_file_that_is_no_database_of_this_duckdb(
    tmp_path: Path, make: Callable[[Path], None], what: str, fix: str
) -> None:
    path = tmp_path / "x.duckdb"
    make(path)
    connection = {"driver": "duckdb", "path": str(path)}
    errors = [refusal_of(connection, "SELECT 1"), reply_of("database-test", connection)["error"]]
    for error in errors:
        assert error["message"] == f"`{path}` {what}"
        place = "`path` of connection 'shop' in ktx.yaml"
        assert error["fix"].lower() == fix.format(place=place).lower()
    error = introspection_of("duckdb", str(path))["error"]
    assert error["message"] == f"`{path}` {what}"
    assert error["fix"].lower() == fix.format(place="the url").lower()


def test_a_damaged_file(tmp_path: Path) -> None:
    make_damaged(tmp_path / "x.duckdb")
    error = refusal_of({"driver": "duckdb", "path": str(tmp_path / "x.duckdb")}, "SELECT 1")
    assert error["message"].startswith(f"`{tmp_path}/x.duckdb` is damaged: ")
    assert error["fix"] == "Put back a copy of it."


def test_a_file_that_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "ice.duckdb"
    command = [sys.executable, "-c", HOLDER, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        try:
            assert holder.stdout.readline() == "held\n"
            error = refusal_of({"driver": "duckdb", "path": str(path)}, "SELECT 1")
        finally:
            holder.stdin.close()
    assert error["message"].startswith(f"`{path}` is open for writing in process {holder.pid} (")
    assert error["message"].endswith("), and DuckDB lets nobody else read it meanwhile.")
    assert error["fix"] == "Close it there, then try again."


def test_sessions_of_one_process_have_zones_of_their_own(tmp_path: Path) -> None:
    """Also while another one has the file open, which DuckDB opens once in a process."""
    from ktx_daemon.database_query import duckdb as driver
    from ktx_daemon.database_query.driver import Limits
    from ktx_daemon.database_query.settings import Settings

    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("CREATE TABLE t (a INT)")
    shop: dict[str, Any] = {"driver": "duckdb", "path": str(tmp_path / "x.duckdb")}
    other = driver.connect(Settings("shop", shop, ""), Limits(1000, 5, "Asia/Tokyo"))
    with closing(other):
        zone = "SELECT current_setting('TimeZone')"
        assert answer_of(shop, zone, timezone="Europe/Paris")["rows"] == [["Europe/Paris"]]
        assert other.rows(zone, None).rows == [("Asia/Tokyo",)]
        assert "ok" in introspection_of("duckdb", str(tmp_path / "x.duckdb"))
