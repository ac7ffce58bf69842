"""Functions that a SELECT can call and that do more than compute.

They write, take locks, read files or other servers, or run SQL that comes as text.
"""

from __future__ import annotations

import re

_NAMES = frozenset(
    """
    nextval setval set_config lowrite loread pg_notify pg_reload_conf pg_rotate_logfile
    pg_terminate_backend pg_cancel_backend pg_switch_wal pg_switch_xlog pg_create_restore_point
    pg_promote pg_log_backend_memory_contexts pg_export_snapshot pg_import_system_collations
    pg_nextoid pg_stat_file pg_current_logfile pg_start_backup pg_stop_backup pg_prewarm
    pg_truncate_visibility_map pg_sync_replication_slots gin_clean_pending_list
    brin_desummarize_range ts_stat ts_rewrite connectby xpath_table
    load_file get_lock release_lock release_all_locks sys_exec sys_eval sys_get sys_set
    master_pos_wait source_pos_wait
    load_extension readfile writefile edit eval fts3_tokenizer fsdir lsdir zipfile sqlar_compress
    sniff_csv query query_table checkpoint force_checkpoint json_execute_serialized_sql
    from_substrait from_substrait_json getenv write_log which_secret
    openrowset openquery opendatasource fn_get_audit_file fn_trace_gettable
    fn_xe_file_target_read_file fn_dump_dblog fn_full_dblog
    external_query remote_query native_query raw_query http_request http_get http_post ai_query
    reflect try_reflect java_method
    """.split()
)

_PATTERNS = re.compile(
    r"""lo_.*|dblink.*|pg_read_.*|pg_ls_.*|pg_file_.*|pg_stat_.*reset.*|pg_.*_slot|pg_.*advisory_.*
    |pg_replication_origin_.*|pg_logical_.*|pg_wal_replay_.*|pg_xlog_replay_.*|pg_backup_.*
    |pg_.*_backup|pg_buffercache_.*|pg_(?:restore|clear|set)_.*|binary_upgrade_.*|brin_summarize_.*
    |autoprewarm_.*|(?:query|cursor|table|schema|database)_to_xml.*|crosstab.*
    |read_.*|.*_scan|st_read.*|parquet_.*|.*_execute|.*_query|.*_attach
    |system\$.*|xp_.*|sp_.*|keyring_.*|audit_.*|service_.*_locks|group_replication_.*
    |asynchronous_connection_failover_.*""",
    re.VERBOSE,
)

# Too plain a name to be refused everywhere.
_OF_DIALECT = {
    "duckdb": re.compile("glob"),
    "clickhouse": re.compile(
        """(?:file|url|s3|remote|remotesecure|mysql|postgresql|mongodb|redis|sqlite|odbc|jdbc|hdfs
        |gcs|cosn|oss|executable|input|deltalake|hudi|iceberg|paimon|azureblobstorage|merge
        |catboostevaluate|dictionary|numbers_mt|loop)(?:cluster|s3|azure|hdfs|local)?""",
        re.VERBOSE,
    ),
}


def is_unsafe(name: str, dialect: str) -> bool:
    """Whether a function of this name may do more than compute; `name` without qualifiers."""
    folded = name.casefold()
    more = _OF_DIALECT.get(dialect)
    return (
        folded in _NAMES
        or _PATTERNS.fullmatch(folded) is not None
        or (more is not None and more.fullmatch(folded) is not None)
    )
