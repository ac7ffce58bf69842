"""Rows worked out by hand: the evaluator has them, and the planner's SQL has them."""

from __future__ import annotations

import pytest

from conversions.checking import check, equal
from conversions.evaluator import Evaluator
from conversions.hand import HANDS, Hand
from support.databases import Database

ALL = {item.name: item for item in HANDS}


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_the_evaluator_has_them(case: Hand) -> None:
    if case.question.empty:
        pytest.skip("It has no values without facts.")
    found = Evaluator(case.world, case.question).answer()
    assert equal(case.rows, found), found


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_every_database_has_them(case: Hand, every_database: list[Database]) -> None:
    for database in every_database:
        wrong = check(case.world, case.question, case.rows, database)
        if wrong:
            raise wrong
