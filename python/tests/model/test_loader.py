"""Loading a folder: shards, standalone sources and overlays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.cli import main
from semantic_layer.errors import SemanticError
from semantic_layer.loader import SourceLoader
from semantic_layer.manifest import (
    ManifestEntry,
    map_column_type,
    project_manifest_entry,
    validate_overlay,
)

SHARD = """
tables:
  orders:
    table: shop.orders
    db_description: All orders
    columns:
      - {name: id, type: BIGINT, pk: true}
      - {name: customer_id, type: int4}
      - {name: paid, type: boolean}
      - {name: amount, type: "numeric(10,2)"}
      - {name: ordered_at, type: timestamp with time zone}
    joins:
      - {to: customers, on: orders.customer_id = customers.id, relationship: many_to_one}
  customers:
    table: shop.customers
    columns:
      - {name: id, type: integer, pk: true}
      - {name: name, type: text, descriptions: {ai: The name}}
"""
OVERLAY = """
name: orders
description: Orders, by hand
exclude_columns: [paid]
columns:
  - {name: big, type: boolean, expr: amount > 100}
measures:
  - name: revenue
    expr: sum(amount)
    filter: big
joins:
  - to: customers
    on: customer_id = buyer.id
    relationship: many_to_one
    alias: buyer
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "_schema").mkdir()
    (tmp_path / "_schema" / "shop.yaml").write_text(SHARD)
    (tmp_path / "orders.yaml").write_text(OVERLAY)
    return tmp_path


def test_shards_and_overlays_compose(folder: Path) -> None:
    sources = SourceLoader(folder).load_all()
    orders = sources["orders"]
    assert [column.name for column in orders.columns] == [
        "id",
        "customer_id",
        "amount",
        "ordered_at",
        "big",
    ]
    assert orders.description == "Orders, by hand"
    assert orders.descriptions == {"db": "All orders", "user": "Orders, by hand"}
    assert [join.alias for join in orders.joins] == [None, "buyer"]
    assert orders.grain == ["id"]
    assert orders.columns[3].role == "time"
    assert sources["customers"].columns[1].description == "The name"


def test_engine_answers_from_a_folder(folder: Path) -> None:
    engine = SemanticEngine(folder, "duckdb")
    sql = engine.query({"measures": ["revenue"], "dimensions": ["buyer.name"]}).sql
    assert "LEFT JOIN shop.customers AS buyer" in sql
    assert engine.validate().valid


def test_disabled_joins(folder: Path) -> None:
    disabled = "disable_joins: ['orders.customer_id   = customers.id']\nname: orders\n"
    (folder / "orders.yaml").write_text(disabled)
    assert SourceLoader(folder).load_all()["orders"].joins == []


def test_keys_that_yaml_1_1_takes_for_booleans(folder: Path) -> None:
    text = "name: a\ntable: a\ngrain: [id]\ncolumns: [{name: id, type: number}]\n"
    text += "joins:\n  - to: customers\n    on: a.id = customers.id\n    relationship: one_to_one\n"
    (folder / "a.yml").write_text(text)
    assert SourceLoader(folder).load_file(folder / "a.yml").joins[0].on == "a.id = customers.id"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.yaml", "name: orders\ntable: t\ngrain: [id]\ncolumns: []\n", "Duplicate source name"),
        ("_schema/b.yaml", SHARD, "Duplicate source name"),
        ("x.yaml", "name: [", "not valid YAML"),
        ("x.yaml", "name: orders\nfoo: 1\n", "unknown key 'foo'"),
        (
            "x.yaml",
            "name: x\ntable: x\ngrain: [id]\ncolumns: []\n"
            "joins: [{to: nowhere, on: x.id = nowhere.id, relationship: many_to_one}]\n",
            "Source 'x' joins to 'nowhere'",
        ),
    ],
)
def test_bad_files(folder: Path, name: str, text: str, message: str) -> None:
    (folder / name).write_text(text)
    with pytest.raises(SemanticError, match=message):
        SourceLoader(folder).load_all()


