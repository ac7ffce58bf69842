"""Both APIs, `dispatch` and the one-shot command give the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ktx_daemon.dispatch import dispatch
from ktx_daemon.operations import OPERATIONS
from support.servers import SOURCE_ROOT, ServerProcess, running_server

CONTRACT = Path(__file__).parents[3] / "tests" / "contract"
CASES = sorted(CONTRACT.glob("*/*.json"))
STATUSES = {"invalid_request": 422, "unknown_model": 404, "internal": 500}


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with running_server() as running:
        yield running


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_way_gives_the_same_bytes(server: ServerProcess, path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    operation, request = case["operation"], json.dumps(case["request"]).encode()
    expected = dispatch(operation, request)
    native = server.ask("POST", f"/call/{operation}", request)
    if operation in OPERATIONS:
        assert (native.status, native.body) == (200, expected)
        compare_compatible(server, operation, request, case["reply"])
    else:
        assert native.status == 200
        assert native.json()["error"]["kind"] == "unknown_operation"


def compare_compatible(
    server: ServerProcess, operation: str, request: bytes, reply: dict[str, Any]
) -> None:
    answer = server.ask("POST", OPERATIONS[operation].path, request)
    if OPERATIONS[operation].enabled_by is not None:
        assert answer.status == 404  # this server does not allow it
        return
    done = subprocess.run(
        [sys.executable, "-m", "ktx_daemon", operation],
        input=request,
        env={"PYTHONPATH": str(SOURCE_ROOT)},
        capture_output=True,
        check=False,
    )
    if "ok" in reply:
        assert answer.status == 200
        assert answer.body + b"\n" == done.stdout
    else:
        error = reply["error"]
        assert done.returncode == 1
        assert answer.status == STATUSES.get(error["kind"], 400)
        assert answer.json()["detail"].startswith(error["message"])
        assert set(answer.json()) == {"detail"}


def test_health(server: ServerProcess) -> None:
    answer = server.ask("GET", "/health", headers={"authorization": ""})
    assert (answer.status, answer.json()) == (200, {"status": "healthy", "version": "1.2.3"})


def test_a_model_registered_through_one_api_is_known_at_the_other(server: ServerProcess) -> None:
    case = json.loads((CONTRACT / "semantic-query" / "one_source.json").read_text())
    sources = json.dumps({"sources": case["request"]["sources"]}).encode()
    registered = server.ask("POST", "/semantic-layer/models", sources).json()
    request = {**case["request"], "model": registered["model"]}
    del request["sources"]
    assert server.call("semantic-query", request) == case["reply"]


def test_a_defect_is_a_500_with_the_operations_prefix(server: ServerProcess) -> None:
    answer = server.ask("POST", "/test/test-break", b"{}")
    assert answer.status == 500
    assert answer.json()["detail"].startswith("Test failed: ZeroDivisionError: in python")
    assert server.call("test-break", {})["error"]["kind"] == "internal"


@pytest.mark.parametrize("how", ["exit", "interrupt", "memory"])
def test_what_would_end_a_process_ends_only_the_call(server: ServerProcess, how: str) -> None:
    assert server.call("test-end", {"how": how})["error"]["kind"] == "internal"
    assert server.ask("GET", "/health").status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/call/semantic-query", 405),
        ("POST", "/health", 405),
        ("GET", "/shutdown", 405),
        ("GET", "/semantic-layer/query", 405),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("GET", "/", 404),
        ("POST", "/code/execute", 404),
    ],
)
def test_what_is_not_there(server: ServerProcess, method: str, path: str, status: int) -> None:
    assert server.ask(method, path, b"{}" if method == "POST" else None).status == status


def test_code_execution_is_off_at_the_native_api_too(server: ServerProcess) -> None:
    error = server.call("code-execute", {"code": "1"})["error"]
    assert error["kind"] in ("unsupported", "unknown_operation")
