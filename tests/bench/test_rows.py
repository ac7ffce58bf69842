"""Rows are computed round by round, and rounds are taken in turns."""

from __future__ import annotations

from figures import Figure, Spread
from rows import absolute, added_ratio, beyond, ratio
from timing import LEAST_ROUNDS, Timer, measure

# A machine that is ten times slower in its last round: the ratios are the same.
ROUNDS = [
    {"query": 10.0, "floor": 5.0, "base": 4.0},
    {"query": 11.0, "floor": 5.5, "base": 5.0},
    {"query": 100.0, "floor": 50.0, "base": 40.0},
]


def median_of(figure: Figure) -> float:
    assert figure.value is not None
    return figure.value.median


def test_a_ratio_is_taken_within_a_round() -> None:
    figure = ratio("query", "a query", "floor", 3).figure("Cold", ROUNDS)
    assert (figure.value, figure.unit, figure.budget) == (Spread(2, 2, 2), "x", 3)


def test_medians_of_the_times_stand_beside_it() -> None:
    figure = ratio("query", "a query", "floor", 3).figure("Cold", ROUNDS)
    assert (figure.took, figure.floor, figure.floor_took) == (11, "floor", 5.5)
    assert figure.rounds == 3


def test_beyond_is_a_difference_in_milliseconds() -> None:
    figure = beyond("query", "a query", "base", 6).figure("Cold", ROUNDS)
    assert (median_of(figure), figure.unit, figure.missed()) == (6, "ms", False)


def test_an_added_ratio_is_what_comes_on_top_in_floors() -> None:
    figure = added_ratio("query", "a query", "base", "floor", 1.5).figure("Cold", ROUNDS)
    assert median_of(figure) == 1.2


def test_an_absolute_row_needs_no_floor() -> None:
    figure = absolute("query", "a query", "MiB", 10).figure("Memory", ROUNDS)
    assert (median_of(figure), figure.floor, figure.floor_took) == (11, "", None)
    assert figure.missed()


def test_a_row_may_be_called_otherwise_than_its_timer() -> None:
    figure = ratio("query", "a query", "floor", 3).called("growth").figure("Cold", ROUNDS)
    assert (figure.key, median_of(figure)) == ("growth", 2)


def test_a_floor_is_shown_by_its_title() -> None:
    figure = ratio("query", "a query", "floor", 3).beside("1 source").figure("Cold", ROUNDS)
    assert (figure.floor, figure.floor_took, median_of(figure)) == ("1 source", 5.5, 2)


def test_rounds_take_turns_and_the_first_does_not_count() -> None:
    seen: list[str] = []

    def timer(name: str) -> Timer:
        def run() -> float:
            seen.append(name)
            return len(seen)

        return run

    rounds = measure({"a": timer("a"), "b": timer("b")}, rounds=3)
    assert "".join(seen) == "abbaabba"
    assert rounds == [{"a": 4, "b": 3}, {"a": 5, "b": 6}, {"a": 8, "b": 7}]


def test_no_round_begins_after_the_time_is_over_but_for_the_least() -> None:
    now = [0.0]

    def ten_seconds() -> float:
        now[0] += 10
        return 10

    def rounds_within(seconds: float) -> int:
        now[0] = 0
        return len(measure({"a": ten_seconds}, 20, seconds, clock=lambda: now[0]))

    assert [rounds_within(limit) for limit in (5, 105, 1000)] == [LEAST_ROUNDS, 10, 20]
