"""Rows worked out by hand: the naive evaluator has them, and the planner's SQL has them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from metrics.checking import check, equal, may_refuse, right
from metrics.definitions import can_be_written
from metrics.hand import Hand
from metrics.hand_average import AVERAGE
from metrics.hand_cumulative import CUMULATIVE
from metrics.hand_offset import OFFSET
from metrics.hand_time import TIME
from support.databases import Database

GROUPS = {"average": AVERAGE, "cumulative": CUMULATIVE, "offset": OFFSET, "time": TIME}
ALL = {f"{group}-{item.name}": item for group, items in GROUPS.items() for item in items}
WRITABLE = {
    name: item
    for name, item in ALL.items()
    # A condition names a measure of the model.
    if any(map(can_be_written, item.question.measures)) and not item.question.having
}


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_the_evaluator_has_them(case: Hand) -> None:
    found = right(case.world, case.question)
    assert isinstance(found, list)
    assert equal(case.rows, found), found


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_every_database_has_them(case: Hand, every_database: list[Database]) -> None:
    outcome = check(case.world, case.question, case.rows, every_database)
    assert outcome == ("declined" if may_refuse(case.question, "mysql") else "answered")


@pytest.mark.parametrize("case", WRITABLE.values(), ids=WRITABLE)
def test_a_question_can_write_the_measure_itself(
    case: Hand, every_database: list[Database]
) -> None:
    names = [item.name for item in case.question.measures if can_be_written(item)]
    question = replace(case.question, ad_hoc=frozenset(names))
    outcome = check(case.world, question, case.rows, every_database)
    assert outcome == ("declined" if may_refuse(question, "mysql") else "answered")
