"""Planners that read a metric wrongly in one way each: the random questions find every one."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from metrics.as_metrics import sources_and_metrics
from metrics.checking import asked_columns, equal, right
from metrics.definitions import modelled, query, tables
from metrics.evaluator import Refused
from metrics.searching import cases
from oracle.search import Search
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database, of_dialect

Metric = dict[str, Any]


def loses(key: str) -> Callable[[Metric], None]:
    """Return a reader that overlooks what a metric says under a key."""

    def read(metric: Metric) -> None:
        metric.pop(key, None)

    return read


def loses_of_inputs(key: str) -> Callable[[Metric], None]:
    """Return a reader that overlooks what the inputs of a metric say under a key."""

    def read(metric: Metric) -> None:
        for item in metric.get("inputs", {}).values():
            if isinstance(item, dict):
                item.pop(key, None)

    return read


def swaps_inputs(metric: Metric) -> None:
    inputs = metric.get("inputs", {})
    metric.update({"inputs": dict(zip(inputs, reversed(inputs.values()), strict=True))})


def filters_with_the_first_input(metric: Metric) -> None:
    """The filter of one input restricts the whole metric."""
    inputs = [item for item in metric.get("inputs", {}).values() if isinstance(item, dict)]
    for item in inputs:
        if "filter" in item:
            metric["filter"] = item["filter"]


def is_a_week_off(metric: Metric) -> None:
    for item in metric.get("inputs", {}).values():
        if isinstance(item, dict) and "offset" in item:
            item["offset"] = "7 days"


BUGS = {
    "loses the filter": loses("filter"),
    "loses the number for NULL": loses("fill_nulls_with"),
    "loses the filter of an input": loses_of_inputs("filter"),
    "loses the offset of an input": loses_of_inputs("offset"),
    "swaps the inputs": swaps_inputs,
    "filters everything as one input": filters_with_the_first_input,
    "looks a week back": is_a_week_off,
}


@pytest.fixture(scope="module")
def missed(databases: list[Database]) -> set[str]:
    """The wrong readers that no question tells from the right one."""
    left = set(BUGS)
    database = of_dialect(databases, "sqlite")
    for world, questions in cases(Search(9000, seed=0, shard=1, shards=1, collects=False)):
        for question in questions:
            expected = right(world, question)
            if not left or not question.has_metrics or isinstance(expected, Refused):
                continue
            model = sources_and_metrics(modelled(question))
            database.load(tables(world, "sqlite", [name for name in model if name != "metrics"]))
            asked = query(question)
            left -= {name for name in left if _differs(model, asked, name, expected, database)}
    return left


def _differs(
    model: dict[str, Any], asked: dict[str, Any], bug: str, expected: Any, database: Database
) -> bool:
    wrong = deepcopy(model)
    for metric in wrong.get("metrics", {}).get("measures", []):
        BUGS[bug](metric)
    if wrong == model:
        return False
    try:
        result = SemanticEngine.from_sources(wrong, "sqlite").query(asked)
    except SemanticError:
        return False
    return not equal(expected, asked_columns(result, database.rows(result.sql)))


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_is_found(bug: str, missed: set[str]) -> None:
    assert bug not in missed
