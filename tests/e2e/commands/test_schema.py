"""`ktx sl schema` accepts the files that ktx accepts, and no others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from harness import Ktx
from json_schema import conforms, read_yaml

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "project"
DEMO = ROOT / "docs" / "demo"
# What one file alone can get wrong: a column's type may also come from the manifest, and the grain
# of a table without columns from an overlay.
OF_THE_SHAPE = re.compile(
    r"^(?!.*/_schema/.*\[empty-grain\])"
    r"(?P<file>[^:]+):\d+:\d+: error: (?!column .* needs the key \"type\").*"
    r"\[(unknown-key|missing-key|wrong-type|unknown-value|empty-grain|table-and-sql|not-a-mapping"
    r"|exclusive-keys|bad-duration)\]$"
)


@pytest.fixture
def schemas(fresh: Ktx) -> dict[str, Any]:
    """The schema of every kind of file, without a project and without Python."""
    return {
        kind: fresh.json("sl", "schema", kind)
        for kind in ("source", "overlay", "manifest", "metrics", "project")
    }


def kind_of(path: Path, document: Any) -> str:
    """The kind of a file below semantic-layer/."""
    if "_schema" in path.parts:
        return "manifest"
    if "_metrics" in path.parts:
        return "metrics"
    is_source = isinstance(document, dict) and document.keys() & {"table", "sql"}
    return "source" if is_source else "overlay"


def test_the_demo_conforms(schemas: dict[str, Any]) -> None:
    """Its ktx.yaml and its nine sources."""
    assert conforms(read_yaml(DEMO / "ktx.yaml"), schemas["project"])
    sources = sorted((DEMO / "semantic-layer").rglob("*.yaml"))
    assert len(sources) == 9
    for path in sources:
        assert conforms(read_yaml(path), schemas["source"]), path


@pytest.mark.parametrize("tree", sorted(path.name for path in GOLDEN.iterdir()))
def test_the_schema_and_the_checks_agree(schemas: dict[str, Any], tree: str) -> None:
    """A file breaks its schema exactly when the checks of its shape found an error in it."""
    findings = (GOLDEN / tree / "findings.txt").read_text(encoding="utf-8")
    wrong = {match["file"] for line in findings.splitlines() if (match := OF_THE_SHAPE.match(line))}
    unread = set(re.findall(r"^([^:]+):\S+ error: .*\[yaml-syntax\]$", findings, re.MULTILINE))
    for path in sorted((GOLDEN / tree / "semantic-layer").rglob("*.y*ml")):
        name = path.relative_to(GOLDEN / tree).as_posix()
        if name in unread:
            continue
        document = read_yaml(path)
        valid = conforms(document, schemas[kind_of(path, document)])
        assert valid == (name not in wrong), name


@pytest.mark.parametrize(
    ("measure", "valid"),
    [
        ({"expr": "sum(id)", "fill_nulls_with": 0, "label": "L", "visibility": "hidden"}, True),
        ({"expr": None, "cumulative": {"of": "a", "window": "28 days"}}, True),
        ({"cumulative": {"of": "a", "to_grain": "month", "window": None}}, True),
        ({"offset": {"of": "a", "by": "1 year"}}, True),
        ({"expr": "sum(id)", "non_additive": {"dimension": "at", "by": ["id"]}}, True),
        ({}, False),
        ({"expr": "sum(id)", "offset": {"of": "a", "by": "1 year"}}, False),
        ({"cumulative": {"of": "a", "window": "7 days", "to_grain": "month"}}, False),
        ({"cumulative": {"of": "a", "window": "28days"}}, False),
        ({"cumulative": {"of": "a", "window": 28}}, False),
        ({"cumulative": {"window": "28 days"}}, False),
        ({"offset": {"of": "a"}}, False),
        ({"offset": {"of": "a", "by": "1 year", "to_grain": "month"}}, False),
        ({"expr": "sum(id)", "fill_nulls_with": "0"}, False),
        ({"expr": "sum(id)", "visibility": "internal"}, False),
    ],
)
def test_a_measure(
    schemas: dict[str, Any], fresh: Ktx, warehouse: Path, measure: dict[str, Any], valid: bool
) -> None:
    """The schema and the checks of the program say the same of each kind."""
    source = {
        "name": "orders",
        "table": "orders",
        "grain": ["id"],
        "default_time_dimension": "at",
        "columns": [{"name": "id", "type": "number"}],
        "measures": [{"name": "m"} | measure],
    }
    assert conforms(source, schemas["source"]) == valid
    (warehouse / "semantic-layer" / "warehouse" / "orders.yaml").write_text(json.dumps(source))
    words = ("sl", "query", "--measure", "orders.m", "--no-input", "--project-dir", warehouse)
    # Without a runtime the checks of the files are all that is done.
    result = fresh.run(*words)
    assert ("orders.yaml:1:" in result.stderr) != valid, result.stderr


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ({"project": "a"}, True),
        ({"project": " "}, False),
        ({}, False),
        ({"project": "a", "connections": {"w": {"driver": "sqlite", "schemas": ["x"]}}}, True),
        ({"project": "a", "connections": {"w": {"readonly": "true"}}}, False),
        ({"project": "a", "connections": None, "anything": 1}, True),
        ({"project": "a", "llm": {"provider": {"backend": "antropic"}}}, False),
        ({"project": "a", "scan": {"enrichment": {"mode": None}}}, True),
        ({"project": "a", "ingest": {"llm": {}}}, False),
    ],
)
def test_the_project_file(schemas: dict[str, Any], text: Any, valid: bool) -> None:
    """Open to other keys, closed to what is an error."""
    assert conforms(text, schemas["project"]) == valid


def test_an_unknown_kind_is_a_usage_error(fresh: Ktx) -> None:
    """The kinds are in the message."""
    assert "manifest" in fresh.fails("sl", "schema", "query", code=2)
