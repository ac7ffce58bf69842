"""An engine in a process of another environment; see `engine_worker` for the other side."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from support import engine_worker
from support.databases import Database, EngineError, Row

_PROGRAM = Path(__file__).with_name("engine_worker.py")


class NoEngine(RuntimeError):
    """The engine cannot be had on this machine; the text says why, and what would help."""


class Worker(Database):
    """A database that answers from another process."""

    def __init__(self, python: str, engine: str) -> None:
        super().__init__()
        self._process = subprocess.Popen(
            [python, str(_PROGRAM), engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TZ": "UTC"},
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
