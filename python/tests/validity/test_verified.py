"""`ktx sl verify` follows windows one row at a time, and finds those that overlap."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from oracle.search import Search
from semantic_layer.errors import SemanticError
from semantic_layer.generator import SqlGenerator
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.verify.verification import DIFFERENT, EQUAL
from support.databases import Database, of_dialect
from validity.random_cases import cases
from validity.test_by_hand import QUESTIONS, WORLD
from validity.world import Order, Version, World, model
from verify.asking import verified

SHARE = 0.02
"""Which part of the random questions of all tests is verified."""


@pytest.mark.parametrize("rows", [10_000, 3])
def test_right_answers_are_found_right(
    rows: int, every_database: list[Database], search: Search
) -> None:
    outcomes: Counter[str] = Counter()
    count = max(1, round(search.examples * SHARE / search.shards))
    for world, questions in cases(count, search.seed * 1000 + search.shard + 500):
        for database in every_database:
            database.load(world.tables(database.dialect))
            for question in questions:
                try:
                    verdict = verified(database, model(), question.query(), rows)
                except SemanticError as refused:
                    # A sample is by the key, of which the beginning of a window is a part.
                    if "its key is NULL in most of them" not in str(refused):
                        raise
                    continue
                outcomes[verdict.outcome] += 1
                assert verdict.outcome != DIFFERENT, (database.dialect, world, question.query())
                assert not any("meets several" in note for note in verdict.notes)
    assert outcomes[EQUAL] > sum(outcomes.values()) / 2, outcomes


CUSTOMERS, LINES = "each_row_counts_once", "at_a_time_that_is_looked_up"


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        (CUSTOMERS, "history.since <=", "history.since <"),
        (CUSTOMERS, "orders.ordered_at < history.until", "orders.ordered_at <= history.until"),
        (CUSTOMERS, "history.until IS NULL OR", "1 = 2 OR"),
        (CUSTOMERS, "history.since IS NULL OR", "1 = 2 OR"),
        (CUSTOMERS, "orders.ordered_at IS NOT NULL", "1 = 1"),
        (LINES, "prices.since <=", "prices.since <"),
        (LINES, "orders.ordered_at < prices.until", "orders.ordered_at <= prices.until"),
        (LINES, "prices.until IS NULL OR", "1 = 2 OR"),
    ],
)
def test_sql_with_another_window_is_found_wrong(
    name: str,
    right: str,
    wrong: str,
    every_database: list[Database],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database = of_dialect(every_database, "postgres")
    database.load(WORLD.tables("postgres"))
    text = SqlGenerator.text
    changed: list[str] = []

    def planted(self: SqlGenerator, tree: exp.Select) -> str:
        written = text(self, tree)
        flat = " ".join(written.split())
        changed.extend([right] if right in flat else [])
        return flat.replace(right, wrong)

    query, _ = QUESTIONS[name]
    monkeypatch.setattr(SqlGenerator, "text", planted)
    verdict = verified(database, model(), query)
    assert changed
    assert verdict.outcome == DIFFERENT


def test_windows_that_overlap_are_told_of(every_database: list[Database]) -> None:
    since, later = datetime(2024, 1, 1), datetime(2024, 2, 1)
    overlapping = (
        Version(1, since, None, "gold", 1),
        Version(1, later, None, "iron", 2),
    )
    order = Order(1, 1, "eu", later, None, 5)
    world = World((order,), (), overlapping, ())
    query = {"measures": ["orders.revenue"], "filters": ["history.tier IS NOT NULL"]}
    for database in every_database:
        database.load(world.tables(database.dialect))
        verdict = verified(database, model(), query)
        assert verdict.outcome == DIFFERENT
        assert verdict.notes == (
            "the join orders -> history (on: customer_id = history.customer_id): a row of 'orders' "
            "meets several rows of 'history', and the model says one at most",
        )
