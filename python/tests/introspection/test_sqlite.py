"""Introspection of SQLite files."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from introspection.asking import columns_of, keys_of, reply_of, tables_of

SHOP = '''
    CREATE TABLE customers (id INTEGER PRIMARY KEY, "Full ""Name""" TEXT NOT NULL, born DATE);
    CREATE TABLE "Order Lines" (
        order_id INT, line INT, customer_id REFERENCES customers, price NUMERIC(10, 2),
        vat AS (price * 0.2) VIRTUAL, gross NUMERIC AS (price * 1.2) STORED,
        PRIMARY KEY (order_id, line)) WITHOUT ROWID;
    CREATE TABLE returns (order_id INT, line INT, at TIMESTAMP, code TEXT PRIMARY KEY,
        FOREIGN KEY (order_id, line) REFERENCES "order lines" (order_id, line));
    CREATE VIEW big AS SELECT "Full ""Name""" AS who, born FROM customers;
    CREATE VIRTUAL TABLE notes USING fts5(body);
'''


def make(path: Path, *scripts: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        for script in scripts:
            connection.executescript(script)
    return str(path)


@pytest.fixture
def shop(tmp_path: Path) -> str:
    return make(tmp_path / "shop.db", SHOP)


@pytest.mark.parametrize(
    ("declared", "values", "kept_as"),
    [
        ("at INTEGER", "1767225600, 1769904000", "unix"),
        ("created_at", "1767225600.5", "unix"),
        ("updatedAt INT", "1767225600000", "unix_ms"),
        ("day DATE", "'2026-01-01', '2026-01-01T10:00Z'", "iso"),
        ("day DATE", "2461000.5", "julian"),
        ("day DATE", "20260101", "number"),
        ("at DATETIME", "1743298200, 1735689600, 1500", "unix"),
        ("at DATETIME", "1743298200000, 1735689600000, 0", "unix_ms"),
        ("at DATETIME", "1743298200, 1500", "number"),
        ("at DATETIME", "1743298200, 1743298201, 1743298200000", "number"),
        ("at INTEGER", "1743298200, 1735689600, 1500", "number"),
        ("day DATE", "'01/15/2026'", "other"),
        ("at DATETIME", "'2026-01-01', 1767225600", "other"),
        ("length_ms INT", "350", "number"),
        ("amount INT", "1767225600", None),
        ("created_at INT", "NULL", None),
        ("created_at TEXT", "'2026-01-01'", None),
    ],
)
def test_what_may_keep_times_is_looked_at(
    tmp_path: Path, declared: str, values: str, kept_as: str | None
) -> None:
    rows = ", ".join(f"({value})" for value in values.split(", "))
    script = f"CREATE TABLE t ({declared}); INSERT INTO t VALUES {rows};"
    (column,) = tables_of("sqlite", make(tmp_path / "t.db", script))["t"]["columns"]
    assert column["kept_as"] == kept_as


def test_tables_columns_and_keys(shop: str) -> None:
    tables = tables_of("sqlite", shop)
    assert list(tables) == ["Order Lines", "big", "customers", "notes", "returns"]
    assert {(table["catalog"], table["db"]) for table in tables.values()} == {(None, "main")}
    assert columns_of(tables["customers"]) == [
        ("id", "INTEGER", False, True),
        ('Full "Name"', "TEXT", False, False),
        ("born", "DATE", True, False),
    ]
    assert columns_of(tables["Order Lines"]) == [
        ("order_id", "INT", False, True),
        ("line", "INT", False, True),
        ("customer_id", "", True, False),
        ("price", "NUMERIC(10, 2)", True, False),
        ("vat", "", True, False),
        ("gross", "NUMERIC", True, False),
    ]
    assert keys_of(tables["Order Lines"]) == [("customer_id", "customers", "id")]
    assert keys_of(tables["returns"]) == [
        ("order_id", "order lines", "order_id"),
        ("line", "order lines", "line"),
    ]
    assert len({key["constraint_name"] for key in tables["returns"]["foreign_keys"]}) == 1
    # A key of text may be NULL in SQLite.
    assert columns_of(tables["returns"])[3] == ("code", "TEXT", True, True)
    assert [column[:2] for column in columns_of(tables["big"])] == [
        ("who", "TEXT"),
        ("born", "DATE"),
    ]
    assert [column[0] for column in columns_of(tables["notes"])] == ["body"]


def test_response_says_what_was_read_and_when(shop: str) -> None:
    response = reply_of("sqlite", shop)["ok"]
    assert list(response) == ["connection_id", "extracted_at", "metadata", "tables", "warnings"]
    assert response["metadata"] == {"driver": "sqlite", "schemas": ["main"]}
    assert datetime.fromisoformat(response["extracted_at"]).utcoffset() is not None


@pytest.mark.parametrize("prefix", ["", "sqlite:///", "file:"])
def test_forms_of_the_address(shop: str, prefix: str) -> None:
    assert "customers" in tables_of("sqlite", prefix + shop)


def test_a_broken_view_is_a_warning(tmp_path: Path) -> None:
    broken = "CREATE VIEW v AS SELECT * FROM gone; CREATE TABLE t (a)"
    response = reply_of("sqlite", make(tmp_path / "x.db", broken))["ok"]
    assert [table["name"] for table in response["tables"]] == ["t"]
    assert "View 'v' is left out" in response["warnings"][0]
    assert "gone" in response["warnings"][0]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    path = Path(make(tmp_path / "x.db", "CREATE TABLE caf_ (cl_ TEXT)"))
    path.write_bytes(path.read_bytes().replace(b"caf_", b"caf\xe9").replace(b"cl_", b"cl\xff"))
    table = tables_of("sqlite", str(path))["caf\\xe9"]
    assert columns_of(table) == [("cl\\xff", "TEXT", True, False)]


def test_a_time_that_holds_none_is_a_warning(tmp_path: Path) -> None:
    path = make(
        tmp_path / "x.db",
        "CREATE TABLE t (a DATETIME, b DATE, c INTEGER, at INTEGER);"
        "INSERT INTO t VALUES (1500, '01/02/2025', 7, 5)",
    )
    assert reply_of("sqlite", path)["ok"]["warnings"] == [
        "Column 't.a' is declared as DATETIME and holds numbers of no known kind of time that "
        "SQLite does not read as times: it is a number in its source. If it keeps times, say how "
        "by `type: time` and `storage`.",
        "Column 't.b' is declared as DATE and holds values that SQLite does not read as times: it "
        "is a string in its source. If it keeps times, say how by `type: time` and `storage`.",
    ]


def test_nothing_is_written(shop: str) -> None:
    before = Path(shop).read_bytes()
    tables_of("sqlite", shop)
    assert Path(shop).read_bytes() == before
    assert [path.name for path in Path(shop).parent.iterdir()] == ["shop.db"]


WAL = "PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)"


def test_a_reader_of_a_wal_leaves_nothing(tmp_path: Path) -> None:
    """Where nobody else has the database open, whether its WAL is empty or was left behind."""
    path = tmp_path / "shop.db"
    make(path, WAL)
    assert list(tables_of("sqlite", str(path))) == ["t"]
    assert [file.name for file in tmp_path.iterdir()] == ["shop.db"]
    with closing(sqlite3.connect(path)) as writer:
        writer.executescript("CREATE TABLE u (a)")
        left = tmp_path / "left"
        left.mkdir()
        for name in ("shop.db", "shop.db-wal"):
            (left / name).write_bytes((tmp_path / name).read_bytes())
        # With the writer at work its own files are used.
        assert list(tables_of("sqlite", str(path))) == ["t", "u"]
    assert list(tables_of("sqlite", str(left / "shop.db"))) == ["t", "u"]
    assert sorted(file.name for file in left.iterdir()) == ["shop.db", "shop.db-wal"]


def test_a_writer_that_comes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read alone is read again."""
    from ktx_daemon.database_introspection import sqlite_reader

    path = tmp_path / "shop.db"
    make(path, WAL)
    read = sqlite_reader._read
    writers: list[sqlite3.Connection] = []

    def disturbed(*arguments: Any) -> Any:
        found = read(*arguments)
        if not writers:
            writers.append(sqlite3.connect(path))
            writers[0].executescript("CREATE TABLE u (a)")
        return found

    monkeypatch.setattr(sqlite_reader, "_read", disturbed)
    assert list(tables_of("sqlite", str(path))) == ["t", "u"]
    writers[0].close()


def test_a_database_that_another_process_writes(tmp_path: Path) -> None:
    path = make(tmp_path / "shop.db", SHOP)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        error = reply_of("sqlite", path, connection_timeout_seconds=1)["error"]
    assert error["message"] == f"Another process is writing to `{path}`."
    assert error["fix"] == "Try again when that is done."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no database file"),
        (b"not a database, but long enough to have a header" * 99, "is no SQLite database."),
        (b"SQLite format 3\0" + b"\x10\x00\x03\x03" + b"x" * 5000, "newer SQLite than"),
        (bytes(8) + b"DUCK" + b"x" * 5000, "is a DuckDB file, and no SQLite database."),
    ],
)
def test_files_that_are_no_database(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "x.db"
    if content is not None:
        path.write_bytes(content)
    error = reply_of("sqlite", str(path))["error"]
    assert error["kind"] == "database"
    assert message in error["message"]


@pytest.mark.parametrize("url", ["", "a\0b", "sqlite://"])
def test_addresses_without_a_file(url: str) -> None:
    assert reply_of("sqlite", url)["error"]["kind"] == "invalid_request"


def test_an_unknown_schema(shop: str) -> None:
    error = reply_of("sqlite", shop, schemas=["mian"])["error"]
    assert (error["kind"], error["suggestions"]) == ("database", ["main"])


def test_a_statement_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ktx_daemon.database_introspection import sqlite_reader

    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, 1, 1 FROM n"
    )
    monkeypatch.setattr(sqlite_reader, "_TABLES", f"{endless} WHERE x < 0")
    error = reply_of("sqlite", make(tmp_path / "x.db", SHOP), statement_timeout_ms=1)["error"]
    assert (error["kind"], "took too long" in error["message"]) == ("database", True)


def limits() -> Sequence[tuple[str, object, str]]:
    return [
        ("schemas", [], "schemas must not be empty"),
        ("statement_timeout_ms", 0, "statement_timeout_ms must be from 1"),
        ("connection_timeout_seconds", 0, "connection_timeout_seconds must be from 1"),
        ("password", "x", "password: Extra inputs are not permitted"),
    ]


@pytest.mark.parametrize(("field", "value", "message"), limits())
def test_requests_that_make_no_sense(field: str, value: object, message: str) -> None:
    error = reply_of("sqlite", "x.db", **{field: value})["error"]
    assert error["kind"] == "invalid_request"
    assert message in error["message"]
