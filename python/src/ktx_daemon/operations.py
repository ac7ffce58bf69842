"""The one table of operations: what the plugin, `ktx-daemon` and HTTP serve."""

from __future__ import annotations

from typing import NamedTuple

# What a server runs an operation on: planning is serial (it holds the interpreter), waiting is not.
COMPUTE = "compute"
WAITING = "waiting"
EMBEDDING = "embedding"


class Operation(NamedTuple):
    """One operation; its handler takes the request as a dict and returns the response as one."""

    name: str
    """The name at the seam and as a command of `ktx-daemon`."""
    handler: str
    """`module:function`, imported when the operation is first used."""
    path: str
    """The route of POST requests over HTTP."""
    failure: str
    """What an answer 500 over HTTP begins with."""
    lane: str = COMPUTE
    """COMPUTE, WAITING (for a database or a child process) or EMBEDDING."""


_TABLE = (
    Operation(
        "semantic-query",
        "ktx_daemon.semantic_layer:semantic_query",
        "/semantic-layer/query",
        "Semantic layer query failed",
    ),
    Operation(
        "semantic-validate",
        "ktx_daemon.semantic_layer:semantic_validate",
        "/semantic-layer/validate",
        "Semantic layer validation failed",
    ),
    Operation(
        "embedding-compute",
        "ktx_daemon.embeddings.operations:embedding_compute",
        "/embeddings/compute",
        "Embedding compute failed",
        EMBEDDING,
    ),
    Operation(
        "embedding-compute-bulk",
        "ktx_daemon.embeddings.operations:embedding_compute_bulk",
        "/embeddings/compute-bulk",
        "Bulk embedding compute failed",
        EMBEDDING,
    ),
    Operation(
        "embedding-info",
        "ktx_daemon.embeddings.operations:embedding_info",
        "/embeddings/info",
        "Embedding info failed",
        EMBEDDING,
    ),
)

OPERATIONS = {operation.name: operation for operation in _TABLE}
