"""Asking for an introspection the way every front end does: bytes to `dispatch`."""

from __future__ import annotations

import json
from typing import Any

from ktx_daemon.dispatch import dispatch


def reply_of(driver: str, url: str, **more: Any) -> dict[str, Any]:
    """Return the tagged reply."""
    request = {"connection_id": "c", "driver": driver, "url": url, **more}
    reply: dict[str, Any] = json.loads(
        dispatch("database-introspect", json.dumps(request).encode())
    )
    return reply


def tables_of(driver: str, url: str, **more: Any) -> dict[str, dict[str, Any]]:
    """Return the tables by name."""
    reply = reply_of(driver, url, **more)
    return {table["name"]: table for table in reply["ok"]["tables"]}


def columns_of(table: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return name, type, nullable and primary_key of each column."""
    return [
        (column["name"], column["type"], column["nullable"], column["primary_key"])
        for column in table["columns"]
    ]


def keys_of(table: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return from_column, to_table and to_column of each part of a foreign key."""
    return [
        (key["from_column"], key["to_table"], key["to_column"]) for key in table["foreign_keys"]
    ]
