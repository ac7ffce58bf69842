"""Rows worked out by hand: the evaluator has them, and the planner's SQL has them."""

from __future__ import annotations

import pytest

from over_groups.checking import check, equal
from over_groups.evaluator import Evaluator
from over_groups.hand_comparisons import COMPARISONS
from over_groups.hand_ranks import BEST, RANKS
from over_groups.hand_totals import TOTALS
from over_groups.shop_cases import Hand
from support.databases import Database

GROUPS = {"total": TOTALS, "rank": RANKS, "top": BEST, "compare": COMPARISONS}
ALL = {f"{group}-{item.name}": item for group, items in GROUPS.items() for item in items}


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
