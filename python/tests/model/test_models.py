"""Models behave as pydantic users expect, with and without pydantic's help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from semantic_layer.measure_definition import MeasureDefinition
from semantic_layer.models import (
    ColumnRole,
    ColumnVisibility,
    SemanticQuery,
    SourceColumn,
    SourceDefinition,
)

RAW: dict[str, Any] = {
    "name": "orders",
    "table": "orders",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number", "visibility": "hidden"}],
    "measures": [{"name": "n", "expr": "count(*)"}],
    "descriptions": {"db": "from the database", "user": "by hand"},
}


def test_validate_construct_compare_and_dump() -> None:
    source = SourceDefinition.model_validate(RAW)
    assert source.columns[0].visibility is ColumnVisibility.hidden
    assert source.columns[0].role is ColumnRole.default
    assert source.measures == [MeasureDefinition(name="n", expr="count(*)")]
    assert source.description == "by hand"
    assert source == SourceDefinition(**RAW)
    assert SourceDefinition.model_validate(source.model_dump()) == source
    assert source.model_dump(exclude_none=True)["columns"] == [
        {"name": "id", "type": "number", "visibility": "hidden", "role": "default"}
    ]
    assert repr(source.measures[0]).startswith("MeasureDefinition(name='n', expr='count(*)'")


def test_defaults_are_not_shared() -> None:
    first, second = (MeasureDefinition(name="n", expr="count(*)") for _ in range(2))
    first.segments.append("web")
    assert second.segments == []


def test_coercions_are_pydantics() -> None:
    loose: dict[str, Any] = {"measures": ["n"], "limit": "5", "include_empty": "no"}
    query = SemanticQuery(**loose)
    assert (query.limit, query.include_empty) == (5, False)
    with pytest.raises(ValidationError):
        SemanticQuery.model_validate({"measures": ["n"], "limit": "5"}, strict=True)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"grain": []}, ()),
        ({"sql": "SELECT 1"}, ()),
        ({"columns": [{"name": "id"}]}, ("columns", 0, "type")),
        ({"columns": [{"name": "id", "type": "money"}]}, ("columns", 0, "type")),
        ({"mesures": []}, ("mesures",)),
        ({"joins": [{"to": "x", "on": "y", "relationship": "many_to_many"}]}, ("joins", 0)),
        ({"name": 3}, ("name",)),
    ],
)
def test_bad_data_raises_pydantics_error(change: dict[str, object], place: tuple[object]) -> None:
    raw = {**RAW, **change}
    builders: tuple[Callable[[], object], ...] = (
        lambda: SourceDefinition.model_validate(raw),
        lambda: SourceDefinition(**raw),
    )
    for build in builders:
        with pytest.raises(ValidationError) as caught:
            build()
        assert caught.value.errors()[0]["loc"][: len(place)] == place
        assert caught.value.title == "SourceDefinition"


def test_missing_argument() -> None:
    with pytest.raises(ValidationError):
        SourceColumn(name="id")  # type: ignore[call-arg]


def test_json_schema() -> None:
    schema = SourceDefinition.model_json_schema()
    assert set(schema["required"]) == {"name", "grain", "columns"}
    assert schema["additionalProperties"] is False


def test_a_whole_number_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pydantic, whose import would cost each question of such a model as much as itself."""

    def imported() -> None:
        raise AssertionError("pydantic was asked")

    monkeypatch.setattr("semantic_layer.data.model._schema", imported)
    filled = {"name": "a", "expr": "sum(x)", "fill_nulls_with": 0}
    assert MeasureDefinition.model_validate(filled).fill_nulls_with == 0
