"""What the planner does not answer yet as it should; each has a test of its own that says so.

The random search passes over these questions and over no others.
"""

from __future__ import annotations

from over_groups.question import Arithmetic, Cumulative, Earlier, Named, Plain, Question, Total

SQLITES_OWN = "SQLite: `total` of an expression over measures is taken for its own aggregate"
FILTERED_TOTAL = "a filter on `total(m, dimension)` is refused: a column beside a measure"
ONLY_TOTALS = "a question of totals alone cannot be asked by `metric_time`"
SLOW = "MariaDB: periods are made of 100,000 numbers, in seconds for each question"


def reason(question: Question, dialect: str) -> str | None:
    """Return why the planner's answer is known not to be the right one, if it is."""
    totals = [part for tree in question.trees for part in tree.parts() if isinstance(part, Total)]
    named = [p.of for tree in question.trees for p in tree.parts() if isinstance(p, Named)]
    in_model = [part for tree in named for part in tree.parts()]
    written = [total for total in totals if total not in in_model]
    if dialect == "sqlite" and any(
        isinstance(total.of, Arithmetic | Cumulative | Earlier) for total in written
    ):
        return SQLITES_OWN
    outside = [part for tree in question.trees for part in tree.outside_totals()]
    if question.grain and not any(isinstance(part, Plain) for part in outside):
        return ONLY_TOTALS
    filtered = [part for item in question.having for part in item.measure.parts()]
    if any(isinstance(part, Total) and part.dimensions for part in filtered):
        return FILTERED_TOTAL
    return None


def in_search(question: Question, dialect: str) -> str | None:
    """Return why the random search does not ask: what is slow is asked by hand only."""
    parts = [part for tree in question.trees for part in tree.parts()]
    makes_periods = question.fill or question.compare
    if dialect == "mysql" and (makes_periods or any(isinstance(p, Cumulative) for p in parts)):
        return SLOW
    return reason(question, dialect)
