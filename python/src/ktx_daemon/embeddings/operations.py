"""The operations on embeddings: one text, up to a hundred, and what they are made with."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any, Literal, TypeVar

from ktx_daemon.embeddings.model_files import CHECKSUM, MODEL, find_model
from ktx_daemon.embeddings.provider import BACKENDS, DIMENSIONS, provider, require_packages
from ktx_daemon.errors import INVALID_QUERY, INVALID_REQUEST, OperationError
from semantic_layer.model_base import Model

RequestT = TypeVar("RequestT", bound=Model)
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
    checked = _checked(ComputeRequest, request)
    if not checked.text:
        raise _invalid("text: must have at least one character")
    if _is_blank(checked.text):
        raise _blank("Text cannot be empty", "Send a text that is not blank.")
    (vector,) = provider(checked.backend).embed([checked.text])
    return {"embedding": vector}


def embedding_compute_bulk(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `embedding-compute-bulk`."""
    checked = _checked(ComputeBulkRequest, request)
    if not 1 <= len(checked.texts) <= MOST_TEXTS:
        raise _invalid(f"texts: must have 1 to {MOST_TEXTS} items, not {len(checked.texts)}")
    blank = [index for index, text in enumerate(checked.texts) if _is_blank(text)]
    if blank:
        raise _blank(f"Empty texts found at indices: {blank}", "Leave those texts out.")
    return {"embeddings": provider(checked.backend).embed(checked.texts)}


def embedding_info(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `embedding-info`."""
    checked = _checked(InfoRequest, request)
    backend = BACKENDS[checked.backend]
    require_packages(backend.packages, backend.feature)
    find_model()
    info = {
        "backend": checked.backend,
        "model": MODEL,
        "checksum": CHECKSUM,
        "dimensions": DIMENSIONS,
    }
    if checked.verify:
        from ktx_daemon.embeddings.known_vector import verify

        info["difference"] = verify(checked.backend)
    return info


def _is_blank(text: str) -> bool:
    return not text.strip()


def _blank(message: str, fix: str) -> OperationError:
    return OperationError(INVALID_QUERY, message, fix=fix)


def _invalid(message: str) -> OperationError:
    return OperationError(INVALID_REQUEST, f"The request, {message}", fix="Correct the field.")


def _checked(model: type[RequestT], request: dict[str, Any]) -> RequestT:
    try:
        return model.model_validate(request, strict=True)
    except ValueError as error:
        from semantic_layer.catalog import validation_failure

        raise validation_failure(error, INVALID_REQUEST, "The request") from error
