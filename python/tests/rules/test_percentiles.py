"""Percentiles are of numbers, however a table keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from support.asking import Asker
from support.databases import Database, Table

DIGITS: dict[str, Table] = {
    "readings": ("id INTEGER, v TEXT", [(1, "9"), (2, "10"), (3, "100"), (4, "7")])
}


def model(kind: str = "number", expr: str = "median(v)") -> dict[str, Any]:
    """Return readings that were imported as text."""
    return {
        "readings": {
            "name": "readings",
            "table": "readings",
            "grain": ["id"],
            "columns": [{"name": "id", "type": "number"}, {"name": "v", "type": kind}],
            "measures": [{"name": "m", "expr": expr}],
        }
    }


@pytest.mark.parametrize(
    ("expr", "value"), [("median(v)", 9.5), ("percentile(v, 0.9)", 73), ("percentile(v, 1)", 100)]
)
def test_digits_are_ordered_as_the_numbers_that_they_are(
    every_database: list[Database], expr: str, value: float
) -> None:
    # PostgreSQL itself refuses to take the percentile of a text.
    lenient = [item for item in every_database if item.dialect != "postgres"]
    rows = Asker(lenient)("readings.m", model=model(expr=expr), tables=DIGITS)
    assert rows == [(pytest.approx(value),)]


def test_words_have_no_percentile(ask: Asker) -> None:
    error = ask.refused("readings.m", model=model("string"))
    assert "declared as a string" in error.message


@pytest.mark.parametrize("expr", ["median(distinct id)", "median(id order by v)"])
def test_what_has_no_meaning_is_refused_in_words(ask: Asker, expr: str) -> None:
    error = ask.refused("readings.m", model=model(expr=expr))
    assert "without DISTINCT or ORDER BY" in error.message
