"""Models of any size: a tree of sources, each joined to its parent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def source(number: int) -> dict[str, Any]:
    """The definition of the source `s<number>`, as in its YAML."""
    parent = (number - 1) // 3
    join = {"to": f"s{parent}", "on": f"parent_id = s{parent}.id", "relationship": "many_to_one"}
    return {
        "name": f"s{number}",
        "table": f"t{number}",
        "grain": ["id"],
        "columns": [
            *({"name": name, "type": "number"} for name in ("id", "parent_id", "amount")),
            {"name": "kind", "type": "string"},
            {"name": "at", "type": "time"},
        ],
        "joins": [join] if number else [],
        "measures": [
            {"name": "n", "expr": "count(id)"},
            {"name": "total", "expr": "sum(amount)"},
            {"name": "mean", "expr": "total / n"},
        ],
    }


def model(size: int) -> dict[str, dict[str, Any]]:
    """So many sources by name."""
    return {f"s{number}": source(number) for number in range(size)}


def write_project(folder: Path, size: int) -> Path:
    """A project with so many sources, one file each; returns its folder."""
    project = folder / str(size)
    sources = project / "semantic-layer" / "warehouse"
    sources.mkdir(parents=True, exist_ok=True)
    (project / "ktx.yaml").write_text(
        "project: bench\nconnections:\n  warehouse:\n    driver: sqlite\n    path: bench.db\n"
    )
    for name, definition in model(size).items():
        (sources / f"{name}.yaml").write_text(yaml_text(definition))
    return project


def yaml_text(definition: dict[str, Any]) -> str:
    """The definition as YAML, a key a line and JSON below: as dense as people write it."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in definition.items())
