"""As much of JSON Schema as ktx writes and docs/schema uses, and YAML as ktx reads it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

SCHEMAS = Path(__file__).parent.parent.parent / "docs" / "schema"

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}
_KNOWN = {
    *("$schema", "title", "description", "type", "enum", "pattern", "not", "oneOf", "anyOf"),
    *("properties", "required", "additionalProperties", "items", "minItems", "default"),
    *("minimum", "maximum", "minLength", "maxLength"),
}


class CoreSchemaLoader(yaml.SafeLoader):
    """YAML 1.2: `on` and `yes` are text, and so is a date."""


CoreSchemaLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", "stamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CoreSchemaLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read_yaml(path: Path) -> Any:
    """Return a file's document."""
    return yaml.load(path.read_text(encoding="utf-8"), CoreSchemaLoader)


def read_schema(path: Path) -> Any:
    """Return a schema with the files that it refers to in their places."""
    return _with_references(json.loads(path.read_text(encoding="utf-8")), path.parent)


def _with_references(schema: Any, folder: Path) -> Any:
    if isinstance(schema, list):
        return [_with_references(item, folder) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return read_schema(folder / schema["$ref"])
    return {key: _with_references(item, folder) for key, item in schema.items()}


def _is_of(value: Any, name: str) -> bool:
    """Whether a value has a type; True and False are no numbers."""
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def conforms(value: Any, schema: Any) -> bool:
    """Whether a value is valid; a keyword that is not understood fails the test."""
    if isinstance(schema, bool):
        return schema
    assert schema.keys() <= _KNOWN, schema.keys() - _KNOWN
    allowed = schema.get("type", list(_TYPES))
    names = allowed if isinstance(allowed, list) else [allowed]
    return (
        ("type" not in schema or any(_is_of(value, name) for name in names))
        and ("enum" not in schema or value in schema["enum"])
        and ("not" not in schema or not conforms(value, schema["not"]))
        and ("oneOf" not in schema or sum(conforms(value, one) for one in schema["oneOf"]) == 1)
        and ("anyOf" not in schema or any(conforms(value, one) for one in schema["anyOf"]))
        and _in_bounds(value, schema)
        and (not isinstance(value, str) or re.search(schema.get("pattern", ""), value) is not None)
        and (not isinstance(value, dict) or _object_conforms(value, schema))
        and (not isinstance(value, list) or _array_conforms(value, schema))
    )


def _in_bounds(value: Any, schema: dict[str, Any]) -> bool:
    if isinstance(value, str):
        return bool(schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _object_conforms(value: dict[str, Any], schema: dict[str, Any]) -> bool:
    properties = schema.get("properties", {})
    other = schema.get("additionalProperties", True)
    return set(schema.get("required", [])) <= value.keys() and all(
        conforms(item, properties.get(key, other)) for key, item in value.items()
    )


def _array_conforms(value: list[Any], schema: dict[str, Any]) -> bool:
    return len(value) >= schema.get("minItems", 0) and all(
        conforms(item, schema.get("items", True)) for item in value
    )
