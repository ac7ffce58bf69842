"""The last moments of a second belong to it, and texts are compared with all their digits."""

from __future__ import annotations

from typing import Any

import pytest

from support.asking import Asker
from support.databases import Database, Table

# A tenth of a millisecond before the year 2026, as every column keeps it.
TABLES: dict[str, Table] = {
    "t": (
        "id INTEGER, plain TIMESTAMP, tz TIMESTAMPTZ, unix DOUBLE PRECISION, iso TEXT",
        [
            (
                1,
                "2025-12-31 23:59:59.9999",
                "2025-12-31 23:59:59.9999+00:00",
                1767225599.9999,
                "2025-12-31T23:59:59.9999Z",
            ),
            (2, None, None, None, None),
        ],
    )
}
KEPT = {"plain": None, "tz": None, "unix": "unix", "iso": "text"}
COLUMNS: list[dict[str, Any]] = [
    {"name": "id", "type": "number"},
    *(
        {"name": name, "type": "time"} | ({"storage": kept} if kept else {})
        for name, kept in KEPT.items()
    ),
]
MODEL = {"t": {"name": "t", "table": "t", "grain": ["id"], "columns": COLUMNS}}
STARTS = {
    "second": "2025-12-31 23:59:59",
    "minute": "2025-12-31 23:59:00",
    "hour": "2025-12-31 23:00:00",
    "day": "2025-12-31",
    "week": "2025-12-29",
    "month": "2025-12-01",
    "quarter": "2025-10-01",
    "year": "2025-01-01",
}


@pytest.fixture
def ask(databases: list[Database]) -> Asker:
    """On the databases that have times: SQLite's functions know no more than milliseconds."""
    having = [database for database in databases if database.dialect != "sqlite"]
    if not having:
        pytest.skip("SQLite has no more than milliseconds")
    return Asker(having)


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("grain", STARTS)
def test_the_period_of_the_last_moment(ask: Asker, name: str, grain: str) -> None:
    by = {"field": f"t.{name}", "granularity": grain}
    rows = ask("count(t.id)", by=(by,), model=MODEL, tables=TABLES, filters=["t.id = 1"])
    assert rows == [(STARTS[grain], 1)]


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("= '2025-12-31 23:59:59.9999'", 1),
        ("= '2025-12-31T23:59:59.999900Z'", 1),
        ("<> '2025-12-31 23:59:59.999'", 1),
        ("= '2026-01-01'", 0),
        (">= '2026-01-01'", 0),
        ("< '2026-01-01 00:00'", 1),
        ("IN ('2026-01-01', '2025-12-31 23:59:59.9999')", 1),
        ("BETWEEN '2025-12-31' AND '2025-12-31 23:59:59.999'", 0),
        ("> '2026-01-01 00:59:59.999+01:00'", 1),
    ],
)
def test_a_text_has_all_its_digits(ask: Asker, name: str, condition: str, count: int) -> None:
    found = ask("count(t.id)", model=MODEL, tables=TABLES, filters=[f"t.{name} {condition}"])
    assert found == [(count,)]
