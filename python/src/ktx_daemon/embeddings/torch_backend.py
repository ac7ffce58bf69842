"""The backend of the feature `sentence-transformers`: that library, with torch, on the CPU."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ktx_daemon.embeddings.model_files import OVERRIDE, ModelFiles
from ktx_daemon.embeddings.provider import MAX_TOKENS
from ktx_daemon.errors import UNSUPPORTED, OperationError

_BATCH = 32


def load(files: ModelFiles) -> TorchProvider:
    """Return the loaded model; takes seconds. Raises OperationError for an incomplete folder."""
    for name in ("config.json", "modules.json", "1_Pooling/config.json"):
        if not (files.folder / name).is_file():
            raise OperationError(
                UNSUPPORTED,
                f"The backend sentence-transformers needs {name} in {files.folder}.",
                fix=f"Copy the whole model there, or unset {OVERRIDE}.",
            )
    # Threads of the tokenizer survive no fork. The library reads it at each call.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with _offline():
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        model = SentenceTransformer(str(files.folder), device="cpu", local_files_only=True)
    model.max_seq_length = MAX_TOKENS
    return TorchProvider(files, model)


class TorchProvider:
    """The model as sentence-transformers runs it."""

    def __init__(self, files: ModelFiles, model: Any) -> None:
        self.files = files
        self._model = model

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector of DIMENSIONS for each text, of length 1."""
        vectors = self._model.encode(
            list(texts),
            batch_size=_BATCH,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        result: list[list[float]] = vectors.astype("float64").tolist()
        return result


@contextmanager
def _offline() -> Iterator[None]:
    """Without it a look-up of what is on the disk waits minutes for a network that is not there.

    The libraries read the variables when they are imported.
    """
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
