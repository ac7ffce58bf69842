"""Models that this process was asked about, so that each is read and indexed once.

A model is known by the digest of the request that registered it, or by its content when it came
with a question. Comparing two equal models costs less than a digest of one, and the first question
of a process, often its only one, pays nothing.
"""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from importlib import import_module
from typing import Any

from ktx_daemon.errors import UNKNOWN_MODEL, OperationError
from semantic_layer.catalog import Catalog
from semantic_layer.engine import SemanticEngine

KEPT = 8
KEPT_BYTES = 64 * 1024 * 1024
"""The models kept hold at most so much JSON; in memory it is several times as much."""
DIALECTS = 4

Sources = list[dict[str, Any]]

SMALL = 256 * 1024
"""Of so many bytes CPython's own SHA-256 has a digest before OpenSSL would be loaded (3 ms)."""


def sha256(data: bytes) -> str:
    """Return the digest in hexadecimal."""
    if len(data) <= SMALL and "hashlib" not in sys.modules:
        # Private, and what `random` imports for the same reason.
        for name in ("_sha2", "_sha256"):
            with suppress(ImportError, AttributeError):
                digest: str = import_module(name).sha256(data).hexdigest()
                return digest
    from hashlib import sha256 as of_openssl

    return of_openssl(data).hexdigest()


class KnownModel:
    """One model and its engines.

    `lock` is to be held while an engine works: engines fill caches of their own, and planning holds
    the interpreter, so nothing is lost by it.
    """

    def __init__(
        self,
        store: ModelStore,
        sources: Sources,
        digest: str | None = None,
        size: int | None = None,
    ) -> None:
        self._store = store
        self.sources = sources
        self.digest = digest
        self.lock = threading.RLock()
        self._size = size
        self._engines: dict[str, SemanticEngine] = {}

    def engine(self, dialect: str) -> SemanticEngine:
        """Return the engine for a dialect, made or made before."""
        with self.lock:
            engine = self._engines.pop(dialect, None)
            if engine is None:
                engine = SemanticEngine.from_sources(Catalog.from_list(self.sources), dialect)
                self._store.made += 1
            self._engines[dialect] = engine  # the latest is last
            while len(self._engines) > DIALECTS:
                del self._engines[next(iter(self._engines))]
                self._store.forgotten += 1
            return engine

    def size(self) -> int:
        """Return how many bytes of JSON the model is."""
        if self._size is None:
            import json

            self._size = sum(len(json.dumps(source)) for source in self.sources)
        return self._size


class ModelStore:
    """The latest models, bounded by their number and their size; the latest is always kept."""

    def __init__(self, kept: int = KEPT, kept_bytes: int = KEPT_BYTES) -> None:
        self.made = 0
        """How many models and engines there have been."""
        self.forgotten = 0
        """How many of them are kept no more."""
        self._kept = kept
        self._kept_bytes = kept_bytes
        self._lock = threading.Lock()
        self._models: list[KnownModel] = []  # the latest first

    def registered(self, digest: str) -> KnownModel:
        """Return the model with this digest; `unknown_model` when it was never here or is gone."""
        with self._lock:
            for model in self._models:
                if model.digest == digest:
                    return self._latest(model)
        raise OperationError(
            UNKNOWN_MODEL,
            f"There is no model '{digest}' here.",
            fix="Register it with semantic-register-model and ask again.",
        )

    def register(self, digest: str, sources: Sources, size: int) -> KnownModel:
        """Keep a model under its digest."""
        return self._keep(KnownModel(self, sources, digest, size))

    def same_as(self, sources: Sources) -> KnownModel:
        """Return the model of this content, kept from now on if it was not."""
        with self._lock:
            models = list(self._models)
        for model in models:
            if _are_equal(model.sources, sources):
                with self._lock:
                    return self._latest(model)
        return self._keep(KnownModel(self, sources))

    def _keep(self, model: KnownModel) -> KnownModel:
        with self._lock:
            others = [
                known for known in self._models if model.digest != known.digest or not model.digest
            ]
            before = len(self._models)
            self._models = [model, *others]
            self._forget()
            self.made += 1
            self.forgotten += before + 1 - len(self._models)
            return model

    def _latest(self, model: KnownModel) -> KnownModel:
        if model in self._models:
            self._models.remove(model)
            self._models.insert(0, model)
        return model  # also when another thread has just let it go

    def _forget(self) -> None:
        del self._models[self._kept :]
        # One model needs no measuring, and neither does a process that has one question.
        while len(self._models) > 1 and sum(m.size() for m in self._models) > self._kept_bytes:
            self._models.pop()


def _are_equal(one: Sources, other: Sources) -> bool:
    # A step at a time: other threads would have to wait for one comparison of all.
    return len(one) == len(other) and all(a == b for a, b in zip(one, other, strict=True))


STORE = ModelStore()
"""The models of this process."""
