"""Cases kept by hand: one for every kind of mistake that random cases are there to find.

A case that the random search finds is added here, shrunk, together with the repair.
"""

from __future__ import annotations

from typing import Any

import pytest

from oracle.compare import compare
from oracle.joins import KINDS
from oracle.measures import all_measures
from oracle.model import Case, Condition, Dimension, Join, MeasureSpec, Question, Row
from oracle.values import cell, equal
from support.databases import Database


def rows(*keys: tuple[Any, ...]) -> list[Row]:
    """Return rows of id, x, a and the values of fk0, fk1, … (fg0, … are 0 and 1 in turn)."""
    made: list[Row] = []
    for index, (x, a, *foreign) in enumerate(keys):
        g = index % 2
        row: Row = {"id": index + 1, "k": index // 2 + 1, "g": g, "x": x, "a": a}
        row |= {"lo": (-5, 1)[g], "hi": (1, 9)[g], "seen": f"2024-01-0{7 + g}"}
        for number, key in enumerate(foreign):
            row |= {f"fk{number}": key, f"fg{number}": g}
        made.append(row)
    return made


FACT = rows((0, "p", 1), (2, "q", 1), (3, None, 2), (None, "p", None), (1, "p", 9))
OTHER = rows((5, "p"), (7, None), (None, "q"))


def measures(case: Case, *texts: str) -> tuple[MeasureSpec, ...]:
    found = {spec.text: spec for spec in all_measures(case)}
    return tuple(found[text] for text in texts)


def is_p(node: str) -> Condition:
    return Condition(f"{node}.a = 'p'", (node,), lambda r: equal(cell(r(node), "a"), "p"))


def answered(databases: list[Database], case: Case, question: Question) -> None:
    assert compare(case, question, databases) == "answered"


@pytest.mark.parametrize("include_empty", [True, False])
@pytest.mark.parametrize("declared", ["here", "there", "both"])
@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_joins(
    databases: list[Database], kind: str, declared: str, include_empty: bool
) -> None:
    join = Join("s0", "s1", 0, kind, declared=declared)
    case = Case(("s0", "s1"), (join,), {"s0": FACT, "s1": OTHER})
    asked = measures(case, "s0.total", "s0.n", "s0.far0", "s1.n")
    by = (Dimension("s1", "label"),)
    answered(databases, case, Question(asked, by, include_empty=include_empty))
    answered(databases, case, Question(asked[:2], by, (is_p("s1"),), include_empty=include_empty))


@pytest.mark.parametrize("kind", KINDS)
def test_row_without_a_match_finds_none_further_on(databases: list[Database], kind: str) -> None:
    joins = (Join("s0", "s1", 0), Join("s1", "s2", 0, kind))
    middle = rows((0, "p", 1), (2, "q", None))
    case = Case(("s0", "s1", "s2"), joins, {"s0": FACT, "s1": middle, "s2": OTHER})
    asked = measures(case, "s0.n")
    by = (Dimension("s2", "label"), Dimension("s1", "a"))
    answered(databases, case, Question(asked, by, include_empty=False))
    answered(databases, case, Question(asked, by[:1]))


def test_one_to_one_from_the_other_end(databases: list[Database]) -> None:
    join = Join("s0", "s1", 0, "constant_there", one_to_one=True)
    fact = rows((0, "p", 1), (2, "q", 2), (3, None, None))
    case = Case(("s0", "s1"), (join,), {"s0": fact, "s1": OTHER})
    answered(databases, case, Question(measures(case, "s1.n"), (Dimension("s0", "label"),)))


@pytest.mark.parametrize("text", ["s0.pos_n", "s0.kinds", "s0.top", "s0.mid"])
def test_segment_on_a_filtered_measure(databases: list[Database], text: str) -> None:
    case = Case(("s0",), (), {"s0": rows((0, "q"), (2, "q"), (-2, "p"), (3, None), (None, "p"))})
    by = (Dimension("s0", "seen", "week"),)
    answered(databases, case, Question(measures(case, text), by, segments=("s0",)))


def test_two_facts_share_a_role(databases: list[Database]) -> None:
    joins = (
        Join("s0", "s1", 0, alias="s1_buyer"),
        Join("s0", "s1", 1, alias="s1_seller"),
        Join("s2", "s1", 0, alias="s1_buyer"),
    )
    fact = rows((0, "p", 1, 2), (2, "q", 2, 2), (3, None, None, 9))
    case = Case(("s0", "s1", "s2"), joins, {"s0": fact, "s1": OTHER, "s2": FACT})
    asked = measures(case, "s0.total", "s2.n", "s0.mean / s2.n")
    by = (Dimension("s1_buyer", "label"), Dimension("s1_buyer", "seen", "month"))
    answered(databases, case, Question(asked, by))
    by = (Dimension("s1_buyer", "a"), Dimension("s1_seller", "a"))
    answered(databases, case, Question(asked[:1], by, (is_p("s1_seller"),)))


@pytest.mark.parametrize("through", ["s1", "s2"])
def test_diamond(databases: list[Database], through: str) -> None:
    joins = (
        Join("s0", "s1", 0),
        Join("s0", "s2", 1),
        Join("s1", "s3", 0),
        Join("s2", "s3", 0),
    )
    fact = rows((0, "p", 1, 2, 3), (2, "q", 2, 1, None))
    middle = rows((1, "p", 1), (2, "q", 2))
    data = {"s0": fact, "s1": middle, "s2": middle[::-1], "s3": OTHER}
    case = Case(("s0", "s1", "s2", "s3"), joins, data)
    question = Question(measures(case, "s0.n"), (Dimension("s3", "label"),))
    assert compare(case, question, databases) == "refused"
    chosen = Question(question.measures, question.dimensions, join_path=(("s0", through, "s3"),))
    answered(databases, case, chosen)
    own_key = Case(case.sources, (*joins, Join("s0", "s3", 2)), case.rows)
    answered(databases, own_key, question)


def test_source_joined_to_itself(databases: list[Database]) -> None:
    join = Join("s0", "s0", 0, alias="s0_boss")
    case = Case(("s0",), (join,), {"s0": FACT})
    asked = measures(case, "s0.n", "sum(s0.x * s0_boss.x)")
    answered(databases, case, Question(asked, (Dimension("s0_boss", "label"),)))
