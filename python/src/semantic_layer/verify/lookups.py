"""Rows that are looked up: by evaluating the condition of each join, for each row that may fit."""

from __future__ import annotations

from typing import NamedTuple

from semantic_layer.verify.joins import Joins, Link, Route
from semantic_layer.verify.model import Row
from semantic_layer.verify.values import Value


class _Index(NamedTuple):
    """Rows by a key, and of which types the keys are."""

    rows: dict[Value, list[Row]]
    kinds: set[type | None]


class Lookups:
    """What the rows of a database meet; remembers joins that gave a row several rows."""

    def __init__(self, joins: Joins, rows: dict[str, list[Row]]) -> None:
        self.rows = rows
        self._joins = joins
        self._found: dict[tuple[Link, int], Row | None] = {}
        self._indexes: dict[Link, _Index | None] = {}
        self.several: dict[str, tuple[Link, list[Row]]] = {}
        """By the label of a join: a row, and those that it meets where one was promised."""

    def follow(self, route: Route, row: Row) -> Row | None:
        """Return the row at the end of a route, or None where a step meets none."""
        current: Row | None = row
        for link in route:
            if current is None:
                return None
            current = self._next(link, current)
        return current

    def _next(self, link: Link, row: Row) -> Row | None:
        key = (link, id(row))
        if key not in self._found:
            self._found[key] = self._search(link, row)
        return self._found[key]

    def _search(self, link: Link, row: Row) -> Row | None:
        condition = self._joins.condition(link.declared)
        timed = self._timed(link, row)
        if link.forward:
            met = [o for o in self._candidates(link, row) if condition.holds(row, o, timed)]
        else:
            met = [o for o in self._candidates(link, row) if condition.holds(o, row, timed)]
        if len(met) > 1:
            self.several.setdefault(link.declared.label, (link, [row, *met]))
        return met[0] if met else None

    def _timed(self, link: Link, row: Row) -> Row | None:
        """Return the row with the time by which the window of a join is chosen."""
        window = self._joins.condition(link.declared).window
        if window is None or window.node is None:
            return row
        return self.follow(self._joins.route(link.start, window.node), row)

    def _candidates(self, link: Link, row: Row) -> list[Row]:
        """Return the rows that may fit: those with an equal key where that is plain to see."""
        source = link.declared.target if link.forward else link.declared.source
        if link not in self._indexes:
            self._indexes[link] = self._indexed(link, self.rows[source])
        index = self._indexes[link]
        if index is None:
            return self.rows[source]
        mine = self._joins.condition(link.declared).keys[0][0 if link.forward else 1]
        value = mine(row)
        if value is None:
            return []  # NULL equals nothing.
        if not index.kinds <= {_plain_kind(value)}:
            return self.rows[source]
        return index.rows.get(value, [])

    def _indexed(self, link: Link, rows: list[Row]) -> _Index | None:
        keys = self._joins.condition(link.declared).keys
        if not keys:
            return None
        theirs = keys[0][1 if link.forward else 0]
        index = _Index({}, set())
        for row in rows:
            value = theirs(row)
            if value is not None:
                index.kinds.add(_plain_kind(value))
                index.rows.setdefault(value, []).append(row)
        return None if None in index.kinds else index


def _plain_kind(value: Value) -> type | None:
    """Return the type of a value of which equal ones are equal to Python, and no others."""
    return type(value) if type(value) in (int, str) else None
