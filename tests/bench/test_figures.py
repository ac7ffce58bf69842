"""Quartiles, percentiles, verdicts, and that a figure survives JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from figures import Figure, Spread, from_json, percentile, spread

FIGURE = Figure("cold", "Cold", "a query", "x", Spread(0.8, 0.9, 1.2), rounds=15, budget=1.0)


def test_the_spread_is_the_median_and_the_quartiles() -> None:
    assert spread([5, 1, 4, 2, 3]) == Spread(2, 3, 4)


def test_an_outlier_moves_neither_median_nor_quartiles_far() -> None:
    assert spread([1, 2, 3, 4, 1000]) == Spread(2, 3, 4)


def test_the_spread_of_one_value_is_that_value() -> None:
    assert spread([7.5]) == Spread(7.5, 7.5, 7.5)


@pytest.mark.parametrize(("share", "expected"), [(50, 50), (99, 99), (100, 100), (1, 1), (0, 1)])
def test_a_percentile_is_one_of_the_values(share: float, expected: int) -> None:
    assert percentile(range(100, 0, -1), share) == expected


def test_a_percentile_of_few_values_is_not_below_its_share() -> None:
    assert percentile([1, 2, 3], 50) == 2
    assert percentile([1, 2, 3, 4], 99) == 4


@pytest.mark.parametrize(
    ("median", "missed"), [(0.99, False), (1.0, False), (1.0001, True), (25, True)]
)
def test_a_budget_may_be_used_up_and_not_exceeded(median: float, missed: bool) -> None:
    assert replace(FIGURE, value=Spread(0, median, 50)).missed() is missed


def test_the_share_is_the_median_in_budgets() -> None:
    assert replace(FIGURE, value=Spread(1, 3, 4), budget=2).share() == 1.5


def test_a_figure_without_a_budget_is_never_missed() -> None:
    figure = replace(FIGURE, budget=None, value=Spread(1, 1e9, 1e9))
    assert (figure.share(), figure.missed()) == (None, False)


def test_what_is_wrong_otherwise_is_missed_however_quick_it_is() -> None:
    quick = replace(FIGURE, value=Spread(0, 0.1, 0.2), broken=("maps libpython",))
    assert quick.missed()


def test_a_figure_survives_json() -> None:
    figure = replace(FIGURE, broken=("one",), took=3.5, floor="true", floor_took=1.25, note="n")
    assert from_json(json.loads(json.dumps(figure.as_json()))) == figure


def test_json_has_the_verdict() -> None:
    assert replace(FIGURE, value=Spread(2, 2, 2)).as_json()["missed"] is True


def test_a_figure_without_a_value_is_wrong_and_survives_json() -> None:
    figure = replace(FIGURE, value=None, broken=("not counted",))
    assert (figure.missed(), figure.share()) == (True, None)
    assert from_json(json.loads(json.dumps(figure.as_json()))) == figure
