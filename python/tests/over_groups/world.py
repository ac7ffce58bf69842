"""Sales and returns of shops: the model, and the rows whose answers the tests work out by hand.

Sales by city: Oslo 10 + 20, Rome 30 and one without a price, Lima 30, and without a city 40 (no
shop), 5 (a shop without a city) and 7 (a shop that does not exist). Cairo has a return, no sale.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from support.databases import Table

Row = Mapping[str, Any]


class World(NamedTuple):
    """The rows of the three tables."""

    shops: tuple[Row, ...]
    sales: tuple[Row, ...]
    returns: tuple[Row, ...]

    def tables(self) -> dict[str, Table]:
        """Return the tables as the databases load them."""
        return {
            name: (columns, [tuple(row.values()) for row in getattr(self, name)])
            for name, columns in _COLUMNS.items()
        }

    def dated(self, fact: str) -> list[dict[str, Any]]:
        """Return a fact's rows with what they look up, and their time as `on`."""
        by_id = {row["id"]: row for row in self.shops}
        nothing = {"city": None, "region": None}
        return [
            {**row, "on": row[_TIMES[fact]], **_looked_up(by_id.get(row["shop_id"], nothing))}
            for row in getattr(self, fact)
        ]


def _looked_up(shop: Row) -> dict[str, Any]:
    return {"city": shop["city"], "region": shop["region"]}


_TIMES = {"sales": "sold_on", "returns": "back_on"}
_COLUMNS = {
    "shops": "id INTEGER, city TEXT, region TEXT",
    "sales": "id INTEGER, shop_id INTEGER, buyer INTEGER, kind TEXT, price INTEGER, sold_on DATE",
    "returns": "id INTEGER, shop_id INTEGER, price INTEGER, back_on DATE",
}
_TYPES = {"INTEGER": "number", "TEXT": "string", "DATE": "time"}
_JOINS = [{"to": "shops", "on": "shop_id = shops.id", "relationship": "many_to_one"}]


def rows(table: str, *values: tuple[Any, ...]) -> tuple[Row, ...]:
    """Return rows of a table from their values."""
    names = [column.split()[0] for column in _COLUMNS[table].split(", ")]
    return tuple(dict(zip(names, row, strict=True)) for row in values)


WORLD = World(
    rows(
        "shops",
        *[(1, "Oslo", "north"), (2, "Rome", "south"), (3, "Lima", "south")],
        *[(4, None, None), (5, "Cairo", "south")],
    ),
    rows(
        "sales",
        (1, 1, 1, "web", 10, "2024-01-05"),
        (2, 1, 2, "web", 20, "2024-01-20"),
        (3, 2, 1, "desk", 30, "2024-01-31"),
        (4, 2, 1, "web", None, "2024-03-02"),
        (5, 3, 3, None, 30, "2024-03-03"),
        (6, None, 2, "desk", 40, "2024-04-10"),
        (7, 4, None, "web", 5, "2025-01-15"),
        (8, 9, 4, "desk", 7, "2025-03-01"),
    ),
    rows(
        "returns",
        (1, 1, 4, "2024-02-01"),
        (2, 5, 6, "2024-03-15"),
        (3, None, 1, "2024-04-30"),
    ),
)
NOTHING = World(WORLD.shops, (), ())

MEASURES = {
    "sales": {
        "revenue": "sum(price)",
        "n": "count(*)",
        "buyers": "count(distinct buyer)",
        "typical": "median(price)",
        "mean": "avg(price)",
        "web": "count(*)",
    },
    "returns": {"back": "sum(price)", "returned": "count(*)"},
}
FILTERS = {"web": "kind = 'web'"}
DERIVED = {
    "share": "revenue / total(revenue)",
    "share_of_region": "buyers / total(buyers, shops.region)",
    "per_buyer": "revenue / buyers",
    "place": "rank(revenue)",
    "place_in_region": "rank(revenue, shops.region)",
    "all_per_buyer": "total(per_buyer)",
}
"""Measures of `sales` that are made of others."""


def model() -> dict[str, dict[str, Any]]:
    """Return the sources."""
    return {name: _source(name, columns) for name, columns in _COLUMNS.items()}


def _source(name: str, columns: str) -> dict[str, Any]:
    pairs = [column.split() for column in columns.split(", ")]
    found: dict[str, Any] = {
        "name": name,
        "table": name,
        "grain": ["id"],
        "columns": [{"name": column, "type": _TYPES[kind]} for column, kind in pairs],
        "measures": [],
    }
    if name in _TIMES:
        found["joins"] = _JOINS
        found["default_time_dimension"] = _TIMES[name]
        found["measures"] = [
            {"name": measure, "expr": text}
            | ({"filter": FILTERS[measure]} if measure in FILTERS else {})
            for measure, text in MEASURES[name].items()
        ]
    if name == "sales":
        found["measures"] += [{"name": key, "expr": text} for key, text in DERIVED.items()]
    return found
