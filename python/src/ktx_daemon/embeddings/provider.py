"""What turns texts into vectors: one interface, two backends, one of each in a process."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from threading import Lock
from typing import Protocol

from ktx_daemon.embeddings.model_files import ModelFiles, find_model
from ktx_daemon.errors import UNSUPPORTED, OperationError

DIMENSIONS = 384
MAX_TOKENS = 256
"""Of a text with its two markers; what is beyond does not count."""


class Provider(Protocol):
    """A loaded backend. Its vectors have the length 1; threads may share it."""

    @property
    def files(self) -> ModelFiles:
        """The model that it was loaded from."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector of DIMENSIONS for each text: float32 widened to double."""


class _Backend:
    def __init__(self, module: str, packages: Sequence[str], feature: str) -> None:
        self.module = module
        self.packages = packages
        self.feature = feature

    def load(self, files: ModelFiles) -> Provider:
        loaded: Provider = import_module(self.module).load(files)
        return loaded


BACKENDS = {
    "onnx": _Backend(
        "ktx_daemon.embeddings.onnx_backend",
        ("numpy", "onnxruntime", "tokenizers"),
        "local-embeddings",
    ),
    "sentence-transformers": _Backend(
        "ktx_daemon.embeddings.torch_backend",
        ("sentence_transformers", "torch"),
        "sentence-transformers",
    ),
}

_loaded: dict[str, Provider] = {}
_loading = Lock()


def provider(backend: str) -> Provider:
    """Return the backend, loaded when it is first asked for.

    Raises OperationError `unsupported` when its packages or the model are not installed.
    """
    found = _loaded.get(backend)
    if found is not None:
        return found
    with _loading:
        if backend not in _loaded:
            _loaded[backend] = _load(BACKENDS[backend])
        return _loaded[backend]


def _load(backend: _Backend) -> Provider:
    require_packages(backend.packages, backend.feature)
    return backend.load(find_model())


def require_packages(packages: Sequence[str], feature: str) -> None:
    """Raise OperationError when one of the packages is not installed."""
    from importlib.util import find_spec

    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise not_installed(f"the package {missing[0]} is not installed", feature)


def not_installed(reason: str, feature: str = "local-embeddings") -> OperationError:
    """Return the error for embeddings that are not installed."""
    return OperationError(
        UNSUPPORTED,
        f"Local embeddings are not available: {reason}.",
        fix=f"Run: ktx runtime install --feature {feature} --yes",
    )
