"""The places of a question where an expression may stand, and the SQL that means it there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from differential.grammar import NUMBER, TEXT, TRUTH
from support.databases import Table

TABLE: Table = (
    "id INTEGER, i INTEGER, j INTEGER, s TEXT, u TEXT",
    [
        (1, 0, 5, "a", "ab"),
        (2, 1, None, "A", "a%"),
        (3, None, 2, None, "b"),
        (4, 3, -4, "abc", None),
        (5, 7, 1, "", "it's"),
        (6, -2, 3, "ba", "a"),
    ],
)


class Place(NamedTuple):
    """What the model and the question have, and the database's own SQL for the same."""

    name: str
    model: Callable[[str, str], dict[str, Any]]
    query: Callable[[str], dict[str, Any]]
    sql: Callable[[str], str]


def _model(columns: list[Any], measures: list[Any]) -> dict[str, Any]:
    plain = [("id", "number"), ("i", "number"), ("j", "number"), ("s", "string"), ("u", "string")]
    declared = [{"name": name, "type": kind} for name, kind in plain]
    return {
        "t": {
            "name": "t",
            "table": "t",
            "grain": ["id"],
            "columns": [*declared, *columns],
            "measures": measures,
        }
    }


def _computed(text: str, kind: str) -> dict[str, Any]:
    return _model([{"name": "c", "type": kind, "expr": text}], [])


def _measured(text: str, kind: str) -> dict[str, Any]:
    aggregate = {"number": "sum", "string": "max", "boolean": "count"}[kind]
    return _model([], [{"name": "m", "expr": f"{aggregate}({text})"}])


def _filtered(text: str, kind: str) -> dict[str, Any]:
    return _model([], [{"name": "m", "expr": "count(*)", "filter": text}])


_PLAIN = _model([], [])
_BY_ID = {"dimensions": ["t.id"], "measures": []}
PLACES = {
    NUMBER: [
        Place(
            "dimension",
            _computed,
            lambda _: {**_BY_ID, "dimensions": ["t.id", "t.c"]},
            lambda text: f"SELECT id, ({text}) FROM t ORDER BY id",
        ),
        Place(
            "measure",
            _measured,
            lambda _: {"measures": ["t.m"]},
            lambda text: f"SELECT SUM({text}) FROM t",
        ),
    ],
    TEXT: [
        Place(
            "dimension",
            _computed,
            lambda _: {**_BY_ID, "dimensions": ["t.id", "t.c"]},
            lambda text: f"SELECT id, ({text}) FROM t ORDER BY id",
        ),
        Place(
            "measure",
            _measured,
            lambda _: {"measures": ["t.m"]},
            lambda text: f"SELECT MAX({text}) FROM t",
        ),
    ],
    TRUTH: [
        Place(
            "filter",
            lambda *_: _PLAIN,
            lambda text: {**_BY_ID, "filters": [text]},
            lambda text: f"SELECT id FROM t WHERE ({text}) ORDER BY id",
        ),
        Place(
            "dimension",
            _computed,
            lambda _: {**_BY_ID, "dimensions": ["t.id", "t.c"]},
            lambda text: f"SELECT id, ({text}) FROM t ORDER BY id",
        ),
        Place(
            "measure filter",
            _filtered,
            lambda _: {"measures": ["t.m"]},
            lambda text: f"SELECT COUNT(CASE WHEN ({text}) THEN 1 END) FROM t",
        ),
    ],
}
KINDS = {NUMBER: "number", TEXT: "string", TRUTH: "boolean"}
"""What the model calls the types."""
