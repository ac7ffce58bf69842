"""What is no conversion is refused by every dialect, with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from conversions.hand import asked, conversion
from conversions.world import model
from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.measure_definition import MeasureDefinition
from support.databases import DIALECTS

EVERY = (*DIALECTS, "mysql", "clickhouse", "spark", "trino", "bigquery", "snowflake", "tsql")
PAIR = {"base": "person_id", "conversion": "buyer_id"}
MONTH = {"field": "metric_time", "granularity": "month"}


def sources(**changes: Any) -> dict[str, Any]:
    """Return the model with one conversion, `converted`, that is stated otherwise."""
    found = model(asked(conversion()))
    visits, orders = found["visits"]["measures"], found["orders"]["measures"]
    visits[1]["conversion"] = {"base": "visit_count", "conversion": "orders.order_count",
                               "entity": PAIR, **changes}  # fmt: skip
    visits += [
        {"name": "halves", "expr": "count(*) / 2"},
        {"name": "made_of_it", "expr": "converted"},
        {"name": "circle", "expr": "circle + count(*)"},
        {"name": "filled", "expr": "count(*)", "fill_nulls_with": 0},
        {"name": "to_date", "cumulative": {"of": "visit_count"}},
        {"name": "called", "expr": "cumulative(visit_count)"},
        {"name": "stock", "expr": "sum(pages)", "non_additive": {"dimension": "seen_at"}},
        {"name": "whose", "expr": "count(*)", "time_dimension": "channel"},
    ]
    orders.append({"name": "of_items", "expr": "sum(case when none(items) then 1 else 0 end)"})
    found["people"]["measures"] = [{"name": "people_count", "expr": "count(*)"}]
    return found


def refused(found: dict[str, Any], dialect: str, **query: Any) -> SemanticError:
    """Return the error with which a question is refused."""
    with pytest.raises(SemanticError) as caught:
        SemanticEngine.from_sources(found, dialect).query(
            {"measures": ["visits.converted"], **query}
        )
    return caught.value


@pytest.mark.parametrize("dialect", EVERY)
@pytest.mark.parametrize(
    ("stated", "message", "fix", "path"),
    [
        ({"base": "nothing"}, "`nothing` is not the name of a measure", "source.measure", "base"),
        ({"base": "pages"}, "`pages` is not the name of a measure", "source.measure", "base"),
        ({"base": "visit_count + 1"}, "is not the name of a measure", "source.measure", "base"),
        ({"base": "sum(pages)"}, "is not the name of a measure", "source.measure", "base"),
        ({"conversion": "order_count"}, "is not the name of a measure", "source.m", "conversion"),
        ({"conversion": "people.people_count"}, "when a row of 'people' happened",
         "default_time_dimension", "conversion"),
        ({"base": "halves"}, "not one aggregate", "`count(*)`", "base"),
        ({"base": "made_of_it"}, "not one aggregate", "`count(*)`", "base"),
        ({"base": "converted"}, "not one aggregate", "`count(*)`", "base"),
        ({"base": "circle"}, "not one aggregate", "`count(*)`", "base"),
        ({"base": "filled"}, "not one aggregate", "`count(*)`", "base"),
        ({"base": "to_date"}, "not one aggregate", "`count(*)`", "base"),
        ({"base": "called"}, "not one aggregate", "`count(*)`", "base"),
        ({"base": "stock"}, "not one aggregate", "`count(*)`", "base"),
        ({"base": "whose"}, "not declared as a time", "type: time", "base"),
        ({"conversion": "orders.of_items"}, "rows of the many side", "`filter`", "conversion"),
        ({"entity": "person_id"}, "'person_id' does not exist", "one of the names", "entity"),
        ({"entity": {**PAIR, "conversion": "nobody"}}, "'nobody' does not exist",
         "one of the names", "entity conversion"),
        ({"entity": {**PAIR, "base": "person_id + 1"}}, "is not the name of a column",
         "Name a column", "entity base"),
        ({"entity": {**PAIR, "base": "channel"}}, "is a string and", "computed column", "entity"),
        ({"constant": ["channel"]}, "'channel' does not exist", "one of the names", "constant 0"),
        ({"constant": ["product_id", {"base": "seen_at", "conversion": "ordered_at"}]},
         "is a time", "identifies", "constant 1"),
        ({"window": "7"}, "'7' is not a duration", "28 days", "window"),
        ({"window": "24 hours"}, "counted in days or longer", "day", "window"),
    ],
)  # fmt: skip
def test_what_is_stated(
    dialect: str, stated: dict[str, Any], message: str, fix: str, path: str
) -> None:
    error = refused(sources(**stated), dialect)
    assert message in str(error)
    assert fix in str(error.fix)
    keys = [int(key) if key.isdigit() else key for key in path.split()]
    assert (error.source, list(error.path)) == ("visits", ["measures", 1, "conversion", *keys])


def test_a_measure_of_another_source_is_suggested() -> None:
    for named in ("order_count", "orders.order_cuont"):
        error = refused(sources(conversion=named), "sqlite")
        assert error.suggestions[0] == "orders.order_count"


@pytest.mark.parametrize("dialect", EVERY)
@pytest.mark.parametrize(
    "query",
    [
        {"measures": ["cumulative(visits.converted)"]},
        {"measures": ["offset(visits.converted, '1 month')"]},
        {"measures": ["to_date(visits.converted, 'year')"]},
        {"compare": "previous"},
    ],
    ids=lambda query: next(iter(query)) + str(next(iter(query.values()))),
)
def test_another_time(dialect: str, query: dict[str, Any]) -> None:
    error = refused(sources(), dialect, dimensions=[MONTH], **query)
    assert "a conversion is of the base rows of a group, and not of another time" in str(error)
    assert "metric_time" in str(error.fix)


@pytest.mark.parametrize("dialect", EVERY)
def test_a_filter_that_base_rows_cannot_see(dialect: str) -> None:
    found = sources()
    found["orders"]["measures"].append(
        {"name": "paid_rate", "expr": "visits.converted * 1", "filter": "status = 'paid'"}
    )
    for query in ({"measures": ["orders.paid_rate"]}, {"filters": ["orders.status = 'paid'"]}):
        assert "'orders'" in str(refused(found, dialect, **query))
    found["visits"]["measures"][1]["filter"] = "status = 'paid'"
    assert "'status' does not exist" in str(refused(found, dialect))


@pytest.mark.parametrize("dialect", EVERY)
def test_a_dimension_that_base_rows_cannot_see(dialect: str) -> None:
    assert "'orders'" in str(refused(sources(), dialect, dimensions=["orders.status"]))


@pytest.mark.parametrize("dialect", ["sqlite", "mysql", "trino", "bigquery", "tsql"])
def test_a_percentile_of_conversions(dialect: str) -> None:
    found = sources(conversion="orders.typical", calculate="count")
    found["orders"]["measures"].append({"name": "typical", "expr": "median(amount)"})
    assert "of conversions none is computed" in str(refused(found, dialect))


@pytest.mark.parametrize("key", ["base", "conversion", "entity"])
def test_what_is_missing(key: str) -> None:
    stated = {"base": "a", "conversion": "b", "entity": "c"}
    del stated[key]
    with pytest.raises(ValidationError, match=key):
        MeasureDefinition.model_validate({"name": "m", "conversion": stated})


@pytest.mark.parametrize(
    ("beside", "message"),
    [
        ({"expr": "count(*)"}, "exactly one of 'expr', 'cumulative', 'offset' and 'conversion'"),
        ({"offset": {"of": "m", "by": "1 day"}}, "exactly one of"),
        ({"time_dimension": "at"}, "its times are those of its two measures"),
        ({"non_additive": {"dimension": "at"}}, "'non_additive' stands beside 'expr'"),
    ],
)
def test_what_does_not_go_with_it(beside: dict[str, Any], message: str) -> None:
    stated = {"name": "m", "conversion": {"base": "a", "conversion": "b", "entity": "c"}}
    with pytest.raises(ValidationError, match=message):
        MeasureDefinition.model_validate({**stated, **beside})


def test_how_it_is_calculated_is_one_of_three() -> None:
    stated = {"base": "a", "conversion": "b", "entity": "c", "calculate": "share"}
    with pytest.raises(ValidationError, match="'rate', 'count' or 'conversions'"):
        MeasureDefinition.model_validate({"name": "m", "conversion": stated})


def test_it_is_written_as_one_line() -> None:
    stated: dict[str, Any] = {"base": "a", "conversion": "b.n", "entity": "c"}
    one = MeasureDefinition.model_validate({"name": "m", "conversion": stated})
    assert (one.text, one.kind) == ("conversion(a, b.n, c)", "conversion")
    stated |= {"entity": {"base": "c", "conversion": "d"}, "constant": ["e"], "window": "7 days",
               "calculate": "count"}  # fmt: skip
    other = MeasureDefinition.model_validate({"name": "m", "conversion": stated})
    assert other.text == "conversions(a, b.n, c = d, e, '7 days')"
    assert MeasureDefinition.model_validate(other.model_dump()) == other


def test_each_once_by_the_many_side_of_the_base() -> None:
    found = sources()
    found["pages"] = {
        "name": "pages",
        "table": "pages",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "visit_id", "type": "number"},
            {"name": "topic", "type": "string"},
        ],
        "joins": [{"to": "visits", "on": "visit_id = visits.id", "relationship": "many_to_one"}],
    }
    error = refused(found, "sqlite", dimensions=["pages.topic"], each_once=True)
    assert "a conversion gives rows to rows of its base, and those have several of" in str(error)
    assert "`any(pages, …)`" in str(error.fix)
