"""A case as its YAML and its tables would hold it."""

from __future__ import annotations

from typing import Any

from oracle.joins import condition
from oracle.model import Case, Join
from support.databases import Table

_OWN = ("id", "k", "g", "lo", "hi", "x")


def definitions(case: Case) -> dict[str, Any]:
    """Return the model as the YAML would hold it."""
    return {source: _definition(case, source) for source in case.sources}


def tables(case: Case) -> dict[str, Table]:
    """Return the tables that the sources read."""
    return {source: _table(case, source) for source in case.sources}


def _numbers(case: Case, source: str) -> list[str]:
    own = [join for join in case.joins if join.source == source]
    keys = [f"fk{join.number}" for join in own]
    return [*_OWN, *keys, *(f"fg{join.number}" for join in own if join.kind == "composite")]


def _table(case: Case, source: str) -> Table:
    numbers = _numbers(case, source)
    # Dates for some sources and times for others: a grain means the same for both.
    kind = "DATE" if case.sources.index(source) % 2 else "TIMESTAMP"
    columns = [f"{name} INTEGER" for name in numbers] + ["a TEXT", f"seen {kind}"]
    rows = [tuple(row[name] for name in (*numbers, "a", "seen")) for row in case.rows[source]]
    return ", ".join(columns), rows


def _definition(case: Case, source: str) -> dict[str, Any]:
    computed = [
        {"name": f"key{j.number}", "type": "number", "expr": f"coalesce(fk{j.number}, 1)"}
        for j in case.joins
        if j.source == source and j.kind == "computed"
    ]
    return {
        "name": source,
        **({"sql": f"SELECT * FROM {source}"} if source in case.selects else {"table": source}),
        "grain": ["id"],
        "columns": [
            *({"name": name, "type": "number"} for name in _numbers(case, source)),
            {"name": "a", "type": "string"},
            {"name": "seen", "type": "time"},
            {"name": "label", "type": "string", "expr": "coalesce(a, 'none')"},
            *computed,
        ],
        "joins": [part for join in case.joins for part in _declarations(join, source)],
        "segments": [{"name": "pos", "expr": "x > 0 OR a = 'p'"}],
        "measures": [*MEASURES, *(part for join in case.joins for part in _looking(join, source))],
    }


def _declarations(join: Join, source: str) -> list[dict[str, Any]]:
    here, there = ("one_to_one",) * 2 if join.one_to_one else ("many_to_one", "one_to_many")
    found = []
    if source == join.source and join.declared != "there":
        alias = {"alias": join.alias} if join.alias else {}
        found.append({"to": join.target, "on": condition(join), "relationship": here, **alias})
    if source == join.target and join.declared != "here":
        found.append({"to": join.source, "on": condition(join), "relationship": there})
    return found


def _looking(join: Join, source: str) -> list[dict[str, Any]]:
    """Return the measures of a source that look at another through the join."""
    if join.source != source:
        return []
    condition = f"{join.end}.label = 'none' OR x > 1"
    return [
        {"name": f"far{join.number}", "expr": f"sum(x * {join.end}.x)"},
        {"name": f"near{join.number}", "expr": "count(*)", "filter": condition},
    ]


MEASURES = [
    {"name": "total", "expr": "sum(x)"},
    {"name": "n", "expr": "count(*)"},
    {"name": "nx", "expr": "count(x)"},
    {"name": "kinds", "expr": "count_distinct(a)", "filter": "x >= 0 OR x IS NULL"},
    {"name": "mean", "expr": "avg(x)"},
    {"name": "top", "expr": "max(x)", "filter": "a = 'p'"},
    {"name": "mid", "expr": "median(x)", "filter": "a = 'p' OR a = 'q'"},
    {"name": "p90", "expr": "percentile(x, 0.9)"},
    {"name": "pos_n", "expr": "count(*)", "segments": ["pos"]},
    {"name": "ratio", "expr": "total / n"},
    {"name": "gap", "expr": "total - nx"},
    {"name": "share", "expr": "total / gap"},
    {"name": "back", "expr": "total - gap"},
]
