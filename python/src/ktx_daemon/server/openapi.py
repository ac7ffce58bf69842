"""The OpenAPI document of a server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ktx_daemon.operations import Operation
from ktx_daemon.server.schemas import Schema, schemas_of

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
    components: dict[str, Schema] = {"Error": _object(detail={"type": "string"})}
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
    health = _object(status={"const": "healthy"}, version={"type": "string"})
    status = _object(status={"const": "stopping"})
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


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}
