"""A described case as the planner takes it: YAML sources, a query, and the tables' rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from metrics.question import (
    ROUTES,
    Aggregate,
    Condition,
    Cumulative,
    Derived,
    Dimension,
    Measure,
    Offset,
    Question,
    World,
    walk,
)
from support.databases import Table

COLUMNS: dict[str, dict[str, str]] = {
    "orders": {
        "id": "INTEGER",
        "customer_id": "INTEGER",
        "status": "TEXT",
        "amount": "INTEGER",
        "ordered_at": "DATE",
        "shipped_at": "DATE",
    },
    "lines": {"id": "INTEGER", "order_id": "INTEGER", "quantity": "INTEGER"},
    "visits": {
        "id": "INTEGER",
        "customer_id": "INTEGER",
        "pages": "INTEGER",
        "seen_at": "TIMESTAMP",
    },
    "levels": {
        "id": "INTEGER",
        "account": "TEXT",
        "customer_id": "INTEGER",
        "amount": "INTEGER",
        "as_of": "DATE",
    },
    "customers": {"id": "INTEGER", "region": "TEXT"},
}
_TYPES = {"INTEGER": "number", "TEXT": "string", "DATE": "time", "TIMESTAMP": "time"}
_TIMES = {
    "orders": "ordered_at",
    "visits": "seen_at",
    "levels": "as_of",
    "lines": "orders.ordered_at",
}
_JOINS = {
    "orders": ("customers", "customer_id"),
    "visits": ("customers", "customer_id"),
    "levels": ("customers", "customer_id"),
    "lines": ("orders", "order_id"),
}


def sources(measures: Iterable[Measure]) -> dict[str, Any]:
    """Return the model: the sources with the measures, and those that they are made of."""
    stated: dict[str, dict[str, Any]] = {}
    for measure in measures:
        for part in walk(measure):
            stated.setdefault(part.source, {})[part.name] = definition(part)
    looked_up = [target for source in stated for target in ROUTES[source]]
    for name in looked_up:
        stated.setdefault(name, {})
    return {name: _source(name, list(found.values())) for name, found in stated.items()}


def _source(name: str, measures: list[Any]) -> dict[str, Any]:
    columns = [{"name": c, "type": _TYPES[sql]} for c, sql in COLUMNS[name].items()]
    source = {"name": name, "table": name, "grain": ["id"], "columns": columns}
    if name in _TIMES:
        source["default_time_dimension"] = _TIMES[name]
        to, key = _JOINS[name]
        source["joins"] = [{"to": to, "on": f"{key} = {to}.id", "relationship": "many_to_one"}]
    return {**source, "measures": measures}


def definition(measure: Measure) -> dict[str, Any]:
    """Return a measure as its source's YAML has it."""
    found: dict[str, Any] = {"name": measure.name, **_kind(measure)}
    if measure.where:
        found["filter"] = condition(measure.where)
    if measure.fill_nulls_with is not None:
        found["fill_nulls_with"] = measure.fill_nulls_with
    return found


def _kind(measure: Measure) -> dict[str, Any]:
    if isinstance(measure, Aggregate):
        return _aggregate(measure)
    if isinstance(measure, Cumulative):
        window = measure.window.text if measure.window else None
        rest = {"window": window, "to_grain": measure.to_grain, "period": _period(measure)}
        return {"cumulative": {"of": _named(measure.of, measure), **_given(rest)}}
    if isinstance(measure, Offset):
        by = measure.by.text if measure.by else None
        rest = {"by": by, "to_grain": measure.to_grain}
        return {"offset": {"of": _named(measure.of, measure), **_given(rest)}}
    assert isinstance(measure, Derived)
    left, right = _named(measure.left, measure), _named(measure.right, measure)
    return {"expr": f"{left} {measure.operator} {right}"}


def _aggregate(measure: Aggregate) -> dict[str, Any]:
    found: dict[str, Any] = {"expr": f"{measure.fold}({measure.column or '*'})"}
    if measure.time:
        found["time_dimension"] = measure.time
    if measure.non_additive:
        rule = measure.non_additive
        found["non_additive"] = _given(
            {
                "dimension": rule.dimension,
                "keep": None if rule.keep == "last" else rule.keep,
                "by": list(rule.by),
            }
        )
    return found


def _period(measure: Cumulative) -> str | None:
    return None if measure.period == "last" else measure.period


