"""Running the data checks of a model on a database of the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ktx_daemon.data_checks import semantic_data_checks
from support.databases import Database

Found = dict[str, tuple[Any, ...]]


def sources(**more: Any) -> list[dict[str, Any]]:
    """Return orders that look up a history by a window; `more` changes the history."""
    window = {"from": "since", "to": "until", "at": "placed"}
    join = {"to": "history", "on": "k = history.k", "relationship": "many_to_one", "valid": window}
    orders = {
        "name": "orders",
        "table": "dc_orders",
        "grain": ["id"],
        "columns": columns(id="number", k="number", placed="time"),
        "joins": [join],
    }
    history = {
        "name": "history",
        "table": "dc_history",
        "grain": ["k", "since"],
        "columns": columns(k="number", since="time", until="time", name="string"),
        **more,
    }
    return [orders, history]


def columns(**types: str) -> list[dict[str, Any]]:
    """Return columns by name."""
    return [{"name": name, "type": kind} for name, kind in types.items()]


def faults(database: Database, model: list[dict[str, Any]], source: str | None = None) -> Found:
    """Return what each check that finds a fault counts, with its example."""
    reply = semantic_data_checks(
        {"sources": model, "dialect": database.dialect, "source": source, "timezone": "UTC"}
    )
    assert reply["findings"] == []
    found: Found = {}
    for check in reply["checks"]:
        rows = database.rows(check["sql"])
        assert len(rows) <= 1, check["sql"]
        if rows and rows[0][0]:
            assert len(rows[0]) == 1 + len(check["names"])
            found[f"{check['location']['source']}.{check['code']}"] = rows[0]
    return found


def load(database: Database, **tables: tuple[str, list[tuple[Any, ...]]]) -> None:
    """Make tables; a TIMESTAMP is never NULL where it is a row's first in MariaDB and MySQL."""
    made: Mapping[str, Any] = {
        f"dc_{name}": (
            kinds.replace("TIMESTAMP", "DATETIME") if database.dialect == "mysql" else kinds,
            rows,
        )
        for name, (kinds, rows) in tables.items()
    }
    database.load(made)
