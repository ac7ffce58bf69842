"""The semantic layer: turns questions about measures and dimensions into SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semantic_layer.engine import SemanticEngine
    from semantic_layer.models import QueryResult, SemanticQuery

__all__ = ["QueryResult", "SemanticEngine", "SemanticQuery"]


def __getattr__(name: str) -> Any:
    # Importing a submodule must not cost what the whole engine costs.
    if name == "SemanticEngine":
        from semantic_layer.engine import SemanticEngine

        return SemanticEngine
    if name in __all__:
        from semantic_layer import models

        return getattr(models, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
