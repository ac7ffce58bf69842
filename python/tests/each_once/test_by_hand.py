"""Rows worked out by hand: the evaluator has them, and the planner's SQL has them."""

from __future__ import annotations

import pytest

from each_once.checking import check, equal
from each_once.evaluator import Evaluator
from each_once.hand import HAND, Hand
from support.databases import Database

ALL = {item.name: item for item in HAND}


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_the_evaluator_has_them(case: Hand) -> None:
    found = Evaluator(case.world, case.question).answer()
    assert equal(case.rows, found), found


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_every_database_has_them(case: Hand, every_database: list[Database]) -> None:
    for database in every_database:
        wrong = check(case.world, case.question, case.rows, database)
        if wrong:
            raise wrong