def test_files_without_a_source_are_skipped(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "list.yaml").write_text("- 1\n")
    (folder / "nameless.yaml").write_text("table: t\n")
    (folder / "lost.yaml").write_text("name: lost\nmeasures: []\n")
    assert sorted(SourceLoader(folder).load_all()) == ["customers", "orders"]
    assert "there is no source 'lost'" in caplog.text


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(SemanticError, match="There is no folder"):
        SourceLoader(tmp_path / "nowhere").load_all()


@pytest.mark.parametrize(
    ("native", "kind"),
    [
        ("INTEGER", "number"),
        ("numeric(10, 2)", "number"),
        ("double precision", "number"),
        ("timestamp(3) without time zone", "time"),
        ("TIMESTAMP_NTZ", "time"),
        ("bool", "boolean"),
        ("varchar(20)", "string"),
        ("jsonb", "string"),
    ],
)
def test_column_types(native: str, kind: str) -> None:
    assert map_column_type(native) == kind


def test_grain_without_a_key_is_all_columns() -> None:
    entry = ManifestEntry.model_validate(
        {"table": "t", "columns": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}]}
    )
    assert project_manifest_entry("t", entry)["grain"] == ["a", "b"]


def test_overlay_column_with_a_type_needs_an_expression() -> None:
    assert validate_overlay({"name": "x", "columns": [{"name": "a", "type": "number"}]}) == [
        "Overlay column with 'type' must also have 'expr' "
        "(only computed columns may specify a type)"
    ]


def test_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-s", str(folder), "--list-sources"]) == 0
    assert capsys.readouterr().out == "customers\norders\n"
    query = json.dumps({"measures": ["orders.revenue"]})
    assert main(["-s", str(folder), "-d", "duckdb", "-q", query, "--plan"]) == 0
    output = capsys.readouterr().out
    assert "anchor: orders" in output
    assert "-- dialect: duckdb\nSELECT" in output
    assert main(["-s", str(folder), "-q", '{"measures": ["revenu"]}']) == 1
    assert "neither a column nor a measure" in capsys.readouterr().err


def test_command_line_as_a_module(folder: Path) -> None:
    source_root = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-m", "semantic_layer.cli", "-s", str(folder), "--json", "--compact"],
        input='{"measures": ["revenue"]}',
        env={"PYTHONPATH": str(source_root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("SELECT")


def test_metrics_of_all_files(folder: Path) -> None:
    (folder / "_metrics" / "more").mkdir(parents=True)
    (folder / "_metrics" / "a.yml").write_text("metrics: [{name: twice, expr: 2 * once}]\n")
    inner = "metrics: [{name: once, inputs: {r: orders.revenue}, expr: r}]\n"
    (folder / "_metrics" / "more" / "b.yaml").write_text(inner)
    metrics = SourceLoader(folder).load_metrics()
    assert metrics is not None
    assert [item.name for item in metrics.measures] == ["twice", "once"]
    assert sorted(SourceLoader(folder).load_all()) == ["customers", "orders"]
    engine = SemanticEngine(folder, "duckdb")
    assert "2 *" in engine.query({"measures": ["twice"]}).sql
    assert engine.validate().valid


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: x\n", "The file holds no list `metrics`"),
        ("metrics: {a: b}\n", "The file holds no list `metrics`"),
        ("metrics: [{expr: a}]\n", "The metrics, measures.0.name: Field required"),
    ],
)
def test_bad_metrics(folder: Path, text: str, message: str) -> None:
    (folder / "_metrics").mkdir()
    (folder / "_metrics" / "a.yaml").write_text(text)
    with pytest.raises(SemanticError, match=message):
        SourceLoader(folder).load_metrics()


def test_a_folder_without_metrics(folder: Path) -> None:
    assert SourceLoader(folder).load_metrics() is None
