"""What each operation takes and returns, as JSON Schema."""

from __future__ import annotations

from importlib import import_module
from typing import Any

Schema = dict[str, Any]

_VECTOR = {"type": "array", "items": {"type": "number"}, "minItems": 384, "maxItems": 384}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_LAYER = "ktx_daemon.semantic_layer"
_EMBEDDINGS = "ktx_daemon.embeddings.operations"

# The request and the response of an operation: a model as `module:class`, or the schema itself.
_SCHEMAS: dict[str, tuple[str | Schema, str | Schema]] = {
    "semantic-query": (
        f"{_LAYER}:SemanticLayerQueryRequest",
        "semantic_layer.models:QueryResult",
    ),
    "semantic-validate": (
        f"{_LAYER}:ValidateSourcesRequest",
        "semantic_layer.findings:ValidationReport",
    ),
    "semantic-register-model": (f"{_LAYER}:RegisterModelRequest", f"{_LAYER}:RegisteredModel"),
    "embedding-compute": (f"{_EMBEDDINGS}:ComputeRequest", _object(embedding=_VECTOR)),
    "embedding-compute-bulk": (
        f"{_EMBEDDINGS}:ComputeBulkRequest",
        _object(embeddings={"type": "array", "items": _VECTOR}),
    ),
}

_EXPLANATION = _object(
    text={"type": "string"},
    children={"type": "array", "items": {"$ref": "#/$defs/Explanation"}},
)

_ANY_OBJECT: Schema = {"type": "object"}


def schemas_of(operation: str) -> tuple[Schema, Schema]:
    """Return the schemas of an operation's request and response; parts are in `$defs`."""
    parts = _SCHEMAS.get(operation, (_ANY_OBJECT, _ANY_OBJECT))
    request, response = _schema(parts[0], "validation"), _schema(parts[1], "serialization")
    if operation == "semantic-query":
        # There when the request asks for it; a model cannot say that it holds more of its own.
        response["$defs"]["Explanation"] = _EXPLANATION
        response["properties"]["explanation"] = {"$ref": "#/$defs/Explanation"}
    return request, response


def is_described(operation: str) -> bool:
    """Return whether the schemas of an operation say more than that there is an object."""
    return operation in _SCHEMAS


def _schema(part: str | Schema, mode: str) -> Schema:
    if not isinstance(part, str):
        return part
    from semantic_layer.model_schema import pydantic_model

    module, name = part.split(":")
    model = pydantic_model(getattr(import_module(module), name))
    return model.model_json_schema(mode=mode)  # type: ignore[arg-type]
