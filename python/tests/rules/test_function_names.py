"""Expressions that begin with a name which also begins statements."""

from __future__ import annotations

import pytest

from semantic_layer.errors import SemanticError
from semantic_layer.parser import ExpressionParser
from support.asking import Asker
from support.shop import model


def test_replace(ask: Asker) -> None:
    changed = model()
    expr = "replace(status, 'paid', 'done')"
    changed["orders"]["columns"].append({"name": "state", "type": "string", "expr": expr})
    rows = ask("orders.revenue", by=("orders.state",), model=changed)
    assert rows == [("done", 80), ("open", 50), ("refunded", 20)]


@pytest.mark.parametrize(
    "text",
    [
        "replace(a, 'b', 'c') AS d",
        "replace(a, 'b', 'c'), d",
        "replace(a, 'b', 'c') FROM t",
        "replace(a, 'b', 'c'); DROP TABLE t",
        "replace(a, 'b', 'c') UNION SELECT 1",
        "DISTINCT replace(a, 'b', 'c')",
        "REPLACE INTO t VALUES (1)",
        "",
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "duckdb", "postgres", "mysql"])
def test_more_than_an_expression_is_refused(text: str, dialect: str) -> None:
    with pytest.raises(SemanticError, match="is not an SQL expression"):
        ExpressionParser(dialect).parse(text)
