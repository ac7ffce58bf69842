"""The operations on embeddings: one text, up to a hundred, and what they are made with.

A sentence whose vector is known shows a model that computes nonsense.
"""

# Annotations are read as objects by Model, so this module does not postpone them.
import base64
import struct
from typing import Any, Literal

from ktx_daemon.embeddings.model_files import CHECKSUM, MODEL, Stamps, find_model, installed_model
from ktx_daemon.embeddings.provider import BACKENDS, DIMENSIONS, provider, require_packages
from ktx_daemon.errors import INTERNAL, INVALID_QUERY, INVALID_REQUEST, OperationError
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
        info["difference"] = verify(asked.backend)
    return info


def _is_blank(text: str) -> bool:
    return not text.strip()


def _blank(message: str, fix: str) -> OperationError:
    return OperationError(INVALID_QUERY, message, fix=fix)


def _invalid(message: str) -> OperationError:
    return OperationError(INVALID_REQUEST, f"The request, {message}", fix="Correct the field.")


SENTENCE = "Total revenue of paid orders by region and month"
TOLERANCE = 1e-5
"""The largest difference of a component; between backends and processors it is below 1e-6."""

# By sentence-transformers, as little-endian float32.
_VECTOR = """
NsSYPZXkizxKxFw7yPILvbbxzr3q22a9V884vWEyZb1gn8W8ESGXPVpitzxjRjO8CByQvBLOYTze+Ba9yrpIvIYNp7vD
Cza9QRCBPWKDk7xprDI7GT9kvKYYQrweScW86LX/PSBT37wJxLo7AQWIPXecgD0kaYK8WejlveyYjz3IO/k7GhRPPTuF
Fr2ySBC9WhbJvH2Yv70GRYI80Q+IO8Yc1Tx3QO08pGbBPLkghb2T6mW8zoYAPWGZQz24pw4+z6tlPPXg3T3ukAU9BH8o
Ozi7bb0KS849yH6pu1+efbzXHvY8+0B4vVK5g7wcgu88EMrivRBHN7znuHe9wPRxPKDsDbzp6ea8XSN6vYZFnD3D2fO9
B9eBvZ+c6zytz6a9h9D8PN4yZzseWlS9TOWqPA63PLoU9qm8FR6nvIIyIL304BG9cdAUPR6bg72dsQ48S5lpPev3aL1+
mcs93HUQvcV69TxsWgw8zQuYPR32UD2CR4M9ZJ5QvQkVwrun3UG9PTqoPasYIL0dV6Y9aPfIPPDtgj0Rkpm8KhYHvSM/
wr1Q4Km8v7QTu+RbT7tBtlI9UfaKvAUtVD3R4om9YGXBPCGHM7wMyJO9689yvJXvVj2yTL873HURvRYrIz1Tb+2948oR
vOHqzLtFoIa9B9tDPbCaB71Hy3W7dtO5PYOuSonILu86yGnsvS0lED2z8Ki9UCc7PdcTkz1XLd49ZJd9vL/neDyMW8K8
/ydUvcawqDxyQnQ9tn5AuzvY9TxNE4o77y19PSp4Mz0tEwI9b6ORPUQrlby2zIe9NQtLPaEUKz1xLCc8J3YtPfHUkr27
rBI9jPDkOYQsaz0b9Z49iKpOu5RbIz2sSDk7qtd9vW18MjzHAhs9T5oJvfNEgT30GxA9hDgqu+/hV7sxvCK9DlGlvQGB
8b0LytI9jhAsPD3j0zwUsaI9pB0nPZPxmb0v8r68l/d9PNZuxr2pwUg9cEdyPV6TjrxKz/S8NlKdPMN1x7v05H68/m6/
PEK1hT3ZEVQ9B3cvvUufsL2SkfM81O1KPNu8njxOgAi9Nq9QOWbI0TwzOcU9V3szPWaxRDx0jwo8XQJWPUHuvTyda8M8
M40xPaKTJbtkNbO8uFdlPPrSmjvuf2k86DmZPZCTXj0Sm2Y9a4AXPV2LBrw9hbS9+ftvvSQOt7xRzZI8i5EyPan/wQhV
W+08fScFPiB+xTxryq+8KHfevAqxY7t9r/G8A0tdPXd8Sr06PMc9e91AvRpDnT3epV+8MPExPXqSQD2PMxo8oWuXPc3H
FLxXcbM8Wp27PPV1ZLzfs9A8ksD7u/O01Tv0B7W6BvEEPf1gY70yOgc93aqkvavBDz3GkUo9T4c3vchCQL0otw28xL7s
vfUpR700sny8F0trPQG1lD08VSO8Dnz6PPHdlr2nT1o99/wQu6cNDzutQrC9Tk2CPcChHz3AQKu8FFiFvWavTL1cgD49
ZGOYvYMUBT1fmry9UUGOPawj1rl/rwA9ZLUFvKkcb7374KW7STSiu7t2LD1yIuW8Xlx7vPfTDj3cJ8E9xkuxvfBGyT0e
yq68tKX0vEDcvzwkMYE7nNcUvXqZTr2AeA0+24IgvAoAvLxulLE5O3efvDKFhLzcuKy8+iBSPJL2kDppt9q9n4hcO7QK
+bx0dYO9O3SIO6YfTrv2tai9PcGDPMoOJ70dqHy9GFVWPTzshbLKdhg9Sd+IvVKbpLzmzcE9H52dvKXtsb2l6TM8QArv
PbVHjrzIyu88x3UGPcbmu70cixC9oZcbvXUxx70eAnE9S+jdvBzWzzz3Vam9XsX/vZ/pvzuE6co8e/LGPZqpiLwU5Ow8
qvWtvDTp4rzyUhA9Hj+oPRdJz7wOJd48dHKPPPIpoLzo5SA8nqrcPBFipr0wdZ29gO0dvTEiBr3hs3G9RlsUPbIQ+7xC
omc9NLgBPdXyCjwA+Oi8yvWJvU4Ykb3CXLQ8ojlmvbViEbxKss87FH/UPATb2ToWE209YQDGO23QyLwuS7a7kjiGO+tR
yz1n+MS8xy3FvY/m4LzZCq29
"""


def verify(backend: str) -> float:
    """Read every file of the model in full, embed the sentence, return the largest difference.

    Raises OperationError for a file that is not the model's, and for another vector.
    """
    installed_model(Stamps())
    find_model(in_full=True)
    (vector,) = provider(backend).embed([SENTENCE])
    difference = max(abs(a - b) for a, b in zip(vector, known_vector(), strict=True))
    if not difference <= TOLERANCE:  # a NaN is not
        raise OperationError(
            INTERNAL,
            f"The embedding of a known sentence is wrong: it differs by {difference:.2g}.",
            fix="Run: ktx runtime repair",
        )
    return difference


def known_vector() -> tuple[float, ...]:
    """Return the vector of SENTENCE."""
    return struct.unpack(f"<{DIMENSIONS}f", base64.b64decode(_VECTOR))
