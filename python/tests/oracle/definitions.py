"""A case as its YAML and its tables would hold it, before anything is renamed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from oracle.derived import DERIVED
from oracle.divisions import DIVISIONS
from oracle.joins import condition
from oracle.looked_up import looked_up_definitions
from oracle.model import Case, Join
from oracle.times import LATE, storage
from support.databases import Table

_OWN = ("id", "k", "g", "lo", "hi", "x", "w", "twin", "secret")
_JOINS = 7
"""At least as many columns for joins as any case needs, so that tables keep their columns."""


def definitions(case: Case) -> dict[str, Any]:
    """Return the model as the YAML would hold it."""
    return {source: _definition(case, source) for source in case.sources}


def tables(case: Case, dialect: str) -> dict[str, Table]:
    """Return the tables that the sources read."""
    return {source: _table(case, source, dialect) for source in case.sources}


def _physical(source: str, name: str) -> str:
    return f"w_{source}" if name == "w" else name


def _table(case: Case, source: str, dialect: str) -> Table:
    keys = [f"{kind}{n}" for kind in ("fk", "fg") for n in range(_JOINS)]
    numbers = [*_OWN, *keys]
    moment = {"mysql": "DATETIME(6)", "sqlite": "TEXT"}.get(dialect, "TIMESTAMP")
    kind = "DATE" if case.has_dates(source) else moment
    # Of every second source, x is a decimal: some databases cut fractions to the digits of one.
    exact = set() if case.sources.index(source) % 2 else {"x"}
    columns = [
        f"{_physical(source, name)} {'DECIMAL(10,0)' if name in exact else 'INTEGER'}"
        for name in numbers
    ]
    columns += ["stamp BIGINT", "a TEXT", f"seen {kind}"]
    # SQLite has no times: it keeps the text as somebody wrote it.
    seen = "written" if dialect == "sqlite" else "seen"
    rows = [
        (
            *(row.get(name) for name in numbers),
            _stored(row.get("stamp"), storage(case, source)),
            row["a"],
            row.get(seen, row["seen"]),
        )
        for row in case.rows[source]
    ]
    return ", ".join(columns), rows


def _stored(time: str | None, kind: str) -> int | None:
    if time is None:
        return None
    seconds = int(datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp())
    return seconds * 1000 if kind == "unix_ms" else seconds


def _definition(case: Case, source: str) -> dict[str, Any]:
    return {
        "name": source,
        **_origin(case, source),
        "grain": ["k", "g"] if source in case.keyed else ["id"],
        "columns": _columns(case, source),
        "joins": [part for join in case.joins for part in _declarations(join, source)],
        "segments": [
            {"name": "pos", "expr": "x > 0 OR a = 'p'"},
            *([{"name": "steep", "expr": "x / g >= 1"}] if "division" in case.features else []),
        ],
        "measures": _measures(case, source),
    }


def _origin(case: Case, source: str) -> dict[str, str]:
    if source in case.unfilled:
        return {"sql": f"SELECT * FROM {source} WHERE a = ?"}
    if source in case.selects:
        return {"sql": f"SELECT * FROM {source}"}
    return {"table": source}


def _columns(case: Case, source: str) -> list[dict[str, Any]]:
    own = [join for join in case.joins if join.source == source]
    numbers = [_physical(source, name) for name in _OWN[:-2]]
    numbers += [f"fk{join.number}" for join in own]
    numbers += [f"fg{join.number}" for join in own if join.kind == "composite"]
    found: list[dict[str, Any]] = [{"name": name, "type": "number"} for name in numbers]
    found += [
        {"name": "secret", "type": "number", "visibility": "hidden"},
        {"name": "a", "type": "string"},
        {"name": "seen", "type": "time"},
        {"name": "label", "type": "string", "expr": "coalesce(a, 'none')"},
    ]
    found += [
        {"name": f"key{join.number}", "type": "number", "expr": f"coalesce(fk{join.number}, 1)"}
        for join in own
        if join.kind == "computed"
    ]
    if "division" in case.features:
        found.append({"name": "per", "type": "number", "expr": "x / g"})
    if "bare" in case.features:
        found.append({"name": "twin", "type": "number"})
    kept = storage(case, source)
    if kept:
        stated = {} if kept == "unstated" else {"storage": kept}
        found.append({"name": "stamp", "type": "time", **stated})
    return found


def _declarations(join: Join, source: str) -> list[dict[str, Any]]:
    here, there = ("one_to_one",) * 2 if join.one_to_one else ("many_to_one", "one_to_many")
    there = join.contradiction or there
    found = []
    if source == join.source and join.declared != "there":
        alias = {"alias": join.alias} if join.alias else {}
        found.append({"to": join.target, "on": condition(join), "relationship": here, **alias})
    if source == join.target and join.declared != "here":
        found.append({"to": join.source, "on": condition(join), "relationship": there})
    return found


def _measures(case: Case, source: str) -> list[dict[str, Any]]:
    found = [*MEASURES, *(part for join in case.joins for part in _looking(join, source))]
    if "division" in case.features:
        found += DIVISIONS
    if "derived" in case.features:
        found += DERIVED
    if "times" in case.features:
        found.append(LATE)
    if "bare" in case.features:
        found += [
            {"name": "twin", "expr": "sum(x)"},
            {"name": f"only_{source}", "expr": "sum(x)"},
        ]
    if "looked up" in case.features:
        found += looked_up_definitions(case, source)
    if "placeholders" in case.features:
        found.append({"name": "unfilled", "expr": "count(*)", "filter": "a = :wanted"})
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


MEASURES: list[dict[str, Any]] = [
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
