"""Engines that are tried one at a time, with `--engine`: each takes seconds to start or install.

An engine that cannot be had here raises `NoEngine`, and the tests of it are skipped by name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from support.databases import Database
from support.engine_clickhouse import ClickHouse, PlainClickHouse
from support.engine_spark import opened as opened_spark
from support.engine_trino import NoTrino, Trino, serving
from support.worker import NoEngine, Worker


class NewDuckDB(Worker):
    """The DuckDB that comes after the one that ktx is locked to."""

    dialect = "duckdb"
    words_sql = "SELECT keyword_name FROM duckdb_keywords()"


@contextmanager
def _new_duckdb() -> Iterator[Database]:
    database = NewDuckDB(python_of("KTX_NEW_DUCKDB", "new-duckdb"), "duckdb")
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


@contextmanager
def _clickhouse(kind: type[ClickHouse]) -> Iterator[Database]:
    database = kind(python_of("KTX_CLICKHOUSE", "clickhouse-engine"), "clickhouse")
    yield database
    database.close()


def python_of(variable: str, task: str) -> str:
    """Return the interpreter of an environment that `cmake/locked-tools.sh` made."""
    folder = os.environ.get(variable)
    if not folder:
        raise NoEngine(
            f"{variable} names no environment: make one with "
            f"cmake/locked-tools.sh build/tools/venv/bin {task} <folder>"
        )
    return str(Path(folder) / "bin" / "python")


def _spark() -> AbstractContextManager[Database]:
    return opened_spark(python_of("KTX_SPARK", "spark-engine"))


ENGINES: dict[str, Callable[[], AbstractContextManager[Database]]] = {
    "new-duckdb": _new_duckdb,
    "trino": _trino,
    "clickhouse": lambda: _clickhouse(ClickHouse),
    "clickhouse-plain": lambda: _clickhouse(PlainClickHouse),
    "spark": _spark,
}
