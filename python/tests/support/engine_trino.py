"""Trino with its connector that keeps tables in memory: the server, and the tables in it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import trino.dbapi
import trino.exceptions
from sqlglot import exp, parse_one

from support.databases import Database, EngineError, Row, Table, literal
from support.trino_security import Security

FOLDER = "KTX_TRINO"
"""The variable that names the folder which `cmake/trino.sh` made."""
_OPTIONS = (
    *("-Xmx2g", "--add-modules", "jdk.incubator.vector"),
    # It runs for minutes: what compiles better costs more than it saves.
    *("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"),
)


class Server(NamedTuple):
    """A Trino that runs."""

    port: int
    secure_port: int
    """The one with TLS, where a password or a token is asked for."""
    keywords: list[str]
    """The words that its grammar knows, in small letters."""
    security: Security


class NoTrino(RuntimeError):
    """Trino cannot be had on this machine."""


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server of the test's own; it ends with the test, however that ends."""
    folder = Path(os.environ.get(FOLDER) or "nowhere")
    if not (folder / "stamp").exists():
        raise NoTrino(f"{FOLDER} names no folder with it: cmake/trino.sh <folder> brings it")
    with tempfile.TemporaryDirectory(prefix="ktx-trino-") as scratch:
        log = Path(scratch) / "log"
        security = Security(Path(scratch))
        command = [
            (folder / "java").read_text().strip(),
            *_OPTIONS,
            f"-Djava.io.tmpdir={scratch}",
            *("-cp", f"{folder}:{folder}/jars/*", "TrinoServer"),
            *(f"{name}={value}" for name, value in security.properties.items()),
        ]
        with (
            log.open("wb") as errors,
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "TRINO_PASSWORD": security.password},
                text=True,
            ) as process,
        ):
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                ready = process.stdout.readline().split()
                if not ready:
                    raise RuntimeError(f"Trino does not start:\n{log.read_text()[-4000:]}")
                words = [word.lower() for word in ready[2:]]
                yield Server(int(ready[0]), int(ready[1]), words, security)
            finally:
                process.stdin.close()  # It ends with its standard input.


class Trino(Database):
    """The catalog `memory` of a Trino server.

    Tables are views over VALUES: making one is one statement, and nothing is written.
    """

    dialect = "trino"

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server
        self._zone = "UTC"
        self._connection = self._connected()

    def raw_rows(self, sql: str) -> tuple[list[str], list[Row]]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql)
            rows = cursor.fetchall()
        except trino.exceptions.TrinoQueryError as error:
            raise EngineError(f"{error.error_name}: {error.message}") from error
        names = [column.name for column in cursor.description or []]
        return names, [tuple(row) for row in rows]

    def words(self) -> list[str]:
        return self.server.keywords

    def run(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self.raw_rows(statement)

    def close(self) -> None:
        self._connection.close()

    def literal(self, value: Any) -> str:
        # A number with a fraction is a decimal there.
        return f"DOUBLE '{value!r}'" if isinstance(value, float) else literal(value)

    def set_zone(self, zone: str) -> None:
        self._zone = zone
        self._connection.close()
        self._connection = self._connected()

    def _statements(self, name: str, table: Table) -> list[str]:
        columns, rows = table
        declared = parse_one(f"CREATE TABLE t ({columns})", read="trino").this.expressions
        columns_of = [item for item in declared if isinstance(item, exp.ColumnDef)]
        names = [self.quoted(item.name) for item in columns_of]
        shown = [
            f"CAST({name} AS {_type(item)}) AS {name}"
            for name, item in zip(names, columns_of, strict=True)
        ]
        shape: Sequence[Row] = rows or [(None,) * len(names)]
        values = ", ".join(f"({', '.join(map(self.literal, row))})" for row in shape)
        view = (
            f"CREATE OR REPLACE VIEW {self.quoted(name)} AS SELECT {', '.join(shown)} "
            f"FROM (VALUES {values}) AS t ({', '.join(names)}){'' if rows else ' WHERE false'}"
        )
        return [view]

    def _connected(self) -> Any:
        return trino.dbapi.Connection(
            host="127.0.0.1",
            port=self.server.port,
            user="tests",
            catalog="memory",
            schema="default",
            timezone=self._zone,
        )


def _type(column: exp.ColumnDef) -> str:
    """Return a column's type; times have microseconds, as on the other databases."""
    kind: str = column.args["kind"].sql("trino")
    return kind.replace("TIMESTAMP", "TIMESTAMP(6)", 1) if "(" not in kind else kind
