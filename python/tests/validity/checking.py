"""Asking the planner about a world on a database."""

from __future__ import annotations

from typing import Any

from semantic_layer import SemanticEngine
from support.databases import Database
from validity.evaluator import Question, Rows
from validity.world import World, model


def found(world: World, question: Question, database: Database) -> Rows:
    """Return the rows that the planner's SQL gives, in the order of their texts."""
    return asked(world, question.query(), database)


def asked(world: World, query: dict[str, Any], database: Database) -> Rows:
    """Return the rows of any question, in the order of their texts."""
    result = SemanticEngine.from_sources(model(), database.dialect).query(query)
    assert [item.code for item in result.warnings] == []
    database.load(world.tables(database.dialect))
    return sorted(database.rows(result.sql), key=repr)
