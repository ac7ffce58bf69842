"""Asking a question on every database, and checking that all give one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database, Row, Table, in_own_quotes
from support.shop import MODEL, TABLES


class Asker:
    """Answers questions about a model by running the planned SQL."""

    def __init__(self, databases: list[Database]) -> None:
        self.databases = databases
        self.warnings: list[str] = []

    def __call__(
        self,
        *measures: Any,
        by: tuple[Any, ...] = (),
        model: Mapping[str, Any] = MODEL,
        tables: Mapping[str, Table] = TABLES,
        **rest: Any,
    ) -> list[Row]:
        query = {"measures": list(measures), "dimensions": list(by), **rest}
        answers = []
        for database in self.databases:
            own_model, own_query = in_own_quotes([model, query], database.dialect)
            result = SemanticEngine.from_sources(own_model, database.dialect).query(own_query)
            self.warnings = [item.code for item in result.warnings]
            database.load(tables)
            answers.append(database.rows(result.sql))
        for answer, database in zip(answers[1:], self.databases[1:], strict=True):
            assert answer == approx(answers[0]), database.dialect
        return answers[0]

    def refused(
        self,
        *measures: Any,
        by: tuple[Any, ...] = (),
        model: Mapping[str, Any] = MODEL,
        **rest: Any,
    ) -> SemanticError:
        """Return the error with which every database's dialect refuses the question."""
        query = {"measures": list(measures), "dimensions": list(by), **rest}
        for database in self.databases:
            own_model, own_query = in_own_quotes([model, query], database.dialect)
            with pytest.raises(SemanticError) as caught:
                SemanticEngine.from_sources(own_model, database.dialect).query(own_query)
        return caught.value


def approx(rows: list[Row]) -> list[Any]:
    """Return rows that compare equal to rows with slightly different floats."""
    return [
        tuple(pytest.approx(value) if isinstance(value, float) else value for value in row)
        for row in rows
    ]
