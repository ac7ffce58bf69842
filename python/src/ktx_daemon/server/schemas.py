"""What each operation takes and returns, as JSON Schema."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ktx_daemon.database_query.driver import COLUMN_TYPES

Schema = dict[str, Any]

_MODEL = "$model"
"""Where a schema has this key, the model `module:class` stands."""


def _model(reference: str) -> Schema:
    return {_MODEL: reference}


def _list(items: Schema, **bounds: int) -> Schema:
    return {"type": "array", "items": items, **bounds}


def _object(required: list[str] | None = None, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_VECTOR = _list({"type": "number"}, minItems=384, maxItems=384)
_CELL: Schema = {
    "anyOf": [
        {"type": ["null", "boolean", "number", "string"]},
        _object(decimal=_TEXT),
        _object(float={"enum": ["NaN", "Infinity", "-Infinity"]}),
        _object(hex=_TEXT),
    ]
}
_LAYER = "ktx_daemon.semantic_layer"
_EMBEDDINGS = "ktx_daemon.embeddings.operations"
_SQL = "ktx_daemon.sql_analysis"
_LOOKML = "ktx_daemon.lookml.models"
_CODE = "ktx_daemon.code_execution"
_DATABASE = "ktx_daemon.database_introspection"
_QUERY = "ktx_daemon.database_query"
_GENERATION = "ktx_daemon.source_generation"
_RESULTS = "ktx_daemon.result_export"
_TABLES = "ktx_daemon.table_identifiers"

_SCHEMAS: dict[str, tuple[Schema, Schema]] = {
    "semantic-query": (
        _model(f"{_LAYER}:SemanticLayerQueryRequest"),
        _model("semantic_layer.models:QueryResult"),
    ),
    "semantic-validate": (
        _model(f"{_LAYER}:ValidateSourcesRequest"),
        _model("semantic_layer.validate.findings:ValidationReport"),
    ),
    "semantic-register-model": (
        _model(f"{_LAYER}:RegisterModelRequest"),
        _model(f"{_LAYER}:RegisteredModel"),
    ),
    "semantic-generate-sources": (
        _model(f"{_GENERATION}:GenerateSourcesRequest"),
        _object(
            sources=_list(_model("semantic_layer.models:SourceDefinition")),
            source_count={"type": "integer", "minimum": 0},
        ),
    ),
    "database-introspect": (
        _model(f"{_DATABASE}:DatabaseIntrospectionRequest"),
        _model(f"{_DATABASE}:DatabaseIntrospectionResponse"),
    ),
    "database-query": (
        _model(f"{_QUERY}:DatabaseQueryRequest"),
        _object(
            columns=_list(
                _object(name=_TEXT, type={"enum": list(COLUMN_TYPES)}, database_type=_TEXT)
            ),
            rows=_list(_list(_CELL)),
            truncated={"type": "boolean"},
        ),
    ),
    "database-test": (
        _model(f"{_QUERY}:DatabaseTestRequest"),
        _object(
            driver=_TEXT,
            server_version=_MAYBE_TEXT,
            tables={"type": "integer", "minimum": 0},
            schemas=_list(_TEXT),
            database=_MAYBE_TEXT,
            read_only=_object(enforced={"type": "boolean"}, how=_TEXT),
        ),
    ),
    "lookml-parse": (_model(f"{_LOOKML}:ParseLookMLRequest"), _model(f"{_LOOKML}:ParsedLookML")),
    "parse-table-identifier": (
        _model(f"{_TABLES}:ParseTableIdentifierRequest"),
        _object(
            results=_map(_model("semantic_layer.table_identifier_parser:ParsedTableIdentifier"))
        ),
    ),
    "sql-validate-read-only": (
        _model(f"{_SQL}:ValidateReadOnlyRequest"),
        _object(
            ok={"type": "boolean"},
            statement_kind=_MAYBE_TEXT,
            reason=_MAYBE_TEXT,
            detail=_MAYBE_TEXT,
            error=_MAYBE_TEXT,
            tables=_list(_TEXT),
        ),
    ),
    "sql-analyze-batch": (
        _model(f"{_SQL}:AnalyzeBatchRequest"),
        _object(
            results=_map(
                _object(
                    tables_touched=_list(_TEXT),
                    columns_by_clause=_map(_list(_TEXT)),
                    error=_MAYBE_TEXT,
                )
            )
        ),
    ),
    "result-parquet": (
        _model(f"{_RESULTS}:ResultParquetRequest"),
        _model(f"{_RESULTS}:ResultParquetResponse"),
    ),
    "code-execute": (_model(f"{_CODE}:ExecuteCodeRequest"), _model(f"{_CODE}:ExecuteCodeResponse")),
    "embedding-compute": (_model(f"{_EMBEDDINGS}:ComputeRequest"), _object(embedding=_VECTOR)),
    "embedding-compute-bulk": (
        _model(f"{_EMBEDDINGS}:ComputeBulkRequest"),
        _object(embeddings=_list(_VECTOR)),
    ),
    "embedding-info": (
        _model(f"{_EMBEDDINGS}:InfoRequest"),
        _object(
            ["backend", "model", "checksum", "dimensions"],
            backend=_TEXT,
            model=_TEXT,
            checksum=_TEXT,
            dimensions={"type": "integer"},
            difference={"type": "number"},
        ),
    ),
}

_EXPLANATION = _object(text=_TEXT, children=_list({"$ref": "#/$defs/Explanation"}))
_ANY_OBJECT: Schema = {"type": "object"}


def schemas_of(operation: str) -> tuple[Schema, Schema]:
    """Return the schemas of an operation's request and response; parts are in `$defs`."""
    parts = _SCHEMAS.get(operation, (_ANY_OBJECT, _ANY_OBJECT))
    request, response = _resolved(parts[0], "validation"), _resolved(parts[1], "serialization")
    if operation == "semantic-query":
        # There when the request asks for it; a model cannot say that it holds more of its own.
        response["$defs"]["Explanation"] = _EXPLANATION
        response["$defs"]["QueryResult"]["properties"]["explanation"] = {
            "$ref": "#/$defs/Explanation"
        }
    return request, response


def is_described(operation: str) -> bool:
    """Return whether the schemas of an operation say more than that there is an object."""
    return operation in _SCHEMAS


def _resolved(schema: Schema, mode: str) -> Schema:
    definitions: dict[str, Schema] = {}
    resolved = _with_references(schema, mode, definitions)
    return {**resolved, "$defs": definitions}


def _with_references(part: Any, mode: str, definitions: dict[str, Schema]) -> Any:
    """Return the part with a reference for each model, whose own parts become definitions."""
    if isinstance(part, dict) and _MODEL in part:
        own = _schema_of(part[_MODEL], mode)
        definitions |= own.pop("$defs", {})
        name = part[_MODEL].rpartition(":")[2]
        definitions[name] = own
        return {"$ref": f"#/$defs/{name}"}
    if isinstance(part, dict):
        return {key: _with_references(value, mode, definitions) for key, value in part.items()}
    return part


def _schema_of(reference: str, mode: str) -> Schema:
    from semantic_layer.data.schema import pydantic_model

    module, name = reference.split(":")
    model = pydantic_model(getattr(import_module(module), name))
    return model.model_json_schema(mode=mode)  # type: ignore[arg-type]
