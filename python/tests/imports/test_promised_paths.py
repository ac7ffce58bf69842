"""The import paths that clients may rely on, wherever inside the packages a thing lives."""

from __future__ import annotations

from importlib import import_module

import pytest

PROMISED = {
    "semantic_layer": "SemanticEngine SemanticQuery QueryResult",
    "semantic_layer.cli": "main print_plan",
    "semantic_layer.duplicate_check": "validate_measure_duplicates",
    "semantic_layer.engine": "SemanticEngine",
    "semantic_layer.generator": "SqlGenerator",
    "semantic_layer.graph": "JoinEdge JoinGraph JoinPath",
    "semantic_layer.loader": "SourceLoader",
    "semantic_layer.manifest": """ManifestColumn ManifestEntry ManifestJoin map_column_type
        project_manifest_entry validate_overlay""",
    "semantic_layer.models": """ColumnDbtConstraints ColumnRole ColumnVisibility
        DefaultTimeDimensionDbt FreshnessDbt JoinDeclaration MeasureDefinition MeasureGroup
        Provenance QueryDimension QueryMeasure QueryResult ResolvedColumn ResolvedJoin
        ResolvedMeasure ResolvedPlan Segment SemanticQuery SourceColumn SourceDefinition""",
    "semantic_layer.parser": "ExpressionParser",
    "semantic_layer.planner": "QueryPlanner",
    "semantic_layer.sql_table_extractor": """extract_table_refs normalize_table
        ref_matches_source_table""",
    "semantic_layer.table_identifier_parser": """ParseTableIdentifierItem
        parse_table_identifier_batch parse_table_identifier_one""",
    "ktx_daemon": "PACKAGE_NAME VERSION",
    "ktx_daemon.__main__": "main",
    "ktx_daemon.code_execution": """ExecuteCodeRequest ExecuteCodeResponse
        create_scratchpad_helpers detect_visualizations dumps_numpy_json execute_code_response""",
    "ktx_daemon.database_introspection": """DatabaseIntrospectionRequest
        DatabaseIntrospectionResponse DatabaseIntrospectionRows LiveDatabaseColumn
        LiveDatabaseTable introspect_database_response""",
    "ktx_daemon.lookml": "LookMLFileInput ParseLookMLRequest parse_lookml_project",
    "ktx_daemon.semantic_layer": """SemanticLayerQueryRequest ValidateSourcesRequest
        query_semantic_layer validate_semantic_layer""",
    "ktx_daemon.source_generation": """ColumnInput GenerateSourcesRequest LinkInput TableInput
        generate_sources generate_sources_response""",
    # What the host of the interpreter calls by name.
    "ktx_daemon.dispatch": "dispatch prepare",
    "ktx_daemon.embeddings.prepare": "main",
    "ktx_daemon.interruption": "watch",
    "ktx_daemon.server": "prepare serve",
}


@pytest.mark.parametrize("module", PROMISED)
def test_a_promised_path_is_there(module: str) -> None:
    found = import_module(module)
    assert [name for name in PROMISED[module].split() if not hasattr(found, name)] == []
