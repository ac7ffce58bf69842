"""What is loaded and started: Python for a query and nothing else, nothing at all for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import Ktx, query
from tracing import trace


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["runtime", "--help"],
        ["runtime", "status"],
        ["runtime", "status", "--json"],
        ["sl", "list"],
    ],
    ids=" ".join,
)
def test_commands_that_need_no_python_load_none(
    ready: Ktx, warehouse: Path, tmp_path: Path, arguments: list[str]
) -> None:
    """They work on a machine without any Python, and in a millisecond."""
    ready.extra["KTX_PROJECT_DIR"] = str(warehouse)
    seen = trace(ready, tmp_path / "trace", *arguments)
    assert not [path for path in seen.opened if "libpython" in path]
    assert (seen.started, seen.processes) == ([], 0)


def test_a_query_loads_python_into_itself(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """A compile-only query on a ready runtime starts no process and maps libpython."""
    seen = trace(ready, tmp_path / "trace", *query(warehouse, "--format", "json"))
    assert [path for path in seen.opened if "libpython" in path]
    assert (seen.started, seen.processes) == ([], 0)
    assert "COUNT(" in seen.out


def test_a_query_compiles_no_python_source(ready: Ktx, warehouse: Path, tmp_path: Path) -> None:
    """Everything it imports was byte-compiled at install."""
    seen = trace(ready, tmp_path / "trace", *query(warehouse))
    site = [path for path in seen.opened if "site-packages" in path]
    assert site
    assert not [path for path in site if path.endswith(".py")]
