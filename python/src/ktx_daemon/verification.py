"""The operation `semantic-verify`: a question's compiled SQL beside a walk over its rows.

One request is one step: it has the results of the statements of the steps before, and the response
has further statements to be run, or the verdict. Nothing is kept in between.
"""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections.abc import Sequence
from typing import Any

from ktx_daemon.database_query.answers import cell
from ktx_daemon.requests import checked
from ktx_daemon.semantic_layer import SemanticLayerQueryRequest, known_model
from semantic_layer.catalog import Catalog
from semantic_layer.data.model import Model
from semantic_layer.verify.comparison import Difference
from semantic_layer.verify.reading import Result, Statement
from semantic_layer.verify.verification import Behind, Verdict, Verification

MOST_SHOWN = 10
"""How many groups that differ a response has, and how many rows of each source behind one."""
MOST_ROWS = 1_000_000


class StatementResult(Model):
    """What a statement gave: the kinds of its columns, and its rows of cells."""

    name: str
    kinds: list[str]
    rows: list[list[Any]]
    truncated: bool = False


class SemanticVerifyRequest(SemanticLayerQueryRequest):
    """A question to verify: `rows` of each source at most, evaluated within `seconds`."""

    rows: int = 10_000
    seconds: float = 30.0
    results: list[StatementResult] = []

    def check_consistency(self) -> None:
        """Check the bounds."""
        if not 1 <= self.rows <= MOST_ROWS:
            raise ValueError(f"rows must be from 1 to {MOST_ROWS}")
        if not 0 < self.seconds <= 3600:
            raise ValueError("seconds must be above 0, and 3600 at most")


def semantic_verify(request: dict[str, Any]) -> dict[str, Any]:
    """Run one step of the operation."""
    asked = checked(SemanticVerifyRequest, request, has_query=True)
    known = known_model(asked.sources, asked.model)
    # Of its own: what others index of a model meanwhile is not shared.
    catalog = Catalog.from_list(known.sources)
    verification = Verification(
        catalog,
        asked.dialect,
        asked.query,
        asked.timezone,
        asked.rows,
        asked.seconds,
        asked.calendar,
    )
    found = verification.step(
        {item.name: Result(item.kinds, item.rows, item.truncated) for item in asked.results}
    )
    zone = verification.plan.timezone
    if isinstance(found, Verdict):
        return {"timezone": zone, "statements": [], "verdict": _as_json(found, catalog)}
    statements = [_statement(item) for item in found]
    return {"timezone": zone, "statements": statements, "verdict": None}


def _statement(item: Statement) -> dict[str, Any]:
    return {"name": item.name, "sql": item.sql, "max_rows": item.max_rows}


def _as_json(verdict: Verdict, catalog: Catalog) -> dict[str, Any]:
    differs = bool(verdict.differences)
    sources = [item.source for item in verdict.read] if differs else []
    return {
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "sql": verdict.sql,
        "columns": list(verdict.columns),
        "sources": [item._asdict() for item in verdict.read],
        "groups": verdict.groups,
        "difference_count": len(verdict.differences),
        "differences": [_difference(item) for item in verdict.differences[:MOST_SHOWN]],
        "notes": list(verdict.notes),
        "behind": [_rows(item) for item in verdict.behind],
        "model": [catalog[source].model_dump(exclude_none=True) for source in sources],
    }


def _difference(item: Difference) -> dict[str, Any]:
    return {
        "what": item.what,
        "dimensions": _cells(item.dimensions),
        "by_sql": None if item.by_sql is None else _cells(item.by_sql),
        "by_rows": None if item.by_rows is None else _cells(item.by_rows),
    }


def _cells(values: Sequence[Any]) -> list[Any]:
    return [cell(value) for value in values]


def _rows(item: Behind) -> dict[str, Any]:
    columns = list(item.rows[0]) if item.rows else []
    return {
        "source": item.source,
        "what": item.what,
        "columns": columns,
        "rows": [_cells([row[name] for name in columns]) for row in item.rows[:MOST_SHOWN]],
        "row_count": len(item.rows),
    }
