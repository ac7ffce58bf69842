"""Models of any size: a tree of sources, each joined to its parent.

Two kinds. `plain` has the simplest expressions there are and stays as it is, for comparisons over
time; `realistic` has what people write, another text in every source, so that neither a short cut
for trivial expressions nor one for repeated ones can flatter a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Definition = dict[str, Any]
Column = dict[str, str]


def columns(**types: str) -> list[Column]:
    """The definitions of these columns."""
    return [{"name": name, "type": type_} for name, type_ in types.items()]


def parent(number: int) -> str:
    """The source that this one is joined to; `s0` has none."""
    return f"s{(number - 1) // 3}"


def plain(number: int) -> Definition:
    """The definition of the source `s<number>`, as in its YAML."""
    up = parent(number)
    join = {"to": up, "on": f"parent_id = {up}.id", "relationship": "many_to_one"}
    return {
        "name": f"s{number}",
        "table": f"t{number}",
        "grain": ["id"],
        "columns": columns(
            id="number", parent_id="number", amount="number", kind="string", at="time"
        ),
        "joins": [join] if number else [],
        "measures": [
            {"name": "n", "expr": "count(id)"},
            {"name": "total", "expr": "sum(amount)"},
            {"name": "mean", "expr": "total / n"},
        ],
    }


def realistic(number: int) -> Definition:
    """A source with filters, CASE, ratios, segments, computed columns and a composite join."""
    up = parent(number)
    on = f"parent_id = {up}.id AND region = {up}.region"
    return {
        "name": f"s{number}",
        "description": f"Orders of shop {number}, one row for each order and region",
        "table": f"shop.orders_{number}",
        "grain": ["id", "region"],
        "columns": _realistic_columns(number),
        "joins": [{"to": up, "on": on, "relationship": "many_to_one"}] if number else [],
        "measures": _realistic_measures(number),
        "segments": [
            {"name": "large", "expr": f"amount >= {100 + number}"},
            {"name": "kept", "expr": "status NOT IN ('returned', 'cancelled')"},
        ],
    }


def _realistic_columns(number: int) -> list[Column]:
    large = f"WHEN amount >= {500 + number} THEN 'large'"
    sized = f"CASE {large} WHEN amount >= 50 THEN 'medium' ELSE 'small' END"
    return [
        *columns(id="number", region="string", parent_id="number", customer_id="number"),
        *columns(amount="number", discount="number", status="string"),
        *columns(ordered_at="time", shipped_at="time"),
        {"name": "net", "type": "number", "expr": "amount * (1 - COALESCE(discount, 0))"},
        {"name": "size", "type": "string", "expr": sized},
    ]


def _realistic_measures(number: int) -> list[Definition]:
    late = "CASE WHEN shipped_at > ordered_at AND status <> 'returned' THEN amount ELSE 0 END"
    return [
        {"name": "orders", "expr": "count(*)"},
        {"name": "buyers", "expr": "count(distinct customer_id)"},
        {"name": "revenue", "expr": "sum(net)", "filter": f"status = 'paid' AND amount > {number}"},
        {"name": "late_amount", "expr": f"sum({late})"},
        {"name": "kept_amount", "expr": "sum(amount)", "segments": ["kept"]},
        {"name": "largest", "expr": f"max(amount - {number})"},
        {"name": "mean_order", "expr": "revenue / orders"},
        {"name": "late_share", "expr": "late_amount / kept_amount"},
    ]


KINDS: dict[str, Callable[[int], Definition]] = {"plain": plain, "realistic": realistic}


def model(size: int, kind: str = "plain") -> dict[str, Definition]:
    """So many sources by name."""
    return {f"s{number}": KINDS[kind](number) for number in range(size)}


def question(number: int, kind: str = "plain") -> dict[str, list[str]]:
    """A question of one source by its own columns, as members of a semantic query."""
    own = f"s{number}"
    if kind == "plain":
        return {"measures": [f"{own}.n"], "dimensions": [f"{own}.kind"]}
    return {
        "measures": [f"{own}.{name}" for name in ("buyers", "mean_order", "late_share")],
        "dimensions": [f"{own}.size", f"{own}.region"],
        "filters": [f"{own}.discount < 0.5"],
        "segments": [f"{own}.large"],
    }
