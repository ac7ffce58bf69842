"""The OpenAPI document of a server, with what each operation takes and returns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from ktx_daemon.database_query.driver import COLUMN_TYPES
from ktx_daemon.operations import Operation

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
_COUNT: Schema = {"type": "integer", "minimum": 0}
_ROWS = _list(_list(_CELL))
_MAYBE_ROW: Schema = {"anyOf": [{"type": "null"}, _list(_CELL)]}
_VERIFIED = _object(
    outcome={"enum": ["equal", "different", "unchecked"]},
    reason=_MAYBE_TEXT,
    sql=_TEXT,
    columns=_list(_TEXT),
    sources=_list(_object(source=_TEXT, rows=_COUNT, sampled={"type": "boolean"})),
    groups=_COUNT,
    difference_count=_COUNT,
    differences=_list(
        _object(what=_TEXT, dimensions=_list(_CELL), by_sql=_MAYBE_ROW, by_rows=_MAYBE_ROW)
    ),
    notes=_list(_TEXT),
    behind=_list(
        _object(source=_TEXT, what=_TEXT, columns=_list(_TEXT), rows=_ROWS, row_count=_COUNT)
    ),
    model=_list({"type": "object"}),
)
_LAYER = "ktx_daemon.semantic_layer"
_VERIFICATION = "ktx_daemon.verification"
_EMBEDDINGS = "ktx_daemon.embeddings.operations"
_SQL = "ktx_daemon.sql_analysis"
_LOOKML = "ktx_daemon.lookml.models"
_CODE = "ktx_daemon.code_execution"
_DATABASE = "ktx_daemon.database_introspection"
_QUERY = "ktx_daemon.database_query"
_GENERATION = "ktx_daemon.source_generation"
_RESULTS = "ktx_daemon.result_export"
_TABLES = "ktx_daemon.sql_analysis"
_CONFORMANCE = "ktx_daemon.conformance"
_MAYBE_ROWS: Schema = {"anyOf": [_ROWS, {"type": "null"}]}
# Literals: the suite and the planner are not loaded for a document.
_VERDICTS = ["right", "refused", "wrong"]
_VERDICT: Schema = {"enum": _VERDICTS}

_SCHEMAS: dict[str, tuple[Schema, Schema]] = {
    "semantic-query": (
        _model(f"{_LAYER}:SemanticLayerQueryRequest"),
        _model("semantic_layer.models:QueryResult"),
    ),
    "semantic-validate": (
        _model(f"{_LAYER}:ValidateSourcesRequest"),
        _model("semantic_layer.validate.findings:ValidationReport"),
    ),
    "semantic-verify": (
        _model(f"{_VERIFICATION}:SemanticVerifyRequest"),
        _object(
            timezone=_TEXT,
            statements=_list(
                _object(
                    name=_TEXT,
                    sql=_TEXT,
                    max_rows={"type": ["integer", "null"], "minimum": 0},
                )
            ),
            verdict={"anyOf": [{"type": "null"}, _VERIFIED]},
        ),
    ),
    "semantic-data-checks": (
        _model("ktx_daemon.data_checks:DataChecksRequest"),
        _model("ktx_daemon.data_checks:DataChecksResponse"),
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
    "conformance-compile": (
        _model(f"{_CONFORMANCE}:CompileRequest"),
        _object(
            suite_version=_TEXT,
            version_sql=_TEXT,
            features=_list(_object(name=_TEXT, title=_TEXT)),
            questions=_list(
                _object(
                    id=_TEXT,
                    feature=_TEXT,
                    asks=_TEXT,
                    columns={"enum": ["nullable", "plain"]},
                    sql=_MAYBE_TEXT,
                    timezone=_TEXT,
                    expected=_MAYBE_ROWS,
                    verdict={"enum": [*_VERDICTS, None]},
                    reason=_MAYBE_TEXT,
                )
            ),
        ),
    ),
    "conformance-ask": (
        _model(f"{_CONFORMANCE}:AskRequest"),
        _object(answers=_list(_object(verdict=_VERDICT, rows=_MAYBE_ROWS, reason=_MAYBE_TEXT))),
    ),
    "conformance-judge": (
        _model(f"{_CONFORMANCE}:JudgeRequest"),
        _object(verdict=_VERDICT),
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


_REFUSALS = {
    "400": "The request is sound, but cannot be answered.",
    "401": "The bearer token is missing or wrong.",
    "403": "The Host header is not this machine's, or a web page asks.",
    "404": "The model named is not known here.",
    "408": "The request did not arrive in time.",
    "413": "The body is too large.",
    "415": "The content type is not application/json.",
    "422": "The request is not what the operation takes.",
    "500": "A defect.",
    "503": "Too many requests are waiting.",
}
_ERROR = {"$ref": "#/components/schemas/Error"}
_REPLY = {
    "type": "object",
    "description": 'The tagged reply: `{"ok": …}`, or `{"error": {"kind", "message", …}}`.',
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {"ok": {"type": "object"}, "error": {"type": "object"}},
    "additionalProperties": False,
}


def document(title: str, version: str, operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the document: a route for each operation, and the server's own."""
    components: dict[str, Schema] = {"Error": _answer(detail={"type": "string"})}
    paths = {row.path: {"post": _operation(row, components)} for row in operations}
    paths |= _own_paths([row.name for row in operations])
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(row: Operation, components: dict[str, Schema]) -> dict[str, Any]:
    request, response = schemas_of(row.name)
    components[f"{row.name}.request"] = _moved(request, f"{row.name}.request", components)
    components[f"{row.name}.response"] = _moved(response, f"{row.name}.response", components)
    return {
        "operationId": row.name,
        "requestBody": _content(_reference(f"{row.name}.request"), required=True),
        "responses": _responses(_reference(f"{row.name}.response")),
    }


def _moved(schema: Schema, prefix: str, components: dict[str, Schema]) -> Schema:
    """Return the schema with its `$defs` made components, named so that none meets another."""
    text = json.dumps(schema).replace('"#/$defs/', f'"#/components/schemas/{prefix}.')
    moved: Schema = json.loads(text)
    for name, part in moved.pop("$defs", {}).items():
        components[f"{prefix}.{name}"] = part
    return moved


def _own_paths(names: list[str]) -> dict[str, Any]:
    health = _answer(status={"const": "healthy"}, version={"type": "string"})
    status = _answer(status={"const": "stopping"})
    operation = {"name": "operation", "in": "path", "required": True, "schema": {"enum": names}}
    return {
        "/health": {
            "get": {"operationId": "health", "security": [], "responses": _responses(health)}
        },
        "/shutdown": {"post": {"operationId": "shutdown", "responses": _responses(status)}},
        "/call/{operation}": {
            "post": {
                "operationId": "call",
                "description": "Any operation, by the name that it has inside ktx.",
                "parameters": [operation],
                "requestBody": _content({"type": "object"}, required=True),
                "responses": _responses(_REPLY),
            }
        },
    }


def _responses(answer: Schema) -> dict[str, Any]:
    refusals = {
        status: {"description": description, **_content(_ERROR)}
        for status, description in _REFUSALS.items()
    }
    return {"200": {"description": "The answer.", **_content(answer)}, **refusals}


def _content(schema: Schema, **more: object) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}, **more}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(**properties: Schema) -> Schema:
    """Return the schema of an answer, which may have more members some day."""
    return {"type": "object", "properties": properties, "required": list(properties)}
