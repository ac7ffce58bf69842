"""The databases whose names are tried, one connection each."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import duckdb
import psycopg
import pytest

from names import keywords
from semantic_layer import SemanticEngine
from support.databases import Database, EngineError
from support.mariadb_server import connect

ENGINES = ("sqlite", "duckdb", "postgres", "mysql")


class Engine(NamedTuple):
    """A database with the words that it lists as its keywords."""

    dialect: str
    words: Sequence[str]
    run: keywords.Run
    database: Database | None = None
    """The engine that was asked for, which has a way of its own to make tables."""

    def quoted(self, name: str) -> str:
        """Return a name as SQL of the engine."""
        if self.database is not None:
            return self.database.quoted(name)
        mark = "`" if self.dialect == "mysql" else '"'
        return mark + name.replace(mark, mark * 2) + mark

    def load(self, name: str, columns: str, rows: str) -> None:
        """Make a table."""
        if self.database is not None:
            values = ast.literal_eval(f"[{rows.replace('NULL', 'None')}]")
            try:
                self.database.load({name: (columns, values)})
            except EngineError as error:
                if not re.search("DatabaseFilesystem|contents of the files", str(error)):
                    raise
                pytest.skip("ClickHouse without a server takes the name for a file's")
            return
        quoted = self.quoted(name)
        self.run(f"DROP TABLE IF EXISTS {quoted}")
        self.run(f"CREATE TEMPORARY TABLE {quoted} ({columns})")
        self.run(f"INSERT INTO {quoted} VALUES {rows}")

    def unload(self, name: str) -> None:
        """Drop a table: it may hide one of the catalog's."""
        if self.database is not None:
            return
        self.run(f"DROP TABLE {self.quoted(name)}")

    def rows(self, model: dict[str, Any], **query: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a question, with numbers as whole ones."""
        sql = SemanticEngine.from_sources(model, self.dialect).query(query).sql
        return [
            tuple(value if value is None else int(value) for value in row) for row in self.run(sql)
        ]


def asked(database: Database) -> Engine:
    """Return the engine of `--engine`."""
    return Engine(database.dialect, database.words(), database.rows, database)


@contextmanager
def opened(dialect: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Open the engine of a dialect; MariaDB stands for MySQL."""
    connection: Any
    if dialect == "sqlite":
        connection = sqlite3.connect(":memory:")
        words, run = keywords.sqlite_words(), keywords.run_on_sqlite(connection)
    elif dialect == "duckdb":
        connection = duckdb.connect()
        words, run = keywords.duckdb_words(connection), keywords.run_on_duckdb(connection)
    elif dialect == "postgres":
        connection = psycopg.connect(request.getfixturevalue("postgres"), autocommit=True)
        connection.execute("SET client_min_messages = error")
        words, run = keywords.postgres_words(connection), keywords.run_on_postgres(connection)
    else:
        connection = connect(request.getfixturevalue("mariadb"))
        run = keywords.run_on_mariadb(connection)
        run("CREATE DATABASE IF NOT EXISTS words")
        run("USE words")
        words = keywords.mariadb_words(connection)
    yield Engine(dialect, words, run)
    connection.close()