def _named(part: Measure, measure: Measure) -> str:
    return part.name if part.source == measure.source else f"{part.source}.{part.name}"


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def condition(item: Condition) -> str:
    """Return a condition as SQL."""
    if item.operator == "is null":
        return f"{item.column} IS NULL"
    if item.operator == "between":
        low, high = item.value
        return f"{item.column} BETWEEN {_literal(low)} AND {_literal(high)}"
    if item.operator == "in":
        return f"{item.column} IN ({', '.join(map(_literal, item.value))})"
    return f"{item.column} {item.operator} {_literal(item.value)}"


def _literal(value: Any) -> str:
    return f"'{time_text(value)}'" if isinstance(value, datetime | str) else str(value)


def time_text(value: Any) -> Any:
    """Return a moment as text, midnight as a date; other values as they are."""
    if not isinstance(value, datetime):
        return value
    return value.isoformat(sep=" ").removesuffix(" 00:00:00")


def query(question: Question) -> dict[str, Any]:
    """Return the question as the planner takes it."""
    return {
        "measures": [_asked(item, question) for item in question.measures],
        "dimensions": [_dimension(item) for item in question.dimensions],
        "filters": [
            *map(condition, question.filters),
            *(f"{_reference(h.measure, question)} {h.operator} {h.value}" for h in question.having),
        ],
        "include_empty": question.include_empty,
        "limit": 1_000_000,
        **({"fill": True} if question.fill else {}),
    }


def _dimension(item: Dimension) -> Any:
    return {"field": item.field, "granularity": item.grain} if item.grain else item.field


def _asked(measure: Measure, question: Question) -> Any:
    if measure.name not in question.ad_hoc:
        return _reference(measure, question)
    return {"expr": written(measure), "name": measure.name}


def _reference(measure: Measure, question: Question) -> str:
    return reference(measure) if question.has_metrics else f"{measure.source}.{measure.name}"


def reference(measure: Measure) -> str:
    """Return what a question, or a metric, calls a measure or a metric, which has two names."""
    if isinstance(measure, Aggregate):
        return f"{measure.source}.{measure.name}"
    return measure.name if len(measure.name) % 2 else f"metrics.{measure.name}"


def written(measure: Measure) -> str:
    """Return a measure as a question writes it."""
    if isinstance(measure, Cumulative):
        name = "to_date" if measure.to_grain else "cumulative"
        bound = measure.window.text if measure.window else measure.to_grain
        words = [word for word in (bound, _period(measure)) if word]
        return f"{name}({', '.join([written(measure.of), *map(_literal, words)])})"
    if isinstance(measure, Offset):
        assert measure.by is not None
        return f"offset({written(measure.of)}, '{measure.by.text}')"
    if isinstance(measure, Derived):
        return f"({written(measure.left)}) {measure.operator} ({written(measure.right)})"
    return f"{measure.source}.{measure.name}"


def can_be_written(measure: Measure) -> bool:
    """Whether a question can have a measure that the model has not."""
    framed = [part for part in walk(measure) if not isinstance(part, Aggregate)]
    return bool(framed) and all(_is_writable(part) for part in framed)


def _is_writable(part: Measure) -> bool:
    if part.where or part.fill_nulls_with is not None:
        return False
    return not (isinstance(part, Offset) and part.to_grain)


def modelled(question: Question) -> list[Measure]:
    """Return the measures that the model must have: what is written in the question, not itself."""
    found: list[Measure] = [item.measure for item in question.having]
    for measure in question.measures:
        if measure.name in question.ad_hoc:
            found += [part for part in walk(measure) if isinstance(part, Aggregate)]
        else:
            found.append(measure)
    return found


def tables(world: World, dialect: str, names: Iterable[str]) -> dict[str, Table]:
    """Return the tables of sources in a database."""
    return {name: _table(name, world, dialect) for name in names}


def _table(name: str, world: World, dialect: str) -> Table:
    # A TIMESTAMP of MariaDB and MySQL is an instant, and the first of a row is never NULL there.
    kinds = {"TIMESTAMP": "DATETIME"} if dialect == "mysql" else {}
    columns = COLUMNS[name]
    header = ", ".join(f"{column} {kinds.get(sql, sql)}" for column, sql in columns.items())
    rows = [tuple(_stored(row[c], columns[c]) for c in columns) for row in world.rows[name]]
    return header, rows


def _stored(value: Any, sql: str) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.date().isoformat() if sql == "DATE" else value.isoformat(sep=" ")
