"""Asking a database the way every front end does: bytes to `dispatch`."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ktx_daemon.dispatch import dispatch
from ktx_daemon.interruption import Interruption, interrupted_by

Connection = Mapping[str, Any]
"""A connection's mapping in ktx.yaml; `driver` is a part of it."""


def reply_of(operation: str, connection: Connection, **more: Any) -> dict[str, Any]:
    """Return the tagged reply of one operation."""
    settings = dict(connection)
    request = {"connection_id": "shop", "driver": settings["driver"], "settings": settings, **more}
    reply: dict[str, Any] = json.loads(dispatch(operation, json.dumps(request).encode()))
    return reply


def answer_of(connection: Connection, sql: str, **more: Any) -> dict[str, Any]:
    """Return columns, rows and whether there are more of them."""
    reply = reply_of("database-query", connection, sql=sql, **more)
    assert "ok" in reply, reply
    answer: dict[str, Any] = reply["ok"]
    return answer


def refusal_of(connection: Connection, sql: str, **more: Any) -> dict[str, Any]:
    """Return the error of a statement that is refused."""
    reply = reply_of("database-query", connection, sql=sql, **more)
    assert "error" in reply, reply
    error: dict[str, Any] = reply["error"]
    return error


def cells_by_type(answer: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Return type, the database's type and the cell for each column of an answer of one row."""
    (row,) = answer["rows"]
    return [
        (column["type"], column["database_type"], cell)
        for column, cell in zip(answer["columns"], row, strict=True)
    ]


def interrupt(connection: Connection, sql: str, running: threading.Event) -> None:
    """Run a statement, and interrupt it once its database says that it runs."""
    interruption = Interruption()

    def ask() -> None:
        with interrupted_by(interruption):
            answer_of(connection, sql)

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        assert running.wait(60), asked.exception(0)
        interruption.happen()
        with pytest.raises(KeyboardInterrupt):
            asked.result(60)
