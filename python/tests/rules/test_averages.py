"""An average has its fraction, whatever kind of number it is of."""

from __future__ import annotations

from typing import Any

import pytest

from support.asking import Asker
from support.databases import Database, Table, of_dialect

ROWS = [(1, "1.00", 1, 0.5), (2, "1.01", 2, 0.25), (3, None, None, None)]
TABLES: dict[str, Table] = {
    "t": ("id INTEGER, price DECIMAL(10,2), whole INTEGER, part DOUBLE PRECISION", ROWS)
}
COLUMNS = [{"name": name, "type": "number"} for name in ("id", "price", "whole", "part")]


def model(expr: str, **measure: Any) -> dict[str, Any]:
    measures = [{"name": "m", "expr": expr, **measure}, {"name": "n", "expr": "count(id)"}]
    source = {"name": "t", "table": "t", "grain": ["id"], "columns": COLUMNS, "measures": measures}
    return {"t": source}


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("avg(price)", 1.005),
        ("avg(DISTINCT price)", 1.005),
        ("avg(price * 2)", 2.01),
        ("avg(whole)", 1.5),
        ("avg(part)", 0.375),
        ("avg(price) / avg(whole)", 0.67),
        ("avg(price / whole)", 0.7525),
        ("sum(price) / n", 0.67),
        ("median(price)", 1.005),
        ("median(whole)", 1.5),
    ],
)
def test_its_fraction(ask: Asker, expr: str, value: float) -> None:
    # The parts of a derived measure are shown before it.
    (row,) = ask("t.m", model=model(expr), tables=TABLES)
    assert row[-1] == pytest.approx(value)


def test_under_a_condition(ask: Asker) -> None:
    found = ask("t.m", model=model("avg(price)", filter="id < 3"), tables=TABLES)
    assert found == [(pytest.approx(1.005),)]


def test_of_intervals_on_trino(databases: list[Database]) -> None:
    trino = of_dialect(databases, "trino")
    tables: dict[str, Table] = {
        "t": (
            "id INTEGER, a DATE, b DATE",
            [(1, "2026-01-01", "2026-01-02"), (2, "2026-01-01", "2026-01-03")],
        )
    }
    columns = [{"name": name, "type": "time"} for name in "ab"]
    source = {"name": "t", "table": "t", "grain": ["id"], "columns": columns}
    model = {"t": {**source, "measures": [{"name": "m", "expr": "avg(b - a)"}]}}
    found = Asker([trino])("t.m", model=model, tables=tables)
    assert [str(value) for (value,) in found] == ["1 day, 12:00:00"]
