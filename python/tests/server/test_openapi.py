"""The OpenAPI document says what the server does, and nothing that fits it is a defect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from jsonschema_rs import validator_for
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ktx_daemon.dispatch import dispatch
from ktx_daemon.operations import OPERATIONS
from ktx_daemon.server.calls import Calls, Lanes
from ktx_daemon.server.compatible import TITLE
from ktx_daemon.server.openapi import document, is_described, schemas_of
from support.servers import TOKEN, ServerProcess, running_server

CONTRACT = Path(__file__).parents[3] / "tests" / "contract"
CASES = sorted(CONTRACT.glob("*/*.json"))
AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}"}
CHECKS = (
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
EXAMPLES = 40
# Nobody's random code is run here.
TABLE = [
    OPERATIONS[name]
    for name in Calls(Lanes(), lambda: None, code_execution=False).operations()
    if not name.startswith("test-")  # other tests' own
]
schema = schemathesis.openapi.from_dict(document(TITLE, "1.2.3", TABLE))


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with running_server(code_execution=False) as running:
        yield running


# The end of the server has a test of its own.
@schema.exclude(path="/shutdown").parametrize()
@hypothesis.seed(20261121)
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_no_request_is_a_defect(case: Any, server: ServerProcess) -> None:
    case.call_and_validate(
        base_url=f"http://127.0.0.1:{server.port}", headers=AUTHORIZATION, checks=CHECKS
    )


def test_the_server_gives_the_document_to_who_knows_the_token(server: ServerProcess) -> None:
    served = server.ask("GET", "/openapi.json").json()
    assert served["info"] == {"title": "KTX Daemon", "version": "1.2.3"}
    assert {row.path for row in TABLE} < set(served["paths"])


@pytest.mark.parametrize("operation", list(OPERATIONS))
def test_every_operation_is_described(operation: str) -> None:
    assert is_described(operation)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_contract_examples_fit_the_schemas(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    if "ok" in case["reply"]:
        request, response = schemas_of(case["operation"])
        validator_for(request).validate(case["request"])
        validator_for(response).validate(case["reply"]["ok"])


def test_a_request_that_does_not_fit_is_refused() -> None:
    request, _ = schemas_of("semantic-validate")
    wrong = {"sources": [], "dialect": 3}
    assert not validator_for(request).is_valid(wrong)
    reply = json.loads(dispatch("semantic-validate", json.dumps(wrong).encode()))
    assert reply["error"]["kind"] == "invalid_request"
