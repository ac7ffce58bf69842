"""Engines of the models that were asked about last, so that a model is indexed once."""

from __future__ import annotations

from collections.abc import Sequence

from semantic_layer.catalog import Catalog, RawSource
from semantic_layer.engine import SemanticEngine

KEPT = 4

Sources = Sequence[RawSource]

# The latest first. Models are told apart by their content: comparing two equal models costs less
# than a digest of one, and the first question of a process, often its only one, pays nothing.
_engines: list[tuple[str, Sources, SemanticEngine]] = []


def engine_for(sources: Sources, dialect: str) -> SemanticEngine:
    """Return the engine of this content and dialect, made or made before."""
    for index, (known_dialect, known, engine) in enumerate(_engines):
        if known_dialect == dialect and known == sources:
            _engines.insert(0, _engines.pop(index))
            return engine
    engine = SemanticEngine.from_sources(Catalog.from_list(sources), dialect)
    _engines.insert(0, (dialect, sources, engine))
    del _engines[KEPT:]
    return engine
