"""The seam: bytes in, bytes out, never an exception but those that end a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ktx_daemon import PACKAGE_NAME, VERSION
from ktx_daemon import semantic_layer as operations
from ktx_daemon.dispatch import dispatch, prepare
from support.shop import MODEL

REQUEST: dict[str, Any] = {
    "sources": list(MODEL.values()),
    "query": {"measures": ["orders.revenue"], "dimensions": ["customers.name"]},
    "dialect": "sqlite",
}
SOURCE_ROOT = Path(__file__).parents[1] / "src"


def reply_to(request: object, operation: str = "semantic-query") -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(dispatch(operation, json.dumps(request).encode()))
    return reply


def test_names() -> None:
    assert (PACKAGE_NAME, VERSION) == ("ktx-daemon", "0.1.0")


def test_equal_requests_get_equal_bytes() -> None:
    request = json.dumps(REQUEST).encode()
    assert dispatch("semantic-query", request) == dispatch("semantic-query", request)


def test_response_has_exactly_the_documented_keys() -> None:
    response = reply_to(REQUEST)["ok"]
    keys = ["sql", "dialect", "columns", "plan", "warnings", "timezone", "checks"]
    assert list(response) == keys


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"sources": NaN}',
        b'{"limit": Infinity}',
        b'{"query": "\\ud800"}',
        b"[" * 100_000,
        b"null",
        b"3",
    ],
)
def test_bad_json_is_an_invalid_request(request_bytes: bytes) -> None:
    assert json.loads(dispatch("semantic-query", request_bytes))["error"]["kind"] == (
        "invalid_request"
    )


@pytest.mark.parametrize("key", ["False", "Measures", "str", ""])
def test_an_unknown_key_is_named_however_it_begins(key: str) -> None:
    error = reply_to({"sources": [], key: None}, "semantic-validate")["error"]
    assert error["kind"] == "invalid_request"
    assert error["details"]["path"] == [key]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda r: r.pop("sources"), "sources"),
        (lambda r: r.pop("query"), "query"),
        (lambda r: r.update(dialect=None), "dialect"),
        (lambda r: r.update(extra=1), "extra"),
        (lambda r: r.update(sources={}), "sources"),
        (lambda r: r.update(sources=[1]), "sources.0"),
        (lambda r: r["query"].pop("measures"), "query.measures"),
        (lambda r: r["query"].update(limit=None), "query.limit"),
        (lambda r: r["query"].update(limit=True), "query.limit"),
        (lambda r: r["query"].update(limit="5"), "query.limit"),
        (lambda r: r["query"].update(limit=5.0), "query.limit"),
        (lambda r: r["query"].update(include_empty="yes"), "query.include_empty"),
        (lambda r: r["query"].update(dimensions=[{"granularity": "day"}]), "query.dimensions.0"),
        (lambda r: r["query"].update(filters="orders.id = 1"), "query.filters"),
        (lambda r: r["query"].update(order_by=[{"field": 1}]), "query.order_by.0"),
    ],
)
def test_missing_ill_typed_and_extra_fields(change: Callable[[Any], object], place: str) -> None:
    request = json.loads(json.dumps(REQUEST))
    change(request)
    error = reply_to(request)["error"]
    assert error["kind"] == "invalid_request"
    assert f", {place}" in error["message"]


def test_negative_limit() -> None:
    request = {**REQUEST, "query": {"measures": [], "limit": -1}}
    assert "limit must be non-negative, got -1" in reply_to(request)["error"]["message"]


def test_only_the_sources_of_the_question_are_read() -> None:
    broken = {"name": "broken", "columns": "none"}
    assert "ok" in reply_to({**REQUEST, "sources": [*REQUEST["sources"], broken]})
    query = {"measures": ["sum(broken.x)"]}
    error = reply_to({**REQUEST, "sources": [broken], "query": query})["error"]
    assert (error["kind"], error["location"]["source"]) == ("invalid_model", "broken")


@pytest.mark.parametrize("field", ["to", "on", "relationship", "alias"])
def test_ill_typed_join_is_an_invalid_model(field: str) -> None:
    sources = json.loads(json.dumps(REQUEST["sources"]))
    sources[0]["joins"][0][field] = ["x"]
    error = reply_to({**REQUEST, "sources": sources})["error"]
    assert error["kind"] == "invalid_model"
    assert error["location"]["source"] == "orders"


def test_endless_nesting_is_refused() -> None:
    query = {"measures": ["orders.revenue"], "filters": ["(" * 5000 + "1" + ")" * 5000]}
    assert reply_to({**REQUEST, "query": query})["error"]["kind"] == "invalid_query"


def test_a_bug_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(operations, "query_semantic_layer", fail)
    error = reply_to(REQUEST)["error"]
    assert error["kind"] == "internal"
    assert error["message"] == "ZeroDivisionError: oops"
    assert "ZeroDivisionError" in error["details"]["traceback"]


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit, MemoryError])
def test_what_ends_a_process_passes_through(
    monkeypatch: pytest.MonkeyPatch, ending: type[BaseException]
) -> None:
    def end(_: object) -> None:
        raise ending

    monkeypatch.setattr(operations, "query_semantic_layer", end)
    with pytest.raises(ending):
        dispatch("semantic-query", json.dumps(REQUEST).encode())


FORBIDDEN = [
    *("pydantic", "yaml", "pandas", "numpy", "requests", "fastapi", "uvicorn", "argparse"),
    *("lkml", "psycopg", "orjson", "sqlite3", "asyncio", "sqlglot.executor"),
    *("semantic_layer.loader", "semantic_layer.manifest", "semantic_layer.validate.model"),
    *("sqlglot.optimizer.optimizer", "sqlglot.dialects.duckdb", "sqlglot.dialects.snowflake"),
]


def test_a_query_imports_only_what_it_needs(tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps(REQUEST))
    program = (
        "import sys, pathlib\n"
        "from ktx_daemon.dispatch import dispatch\n"
        "reply = dispatch('semantic-query', pathlib.Path(sys.argv[1]).read_bytes())\n"
        "assert reply.startswith(b'{\"ok\"'), reply\n"
        "print('\\n'.join(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(request)],
        env={"PYTHONPATH": str(SOURCE_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "semantic_layer.planner" in loaded
    assert loaded & set(FORBIDDEN) == set()


HEAVY = [
    *("sqlglot", "pydantic", "pandas", "numpy", "lkml", "psycopg", "duckdb", "pymysql", "sqlite3"),
    *("fastapi", "uvicorn", "yaml", "dataclasses", "inspect", "subprocess", "asyncio", "logging"),
    *("resource", "tempfile", "argparse", "typing_extensions", "urllib.parse"),
]


def test_the_seam_itself_imports_next_to_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; import ktx_daemon.dispatch; print(*sys.modules)"],
        env={"PYTHONPATH": str(SOURCE_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert loaded & set(HEAVY) == set()
    # Of our own, nothing but the table, the seam with its requests, and the errors.
    assert {name for name in loaded if name.startswith(("ktx_daemon", "semantic_layer"))} == {
        "ktx_daemon",
        "ktx_daemon.dispatch",
        "ktx_daemon.errors",
        "ktx_daemon.operations",
        "ktx_daemon.requests",
    }


def run_command(*arguments: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "ktx_daemon", *arguments],
        input=stdin,
        env={"PYTHONPATH": str(SOURCE_ROOT)},
        capture_output=True,
        check=False,
    )


def test_one_shot_command() -> None:
    done = run_command("semantic-query", stdin=json.dumps(REQUEST).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1
    assert json.loads(done.stdout) == reply_to(REQUEST)["ok"]


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (b"[]", b"stdin JSON must be an object"),
        (b"{", b"not valid JSON"),
        (json.dumps({**REQUEST, "query": {"measures": ["x"]}}).encode(), b"neither a column"),
    ],
)
def test_one_shot_failure(stdin: bytes, message: bytes) -> None:
    done = run_command("semantic-query", stdin=stdin)
    assert (done.returncode, done.stdout) == (1, b"")
    assert message in done.stderr


def test_one_shot_usage_error() -> None:
    assert run_command("semantic-guess", stdin=b"{}").returncode == 2


def test_one_shot_code_execution_has_to_be_allowed() -> None:
    refused = run_command("code-execute", stdin=b'{"code": "6 * 7"}')
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"--enable-code-execution" in refused.stderr
    done = run_command("code-execute", "--enable-code-execution", stdin=b'{"code": "6 * 7"}')
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["result"] == 42


def test_preparing_imports_what_an_operation_needs() -> None:
    """And calls nothing."""
    script = (
        "import sys; from ktx_daemon.dispatch import prepare\n"
        "print('sqlglot' in sys.modules, prepare('semantic-query'), 'sqlglot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(SOURCE_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False b'{\"ok\":{}}' True\n"


def test_preparing_what_there_is_not_is_an_error() -> None:
    """As a reply, like every other."""
    assert json.loads(prepare("no-such-operation"))["error"]["kind"] == "internal"
