"""The one table of operations, against what the formats promise and the documentation says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ktx_daemon.dispatch import dispatch, handler_of
from ktx_daemon.operations import CODE_EXECUTION, COMPUTE, EMBEDDING, OPERATIONS, WAITING

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "boundary.md"
# Name, route and the beginning of an answer 500, as front ends of other versions know them.
PROMISED = {
    "semantic-query": ("/semantic-layer/query", "Semantic layer query failed"),
    "semantic-validate": ("/semantic-layer/validate", "Semantic layer validation failed"),
    "semantic-verify": ("/semantic-layer/verify", "Semantic layer verification failed"),
    "semantic-data-checks": ("/semantic-layer/data-checks", "Semantic layer data checks failed"),
    "semantic-generate-sources": (
        "/semantic-layer/generate-sources",
        "Semantic source generation failed",
    ),
    "database-introspect": ("/database/introspect", "Database introspection failed"),
    "database-query": ("/database/query", "Database query failed"),
    "database-test": ("/database/test", "Database test failed"),
    "conformance-compile": ("/conformance/compile", "Conformance questions failed"),
    "conformance-ask": ("/conformance/ask", "Conformance statements failed"),
    "conformance-judge": ("/conformance/judge", "Conformance verdict failed"),
    "lookml-parse": ("/lookml/parse", "LookML parsing failed"),
    "parse-table-identifier": (
        "/sql/parse-table-identifier",
        "Table identifier parsing failed",
    ),
    "sql-validate-read-only": ("/sql/validate-read-only", "Read-only validation failed"),
    "sql-analyze-batch": ("/sql/analyze-batch", "SQL analysis failed"),
    "result-parquet": ("/result/parquet", "Parquet export failed"),
    "code-execute": ("/code/execute", "Code execution failed"),
}
# Those of the embedding model and of registered models, which have tests of their own.
ELSEWHERE = {
    *("embedding-compute", "embedding-compute-bulk", "embedding-info"),
    "semantic-register-model",
}


def test_names_and_routes_are_those_promised() -> None:
    found = {
        name: (operation.path, operation.failure)
        for name, operation in OPERATIONS.items()
        if name not in ELSEWHERE
    }
    assert found == PROMISED


def test_the_documentation_lists_every_operation() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| `(/[a-z/-]+)` \| ([a-z]+) \|", DOCUMENTATION.read_text(), re.MULTILINE
    )
    assert {name: (path, lane) for name, path, lane in rows} == {
        name: (operation.path, operation.lane) for name, operation in OPERATIONS.items()
    }


def test_routes_are_told_apart_and_lanes_are_known() -> None:
    assert len({operation.path for operation in OPERATIONS.values()}) == len(OPERATIONS)
    assert {operation.lane for operation in OPERATIONS.values()} <= {COMPUTE, WAITING, EMBEDDING}
    assert {"database-introspect", "code-execute"} <= {
        name for name, operation in OPERATIONS.items() if operation.lane == WAITING
    }


@pytest.mark.parametrize("name", PROMISED)
def test_every_handler_is_there(name: str) -> None:
    assert callable(handler_of(name, {CODE_EXECUTION}))


@pytest.mark.parametrize("name", PROMISED)
@pytest.mark.parametrize(
    "request_bytes",
    [
        b"{}",
        b'{"sql": null, "items": null, "files": 3, "tables": "x", "code": [], "url": {}}',
        b'{"\\u0000": "\\u0000"}',
        b'{"dialect": ' + b"[" * 200 + b"]" * 200 + b"}",
    ],
)
def test_requests_of_the_wrong_shape(name: str, request_bytes: bytes) -> None:
    error = json.loads(dispatch(name, request_bytes, {CODE_EXECUTION}))["error"]
    assert error["kind"] == "invalid_request"
    assert error["fix"]
    assert "suggestions" not in error or name.startswith("semantic-")
