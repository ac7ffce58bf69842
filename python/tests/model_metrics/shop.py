"""Orders, returns and visits of customers, with metrics across them; worked out by hand.

| region | revenue | orders | paid | refunds | visits |
| ------ | ------- | ------ | ---- | ------- | ------ |
| eu     | 30 + 10 | 2      | 1    | 4       | 3      |
| us     | 60      | 1      | 1    | none    | none   |
| none   | 100     | 1      | 0    | 5       | 1      |
"""

from __future__ import annotations

from typing import Any

from support.databases import Table

TABLES: dict[str, Table] = {
    "customers": ("id INT, region TEXT", [(1, "eu"), (2, "us"), (3, None), (4, "asia")]),
    "orders": (
        "id INT, customer_id INT, amount INT, status TEXT, ordered_at DATE",
        [
            (1, 1, 30, "paid", "2024-01-10"),
            (2, 1, 10, "open", "2024-02-10"),
            (3, 2, 60, "paid", "2024-02-20"),
            (4, 3, 100, None, "2024-03-01"),
        ],
    ),
    "returns": (
        "id INT, customer_id INT, refund INT, returned_at DATE",
        [(1, 1, 4, "2024-02-01"), (2, 3, 5, "2024-03-05")],
    ),
    "visits": (
        "id INT, customer_id INT, seen_at DATE",
        [(1, 1, "2024-01-01"), (2, 1, "2024-01-02"), (3, 1, "2024-02-01"), (4, 9, "2024-02-02")],
    ),
}


def _fact(name: str, columns: dict[str, str], time: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "table": name,
        "grain": ["id"],
        "default_time_dimension": time,
        "columns": [{"name": column, "type": kind} for column, kind in columns.items()],
        "joins": [
            {"to": "customers", "on": "customer_id = customers.id", "relationship": "many_to_one"}
        ],
        **more,
    }


SOURCES: dict[str, Any] = {
    "customers": {
        "name": "customers",
        "table": "customers",
        "grain": ["id"],
        "columns": [{"name": "id", "type": "number"}, {"name": "region", "type": "string"}],
        "measures": [{"name": "customer_count", "expr": "count(*)"}],
    },
    "orders": _fact(
        "orders",
        {
            **dict.fromkeys(("id", "customer_id", "amount"), "number"),
            "status": "string",
            "ordered_at": "time",
        },
        "ordered_at",
        measures=[
            {"name": "revenue", "expr": "sum(amount)"},
            {"name": "order_count", "expr": "count(*)"},
            {"name": "least", "expr": "min(amount)", "visibility": "hidden"},
        ],
    ),
    "returns": _fact(
        "returns",
        {**dict.fromkeys(("id", "customer_id", "refund"), "number"), "returned_at": "time"},
        "returned_at",
        measures=[{"name": "refunds", "expr": "sum(refund)"}],
    ),
    "visits": _fact(
        "visits",
        {**dict.fromkeys(("id", "customer_id"), "number"), "seen_at": "time"},
        "seen_at",
        measures=[{"name": "visit_count", "expr": "count(*)"}],
    ),
}
PAID = {"of": "orders.order_count", "filter": "orders.status = 'paid'"}
METRICS: list[dict[str, Any]] = [
    {"name": "return_rate", "expr": "returns.refunds / orders.revenue", "description": "Refunds."},
    {"name": "kept", "expr": "1 - return_rate"},
    {
        "name": "paid_share",
        "expr": "paid / every",
        "inputs": {"paid": PAID, "every": "orders.order_count"},
    },
    {
        "name": "growth",
        "expr": "now - before",
        "inputs": {"now": "revenue", "before": {"of": "orders.revenue", "offset": "1 month"}},
    },
    {"name": "revenue_to_date", "cumulative": {"of": "orders.revenue"}},
    {"name": "visits_a_month_ago", "offset": {"of": "visit_count", "by": "1 month"}},
    {
        "name": "european",
        "expr": "orders.revenue - returns.refunds",
        "filter": "customers.region = 'eu'",
        "fill_nulls_with": 0,
    },
    {
        "name": "paid_in_europe",
        "expr": "paid",
        "inputs": {"paid": PAID},
        "filter": "customers.region = 'eu'",
    },
    {
        "name": "visit_to_order",
        "conversion": {
            "base": "visit_count",
            "conversion": "orders.order_count",
            "entity": "customer_id",
            "window": "20 days",
        },
        "filter": "customers.region = 'eu'",
    },
    {"name": "least_order", "expr": "orders.least"},
    {"name": "mean_order", "expr": "sum(orders.amount) / count(*)"},
    {"name": "secret", "expr": "returns.refunds", "visibility": "hidden"},
    {"name": "of_secret", "expr": "2 * secret"},
]


def model(*metrics: dict[str, Any]) -> dict[str, Any]:
    """Return the sources with the metrics, or with others instead."""
    entry = {"name": "metrics", "kind": "metrics", "measures": list(metrics) or METRICS}
    return {**SOURCES, "metrics": entry}
