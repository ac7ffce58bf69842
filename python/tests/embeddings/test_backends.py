"""What the backends compute, against vectors of sentence-transformers that are kept here."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from embeddings.texts import BLANK, all_texts
from ktx_daemon.embeddings.onnx_backend import OnnxProvider
from ktx_daemon.embeddings.operations import SENTENCE, known_vector, verify
from ktx_daemon.embeddings.provider import BACKENDS, DIMENSIONS, Provider, provider

REFERENCE = np.load(Path(__file__).with_name("reference.npy"))
TEXTS = all_texts()
INSTALLED = [name for name, backend in BACKENDS.items() if all(map(find_spec, backend.packages))]


@pytest.fixture(params=INSTALLED)
def backend(request: pytest.FixtureRequest) -> Provider:
    """Each backend that is installed; the one of ONNX Runtime always is."""
    return provider(request.param)


def test_the_backend_of_the_feature_is_tested() -> None:
    assert "onnx" in INSTALLED
    assert len(set(TEXTS)) == len(TEXTS) == len(REFERENCE) == 200


def test_each_text_alone_has_the_reference_vector(backend: Provider) -> None:
    vectors = np.array([backend.embed([text])[0] for text in TEXTS])
    assert vectors.shape == (200, DIMENSIONS)
    assert np.abs(vectors - REFERENCE).max() < 1e-5


def test_batches_have_the_same_vectors_in_the_order_of_the_texts(backend: Provider) -> None:
    for start in (0, 100):
        texts, reference = TEXTS[start : start + 100], REFERENCE[start : start + 100]
        assert np.abs(np.array(backend.embed(texts)) - reference).max() < 1e-5
        assert np.abs(np.array(backend.embed(texts[::-1])) - reference[::-1]).max() < 1e-5


def test_vectors_have_the_length_one(backend: Provider) -> None:
    lengths = np.linalg.norm(np.array(backend.embed(TEXTS[:100])), axis=1)
    assert np.abs(lengths - 1).max() < 1e-6


def test_blank_texts_are_alike(backend: Provider) -> None:
    vectors = np.array(backend.embed(BLANK))
    assert np.abs(vectors - vectors[0]).max() < 1e-6


def test_a_vector_is_float32_widened(backend: Provider) -> None:
    (vector,) = backend.embed(["revenue"])
    assert all(type(value) is float for value in vector)
    assert np.array_equal(np.array(vector, dtype=np.float32).astype(np.float64), vector)


def test_nothing_is_nothing(backend: Provider) -> None:
    assert backend.embed([]) == []


def test_what_is_beyond_the_limit_does_not_count(backend: Provider) -> None:
    # 254 words and the two markers.
    limit, longer = backend.embed(["revenue " * 254, "revenue " * 254 + "refund"])
    shorter, _ = backend.embed(["revenue " * 253 + "refund", "x"])
    assert np.abs(np.subtract(limit, longer)).max() < 1e-6
    assert np.abs(np.subtract(limit, shorter)).max() > 1e-3


@pytest.mark.parametrize(
    "text",
    [
        "revenue by region " * 1000,
        " " * 9000 + "revenue by region",
        "\x00" * 9000 + "revenue " * 9000,
        "a" * 9000 + " revenue by region",
        ("a" * 101 + " ") * 90,
        "revenue " + "x" * 8000 + " refund " * 500,
        "収" * 9000,
        "e" + "\u0301" * 9000 + " revenue",
        "[SEP]" * 2000,
    ],
    ids=lambda text: f"{text[:4]!a}",
)
def test_only_the_beginning_of_a_long_text_is_split(text: str) -> None:
    loaded = provider("onnx")
    assert isinstance(loaded, OnnxProvider)
    assert loaded._tokens(text) == loaded._tokenizer.encode(text).ids


def test_threads_share_a_backend(backend: Provider) -> None:
    texts = TEXTS[:64]
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(lambda text: backend.embed([text])[0], texts * 3))
    assert np.abs(np.array(vectors) - np.tile(REFERENCE[:64], (3, 1))).max() < 1e-5


def test_a_backend_is_loaded_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len({id(loaded) for loaded in pool.map(provider, ["onnx"] * 16)}) == 1


def test_the_known_vector_is_the_reference_s() -> None:
    assert len(known_vector()) == DIMENSIONS
    assert verify("onnx") < 1e-6
    reversed_sentence = " ".join(reversed(SENTENCE.split()))
    (other,) = provider("onnx").embed([reversed_sentence])
    assert np.abs(np.subtract(other, known_vector())).max() > 1e-3


def test_a_hub_and_torch_are_never_imported_for_the_feature() -> None:
    provider("onnx").embed(["revenue"])
    assert not {"torch", "transformers", "huggingface_hub"} & set(sys.modules) - _torch_modules()


def _torch_modules() -> set[str]:
    """What another test of this process imported with the other backend."""
    return set(sys.modules) if "sentence-transformers" in INSTALLED else set()
