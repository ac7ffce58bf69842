"""Which words an engine refuses as names without quotes, found out by executing each of them.

The planner's `reserved_words/*.txt` hold them, and the words that the vendors of the databases that
cannot be asked here document.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb
import psycopg

Run = Callable[[str], Sequence[Sequence[Any]]]

# Every place where the planner writes a name, and the rows that the name gives there.
_STATEMENTS: list[tuple[str, list[tuple[int, ...]]]] = [
    ("SELECT t.{w} FROM {q}table AS t ORDER BY 1", [(1,), (7,)]),
    ("SELECT t.{w}, COUNT(*) FROM {q}table AS t WHERE t.{w} > 1 GROUP BY t.{w}", [(7, 1)]),
    ("SELECT CASE WHEN t.{w} > 1 THEN t.{w} END FROM {q}table AS t WHERE t.{w} = 7", [(7,)]),
    ("SELECT 7 AS {w}", [(7,)]),
    ("SELECT {w}.c FROM {q}plain AS {w} WHERE {w}.c > 1", [(7,)]),
    ("SELECT {w}.c, SUM({w}.c) FROM {q}plain AS {w} GROUP BY {w}.c ORDER BY 1", [(1, 1), (7, 7)]),
    (
        "SELECT t.c FROM {q}plain AS t LEFT JOIN {q}plain AS {w} ON t.c = {w}.c WHERE t.c = 7",
        [(7,)],
    ),
    ("SELECT t.c AS {w} FROM {q}plain AS t ORDER BY {w} DESC", [(7,), (1,)]),
    ("SELECT t.c AS {w} FROM {q}plain AS t ORDER BY {w}", [(1,), (7,)]),
    ("WITH {w} AS (SELECT 7 AS c) SELECT {w}.c FROM {w}", [(7,)]),
    ("WITH {w} AS (SELECT 7 AS c) SELECT t.c FROM {q}plain AS t JOIN {w} ON {w}.c = t.c", [(7,)]),
    ("WITH x AS (SELECT 7 AS {w}) SELECT x.{w} AS {w} FROM x", [(7,)]),
    ("SELECT p.{w} FROM (SELECT 7 AS {w} UNION ALL SELECT NULL) AS p WHERE p.{w} > 1", [(7,)]),
    ("SELECT t.c FROM {w} AS t", [(5,)]),
    ("SELECT MAX({w}.{w}) AS {w} FROM {q}table AS {w}", [(7,)]),
]


def refused(words: Iterable[str], run: Run, quote: Callable[[str], str]) -> list[str]:
    """Return the words that mean no name, or another one, in some place, sorted."""
    return sorted(word for word in words if not _is_name(word, run, quote))


def _is_name(word: str, run: Run, quote: Callable[[str], str]) -> bool:
    quoted = quote(word)
    for name, columns, values in (
        ("zq_table", f"{quoted} INTEGER", ("(1)", "(7)")),
        ("zq_plain", "c INTEGER", ("(1)", "(7)")),
        (quoted, "c INTEGER", ("(5)",)),
    ):
        run(f"DROP TABLE IF EXISTS {name}")
        run(f"CREATE TEMPORARY TABLE {name} ({columns})")
        run(f"INSERT INTO {name} VALUES {', '.join(values)}")
    try:
        return all(
            [tuple(row) for row in run(text.format(w=word, q="zq_"))] == expected
            for text, expected in _STATEMENTS
        )
    except Exception:  # Each engine has its own kind of syntax error.
        return False
    finally:
        run(f"DROP TABLE IF EXISTS {quoted}")


def sqlite_words() -> list[str]:
    """Return the words that the SQLite library lists as its keywords."""
    library = ctypes.CDLL(ctypes.util.find_library("sqlite3"))
    words, text, length = [], ctypes.c_char_p(), ctypes.c_int()
    for index in range(library.sqlite3_keyword_count()):
        library.sqlite3_keyword_name(index, ctypes.byref(text), ctypes.byref(length))
        words.append((text.value or b"")[: length.value].decode().lower())
    return sorted(words)


def run_on_sqlite(connection: sqlite3.Connection) -> Run:
    """Return a function that runs a statement."""
    return lambda sql: connection.execute(sql).fetchall()


def duckdb_words(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the words that DuckDB lists as its keywords."""
    found = connection.execute("SELECT DISTINCT keyword_name FROM duckdb_keywords()").fetchall()
    return sorted(word.lower() for (word,) in found)


def run_on_duckdb(connection: duckdb.DuckDBPyConnection) -> Run:
    """Return a function that runs a statement."""
    return lambda sql: connection.execute(sql).fetchall()


def postgres_words(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the words that PostgreSQL lists as its keywords."""
    return sorted(row[0] for row in connection.execute("SELECT word FROM pg_get_keywords()"))


def run_on_postgres(connection: psycopg.Connection[Any]) -> Run:
    """Return a function that runs a statement on a connection in autocommit mode."""

    def run(sql: str) -> Sequence[Sequence[Any]]:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []

    return run


def mariadb_words(connection: Any) -> list[str]:
    """Return the words that MariaDB lists as its keywords."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT WORD FROM information_schema.KEYWORDS")
        words = {row[0].lower() for row in cursor.fetchall()}
    return sorted(word for word in words if word[0].isalpha())


def run_on_mariadb(connection: Any) -> Run:
    """Return a function that runs a statement."""

    def run(sql: str) -> Sequence[Sequence[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
            return rows

    return run
