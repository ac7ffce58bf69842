"""What drivers share in making an answer of what their packages return."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ktx_daemon.database_query.driver import Column
from ktx_daemon.database_query.kinds import kind_of

Converters = Mapping[int, Callable[[Any], Any]]
"""What is done to the values of a column, by its place; not to NULL."""


def column_of(name: str, word: str) -> Column:
    """Return a column whose kind is that of the database's word for its type."""
    return Column(name, kind_of(word), word)


def fetched(cursor: Any, limit: int | None) -> Sequence[Sequence[Any]]:
    """Return the rows of a cursor of Python's DB API, of many the first `limit`."""
    rows: Sequence[Sequence[Any]] = cursor.fetchall() if limit is None else cursor.fetchmany(limit)
    return rows


def converted(rows: Sequence[Sequence[Any]], converters: Converters) -> Sequence[Sequence[Any]]:
    """Return the rows with the values of some columns converted."""
    if not converters:
        return rows
    return [_converted_row(row, converters) for row in rows]


def _converted_row(row: Sequence[Any], converters: Converters) -> list[Any]:
    values = list(row)
    for place, convert in converters.items():
        if values[place] is not None:
            values[place] = convert(values[place])
    return values
