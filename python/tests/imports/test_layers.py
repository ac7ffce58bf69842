"""Which module may import which: only what lies below, and never in a circle.

Imports under functions count like those at the top of a module; what is imported for type checkers
alone does not, for it never runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE_ROOT = Path(__file__).parents[2] / "src"
# From the bottom up; what stands on one line does not import each other.
FLOORS = """
    semantic_layer.data
    semantic_layer.errors semantic_layer.measure_definition
    semantic_layer.metric_definition
    semantic_layer.models semantic_layer.syntax
    semantic_layer.catalog semantic_layer.manifest semantic_layer.parser
    semantic_layer.duplicate_check semantic_layer.loader
    semantic_layer.sql_table_extractor semantic_layer.table_identifier_parser
    semantic_layer.graph
    semantic_layer.times
    semantic_layer.plan
    semantic_layer.planner
    semantic_layer.sql
    semantic_layer.generator
    semantic_layer.explain semantic_layer.validate semantic_layer.verify
    semantic_layer.engine
    semantic_layer.cli semantic_layer
    ktx_daemon ktx_daemon.errors ktx_daemon.interruption ktx_daemon.operations ktx_daemon.sentences
    ktx_daemon.addresses ktx_daemon.database_types ktx_daemon.duckdb_file ktx_daemon.models
    ktx_daemon.mysql_connection
    ktx_daemon.requests ktx_daemon.sqlite_file
    ktx_daemon.dispatch ktx_daemon.sql_analysis
    ktx_daemon.database_query
    ktx_daemon.code_execution ktx_daemon.conformance ktx_daemon.database_introspection
    ktx_daemon.embeddings
    ktx_daemon.lookml ktx_daemon.result_export ktx_daemon.semantic_layer
    ktx_daemon.source_generation
    ktx_daemon.data_checks ktx_daemon.verification
    ktx_daemon.server
    ktx_daemon.__main__
"""
RANKS = {
    part: rank for rank, line in enumerate(FLOORS.strip().splitlines()) for part in line.split()
}
# Whose lists of names clients import from; nothing inside the packages may.
ROOTS = frozenset({"semantic_layer", "ktx_daemon"})


def module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE_ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(SOURCE_ROOT.rglob("*.py"))}


def imported(tree: ast.AST) -> Iterator[str]:
    """The names of modules, or of something in one, that a module imports when it runs."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides where it leads"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield from imported(node)


def dependencies(module: str) -> set[str]:
    """The modules that importing one imports, with the packages that they are in."""
    found: set[str] = set()
    for name in imported(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        target = name if name in MODULES else name.rpartition(".")[0]
        while target in MODULES:
            found.add(target)
            target = target.rpartition(".")[0]
    around = {module, *(name for name in MODULES if module.startswith(f"{name}."))}
    return found - around - ROOTS if module not in ROOTS else found - around


GRAPH = {module: dependencies(module) for module in MODULES}


def part_of(module: str) -> str:
    """The package or module that a floor lists."""
    return ".".join(module.split(".")[:2])


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_every_part_has_a_floor() -> None:
    assert {part_of(module) for module in MODULES} == set(RANKS)


def test_imports_point_downward() -> None:
    upward = [
        f"{module} imports {target}"
        for module, targets in GRAPH.items()
        for target in sorted(targets)
        if part_of(module) != part_of(target) and RANKS[part_of(module)] <= RANKS[part_of(target)]
    ]
    assert upward == []


def test_only_clients_import_from_the_roots() -> None:
    names = {"semantic_layer.SemanticEngine", "semantic_layer.SemanticQuery"}
    for module, path in MODULES.items():
        assert names.isdisjoint(imported(ast.parse(path.read_text(encoding="utf-8")))), module


def test_a_circle_under_a_function_is_found(tmp_path: Path) -> None:
    tree = ast.parse(
        "if TYPE_CHECKING:\n    from a import never\n"
        "def work():\n    from b import late\n    import c.d\n"
    )
    assert list(imported(tree)) == ["b.late", "c.d"]
