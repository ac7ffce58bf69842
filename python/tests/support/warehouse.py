"""A warehouse of ninety sources as people have them: facts, shared dimensions, dates in roles."""

from __future__ import annotations

from typing import Any

FACTS = 40
DIMENSIONS = 36
PARTS = 8


def warehouse() -> dict[str, dict[str, Any]]:
    """Every fact has its dimensions, an order date and a ship date; customers and stores meet.

    Both lead to a city, which leads to a country and a currency: one choice for each fact, and
    none for what only passes through a fact. Three sources are joined to nothing.
    """
    sources = [_source("countries"), _source("currencies"), _source("dates")]
    sources.append(_source("cities", countries="", currencies=""))
    sources += [_source("customers", cities=""), _source("stores", cities="")]
    sources += [_source(f"dim_{number:02}") for number in range(DIMENSIONS)]
    for number in range(FACTS):
        own = {f"dim_{(number + step) % DIMENSIONS:02}": "" for step in range(3)}
        sources.append(_fact(f"fact_{number:02}", customers="", stores="", **own))
    sources += [_fact(f"part_{number:02}", **{f"fact_{number:02}": ""}) for number in range(PARTS)]
    sources += [_fact(f"note_{number}") for number in range(3)]
    for source in sources:
        if source["name"].startswith("fact_"):
            source["joins"] += [_join("dates", "ordered"), _join("dates", "shipped")]
    return {source["name"]: source for source in sources}


def _source(name: str, **joins: str) -> dict[str, Any]:
    keys = [f"{target}_id" for target in joins]
    return {
        "name": name,
        "table": name,
        "grain": ["id"],
        "columns": [
            {"name": column, "type": "number"}
            for column in ("id", "amount", "ordered_id", "shipped_id", *keys)
        ],
        "joins": [_join(target, alias) for target, alias in joins.items()],
    }


def _fact(name: str, **joins: str) -> dict[str, Any]:
    measures = [
        {"name": "n", "expr": "count(*)"},
        {"name": "total", "expr": "sum(amount)"},
        {"name": "large", "expr": "count(*)", "filter": "amount > 100"},
    ]
    return {**_source(name, **joins), "measures": measures}


def _join(target: str, alias: str) -> dict[str, Any]:
    name = alias or target
    join = {"to": target, "on": f"{name}_id = {name}.id", "relationship": "many_to_one"}
    return {**join, "alias": alias} if alias else join
