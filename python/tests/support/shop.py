"""A small shop with dirty data, whose answers the tests work out by hand.

orders: 10 + 20 (customer 1, north), 30 (customer 2, south), 40 (no customer), 50 (customer 9,
who does not exist). Customer 3 (no region) and customer 4 (east) have no orders.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from support.databases import Table

TABLES: dict[str, Table] = {
    "orders": (
        "id INTEGER, customer_id INTEGER, status TEXT, channel TEXT, amount INTEGER, "
        "cost INTEGER, ordered_at TIMESTAMP",
        [
            (1, 1, "paid", "web", 10, 4, "2024-01-01 00:00:00"),
            (2, 1, "refunded", "web", 20, 5, "2024-01-07 23:59:59"),
            (3, 2, "paid", "shop", 30, None, "2024-01-08 10:15:30"),
            (4, None, "paid", "web", 40, 10, "2024-02-29 12:30:45"),
            (5, 9, "open", None, 50, 0, "2024-12-31 23:00:01"),
        ],
    ),
    "customers": (
        "id INTEGER, name TEXT, region_id INTEGER, ssn TEXT",
        [
            (1, "Ann", 1, "s-1"),
            (2, "Bob", 2, "s-2"),
            (3, None, None, "s-3"),
            (4, "Dan", 3, "s-4"),
        ],
    ),
    "regions": ("id INTEGER, name TEXT", [(1, "north"), (2, "south"), (3, "east")]),
    "refunds": (
        "id INTEGER, customer_id INTEGER, amount INTEGER",
        [(1, 1, 5), (2, 4, 7), (3, None, 11)],
    ),
}

MODEL: dict[str, dict[str, Any]] = {
    "orders": {
        "name": "orders",
        "table": "orders",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "customer_id", "type": "number"},
            {"name": "status", "type": "string"},
            {"name": "channel", "type": "string"},
            {"name": "amount", "type": "number"},
            {"name": "cost", "type": "number", "visibility": "hidden"},
            {"name": "ordered_at", "type": "time", "role": "time"},
            {
                "name": "size",
                "type": "string",
                "expr": "case when amount >= 30 then 'L' else 'S' end",
            },
        ],
        "joins": [
            {
                "to": "customers",
                "on": "orders.customer_id = customers.id",
                "relationship": "many_to_one",
            }
        ],
        "measures": [
            {"name": "revenue", "expr": "sum(amount)"},
            {"name": "spent", "expr": "sum(cost)"},
            {"name": "order_count", "expr": "count(*)"},
            {"name": "paid_count", "expr": "count(*)", "filter": "status = 'paid'"},
            {"name": "profit", "expr": "revenue - spent"},
            {"name": "margin", "expr": "profit / revenue"},
            {"name": "web_revenue", "expr": "sum(amount)", "segments": ["web"]},
            {"name": "typical", "expr": "median(amount)"},
            {"name": "typical_web", "expr": "median(amount)", "filter": "channel = 'web'"},
        ],
        "segments": [
            {"name": "web", "expr": "channel = 'web'"},
            {"name": "settled", "expr": "status = 'paid' OR status = 'refunded'"},
        ],
    },
    "customers": {
        "name": "customers",
        "table": "customers",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "name", "type": "string"},
            {"name": "region_id", "type": "number"},
            {"name": "ssn", "type": "string", "visibility": "hidden"},
            {"name": "label", "type": "string", "expr": "coalesce(name, 'nameless')"},
        ],
        "joins": [{"to": "regions", "on": "region_id = regions.id", "relationship": "many_to_one"}],
        "measures": [
            {"name": "customer_count", "expr": "count(id)"},
            {"name": "known_ssn", "expr": "count(ssn)"},
        ],
    },
    "regions": {
        "name": "regions",
        "table": "regions",
        "grain": ["id"],
        "columns": [{"name": "id", "type": "number"}, {"name": "name", "type": "string"}],
    },
    "refunds": {
        "name": "refunds",
        "table": "refunds",
        "grain": ["id"],
        "columns": [
            {"name": "id", "type": "number"},
            {"name": "customer_id", "type": "number"},
            {"name": "amount", "type": "number"},
        ],
        "joins": [
            {"to": "customers", "on": "customer_id = customers.id", "relationship": "many_to_one"}
        ],
        "measures": [
            {"name": "refunded", "expr": "sum(amount)"},
            {"name": "n", "expr": "count(*)"},
        ],
    },
}


def model() -> dict[str, dict[str, Any]]:
    """Return a copy of the shop's model, to change."""
    return deepcopy(MODEL)
