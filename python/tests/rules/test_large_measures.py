"""Measures that are made of measures grow no faster than what is asked."""

from __future__ import annotations

from support.asking import Asker


def test_a_long_row_of_measures_is_answered(ask: Asker) -> None:
    chain = [{"expr": "sum(orders.amount)", "name": "m0"}]
    chain += [{"expr": f"m{index} + 1", "name": f"m{index + 1}"} for index in range(60)]
    (row,) = ask(*chain)
    assert row == tuple(150 + index for index in range(61))


def test_one_that_doubles_at_each_step_is_refused(ask: Asker) -> None:
    doubling = [{"expr": "sum(orders.amount)", "name": "m0"}]
    doubling += [{"expr": f"m{index} + m{index}", "name": f"m{index + 1}"} for index in range(25)]
    assert "grows too large" in ask.refused(*doubling).message
