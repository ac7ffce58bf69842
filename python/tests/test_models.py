"""A model is read once; another one is never taken for it; what is kept has bounds."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from hashlib import sha256
from typing import Any

import pytest

from ktx_daemon import semantic_layer
from ktx_daemon.dispatch import dispatch
from ktx_daemon.errors import OperationError
from ktx_daemon.models import DIALECTS, SMALL, ModelStore
from ktx_daemon.requests import LARGE, decode

ORDERS: dict[str, Any] = {
    "name": "orders",
    "table": "orders",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number"}],
    "measures": [{"name": "n", "expr": "count(id)"}],
}
QUESTION = {"measures": ["orders.n"]}


def variant(table: str) -> list[dict[str, Any]]:
    """The model over another table."""
    return [deepcopy(ORDERS) | {"table": table}]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    store = ModelStore(kept=3)
    monkeypatch.setattr(semantic_layer, "STORE", store)
    return store


@pytest.fixture
def collecting() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize("size", [0, 3, SMALL, SMALL + 1])
@pytest.mark.parametrize("loaded", ["True", "False"])
def test_a_digest_is_the_same_whoever_computes_it(size: int, loaded: str) -> None:
    """CPython's own SHA-256 for few bytes, unless OpenSSL is loaded anyway."""
    script = f"""
import sys
if {loaded}: import hashlib
from ktx_daemon.models import sha256
print(sha256(bytes({size})), "hashlib" in sys.modules)
"""
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    digest, uses_openssl = found.stdout.split()
    assert digest == sha256(bytes(size)).hexdigest()
    assert uses_openssl == str(loaded == "True" or size > SMALL)


def reply_to(operation: str, request: object) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(dispatch(operation, json.dumps(request).encode()))
    return reply


def registered(sources: list[dict[str, Any]]) -> str:
    digest: str = reply_to("semantic-register-model", {"sources": sources})["ok"]["model"]
    return digest


def test_equal_content_is_one_engine(store: ModelStore) -> None:
    first = store.same_as(variant("a")).engine("sqlite")
    assert store.same_as(variant("a")).engine("sqlite") is first


def test_another_dialect_or_content_is_another_engine(store: ModelStore) -> None:
    first = store.same_as(variant("a"))
    assert first.engine("duckdb") is not first.engine("sqlite")
    other = store.same_as(variant("b"))
    assert "FROM b" in other.engine("sqlite").query(QUESTION).sql
    assert "FROM a" in first.engine("sqlite").query(QUESTION).sql


def test_the_least_recent_is_forgotten(store: ModelStore) -> None:
    first = store.same_as(variant("first"))
    for number in range(2):
        store.same_as(variant(f"t{number}"))
    assert store.same_as(variant("first")) is first  # and is the latest again
    for number in range(3):
        store.same_as(variant(f"u{number}"))
    assert store.same_as(variant("first")) is not first


def test_bytes_are_bounded_and_the_latest_is_kept_whatever_its_size() -> None:
    store = ModelStore(kept=8, kept_bytes=2 * len(json.dumps(variant("a"))))
    models = [store.same_as(variant(name)) for name in "abc"]
    assert store.same_as(variant("b")) is models[1]
    assert store.same_as(variant("c")) is models[2]
    assert store.same_as(variant("a")) is not models[0]
    huge = store.register("sha256:huge", variant("huge"), 10**9)
    assert store.registered("sha256:huge") is huge
    store.register("sha256:small", variant("small"), 10)
    with pytest.raises(OperationError, match="no model 'sha256:huge'"):
        store.registered("sha256:huge")


def test_engines_of_a_model_are_bounded(store: ModelStore) -> None:
    known = store.same_as(variant("a"))
    first = known.engine("sqlite")
    for dialect in ("postgres", "duckdb", "mysql", "bigquery")[:DIALECTS]:
        known.engine(dialect)
    assert known.engine("sqlite") is not first


def test_a_registered_model_is_asked_about_by_the_digest_of_its_request(store: ModelStore) -> None:
    request = json.dumps({"sources": variant("a")}).encode()
    reply = json.loads(dispatch("semantic-register-model", request))
    digest = f"sha256:{sha256(request).hexdigest()}"
    assert reply == {"ok": {"model": digest, "sources": 1}}
    asked = {"query": QUESTION, "dialect": "sqlite"}
    by_content = reply_to("semantic-query", {"sources": variant("a"), **asked})
    assert reply_to("semantic-query", {"model": digest, **asked}) == by_content
    by_content = reply_to("semantic-validate", {"sources": variant("a")})
    assert reply_to("semantic-validate", {"model": digest}) == by_content


def test_a_question_by_digest_does_not_look_at_the_model(store: ModelStore) -> None:
    digest = registered(variant("a"))
    asked = {"model": digest, "query": QUESTION, "dialect": "sqlite"}
    first = reply_to("semantic-query", asked)
    store.registered(digest).sources = None  # type: ignore[assignment]
    assert reply_to("semantic-query", asked) == first


def test_registering_again_does_not_read_again(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = registered(variant("a"))
    known = store.registered(digest)
    monkeypatch.setattr(semantic_layer, "decode", None)
    assert registered(variant("a")) == digest
    assert store.registered(digest) is known


def test_a_forgotten_model_is_unknown(store: ModelStore) -> None:
    digest = registered(variant("a"))
    for number in range(3):
        registered(variant(f"t{number}"))
    error = reply_to("semantic-query", {"model": digest, "query": QUESTION})["error"]
    assert error["kind"] == "unknown_model"
    assert "semantic-register-model" in error["fix"]


def test_threads_share_models_and_leave_the_collector_on(
    store: ModelStore, collecting: None
) -> None:
    names = [f"table_{number}" for number in range(5)]  # more than the store keeps

    def ask(number: int) -> bool:
        name = names[number % len(names)]
        digest = registered(variant(name))
        asked = {"query": QUESTION, "dialect": ("sqlite", "duckdb")[number % 2]}
        by_content = reply_to("semantic-query", {"sources": variant(name), **asked})
        by_digest = reply_to("semantic-query", {"model": digest, **asked})
        forgotten = by_digest.get("error", {}).get("kind") == "unknown_model"
        return f"FROM {name} " in by_content["ok"]["sql"] and (forgotten or by_digest == by_content)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(400)))
    assert gc.isenabled()


def test_a_call_that_finds_the_collector_off_leaves_it_alone(collecting: None) -> None:
    gc.disable()
    reply_to("semantic-query", {"sources": variant("a"), "query": QUESTION})
    assert not gc.isenabled()


def test_a_large_request_beside_other_threads_is_read_the_same() -> None:
    sources = [{**ORDERS, "name": f"s{number}"} for number in range(LARGE // 100)]
    request = json.dumps({"sources": sources}).encode()
    assert len(request) > LARGE
    with ThreadPoolExecutor(1) as threads:
        threads.submit(int).result()  # starts the thread
        assert decode(request) == {"sources": sources}
