"""Expressions asked through the planner, and straight on the database: one and the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from typing import Any

import pytest
from hypothesis import strategies as st

from differential.grammar import DIALECTS, NUMBER, TEXT, TRUTH, Expression, expressions
from differential.places import KINDS, PLACES, TABLE, Place
from oracle.outputs import same
from oracle.search import Search
from oracle.wrong import Signature, Wrong
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from support.databases import Database, Row

# A tenth of the random questions, for each of four databases.
SHARE = 0.1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_expressions_mean_what_the_database_means(
    every_database: list[Database], search: Search, dialect: str
) -> None:
    database = next(item for item in every_database if item.dialect == dialect)
    outcomes: Counter[str] = Counter()
    database.load({"t": TABLE})

    def check(data: st.DataObject, _: str | None, known: Container[Signature]) -> None:
        expression = data.draw(expressions(dialect, data.draw(_TYPES)))
        for place in PLACES[expression.type]:
            outcome, wrong = compare(expression, place, database)
            outcomes[outcome] += 1
            if wrong is not None and wrong.signature not in known:
                raise wrong

    found = search.run(f"differential {dialect}", SHARE, check)
    if found:
        pytest.fail("\n\n".join(map(str, found)), pytrace=False)
    assert outcomes["equal"] > outcomes.total() // 5, outcomes


_TYPES = st.sampled_from([NUMBER, TEXT, TRUTH])


def compare(expression: Expression, place: Place, database: Database) -> tuple[str, Wrong | None]:
    """Return what came of an expression in a place; a refusal is never wrong."""
    direct = place.sql(expression.text)
    try:
        expected = database.rows(direct)
    except Exception:
        return "not of the database", None
    model, query = (
        place.model(expression.text, KINDS[expression.type]),
        place.query(expression.text),
    )

    def wrong(what: str, **about: Any) -> tuple[str, Wrong]:
        kinds = [expression.root]
        expectation = {"direct": direct, "expected": expected}
        fault = Wrong(
            f"{what} as {place.name}", kinds, database.dialect,
            model=model, question=query, **expectation, **about,
        )  # fmt: skip
        return "wrong", fault

    try:
        sql = SemanticEngine.from_sources(model, database.dialect).query(query).sql
    except SemanticError:
        return "refused", None
    except Exception as error:
        return wrong("crash", got=f"{type(error).__name__}: {error}"[:300])
    try:
        got = database.rows(sql)
    except Exception as error:
        return wrong("error of the database", sql=sql, got=str(error).partition("\n")[0])
    return ("equal", None) if _same_rows(expected, got) else wrong("rows", sql=sql, got=got)


def _same_rows(expected: list[Row], got: list[Row]) -> bool:
    return len(expected) == len(got) and all(
        len(one) == len(two) and all(map(same, one, two))
        for one, two in zip(expected, got, strict=True)
    )
