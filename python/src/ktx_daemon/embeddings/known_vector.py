"""A sentence whose vector is known, so that a model that computes nonsense is found."""

from __future__ import annotations

import base64
import struct

from ktx_daemon.embeddings.model_files import find_model, installed_model
from ktx_daemon.embeddings.provider import DIMENSIONS, provider
from ktx_daemon.embeddings.stamps import Stamps
from ktx_daemon.errors import INTERNAL, OperationError

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
