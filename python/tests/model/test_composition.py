"""Overlays and manifests by the cases in tests/composition, which the host is held to as well.

A list without items is the same as none, and so is a key without a value.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from semantic_layer.manifest import (
    ManifestEntry,
    apply_overlay,
    map_column_type,
    project_manifest_entry,
    validate_overlay,
)
from semantic_layer.models import SourceDefinition

FOLDER = Path(__file__).parents[3] / "tests" / "composition"
OVERLAYS = sorted((FOLDER / "overlay").glob("*.json"))
MANIFESTS = sorted((FOLDER / "manifest").glob("*.json"))
TYPES: dict[str, str] = json.loads((FOLDER / "manifest_types.json").read_text())["types"]


def case_in(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return case


def given(definition: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in definition.items() if value not in (None, [])}


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_an_overlay_is_composed(path: Path) -> None:
    case = case_in(path)
    base, overlay = json.dumps(case["base"]), json.dumps(case["overlay"])
    if "error" in case:
        assert validate_overlay(case["overlay"]) == [case["error"]]
        return
    assert validate_overlay(case["overlay"]) == []
    composed = apply_overlay(case["base"], case["overlay"])
    assert given(composed) == given(case["composed"])
    assert (json.dumps(case["base"]), json.dumps(case["overlay"])) == (base, overlay)
    SourceDefinition.model_validate(composed)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_a_manifest_s_table_is_a_source(path: Path) -> None:
    case = case_in(path)
    if "missing" in case:
        with pytest.raises(ValidationError) as refused:
            ManifestEntry.model_validate(case["entry"])
        assert [error["loc"] for error in refused.value.errors()] == [tuple(case["missing"])]
        return
    entry = ManifestEntry.model_validate(case["entry"])
    source = project_manifest_entry(case["name"], entry)
    assert given(source) == given(case["source"])
    SourceDefinition.model_validate(source)


@pytest.mark.parametrize("native", TYPES)
def test_a_database_s_type_is_a_kind(native: str) -> None:
    assert map_column_type(native) == TYPES[native]
