"""Verifying a question on a database of the tests, as `ktx sl verify` does on one of a user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ktx_daemon.database_query.answers import cell
from semantic_layer.catalog import Catalog
from semantic_layer.models import SemanticQuery
from semantic_layer.times.calendar import Calendar
from semantic_layer.verify.reading import Result, Statement
from semantic_layer.verify.verification import Verdict, Verification
from support.databases import Database


def verified(
    database: Database,
    sources: Mapping[str, Any],
    query: Mapping[str, Any],
    rows: int = 10_000,
    seconds: float = 60,
    timezone: str | None = None,
    calendar: Calendar | None = None,
) -> Verdict:
    """Return the verdict on a question."""
    catalog = Catalog(sources)
    asked = SemanticQuery.model_validate(dict(query))
    dialect = database.dialect
    verification = Verification(catalog, dialect, asked, timezone, rows, seconds, calendar)
    results: dict[str, Result] = {}
    while True:
        found = verification.step(results)
        if isinstance(found, Verdict):
            return found
        assert found, "neither a question nor a verdict"
        results |= {item.name: asked_of(database, item) for item in found}


def asked_of(database: Database, statement: Statement) -> Result:
    """Return the rows of a statement as cells."""
    names, rows = database.raw_rows(statement.sql)
    kinds = [
        "time" if any(isinstance(row[place], date) for row in rows) else "other"
        for place in range(len(names))
    ]
    most = statement.max_rows
    kept = rows if most is None else rows[:most]
    return Result(kinds, [[cell(value) for value in row] for row in kept], len(kept) < len(rows))
