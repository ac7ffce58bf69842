"""Times as people keep them: texts of several forms, seconds since 1970; and literals beside them.

On SQLite a time column holds text, one instant written in any of `forms`; elsewhere it has a type.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from oracle.atoms import Truth, atom, column, only
from oracle.model import Case, Condition, Dimension, MeasureSpec, Verdict
from oracle.values import negated
from semantic_layer.models import SourceColumn

KIND = "times"
LATE = {"name": "late", "expr": "count(*)", "filter": "seen >= '2024-01-08'"}
HAS_STORAGE = "storage" in SourceColumn.__annotations__
_STATED = ("unix", "unix_ms")


def storage(case: Case, source: str) -> str:
    """Return how a source's `stamp` keeps its times; "unstated" when the YAML does not say so."""
    if "unreadable" in case.features:
        return "unstated"
    if "times" in case.features and HAS_STORAGE:
        return _STATED[case.sources.index(source) % len(_STATED)]
    return ""


def forms(time: str) -> list[str]:
    """Return the texts that mean an instant, which is written with a space here."""
    moment = datetime.fromisoformat(time)
    found = [moment.isoformat(sep=" "), moment.isoformat(), f"{moment.isoformat()}Z"]
    found.append(f"{(moment + timedelta(hours=2)).isoformat(sep=' ')}+02:00")
    found.append(f"{(moment - timedelta(hours=5)).isoformat()}-05:00")
    found.append(f"{moment.isoformat()}.000")
    if moment == moment.replace(hour=0, minute=0, second=0):
        found.append(moment.date().isoformat())
    return found


def time_measures(case: Case) -> list[MeasureSpec]:
    """Return measures that compare times inside an aggregate."""
    found = []
    for source in case.sources:
        late = _compared(source, operator.ge, "2024-01-08")
        early = _compared(source, operator.lt, "2024-01-08")
        texts = [
            (f"{source}.late", late),
            (f"count(*) FILTER (WHERE '2024-01-08' <= {source}.seen)", late),
            (f"sum(case when {source}.seen < '2024-01-08' then 1 end)", early),
        ]
        for index, (text, keep) in enumerate(texts):
            part = atom(source, len, None, keep)
            if index == 2:
                part = atom(source, lambda values: len(values) or None, None, keep)
            found.append(MeasureSpec(text, f"{source}_when{index}", (part,), only, kind=KIND))
    return found


def time_conditions(case: Case, one: str, two: str) -> list[Condition]:
    """Return filters that compare times with literals of several forms, and with each other."""
    found = [
        _condition(one, f"{one}.seen >= '2024-01-08'", operator.ge, "2024-01-08"),
        _condition(one, f"{one}.seen <= '2024-01-07'", operator.le, "2024-01-07"),
        _condition(one, f"{one}.seen = '2024-01-07'", operator.eq, "2024-01-07"),
        _condition(one, f"'2024-01-01' < {one}.seen", operator.gt, "2024-01-01"),
        _standard(one, ">=", operator.ge, "2024-01-08 00:00:00"),
        _standard(one, "<", operator.lt, "2024-01-08 00:00:00"),
        _between(one),
        _negated(one),
    ]
    if not case.has_dates(case.source_of(one)):
        # A date does not read a time of day everywhere.
        late = "2024-01-07 23:59:59"
        found += [
            _condition(one, f"{one}.seen < '2024-01-08 00:00:00'", operator.lt, "2024-01-08"),
            _condition(one, f"{one}.seen >= '2024-01-07T00:00:00'", operator.ge, "2024-01-07"),
            _condition(one, f"{one}.seen > '2024-01-07T12:00:00'", operator.gt, "2024-01-07 12:00"),
            _condition(one, f"{one}.seen = '{late}'", operator.eq, late),
            _condition(one, f"{one}.seen <> '{late}'", operator.ne, late),
            _condition(one, f"{one}.seen IN ('2023-12-31', '{late}')", _is_in, late),
            _standard(one, "<=", operator.le, late),
        ]
    found.append(_of_two(one, two))
    if storage(case, case.source_of(one)) in _STATED:
        found += [
            _condition(one, f"{one}.stamp >= '2024-01-08'", operator.ge, "2024-01-08", "stamp"),
            _condition(one, f"{one}.stamp < '2024-01-08'", operator.lt, "2024-01-08", "stamp"),
        ]
    return found


def unreadable_conditions(one: str) -> list[Condition]:
    """Return filters on a column of seconds that nobody said to be seconds."""
    compared = _condition(one, f"{one}.stamp >= '2024-01-08'", operator.ge, "2024-01-08", "stamp")
    return [Condition(compared.sql, (one,), compared.holds, "noticed", "unreadable")]


def unreadable_dimension(node: str, grain: str) -> Dimension:
    """Return a grain of a column of seconds that nobody said to be seconds."""
    return Dimension(node, "stamp", grain, verdict="noticed", kind="unreadable")


def _moment(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _is_in(moment: datetime, late: datetime) -> bool:
    return moment in (datetime(2023, 12, 31), late)


def _compared(
    node: str, compare: Callable[[datetime, datetime], bool], literal: str, name: str = "seen"
) -> Truth:
    value, other = column(node, name), datetime.fromisoformat(literal)

    def holds(lookup: Any) -> bool | None:
        moment = _moment(value(lookup))
        return None if moment is None else compare(moment, other)

    return holds


def _condition(
    node: str,
    sql: str,
    compare: Callable[[datetime, datetime], bool],
    literal: str,
    name: str = "seen",
    verdict: Verdict = "right",
) -> Condition:
    return Condition(sql, (node,), _compared(node, compare, literal, name), verdict, KIND)


def _standard(
    node: str, sign: str, compare: Callable[[datetime, datetime], bool], literal: str
) -> Condition:
    # Not every database has the literal, and where it has not a refusal is right too.
    sql = f"{node}.seen {sign} TIMESTAMP '{literal}'"
    return _condition(node, sql, compare, literal, verdict="right or refused")


def _between(node: str) -> Condition:
    def holds(moment: datetime, _: datetime) -> bool:
        return datetime(2024, 1, 1) <= moment <= datetime(2024, 1, 8)

    return _condition(
        node, f"{node}.seen BETWEEN '2024-01-01' AND '2024-01-08'", holds, "2024-01-01"
    )


def _negated(node: str) -> Condition:
    inner = _compared(node, operator.lt, "2024-01-08")
    sql = f"NOT ({node}.seen < CAST('2024-01-08 00:00:00' AS TIMESTAMP))"
    # MySQL has no cast to TIMESTAMP, and says so itself.
    return Condition(sql, (node,), lambda r: negated(inner(r)), "right or unknown", KIND)


def _of_two(one: str, two: str) -> Condition:
    left, right = column(one, "seen"), column(two, "seen")

    def holds(lookup: Any) -> bool | None:
        ours, theirs = _moment(left(lookup)), _moment(right(lookup))
        return None if ours is None or theirs is None else ours <= theirs

    return Condition(f"{one}.seen <= {two}.seen", (one, two), holds, "right", KIND)
