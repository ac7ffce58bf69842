"""A join is proved by equalities that cover the target's grain; every other one is said."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from support.asking import Asker
from support.databases import Table

TABLES: dict[str, Table] = {
    "sold": (
        "id INTEGER, item INTEGER, state TEXT, day INTEGER, amount INTEGER",
        [(1, 1, "paid", 1, 10), (2, 1, "open", 2, 20), (3, 2, "paid", 1, 40)],
    ),
    "tariffs": (
        "item INTEGER, month INTEGER, tier TEXT, since INTEGER, until INTEGER",
        [(1, 1, "A", 0, 3), (1, 2, "B", 2, 9), (2, 1, "A", 0, 9)],
    ),
}


def model(condition: str, grain: tuple[str, ...] = ("item", "month")) -> dict[str, Any]:
    """Sales that look up tariffs by a condition."""
    numbers = ("id", "item", "day", "amount")
    return {
        "sold": {
            "name": "sold",
            "table": "sold",
            "grain": ["id"],
            "columns": [
                *({"name": name, "type": "number"} for name in numbers),
                {"name": "state", "type": "string"},
            ],
            "joins": [{"to": "tariffs", "on": condition, "relationship": "many_to_one"}],
            "measures": [{"name": "total", "expr": "sum(amount)"}],
        },
        "tariffs": {
            "name": "tariffs",
            "table": "tariffs",
            "grain": list(grain),
            "columns": [
                *({"name": name, "type": "number"} for name in ("item", "month", "since", "until")),
                {"name": "tier", "type": "string"},
            ],
            "joins": [],
            "measures": [{"name": "n", "expr": "count(*)"}],
        },
    }


def declared_twice(here: str = "many_to_one", back: str = "many_to_one") -> dict[str, Any]:
    """The same join declared at both of its ends; the grain says many_to_one."""
    changed = model("item = tariffs.item", ("item",))
    changed["sold"]["joins"][0]["relationship"] = here
    changed["tariffs"]["joins"] = [
        {"to": "sold", "on": "tariffs.item = sold.item", "relationship": back}
    ]
    return changed


@pytest.mark.parametrize(
    "on",
    [
        "item = tariffs.item",
        "item = tariffs.item AND state = 'paid'",
        "item = tariffs.item AND tariffs.tier <> 'C'",
        "item = tariffs.item AND tariffs.tier = 'A'",
        "item = tariffs.item AND day >= tariffs.since AND day < tariffs.until",
        "item = tariffs.item AND tariffs.month BETWEEN 1 AND 1",
        "item = tariffs.item AND abs(tariffs.month) = 1",
        "item = tariffs.item AND tariffs.month = tariffs.month",
        "item = tariffs.item AND tariffs.month IN (1)",
        "item = tariffs.item AND (tariffs.month = 1 OR tariffs.month = 2)",
        "item = tariffs.item AND NOT tariffs.month = 2",
    ],
)
def test_whatever_does_not_cover_the_grain_is_said_each_time(ask: Asker, on: str) -> None:
    ask("sold.total", by=("tariffs.tier",), model=model(on), tables=TABLES)
    assert ask.warnings == ["join_grain"]
    ask("sold.total", model=model(on), tables=TABLES, filters=["tariffs.tier = 'A'"])
    assert ask.warnings == ["join_grain"]
    ask("sold.total", model=model(on), tables=TABLES)
    assert ask.warnings == []  # without the join, no row can be repeated
    findings = SemanticEngine.from_sources(model(on)).validate().findings
    assert [(item.code, item.severity) for item in findings] == [("join_grain", "warning")]
    assert "'tariffs': month" in findings[0].message


@pytest.mark.parametrize(
    "on",
    [
        "item = tariffs.item AND day = tariffs.month",
        "item = tariffs.item AND tariffs.month = 1",
        "item = tariffs.item AND 1 = tariffs.month AND state = 'paid'",
        "item = tariffs.item AND tariffs.month = day + 0 AND tariffs.tier <> 'C'",
    ],
)
def test_what_covers_the_grain_is_not_warned_of(ask: Asker, on: str) -> None:
    rows = ask("sold.total", by=("tariffs.tier",), model=model(on), tables=TABLES)
    assert ask.warnings == []
    assert sum(value or 0 for _, value in rows) == 70
    assert SemanticEngine.from_sources(model(on)).validate().findings == []


def test_a_range_that_overlaps_repeats_rows_and_is_said(ask: Asker) -> None:
    on = "item = tariffs.item AND day >= tariffs.since AND day < tariffs.until"
    rows = ask("sold.total", by=("tariffs.tier",), model=model(on), tables=TABLES)
    assert rows == [("A", 70), ("B", 20)]
    assert ask.warnings == ["join_grain"]


@pytest.mark.parametrize(
    ("here", "back"),
    [
        ("many_to_one", "many_to_one"),
        ("one_to_many", "one_to_many"),
        ("many_to_one", "one_to_one"),
        ("one_to_one", "many_to_one"),
        ("one_to_many", "one_to_one"),
        ("one_to_one", "one_to_many"),
    ],
)
def test_two_ends_that_contradict_each_other_are_refused(ask: Asker, here: str, back: str) -> None:
    changed = declared_twice(here, back)
    for measure, dimension in (("sold.total", "tariffs.tier"), ("tariffs.n", "sold.state")):
        error = ask.refused(measure, by=(dimension,), model=changed)
        assert error.kind == "invalid_model"
        assert "both cannot hold" in error.message
        assert "join 1 of source 'sold' to 'tariffs'" in error.message.lower()
        assert "join 1 of source 'tariffs' to 'sold'" in error.message.lower()
        assert error.path[-1] == "relationship"
    errors = SemanticEngine.from_sources(changed).validate().findings
    assert {item.code for item in errors if item.severity == "error"} == {"join_contradiction"}
    # What does not need the join is answered.
    assert ask("sold.total", model=changed, tables=TABLES) == [(70,)]


def test_the_refusal_says_which_end_is_wrong(ask: Asker) -> None:
    changed = declared_twice()
    error = ask.refused("sold.total", by=("tariffs.tier",), model=changed)
    assert error.fix == "Correct join 1 of source 'tariffs' to 'sold' to one_to_many."
    assert (error.source, error.suggestions) == ("tariffs", ["one_to_many"])
    mended = deepcopy(changed)
    mended["tariffs"]["joins"][0]["relationship"] = "one_to_many"
    tables = {**TABLES, "tariffs": (TABLES["tariffs"][0], TABLES["tariffs"][1][1:])}
    rows = ask("sold.total", by=("tariffs.tier",), model=mended, tables=tables)
    assert rows == [("A", 40), ("B", 30)]
    assert SemanticEngine.from_sources(mended).validate().findings == []


def test_a_join_path_does_not_follow_a_contradicted_join(ask: Asker) -> None:
    changed = declared_twice()
    error = ask.refused(
        "sold.total", by=("tariffs.tier",), model=changed, join_path=[["sold", "tariffs"]]
    )
    assert "both cannot hold" in error.message


def test_a_longer_way_is_not_taken_round_a_contradicted_join(ask: Asker) -> None:
    changed = declared_twice()
    changed["sold"]["joins"].append(
        {"to": "items", "on": "item = items.id", "relationship": "many_to_one"}
    )
    changed["items"] = {
        "name": "items",
        "table": "items",
        "grain": ["id"],
        "columns": [{"name": "id", "type": "number"}],
        "joins": [{"to": "tariffs", "on": "id = tariffs.item", "relationship": "many_to_one"}],
    }
    error = ask.refused("sold.total", by=("tariffs.tier",), model=changed)
    assert "both cannot hold" in error.message
