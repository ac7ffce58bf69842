"""Is a text exactly one statement that only reads: what is refused, and why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ktx_daemon.dispatch import dispatch
from ktx_daemon.sql_analysis.read_only import Verdict, validate_read_only


def verdict(sql: str, dialect: str = "postgres") -> Verdict:
    return validate_read_only(sql, dialect)


ACCEPTED = [
    ("SELECT 1", "postgres", "select", []),
    ("select a from s.t where b > 1 -- done\n;", "postgres", "select", ["s.t"]),
    ("WITH c AS (SELECT * FROM t) SELECT * FROM c JOIN u ON 1;", "postgres", "select", ["t", "u"]),
    ("SELECT a FROM t UNION ALL (SELECT b FROM u) ORDER BY 1", "mysql", "union", ["t", "u"]),
    ("(SELECT a FROM t)", "postgres", "select", ["t"]),
    ("VALUES (1), (2)", "postgres", "values", []),
    ("TABLE t", "postgres", "select", ["t"]),
    ("FROM t SELECT a", "duckdb", "select", ["t"]),
    ("SELECT 'DELETE FROM t; -- /*!' AS \"drop\" FROM t", "postgres", "select", ["t"]),
    ("SELECT t.update, 1 AS delete FROM t", "postgres", "select", ["t"]),
    ("SELECT $$; DROP TABLE t$$", "postgres", "select", []),
    ("SELECT insert('abc', 1, 1, 'x'), truncate(1.5, 0)", "mysql", "select", []),
    ("SELECT replace(a, 'x', 'y'), a GLOB 'b*', glob('b*', a) FROM t", "sqlite", "select", ["t"]),
    ("SELECT * FROM t WITH (NOLOCK)", "tsql", "select", ["t"]),
    ("SELECT TOP 5 a AS [delete] FROM [dbo].[t]", "tsql", "select", ["dbo.t"]),
    ("SELECT * FROM `p-1.d.t`", "bigquery", "select", ["p-1.d.t"]),
    ("SELECT # why\n 1 -- not\n", "mysql", "select", []),
    ("PRAGMA table_info('t');", "sqlite", "pragma", []),
    ("PRAGMA main.foreign_key_list(t)", "sqlite", "pragma", []),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "dialect", "kind", "tables"), ACCEPTED)
def test_accepted(sql: str, dialect: str, kind: str, tables: list[str]) -> None:
    found = verdict(sql, dialect)
    assert found.error is None
    assert (found.ok, found.statement_kind, found.tables) == (True, kind, tables)


REFUSED = [
    ("", "postgres", "empty"),
    (" ; -- nothing", "postgres", "empty"),
    ("SELECT 1; SELECT 2", "postgres", "several_statements"),
    ("SELECT '\\'; DROP TABLE t --'", "postgres", "several_statements"),
    ("BEGIN; SELECT 1", "postgres", "several_statements"),
    ("SELECT (", "postgres", "not_parsed"),
    ("SELECT 'never closed", "postgres", "not_parsed"),
    ("SELECT 1 INTO OUTFILE '/tmp/x'", "mysql", "not_parsed"),
    *[
        (sql, "postgres", "not_a_query")
        for sql in (
            "INSERT INTO t SELECT 1",
            "UPDATE t SET a = 1",
            "DELETE FROM t",
            "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE",
            "TRUNCATE t",
            "DROP TABLE t",
            "CREATE TABLE x AS SELECT 1",
            "ALTER TABLE t ADD COLUMN x int",
            "GRANT SELECT ON t TO u",
            "COPY t TO '/tmp/x'",
            "COPY (SELECT 1) TO PROGRAM 'sh'",
            "SET x = 1",
            "CALL p()",
            "DO $$ BEGIN DELETE FROM t; END $$",
            "EXPLAIN ANALYZE DELETE FROM t",
            "VACUUM",
            "LOCK TABLE t",
            "NOTIFY x",
            "PREPARE p AS DELETE FROM t",
        )
    ],
    ("WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d", "postgres", "writes"),
    ("SELECT * FROM (WITH d AS (UPDATE t SET a = 1 RETURNING *) TABLE d) x", "postgres", "writes"),
    ("WITH d AS (SELECT 1) DELETE FROM t", "postgres", "not_a_query"),
    ("SELECT * INTO x FROM t", "postgres", "writes"),
    ("SELECT * INTO #x FROM t", "tsql", "writes"),
    ("SELECT 1 DELETE FROM t", "tsql", "writes"),
    ("SELECT 1 EXEC('DROP TABLE t')", "tsql", "not_parsed"),
    ("SELECT 1 SHUTDOWN", "tsql", "writes"),
    ("SELECT 1 AS DELETE FROM t", "tsql", "writes"),
    ("SELECT NEXT VALUE FOR s", "tsql", "writes"),
    ("SELECT s.nextval", "snowflake", "writes"),
    *[
        (f"SELECT a FROM t FOR {lock}", "postgres", "locks_rows")
        for lock in ("UPDATE", "NO KEY UPDATE", "SHARE", "UPDATE SKIP LOCKED", "UPDATE OF t")
    ],
    ("SELECT * FROM (SELECT a FROM t FOR UPDATE) x", "postgres", "locks_rows"),
    ("SELECT a FROM t LOCK IN SHARE MODE", "mysql", "locks_rows"),
    ("SELECT * FROM t WITH (UPDLOCK, ROWLOCK)", "tsql", "locks_rows"),
    ("SELECT @a := 1", "mysql", "changes_session"),
    ("SELECT 1 SETTINGS readonly = 0", "clickhouse", "changes_session"),
    *[
        (f"SELECT {call}", "postgres", "unsafe_function")
        for call in (
            "pg_read_file('/etc/passwd')",
            "pg_catalog.pg_read_file('x')",
            '"pg_read_file" (\'x\')',
            "pg_catalog . \"lo_export\"(1, 'x')",
            "* FROM pg_ls_dir('/')",
            "a FROM t WHERE b = (SELECT setval('s', 1))",
            "nextval('s')",
            "set_config('a', 'b', false)",
            "dblink_exec('c', 'DELETE FROM t')",
            "query_to_xml('DELETE FROM t', true, true, '')",
            "pg_advisory_lock(1)",
            "pg_terminate_backend(1)",
        )
    ],
    ("SELECT load_file('/etc/passwd')", "mysql", "unsafe_function"),
    ("SELECT 5 --load_file('x')", "mysql", "unsafe_function"),
    ("SELECT /*+ SET_VAR(sql_log_bin = 0) */ 1", "mysql", "changes_session"),
    ("SELECT load_extension('x')", "sqlite", "unsafe_function"),
    ("SELECT writefile('x', 'y')", "sqlite", "unsafe_function"),
    ("SELECT * FROM read_csv('x')", "duckdb", "unsafe_function"),
    ("SELECT * FROM glob('*')", "duckdb", "unsafe_function"),
    ("SELECT 'x'.read_text()", "duckdb", "unsafe_function"),
    ("SELECT * FROM url('http://h')", "clickhouse", "unsafe_function"),
    ("SELECT * FROM OPENROWSET('a', 'b', 'c')", "tsql", "unsafe_function"),
    ("SELECT * FROM EXTERNAL_QUERY('c', 'DELETE FROM t')", "bigquery", "unsafe_function"),
    ("SELECT SYSTEM$ABORT_SESSION(1)", "snowflake", "unsafe_function"),
    ("SELECT * FROM 'x.csv'", "duckdb", "reads_files"),
    ('SELECT * FROM "x.parquet"', "duckdb", "reads_files"),
    ("SELECT * FROM @stage/x", "snowflake", "reads_files"),
    ("SELECT * FROM parquet.`/x/y`", "spark", "reads_files"),
    ("SELECT 1 /*! INTO OUTFILE '/tmp/x' */", "mysql", "ambiguous_text"),
    ("SELECT 1 /*!50000 , sleep(1) */", "postgres", "ambiguous_text"),
    ("SELECT 1 /*M! INTO OUTFILE '/tmp/x' */", "mysql", "ambiguous_text"),
    ("SELECT 1 /* a /* b */", "duckdb", "not_parsed"),
    ("SELECT 1 /* a /* b */", "sqlite", "ambiguous_text"),
    ("SELECT 1 /* a /* b */ */", "postgres", "ambiguous_text"),
    ("SELECT {# a #} 1", "mysql", "ambiguous_text"),
    ("SELECT 1 -- \r || '\n; DELETE FROM t; --'", "sqlite", "ambiguous_text"),
    ("SELECT 1\0; DELETE FROM t", "sqlite", "ambiguous_text"),
    ("SELECT '\0'", "postgres", "ambiguous_text"),
    ("SELECT 1 --\u2028 x", "postgres", "ambiguous_text"),
    ('SELECT U&"pg\\005fread\\005ffile"(\'x\')', "postgres", "ambiguous_text"),
    ("PRAGMA user_version = 3", "sqlite", "not_a_query"),
    ("PRAGMA journal_mode(delete)", "sqlite", "not_a_query"),
    ("PRAGMA table_info(x); DELETE FROM t", "sqlite", "several_statements"),
    ("ATTACH 'x' AS y", "sqlite", "not_a_query"),
    ("SELECT '" + "x" * 10_000_000 + "'", "postgres", "too_large"),
    ("SELECT " + "1," * 60_000 + "1", "postgres", "too_large"),
    ("SELECT " + "(" * 5000 + "1" + ")" * 5000, "postgres", "too_deep"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "dialect", "reason"), REFUSED, ids=lambda value: str(value)[:40].encode().hex()[:40]
)
def test_refused(sql: str, dialect: str, reason: str) -> None:
    found = verdict(sql, dialect)
    assert (found.ok, found.reason) == (False, reason), sql[:100]
    assert found.error
    assert len(found.error) < 400
    assert found.tables == []


def reply_to(request: dict[str, Any]) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(
        dispatch("sql-validate-read-only", json.dumps(request).encode())
    )
    return reply


def test_the_operation() -> None:
    assert reply_to({"sql": "SELECT a FROM t", "dialect": "sqlite"})["ok"] == {
        "ok": True,
        "statement_kind": "select",
        "reason": None,
        "detail": None,
        "error": None,
        "tables": ["t"],
    }
    refused = reply_to({"sql": "DROP TABLE t"})["ok"]
    assert (refused["ok"], refused["statement_kind"], refused["detail"]) == (False, "drop", "DROP")
    assert reply_to({"sql": "SELECT 1", "dialect": "oracle"})["error"]["kind"] == "unsupported"
    assert reply_to({"sql": 1})["error"]["kind"] == "invalid_request"


def test_a_refused_text_does_not_reach_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    verdict("EXPLAIN SELECT secret_column FROM t")
    verdict("ALTER TABLE t SET LOGGED secret_column")
    assert capfd.readouterr() == ("", "")
