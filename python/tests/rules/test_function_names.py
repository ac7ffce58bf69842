"""Functions by their names: those that also begin statements, and those that SQLite has not."""

from __future__ import annotations

import pytest

from semantic_layer import SemanticEngine
from semantic_layer.errors import SemanticError
from semantic_layer.parser import ExpressionParser
from semantic_layer.syntax import sqlite_functions
from support.asking import Asker
from support.databases import Row, Sqlite
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


CALLS = {
    "extract": "extract(year FROM x)",
    "position": "position(part IN text)",
    "date_trunc": "date_trunc('month', x)",
    "timestamp_trunc": "timestamp_trunc(x, month)",
    "date_part": "date_part('year', x)",
    "dateadd": "dateadd(day, n, x)",
    "date_add": "date_add(x, n)",
    "date_sub": "date_sub(x, n)",
    **{
        word: f"{word}(x, n)"
        for word in (
            "left",
            "right",
            "datediff",
            "adddate",
            "safe_divide",
            "strpos",
            "charindex",
            "locate",
        )
    },
    "date_diff": "date_diff('day', x, x)",
}


def _on_sqlite(expr: str) -> list[Row]:
    """The rows of a question by a computed column, on a table with columns of these names."""
    names = ("x", "a", "b", "c", "n", "text", "part", "first")
    columns = [{"name": name, "type": "string"} for name in names]
    columns.append({"name": "told", "type": "string", "expr": expr})
    source = {"name": "t", "table": "t", "grain": ["x"], "columns": columns}
    source["measures"] = [{"name": "rows", "expr": "count(*)"}]
    sql = SemanticEngine.from_sources({"t": source}, "sqlite").query(
        {"measures": ["t.rows"], "dimensions": ["t.told"]}
    )
    database = Sqlite()
    kinds = ", ".join(f"{name} {'INTEGER' if name in 'nfirst' else 'TEXT'}" for name in names)
    row = ("2026-03-05 12:00:00", 6, 2, "c", 3, "abcd", "cd", 2)
    database.load({"t": (kinds, [row])})
    rows = database.rows(sql.sql)
    database.close()
    return rows


@pytest.mark.parametrize(("words", "instead"), sqlite_functions.INSTEAD.items())
def test_what_sqlite_has_instead_is_said_and_runs(words: str, instead: str) -> None:
    for word in words.split():
        with pytest.raises(SemanticError, match=f"sqlite has no function `{word}`") as caught:
            _on_sqlite(CALLS.get(word, f"{word}(x)"))
        assert caught.value.fix == f"Write {instead}."
        assert caught.value.kind == "unsupported"
    [(value, count)] = _on_sqlite(instead.partition(", which")[0])
    assert value is not None
    assert count == 1
