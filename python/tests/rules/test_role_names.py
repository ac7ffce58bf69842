"""A source that is joined under aliases only is asked for by these, and said so wherever named."""

from __future__ import annotations

from typing import Any

import pytest

from semantic_layer.errors import INVALID_MODEL, SemanticError
from semantic_layer.validate.model import validate_sources
from support.asking import Asker

TABLES: dict[str, Any] = {
    "flights": (
        "id INTEGER, start_id INTEGER, end_id INTEGER, seats INTEGER",
        [(1, 1, 2, 10), (2, 1, None, 20), (3, 2, 1, 40)],
    ),
    "airports": ("id INTEGER, town TEXT, fee INTEGER", [(1, "Oslo", 3), (2, "Rome", 5)]),
}


def _role(alias: str) -> dict[str, Any]:
    on = f"{alias}_id = {alias}.id"
    return {"to": "airports", "on": on, "relationship": "many_to_one", "alias": alias}


def _model(*roles: str) -> dict[str, Any]:
    def columns(*names: str) -> list[dict[str, str]]:
        return [{"name": name, "type": "number"} for name in names]

    return {
        "flights": {
            "name": "flights",
            "table": "flights",
            "grain": ["id"],
            "columns": columns("id", "start_id", "end_id", "seats"),
            "joins": [_role(role) for role in roles],
            "measures": [{"name": "n", "expr": "count(*)"}],
        },
        "airports": {
            "name": "airports",
            "table": "airports",
            "grain": ["id"],
            "columns": [*columns("id", "fee"), {"name": "town", "type": "string"}],
            "measures": [{"name": "fees", "expr": "sum(fee)"}],
        },
    }


MODEL = _model("start", "end")
BY_TOWN = {"by": ("airports.town",)}


def test_by_their_roles_they_are_answered(ask: Asker) -> None:
    assert ask("flights.n", by=("start.town",), model=MODEL, tables=TABLES) == [
        ("Oslo", 2),
        ("Rome", 1),
    ]
    rows = ask("flights.n", model=MODEL, tables=TABLES, filters=["end.town = 'Rome'"])
    assert rows == [(1,)]
    assert ask("sum(flights.seats * start.fee)", model=MODEL, tables=TABLES) == [(290,)]


def test_a_role_with_another_measure_of_the_source(ask: Asker) -> None:
    assert ask("airports.fees", by=("airports.town",), model=MODEL, tables=TABLES) == [
        ("Oslo", 3),
        ("Rome", 5),
    ]


@pytest.mark.parametrize(
    ("question", "spellings"),
    [
        ({"by": ("airports.town",)}, ["end.town", "start.town"]),
        ({"filters": ["airports.town = 'Rome'"]}, ["end.town", "start.town"]),
        ({"filters": ["upper(airports.town) = 'ROME'"]}, ["end.town", "start.town"]),
        ({"filters": ["flights.seats > airports.fee"]}, ["end.fee", "start.fee"]),
    ],
)
def test_by_the_source_itself_the_roles_are_offered(
    ask: Asker, question: dict[str, Any], spellings: list[str]
) -> None:
    error = ask.refused("flights.n", model=MODEL, **question)
    _check(error, spellings)


def test_an_aggregate_over_both(ask: Asker) -> None:
    error = ask.refused("sum(flights.seats * airports.fee)", model=MODEL)
    _check(error, ["end.fee", "start.fee"])


def test_without_a_measure(ask: Asker) -> None:
    error = ask.refused(by=("flights.seats", "airports.town"), model=MODEL)
    _check(error, ["end.town", "start.town"])


def _check(error: SemanticError, spellings: list[str]) -> None:
    assert error.message == (
        "'flights' does not look up 'airports': it is joined to 'airports' as 'end' and 'start'."
    )
    assert error.suggestions == spellings
    assert error.fix == f"Write {' or '.join(spellings)}."


def test_one_role_and_a_role_of_another_source(ask: Asker) -> None:
    model = _model("start")
    error = ask.refused("flights.n", model=model, **BY_TOWN)
    assert error.suggestions == ["start.town"]
    model["trains"] = {
        **model["flights"],
        "name": "trains",
        "joins": [_role("end")],
    }
    error = ask.refused("trains.n", by=("start.town",), model=model)
    assert error.suggestions == ["end.town"]


def test_where_no_role_leads_there_the_message_is_the_old_one(ask: Asker) -> None:
    model = _model("start")
    model["trains"] = {**model["flights"], "name": "trains", "joins": []}
    error = ask.refused("trains.n", model=model, **BY_TOWN)
    assert error.message.startswith("No join path from 'trains' to 'airports'")


def test_a_measure_of_the_model_is_told_its_place() -> None:
    model = _model("start", "end")
    model["flights"]["measures"] += [
        {"name": name, "expr": "count(*)", "filter": "seats > airports.fee"}
        for name in ("large", "larger")
    ]
    found = validate_sources(list(model.values()), "duckdb", None).findings
    faulty = [item for item in found if item.code == "measure_invalid"]
    assert [item.location.path for item in faulty if item.location] == [
        ["measures", 1, "expr"],
        ["measures", 2, "expr"],
    ]
    assert all(item.suggestions == ["end.fee", "start.fee"] for item in faulty)


CONSTANTS = ["5", "'x'", "1 + 1", "coalesce(NULL, 0)"]


@pytest.mark.parametrize("expr", CONSTANTS)
def test_a_measure_without_rows_is_refused_at_its_place(ask: Asker, expr: str) -> None:
    model = _model("start")
    model["flights"]["measures"].append({"name": "five", "expr": expr})
    for more in ((), ("flights.n",)):
        error = ask.refused("flights.five", *more, model=model)
        assert "it has neither an aggregate nor a measure" in error.message
        assert (error.kind, error.source) == (INVALID_MODEL, "flights")
        assert error.path == ["measures", 1, "expr"]
    found = validate_sources(list(model.values()), "duckdb", None).findings
    (finding,) = [item for item in found if item.code == "measure_invalid"]
    assert finding.message == error.message
    assert finding.location is not None
    assert finding.location.path == ["measures", 1, "expr"]


def test_a_constant_is_fine_as_a_part_of_a_measure(ask: Asker) -> None:
    model = _model("start")
    model["flights"]["measures"] += [
        {"name": "rate", "expr": "3"},
        {"name": "weighted", "expr": "n * rate"},
    ]
    rows = ask("flights.weighted", model=model, tables=TABLES)
    assert [row[-1] for row in rows] == [9]
