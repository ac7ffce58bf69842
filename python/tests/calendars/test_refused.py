"""What is refused of calendars, and what is said of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from calendars.shop import MODEL, by
from ktx_daemon.dispatch import dispatch
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.times.calendar import Calendar

APRIL = Calendar(week_start="sunday", fiscal_year_start="april")
FEBRUARY = Calendar(fiscal_year_start="february")
LINE = "Add `calendar: { fiscal_year_start: april }`"
ACROSS = "a fiscal quarter can lie in two periods of year"


def refusal(*measures: str, calendar: Calendar | None = None, **rest: Any) -> SemanticError:
    model = rest.pop("model", MODEL)
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(model, "duckdb").query(
            {"measures": list(measures), **rest}, calendar=calendar
        )
    return caught.value


@pytest.mark.parametrize("grain", ["fiscal_quarter", "fiscal_year", "Fiscal_Year"])
@pytest.mark.parametrize("calendar", [None, Calendar(week_start="sunday")])
def test_fiscal_periods_without_a_fiscal_year(grain: str, calendar: Calendar | None) -> None:
    error = refusal("sales.n", dimensions=[by(grain)], calendar=calendar)
    assert "it is not said when the fiscal year begins" in error.message
    assert LINE in (error.fix or "")


def test_a_measure_of_the_model_without_a_fiscal_year() -> None:
    error = refusal("sales.ytd", dimensions=[by("month")])
    assert "'fiscal_year': it is not said when the fiscal year begins" in error.message
    assert (error.source, list(error.path)[:2]) == ("sales", ["measures", 2])


def test_a_fiscal_month_is_not_known() -> None:
    error = refusal("sales.n", dimensions=[by("fiscal_month")], calendar=APRIL)
    assert "'fiscal_month' is not a granularity" in error.message


def test_durations_are_not_fiscal() -> None:
    error = refusal("offset(sales.n, '1 fiscal_year')", dimensions=[by("month")], calendar=APRIL)
    assert "a fiscal year is as long as a year" in error.message
    assert "'1 year'" in (error.fix or "")


@pytest.mark.parametrize(
    "asked", [{"measures": ["sales.n"], "fill": True}, {"measures": ["sales.ytd"]}]
)
def test_periods_that_lie_across_each_other(asked: dict[str, Any]) -> None:
    dimensions = [by("fiscal_quarter"), by("year")]
    error = refusal(*asked.pop("measures"), dimensions=dimensions, calendar=FEBRUARY, **asked)
    assert ACROSS in error.message
    assert error.fix == "Ask by one of them."


@pytest.mark.parametrize(
    ("own", "wanted"), [("quarter", "fiscal_year"), ("year", "fiscal_quarter"),
                        ("week", "fiscal_year"), ("fiscal_year", "month")],
)  # fmt: skip
def test_a_columns_own_periods_that_fiscal_ones_cut(own: str, wanted: str) -> None:
    source = {**MODEL["sales"]}
    source["columns"] = [{**item} for item in source["columns"]]
    source["columns"][1]["natural_granularity"] = own
    dimensions = [by(wanted, "sales.sold_on")]
    error = refusal("sales.n", dimensions=dimensions, calendar=FEBRUARY, model={"sales": source})
    assert f"'{wanted}' does not begin and end with the column's times" in error.message
    assert error.suggestions == [own]


@pytest.mark.parametrize(
    ("calendar", "named"),
    [
        ({"week_start": "friday"}, "week_start"),
        ({"fiscal_year_start": "Apr"}, "fiscal_year_start"),
        ({"first_day": "sunday"}, "first_day"),
    ],
)
def test_a_request_with_a_wrong_calendar(calendar: dict[str, str], named: str) -> None:
    request = {"sources": [], "query": {"measures": ["sales.n"]}, "calendar": calendar}
    reply = json.loads(dispatch("semantic-query", json.dumps(request).encode()))
    assert named in json.dumps(reply)
    assert reply["error"]["kind"] == "invalid_request"


def test_a_request_says_the_calendar() -> None:
    asked = {"measures": ["sales.n"], "dimensions": [by("week")]}
    request = {"sources": list(MODEL.values()), "query": asked, "dialect": "sqlite"}
    plain = json.loads(dispatch("semantic-query", json.dumps(request).encode()))
    request["calendar"] = {"week_start": "sunday"}
    sunday = json.loads(dispatch("semantic-query", json.dumps(request).encode()))
    assert "'-6 days', 'weekday 0'" in json.dumps(sunday)
    assert "'weekday 0', '-6 days'" in json.dumps(plain)


def test_a_model_is_validated_by_its_calendar() -> None:
    engine = SemanticEngine.from_sources(MODEL, "sqlite")
    assert not engine.validate(calendar=APRIL).errors
    [finding] = engine.validate().errors
    assert "it is not said when the fiscal year begins" in str(finding)


@pytest.mark.parametrize(
    ("grain", "words"),
    [
        ("week", "the start of its week, a Sunday"),
        ("fiscal_year", "its fiscal year, of fiscal years that begin in April"),
        ("month", "the start of its month"),
    ],
)
def test_an_explanation_says_when_periods_begin(grain: str, words: str) -> None:
    engine = SemanticEngine.from_sources(MODEL, "sqlite")
    query = {"measures": ["sales.ytd"], "dimensions": [by(grain)]}
    assert words in json.dumps(engine.explain(query, APRIL).as_json())
