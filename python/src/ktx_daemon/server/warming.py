"""What a server loads before it says that it is ready."""

from __future__ import annotations

import json

from ktx_daemon.dispatch import run
from ktx_daemon.errors import INVALID_REQUEST, OperationError

_EMBEDDINGS = "embeddings"
_SAMPLES = {_EMBEDDINGS: ("embedding-compute", {"text": "ready"})}

_SOURCE = {
    "name": "warm",
    "table": "warm",
    "grain": ["id"],
    "columns": [{"name": "id", "type": "number"}],
    "measures": [{"name": "n", "expr": "count(id)"}],
}
_QUERY = {"sources": [_SOURCE], "query": {"measures": ["warm.n"], "dimensions": ["warm.id"]}}


def warm_up(names: list[str]) -> None:
    """Import the planner by asking it something, and load what `names` lists by using it."""
    samples: list[tuple[str, object]] = [("semantic-query", _QUERY)]
    for name in names:
        if name not in _SAMPLES:
            raise OperationError(
                INVALID_REQUEST,
                f"There is nothing called '{name}' to keep warm.",
                fix=f"Use one of: {', '.join(_SAMPLES)}.",
            )
        samples.append(_SAMPLES[name])
    for operation, request in samples:
        run(operation, json.dumps(request).encode())
