"""Engines that are tried one at a time, with `--engine`: each takes seconds to start or install.

An engine that cannot be had here raises `NoEngine`, and the tests of it are skipped by name.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from support import engine_worker
from support.databases import Database, EngineError, Row
from support.engine_trino import NoTrino, Trino, serving

_WORKER = Path(__file__).with_name("engine_worker.py")


class NoEngine(RuntimeError):
    """The engine cannot be had on this machine; the text says why, and what would help."""


class Worker(Database):
    """An engine in a process of another environment; see `engine_worker`."""

    def __init__(self, python: str, engine: str) -> None:
        super().__init__()
        self._process = subprocess.Popen(
            [python, str(_WORKER), engine], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def raw_rows(self, sql: str) -> tuple[list[str], list[Row]]:
        return self._ask(sql)

    def run(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self._ask(statement)

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait()

    def _ask(self, sql: str) -> engine_worker.Answer:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        engine_worker.send(self._process.stdin, sql)
        what, first, second = engine_worker.receive(self._process.stdout)
        if what == "error":
            raise EngineError(f"{first}: {second}")
        return first, second


class NewDuckDB(Worker):
    """The DuckDB that comes after the one that ktx is locked to."""

    dialect = "duckdb"


@contextmanager
def _new_duckdb() -> Iterator[Database]:
    database = NewDuckDB(_python_of("KTX_NEW_DUCKDB", "new-duckdb"), "duckdb")
    yield database
    database.close()


@contextmanager
def _trino() -> Iterator[Database]:
    try:
        with serving() as server:
            database = Trino(server)
            yield database
            database.close()
    except NoTrino as missing:
        raise NoEngine(str(missing)) from missing


def _python_of(variable: str, task: str) -> str:
    """Return the interpreter of an environment that `cmake/locked-tools.sh` made."""
    folder = os.environ.get(variable)
    if not folder:
        raise NoEngine(
            f"{variable} names no environment: make one with "
            f"cmake/locked-tools.sh build/tools/venv/bin {task} <folder>"
        )
    return str(Path(folder) / "bin" / "python")


ENGINES: dict[str, Callable[[], AbstractContextManager[Database]]] = {
    "new-duckdb": _new_duckdb,
    "trino": _trino,
}
