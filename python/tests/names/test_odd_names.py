"""Names that SQL has to quote, in every place where a model or a question has a name."""

from __future__ import annotations

from typing import Any

import pytest

from names.engines import Engine
from semantic_layer.syntax.names import quoted_name

ODD = (
    *("totalAmount", "Order", "UPPER", "Group", "order items", "a.b", "x.y.z", "2fa", "1"),
    *("größe", "日本", 'we"ird', "we`ird", "it's", "semi;colon", "a--b", "/*c*/", "%s", "{x}"),
    *("back\\slash", " leading", "a:b", "count(*)", "sum(x)", "a-b", "$1", "@v", "#t", "*", "[i]"),
)


def load(engine: Engine, name: str) -> None:
    """Make the name's table, and the facts that refer to it."""
    columns = f"zq_id INTEGER, {engine.quoted(name)} INTEGER"
    engine.load(name, columns, "(1, 10), (2, 20), (3, 30)")
    facts = f"zq_id INTEGER, {engine.quoted(name)} INTEGER, amount INTEGER"
    engine.load("facts", facts, "(1, 1, 5), (2, 2, 7), (3, NULL, 9)")


def model(engine: Engine, name: str) -> dict[str, Any]:
    """Return sources that are called by the name, with columns and measures that are, too."""
    quoted = engine.quoted(name)
    named = {
        "name": name,
        "table": quoted_name(name, engine.dialect),
        "grain": ["zq_id"],
        "columns": [
            {"name": "zq_id", "type": "number"},
            {"name": name, "type": "number"},
            {"name": f"{name} twice", "type": "number", "expr": f"{quoted} * 2"},
        ],
        "measures": [{"name": "largest", "expr": f"max({quoted}.{quoted})"}],
    }
    facts = {
        "name": "facts",
        "table": "facts",
        "grain": ["zq_id"],
        "columns": [{"name": column, "type": "number"} for column in ("zq_id", name, "amount")],
        "joins": [
            {
                "to": name,
                "on": f"facts.{quoted} = {quoted}.zq_id",
                "relationship": "many_to_one",
            }
        ],
        "segments": [{"name": "known", "expr": f"facts.{quoted} IS NOT NULL"}],
        "measures": [
            {"name": f"{name}!", "expr": "sum(amount)", "segments": ["known"]},
            {"name": "doubled", "expr": f"{engine.quoted(name + '!')} * 2"},
        ],
    }
    return {name: named, "facts": facts}


@pytest.fixture(params=ODD)
def loaded(engine: Engine, request: pytest.FixtureRequest) -> Any:
    load(engine, request.param)
    yield engine, request.param, model(engine, request.param)
    engine.unload(request.param)


def test_a_question_with_plain_spellings(loaded: Any) -> None:
    engine, name, sources = loaded
    rows = engine.rows(
        sources,
        measures=[f"facts.{name}!", f"{name}.largest", "facts.doubled"],
        dimensions=[f"{name}.{name} twice", f"{name}.{name}"],
        order_by=[{"field": f"{name}.{name}", "direction": "desc"}],
    )
    assert rows == [
        (60, 30, None, 30, None),
        (40, 20, 7, 20, 14),
        (20, 10, 5, 10, 10),
        (None, None, None, None, None),
    ]


def test_a_question_in_sql(loaded: Any) -> None:
    engine, name, sources = loaded
    quoted = engine.quoted(name)
    rows = engine.rows(
        sources,
        measures=[
            {"expr": f"sum({quoted}.{quoted}) + facts.{engine.quoted(name + '!')}", "name": name},
            {"expr": f"{quoted} * 10", "name": f"{name} more"},
        ],
        dimensions=[f"{name}.zq_id"],
        filters=[f"{quoted}.{quoted} < 30", f"{engine.quoted(name + ' more')} > 150"],
        order_by=[name],
    )
    assert rows == [(2, 27, 270)]
