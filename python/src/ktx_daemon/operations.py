"""The one table of operations: what the plugin, `ktx-daemon` and HTTP serve."""

from __future__ import annotations

from typing import NamedTuple

# What a server runs an operation on: planning is serial (it holds the interpreter), waiting is not.
COMPUTE = "compute"
WAITING = "waiting"
EMBEDDING = "embedding"

# What whoever starts a process has to allow before an operation may be used there.
CODE_EXECUTION = "code_execution"


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
    takes_bytes: bool = False
    """Whether the handler takes the request's bytes as they came, instead of a dict."""
    enabled_by: str | None = None
    """The permission without which a dispatch of the operation is refused."""


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
        "semantic-verify",
        "ktx_daemon.verification:semantic_verify",
        "/semantic-layer/verify",
        "Semantic layer verification failed",
        WAITING,
    ),
    Operation(
        "semantic-data-checks",
        "ktx_daemon.data_checks:semantic_data_checks",
        "/semantic-layer/data-checks",
        "Semantic layer data checks failed",
    ),
    Operation(
        "semantic-register-model",
        "ktx_daemon.semantic_layer:semantic_register_model",
        "/semantic-layer/models",
        "Semantic model registration failed",
        takes_bytes=True,
    ),
    Operation(
        "semantic-generate-sources",
        "ktx_daemon.source_generation:semantic_generate_sources",
        "/semantic-layer/generate-sources",
        "Semantic source generation failed",
    ),
    Operation(
        "database-introspect",
        "ktx_daemon.database_introspection:database_introspect",
        "/database/introspect",
        "Database introspection failed",
        WAITING,
    ),
    Operation(
        "database-query",
        "ktx_daemon.database_query:database_query",
        "/database/query",
        "Database query failed",
        WAITING,
    ),
    Operation(
        "database-test",
        "ktx_daemon.database_query:database_test",
        "/database/test",
        "Database test failed",
        WAITING,
    ),
    Operation(
        "conformance-compile",
        "ktx_daemon.conformance:conformance_compile",
        "/conformance/compile",
        "Conformance questions failed",
    ),
    Operation(
        "conformance-ask",
        "ktx_daemon.conformance:conformance_ask",
        "/conformance/ask",
        "Conformance statements failed",
        WAITING,
    ),
    Operation(
        "conformance-judge",
        "ktx_daemon.conformance:conformance_judge",
        "/conformance/judge",
        "Conformance verdict failed",
    ),
    Operation(
        "lookml-parse",
        "ktx_daemon.lookml:lookml_parse",
        "/lookml/parse",
        "LookML parsing failed",
    ),
    Operation(
        "parse-table-identifier",
        "ktx_daemon.sql_analysis:parse_table_identifier",
        "/sql/parse-table-identifier",
        "Table identifier parsing failed",
    ),
    Operation(
        "sql-validate-read-only",
        "ktx_daemon.sql_analysis:sql_validate_read_only",
        "/sql/validate-read-only",
        "Read-only validation failed",
    ),
    Operation(
        "sql-analyze-batch",
        "ktx_daemon.sql_analysis:sql_analyze_batch",
        "/sql/analyze-batch",
        "SQL analysis failed",
    ),
    Operation(
        "result-parquet",
        "ktx_daemon.result_export:result_parquet",
        "/result/parquet",
        "Parquet export failed",
        WAITING,
    ),
    Operation(
        "code-execute",
        "ktx_daemon.code_execution:code_execute",
        "/code/execute",
        "Code execution failed",
        WAITING,
        enabled_by=CODE_EXECUTION,
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
