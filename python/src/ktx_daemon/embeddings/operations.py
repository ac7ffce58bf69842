"""The operations on embeddings: one text, up to a hundred, and what they are made with."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any, Literal

from ktx_daemon.embeddings.model_files import CHECKSUM, MODEL, find_model
from ktx_daemon.embeddings.provider import BACKENDS, DIMENSIONS, provider, require_packages
from ktx_daemon.errors import INVALID_QUERY, INVALID_REQUEST, OperationError
from ktx_daemon.requests import checked
from semantic_layer.data.model import Model

Backend = Literal["onnx", "sentence-transformers"]
MOST_TEXTS = 100


class ComputeRequest(Model):
    """One text."""

    text: str
    backend: Backend = "onnx"


class ComputeBulkRequest(Model):
    """From 1 to 100 texts."""

    texts: list[str]
    backend: Backend = "onnx"


class InfoRequest(Model):
    """Asks what embeddings are made with; `verify` reads every file and tries the model."""

    backend: Backend = "onnx"
    verify: bool = False


def embedding_compute(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `embedding-compute`."""
    asked = checked(ComputeRequest, request)
    if not asked.text:
        raise _invalid("text: must have at least one character")
    if _is_blank(asked.text):
        raise _blank("Text cannot be empty", "Send a text that is not blank.")
    (vector,) = provider(asked.backend).embed([asked.text])
    return {"embedding": vector}


def embedding_compute_bulk(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `embedding-compute-bulk`."""
    asked = checked(ComputeBulkRequest, request)
    if not 1 <= len(asked.texts) <= MOST_TEXTS:
        raise _invalid(f"texts: must have 1 to {MOST_TEXTS} items, not {len(asked.texts)}")
    blank = [index for index, text in enumerate(asked.texts) if _is_blank(text)]
    if blank:
        raise _blank(f"Empty texts found at indices: {blank}", "Leave those texts out.")
    return {"embeddings": provider(asked.backend).embed(asked.texts)}


def embedding_info(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `embedding-info`."""
    asked = checked(InfoRequest, request)
    backend = BACKENDS[asked.backend]
    require_packages(backend.packages, backend.feature)
    find_model()
    info = {
        "backend": asked.backend,
        "model": MODEL,
        "checksum": CHECKSUM,
        "dimensions": DIMENSIONS,
    }
    if asked.verify:
        from ktx_daemon.embeddings.known_vector import verify

        info["difference"] = verify(asked.backend)
    return info


def _is_blank(text: str) -> bool:
    return not text.strip()


def _blank(message: str, fix: str) -> OperationError:
    return OperationError(INVALID_QUERY, message, fix=fix)


def _invalid(message: str) -> OperationError:
    return OperationError(INVALID_REQUEST, f"The request, {message}", fix="Correct the field.")
