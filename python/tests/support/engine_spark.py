"""Spark, with the tables of the tests as views over VALUES, which cost less than tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from support.databases import Database, Table, escaped, in_own_quotes
from support.spark_worker import java_home
from support.worker import NoEngine, Worker

# Types as the tests name them, which are PostgreSQL's, with what keeps the same values in Spark.
# Its own TIMESTAMP is an instant.
_TYPES = {
    "DOUBLE PRECISION": "DOUBLE",
    "REAL": "DOUBLE",
    "TEXT": "STRING",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "TIMESTAMPTZ": "TIMESTAMP",
    "VARCHAR": "STRING",
}
_NAME = r"""`(?:[^`]|``)*`|"(?:[^"]|"")*\""""
_COLUMN = re.compile(rf"\s*(?P<name>{_NAME}|[^\s`\"]+)\s+(?P<kind>[A-Za-z_]+(?:\s*\([^)]*\))?)")


class Spark(Worker):
    """A Spark of the test's own."""

    dialect = "spark"
    words_sql = "SELECT keyword FROM SQL_KEYWORDS()"

    def literal(self, value: Any) -> str:
        return escaped(value)

    def set_zone(self, zone: str) -> None:
        self.run([f"SET spark.sql.session.timeZone = {zone}"])

    def _statements(self, name: str, table: Table) -> list[str]:
        columns, rows = table
        return [view(self.quoted(name), columns, [list(map(self.literal, row)) for row in rows])]


def view(name: str, columns: str, rows: Sequence[Sequence[str]]) -> str:
    """Return the statement that makes a view with such columns, of rows of SQL."""
    found = [_COLUMN.match(part) for part in _parted(columns)]
    wanted = []
    for index, column in enumerate(found):
        assert column is not None, columns
        kind, own_name = column["kind"].upper(), in_own_quotes(column["name"], "spark")
        wanted.append(f"CAST(c{index} AS {_TYPES.get(kind, kind)}) AS {own_name}")
    names = ", ".join(f"c{index}" for index in range(len(found)))
    some = rows or [["NULL"] * len(found)]
    values = ", ".join(f"({', '.join(row)})" for row in some)
    none = "" if rows else " WHERE FALSE"
    return (
        f"CREATE OR REPLACE TEMPORARY VIEW {name} AS "
        f"SELECT {', '.join(wanted)} FROM VALUES {values} AS t({names}){none}"
    )


def _parted(columns: str) -> list[str]:
    """Return the definitions of columns; a comma inside parentheses or quotes parts nothing."""
    return re.findall(rf"(?:{_NAME}|\([^)]*\)|[^,`\"(])+", columns)


@contextmanager
def opened(python: str) -> Iterator[Database]:
    """Open a Spark in the environment of an interpreter; raises NoEngine without a Java."""
    if java_home() is None:
        raise NoEngine("there is no Java 17: install openjdk-17-jre-headless")
    database = Spark(python, "spark")
    yield database
    database.close()
