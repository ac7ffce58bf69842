"""The backend of the feature `local-embeddings`: ONNX Runtime on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from ktx_daemon.embeddings.graph import build_graph
from ktx_daemon.embeddings.model_files import GRAPH, WEIGHTS, ModelFiles, made_folder
from ktx_daemon.embeddings.provider import DIMENSIONS, MAX_TOKENS

# Rows of a run: more are not faster, and their attention needs more memory.
_BATCH = 32

# Characters that are split first: of a long text only its beginning counts.
_HEAD = 8_192


def load(files: ModelFiles) -> OnnxProvider:
    """Return the loaded model; takes a tenth of a second."""
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.enable_truncation(MAX_TOKENS)  # the file itself says 128, and to pad to that
    tokenizer.no_padding()
    return OnnxProvider(files, tokenizer, _session(files))


class OnnxProvider:
    """The model in an ONNX Runtime session, whose runs may overlap."""

    def __init__(
        self, files: ModelFiles, tokenizer: Any, session: onnxruntime.InferenceSession
    ) -> None:
        self.files = files
        self._tokenizer = tokenizer
        self._session = session

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector of DIMENSIONS for each text, of length 1."""
        # One by one: the tokenizer's own threads would survive no fork, and gain nothing here.
        tokens = [self._tokens(text) for text in texts]
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float64)
        # Texts of like length together: padding is computed like any token.
        order = sorted(range(len(texts)), key=lambda index: len(tokens[index]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._run([tokens[row] for row in rows])
        result: list[list[float]] = vectors.tolist()
        return result

    def _tokens(self, text: str) -> list[int]:
        head = self._tokenizer.encode(text[:_HEAD])
        # The last word of the head may be half a word, of at most 100 tokens. With two more parts
        # behind the first, it is not among those that count.
        enough = len(text) <= _HEAD or len(head.overflowing) >= 2
        ids: list[int] = (head if enough else self._tokenizer.encode(text)).ids
        return ids

    def _run(self, rows: list[list[int]]) -> Any:
        shape = (len(rows), max(map(len, rows)))
        ids = np.zeros(shape, dtype=np.int64)
        mask = np.zeros(shape, dtype=np.int64)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return vectors


def _session(files: ModelFiles) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # What the graph leaves to fuse is not worth the search for it.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3  # errors only: its warnings speak of the machine
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    folder = str(files.weights.parent)
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", folder)
    return onnxruntime.InferenceSession(_graph(files), options, providers=["CPUExecutionProvider"])


def _graph(files: ModelFiles) -> bytes:
    """The graph that the install made, or a new one for weights of another name, as in a hub."""
    made = made_folder() / GRAPH
    if files.weights.name == WEIGHTS and made.is_file():
        return made.read_bytes()
    return build_graph(files.weights)
