"""What is said of routes and islands is said once, at the place where something can be done."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.validate.findings import Finding
from semantic_layer.validate.model import validate_sources
from support.warehouse import FACTS, warehouse


def _findings(model: dict[str, Any]) -> list[Finding]:
    return validate_sources(list(model.values()), "duckdb", None).findings


def _model(*joins: tuple[str, str]) -> dict[str, Any]:
    """Sources that are looked up by these pairs; each has a measure."""
    names = sorted({name for pair in joins for name in pair})
    return {
        name: {
            "name": name,
            "table": name,
            "grain": ["id"],
            "columns": [{"name": "id", "type": "number"}]
            + [{"name": f"{to}_id", "type": "number"} for source, to in joins if source == name],
            "joins": [
                {"to": to, "on": f"{to}_id = {to}.id", "relationship": "many_to_one"}
                for source, to in joins
                if source == name
            ],
            "measures": [{"name": "n", "expr": "count(*)"}],
        }
        for name in names
    }


def _ties(*joins: tuple[str, str]) -> list[tuple[str, list[str]]]:
    """Where routes part, and what they lead to."""
    found = [item for item in _findings(_model(*joins)) if item.code == "route_ambiguous"]
    return [(item.location.source, item.concerned) for item in found if item.location]


TIE = (("o", "c"), ("o", "s"), ("c", "r"), ("s", "r"))


def test_a_tie_is_told_where_the_routes_part() -> None:
    assert _ties(*TIE) == [("o", ["r"])]
    assert _ties(*TIE, ("lines", "o"), ("parts", "lines")) == [("o", ["r"])]


def test_what_is_behind_an_ambiguous_source_is_not_told_again() -> None:
    assert _ties(*TIE, ("r", "z"), ("z", "w")) == [("o", ["r"])]


def test_a_second_tie_behind_the_first_is_told_at_its_own_start() -> None:
    behind = (("r", "x"), ("r", "y"), ("x", "t"), ("y", "t"))
    assert _ties(*TIE, *behind) == [("o", ["r"]), ("r", ["t"])]


def test_routes_that_meet_only_at_their_end_are_a_tie_of_their_own() -> None:
    # d is reached by way of c and s, but by a third way too, which does not pass through r.
    more = (("r", "d"), ("o", "p"), ("p", "q"), ("q", "d"))
    assert _ties(*TIE, *more) == [("o", ["d"]), ("o", ["r"])]


def test_a_source_that_reaches_one_of_them_by_itself_has_no_choice() -> None:
    assert _ties(*TIE, ("o", "r")) == []


def test_each_start_has_its_choice() -> None:
    assert _ties(*TIE, ("e", "c"), ("e", "s")) == [("e", ["r"]), ("o", ["r"])]


def test_two_joins_to_one_source_are_a_tie_that_what_follows_does_not_repeat() -> None:
    model = _model(("o", "a"), ("a", "z"))
    model["o"]["columns"].append({"name": "b_id", "type": "number"})
    model["o"]["joins"].append({**model["o"]["joins"][0], "on": "b_id = a.id"})
    ties = [item for item in _findings(model) if item.code == "route_ambiguous"]
    assert [item.concerned for item in ties] == [["a"]]


def test_a_warehouse_has_one_choice_for_each_fact() -> None:
    model = warehouse()
    assert len(model) == 93
    found = _findings(model)
    assert Counter(item.code for item in found) == {
        "route_ambiguous": FACTS,
        "model_disconnected": 1,
    }
    ties = [item for item in found if item.code == "route_ambiguous"]
    assert {tuple(item.concerned) for item in ties} == {("cities",)}
    assert all(item.location for item in found)


def test_a_model_in_many_parts_is_a_short_message() -> None:
    (apart,) = [item for item in _findings(warehouse()) if item.code == "model_disconnected"]
    assert apart.message == (
        "Model has 4 disconnected components. Component 1 (90 sources): cities, countries, "
        "... (+88 more); Component 2 (1 sources): note_0; Component 3 (1 sources): note_1; "
        "Component 4 (1 sources): note_2"
    )
    alone = {name: {**source, "joins": []} for name, source in warehouse().items()}
    (apart,) = [item for item in _findings(alone) if item.code == "model_disconnected"]
    assert apart.message.endswith("(1 sources): dates; ... (+88 more components)")
    assert len(apart.concerned) == 91


def test_what_is_told_once_is_refused_for_every_source_behind_it() -> None:
    engine = SemanticEngine.from_sources(_model(*TIE, ("lines", "o"), ("r", "z")), "duckdb")
    for measure in ("o.n", "lines.n"):
        for dimension in ("r.id", "z.id"):
            with pytest.raises(SemanticError, match="ambiguous"):
                engine.query({"measures": [measure], "dimensions": [dimension]})
