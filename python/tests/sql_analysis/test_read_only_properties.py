"""What is said to only read does: random texts, put before a real database's own judgement."""

from __future__ import annotations

import sqlite3

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ktx_daemon.sql_analysis.read_only import validate_read_only
from semantic_layer.parser import DIALECTS

# Pieces that end, hide or begin statements, next to ordinary ones.
PIECES = st.sampled_from(
    [
        *("SELECT", "SELECT", "1", "a", "t", "u", "FROM", "FROM t", "*", ",", "(", ")", ".", "="),
        *("WITH c AS", "AS", "UNION", "WHERE", "ORDER BY", "VALUES", "RETURNING *", "x", "JOIN u"),
        *("INSERT INTO t", "DELETE FROM t", "UPDATE t SET a = 1", "DROP TABLE t", "REPLACE INTO t"),
        *("CREATE TABLE z (a)", "PRAGMA user_version = 1", "PRAGMA", "ATTACH ':memory:' AS y"),
        *(";", "--", "/*", "*/", "/*!", "\n", "\r", "\0", "\t", " ", "#", "\\", "||", "\u00a0"),
        *("'", '"', "`", "[", "]", "$$", "''", '""', "x'", "E'", "{#", "#}", "{%", "%}", "U&'"),
        *("EXPLAIN", "BEGIN", "COMMIT", "REINDEX", "ANALYZE", "load_extension('x')", "abs(1)"),
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map(" ".join) | st.lists(PIECES, max_size=14).map("".join)
READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


def writes_of(sql: str) -> list[int]:
    """Run a text as SQLite's shell would and return the actions in it that are no reading."""
    seen: list[int] = []

    def judge(action: int, *_: object) -> int:
        if action not in READING:
            seen.append(action)
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript("CREATE TABLE t (a, b); CREATE TABLE u (a, b)")
        connection.set_authorizer(judge)
        connection.executescript(sql)
    except sqlite3.Error:
        pass  # What SQLite does not run it does not write either.
    finally:
        connection.close()
    return seen


@settings(max_examples=1500, deadline=None)
@given(TEXTS)
@example("SELECT 1 -- \r || '\n; DELETE FROM t; --'")
@example("SELECT 1 /* a /* b */ ; DELETE FROM t; -- */")
@example("SELECT '\\'; DELETE FROM t; --'")
@example("';'")
def test_sqlite_does_not_write_what_is_accepted(sql: str) -> None:
    if validate_read_only(sql, "sqlite").ok:
        assert writes_of(sql) == []


WRITING = st.sampled_from(
    ["INSERT INTO t SELECT 1", "UPDATE t SET a = 1", "DELETE FROM t", "DROP TABLE t", "TRUNCATE t"]
)
SPACE = st.sampled_from([" ", "\n", "\t", " /* x */ ", " -- x\n", "  "])
FRAMES = st.sampled_from(
    [
        "{w}",
        "SELECT 1;{s}{w}",
        "{w};{s}SELECT 1",
        "WITH c AS ({w}){s}SELECT * FROM c",
        "WITH c AS ({w} RETURNING *){s}SELECT * FROM c",
        "SELECT * FROM ({w}) x",
        "SELECT * FROM ({w} RETURNING a) AS x",
        "SELECT ({w})",
        "SELECT 1 WHERE EXISTS ({w})",
        "SELECT 1 UNION{s}{w}",
        "SELECT 1{s}{w}",
        "EXPLAIN{s}{w}",
        "EXPLAIN ANALYZE{s}{w}",
        "({w})",
        "BEGIN{s}{w}{s}END",
    ]
)


@settings(max_examples=400, deadline=None)
@given(FRAMES, WRITING, SPACE, st.sampled_from(DIALECTS), st.booleans())
def test_a_statement_with_one_that_writes_in_it_is_never_accepted(
    frame: str, writing: str, space: str, dialect: str, lower: bool
) -> None:
    text = frame.format(w=writing, s=space)
    assert not validate_read_only(text.lower() if lower else text, dialect).ok


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(DIALECTS))
def test_any_text_gets_a_verdict(sql: str, dialect: str) -> None:
    found = validate_read_only(sql, dialect)
    assert found.ok is (found.reason is None)
