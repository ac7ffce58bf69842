"""Runs in an environment that has an engine: statements come on stdin, answers go to stdout.

    python engine_worker.py duckdb

A message is its length in eight bytes and a pickle: of a statement, and of ("rows", names, rows) or
("error", type, text). It imports nothing of the tests, whose own environment has other versions.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from typing import IO, Any

Answer = tuple[list[str], list[tuple[Any, ...]]]
Execute = Callable[[str], Answer]


def duckdb() -> Execute:
    """DuckDB in memory."""
    import duckdb as engine

    connection = engine.connect()

    def execute(sql: str) -> Answer:
        cursor = connection.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
        return [item[0] for item in cursor.description or []], rows

    return execute


def clickhouse() -> Execute:
    """ClickHouse; a process has one session of it."""
    import json
    from datetime import date, datetime

    from chdb import session  # type: ignore[import-not-found]

    connection = session.Session()
    for setting in (
        # As text, or an infinity and what is no number would look like NULL.
        "output_format_json_quote_denormals = 1",
        "output_format_json_quote_64bit_integers = 0",
        "date_time_input_format = 'best_effort'",
    ):
        connection.query(f"SET {setting}")

    def value(type_: str, cell: Any) -> Any:
        inner = type_.removeprefix("Nullable(")
        if isinstance(cell, str):
            if inner.startswith("Float"):
                return float(cell)
            if inner.startswith("DateTime"):
                return datetime.fromisoformat(cell)
            if inner.startswith("Date"):
                return date.fromisoformat(cell)
        return cell

    def execute(sql: str) -> Answer:
        try:
            text = connection.query(sql, "JSONCompact").bytes().decode()
        except Exception:
            connection.query("SELECT 1")  # What was written before the error would come next.
            raise
        answer = json.loads(text) if text else {"meta": [], "data": []}
        types = [item["type"] for item in answer["meta"]]
        rows = [tuple(map(value, types, row)) for row in answer["data"]]
        return [item["name"] for item in answer["meta"]], rows

    return execute


def spark() -> Execute:
    """Spark in this process."""
    import spark_worker  # type: ignore[import-not-found]

    found: Execute = spark_worker.spark()
    return found


ENGINES: dict[str, Callable[[], Execute]] = {
    "duckdb": duckdb,
    "clickhouse": clickhouse,
    "spark": spark,
}


def send(stream: IO[bytes], message: Any) -> None:
    """Write one message."""
    data = pickle.dumps(message)
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; EOFError when the other side has gone."""
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    return pickle.loads(stream.read(int.from_bytes(head, "big")))


def serve(execute: Execute) -> None:
    """Answer until stdin ends."""
    while True:
        try:
            sql = receive(sys.stdin.buffer)
        except EOFError:
            return
        try:
            names, rows = execute(sql)
        except Exception as error:
            send(sys.stdout.buffer, ("error", type(error).__name__, str(error)))
        else:
            send(sys.stdout.buffer, ("rows", names, rows))


if __name__ == "__main__":
    serve(ENGINES[sys.argv[1]]())
