"""The measures that a derived one is made of: what is shown beside it is what it is made of."""

from __future__ import annotations

from typing import Any

from semantic_layer import SemanticEngine
from support.asking import Asker
from support.databases import Table

TABLES: dict[str, Table] = {
    "games": (
        "id INTEGER, ok INTEGER, won INTEGER, tries INTEGER",
        [(1, 1, 1, 2), (2, 1, 3, 4), (3, 0, 10, 10), (4, 0, 0, 4)],
    )
}


def model() -> dict[str, Any]:
    """Of all games 14 of 20 tries were won, of those that are ok 4 of 6."""
    return {
        "games": {
            "name": "games",
            "table": "games",
            "grain": ["id"],
            "columns": [{"name": n, "type": "number"} for n in ("id", "ok", "won", "tries")],
            "segments": [{"name": "okay", "expr": "ok = 1"}],
            "measures": [
                {"name": "wins", "expr": "sum(won)"},
                {"name": "attempts", "expr": "sum(tries)"},
                {"name": "rate", "expr": "wins / attempts"},
                {"name": "ok_rate", "expr": "wins / attempts", "filter": "ok = 1"},
                {"name": "okay_rate", "expr": "wins / attempts", "segments": ["okay"]},
                {"name": "outer_rate", "expr": "rate * 3", "filter": "ok = 1"},
                {"name": "lift", "expr": "ok_rate - rate"},
            ],
        }
    }


def shown(ask: Asker, *measures: str, **rest: Any) -> dict[str, Any]:
    """Return the one row of an answer under the names of the reply."""
    question = {"measures": list(measures), **rest}
    names = [
        column.name
        for column in SemanticEngine.from_sources(model(), "sqlite").query(question).columns
    ]
    (row,) = ask(*measures, model=model(), tables=TABLES, **rest)
    assert len(names) == len(set(names)) == len(row)
    return dict(zip(names, row, strict=True))


def test_parts_of_all_rows_stand_before_it(ask: Asker) -> None:
    assert shown(ask, "games.rate") == {"games.wins": 14, "games.attempts": 20, "games.rate": 0.7}


def test_parts_of_a_filtered_one_are_not_shown_with_all_rows(ask: Asker) -> None:
    for name in ("ok_rate", "okay_rate", "outer_rate"):
        answer = shown(ask, f"games.{name}")
        assert list(answer) == [f"games.{name}"]
        assert round(answer[f"games.{name}"], 6) == (2 if name == "outer_rate" else 0.666667)


def test_parts_that_were_asked_for_are_what_they_always_are(ask: Asker) -> None:
    answer = shown(ask, "games.ok_rate", "games.wins")
    assert answer["games.wins"] == 14
    assert shown(ask, "games.wins", "games.ok_rate") == answer


def test_a_segment_of_the_question_holds_for_the_parts_too(ask: Asker) -> None:
    answer = shown(ask, "games.rate", segments=["games.okay"])
    assert (answer["games.wins"], answer["games.attempts"]) == (4, 6)


def test_a_filtered_part_is_shown_as_the_measure_that_it_is(ask: Asker) -> None:
    answer = shown(ask, "games.lift")
    assert list(answer) == [
        "games.ok_rate",
        "games.wins",
        "games.attempts",
        "games.rate",
        "games.lift",
    ]
    assert (answer["games.wins"], answer["games.attempts"]) == (14, 20)


def test_what_a_measure_is_filtered_by_is_part_of_its_reported_expression() -> None:
    engine = SemanticEngine.from_sources(model(), "sqlite")
    result = engine.query({"measures": ["games.ok_rate", "sum(games.won) FILTER (WHERE ok = 0)"]})
    filtered = "SUM(games.won) FILTER(WHERE games.ok = 1)"
    assert result.columns[0].expr.startswith(f"CAST({filtered} AS REAL) / NULLIF(SUM(games.tries)")
    assert result.plan.measures[0].expr == result.columns[0].expr
    assert result.columns[1].expr == "SUM(games.won) FILTER(WHERE games.ok = 0)"
