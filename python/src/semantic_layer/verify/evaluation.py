"""The answer to a question by walking rows: look up, filter, group, aggregate. No SQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from semantic_layer.verify.joins import Joins, Route
from semantic_layer.verify.lookups import Lookups
from semantic_layer.verify.measures import Condition
from semantic_layer.verify.model import Row
from semantic_layer.verify.question import Dimension, Question, values_of
from semantic_layer.verify.values import Value, truth

Key = tuple[Any, ...]
_CHECKED_EVERY = 256


class Late(Exception):
    """The evaluation took longer than it may."""


class Seen:
    """A row and what it looks up, by node; each looked up once."""

    __slots__ = ("_cache", "_lookups", "_route_to")

    def __init__(
        self, node: str, row: Row, route_to: Callable[[str], Route], lookups: Lookups
    ) -> None:
        self._cache: dict[str, Row | None] = {node: row}
        self._route_to = route_to
        self._lookups = lookups

    def row_of(self, node: str) -> Row | None:
        """Return the row of a node that is seen from here, or None where there is no match."""
        if node not in self._cache:
            start = next(iter(self._cache.values()))
            assert start is not None
            self._cache[node] = self._lookups.follow(self._route_to(node), start)
        return self._cache[node]


class Group:
    """The rows that agree on the dimensions, and what its aggregates see of them."""

    def __init__(self, question: Question, values: tuple[Value, ...]) -> None:
        self.values = values
        self.rows: dict[str, list[Row]] = {}
        self._atoms = question.atoms
        self._seen: dict[int, list[Value]] = {}
        self._folded: dict[int, Value] = {}

    def add(self, index: int, value: Value) -> None:
        """Let an aggregate see a value."""
        self._seen.setdefault(index, []).append(value)

    def folded(self, index: int) -> Value:
        """Return the value of an aggregate."""
        if index not in self._folded:
            self._folded[index] = self._atoms[index].fold(self._seen.get(index, []))
        return self._folded[index]

    def size(self) -> float:
        """Return the largest number that went into the group, for what rounding may do to it."""
        numbers = [
            abs(float(value))
            for values in self._seen.values()
            for value in values
            if isinstance(value, float)
        ]
        return max(numbers, default=0.0)


class Evaluation:
    """A question over the rows of its sources."""

    def __init__(
        self, question: Question, rows: dict[str, list[Row]], until: float | None = None
    ) -> None:
        """Prepare; `until` is when to give up, by the monotonic clock."""
        self.question = question
        self.lookups = Lookups(question.joins, rows)
        self._joins: Joins = question.joins
        self._until = until
        self._bases = question.bases()
        self._steps = 0
        self.groups: dict[Key, Group] = {}

    def run(self) -> list[Group]:
        """Return the groups of the answer, in no order."""
        if not self.question.dimensions:
            self._group(())
        for base in self._bases:
            self._collect(base)
        if self.question.query.include_empty:
            self._add_values_without_facts()
        return [group for group in self.groups.values() if self._passes(group)]

    def _tick(self) -> None:
        self._steps += 1
        looks = self._steps % _CHECKED_EVERY == 0 and self._until is not None
        if looks and time.monotonic() > (self._until or 0.0):
            raise Late

    def _collect(self, base: str) -> None:
        question = self.question
        filters = [item for item in question.rows if self._reaches(base, item)]
        atoms = [(i, atom) for i, atom in enumerate(question.atoms) if atom.base == base]

        def route(node: str) -> Route:
            return self._joins.route(base, node)

        for row in self.lookups.rows[question.model.source_of(base)]:
            self._tick()
            seen = Seen(base, row, route, self.lookups)
            self._look_everything_up(seen, filters, [atom.needs for _, atom in atoms])
            if not all(item.holds(seen) is True for item in filters):
                continue
            group = self._group(values_of(question.dimensions, seen))
            group.rows.setdefault(base, []).append(row)
            for index, atom in atoms:
                if atom.counts(seen):
                    group.add(index, True if atom.value is None else atom.value(seen))

    def _look_everything_up(
        self, seen: Seen, filters: list[Condition], needs: list[frozenset[str]]
    ) -> None:
        """Meet what the joins meet, whatever becomes of the row: several rows are told of."""
        nodes = {item.ref.node for item in self.question.dimensions}
        nodes = nodes.union(*(item.nodes for item in filters), *needs)
        for node in nodes:
            seen.row_of(node)

    def _reaches(self, base: str, condition: Condition) -> bool:
        return all(self._joins.reaches(base, node) for node in condition.nodes)

    def _group(self, values: tuple[Value, ...]) -> Group:
        key = self.key(values)
        if key not in self.groups:
            self.groups[key] = Group(self.question, values)
        return self.groups[key]

    def key(self, values: Iterable[Value]) -> Key:
        """Return what equal values of the dimensions have in common; NULL equals NULL."""
        key = self.question.compiler.comparing.key
        return tuple(None if value is None else key(value) for value in values)

    def _passes(self, group: Group) -> bool:
        return all(truth(value(group)) is True for _, value in self.question.groups)

    def _add_values_without_facts(self) -> None:
        """Add the groups of dimension values that no row that is counted looks up."""
        dimensions = self.question.dimensions
        looked_up = list(
            dict.fromkeys(d.ref.node for d in dimensions if d.ref.node not in self._bases)
        )
        shown = list(self.groups)
        for root in looked_up:
            if any(node != root and self._passes_through(root, node) for node in looked_up):
                continue
            members = [
                index
                for index, item in enumerate(dimensions)
                if item.ref.node in looked_up and self._passes_through(item.ref.node, root)
            ]
            known = {tuple(key[index] for index in members) for key in shown}
            self._add_values_of(root, members, known)

    def _add_values_of(self, root: str, members: list[int], known: set[Key]) -> None:
        dimensions = self.question.dimensions
        filters = [
            item
            for item in self.question.rows
            if all(self._passes_through(node, root) for node in item.nodes)
        ]

        def route(node: str) -> Route:
            whole = self._joins.route(self._bases[0], node)
            ends = [link.end for link in whole]
            return whole[ends.index(root) + 1 :]

        for row in self.lookups.rows[self.question.model.source_of(root)]:
            self._tick()
            seen = Seen(root, row, route, self.lookups)
            if not all(item.holds(seen) is True for item in filters):
                continue
            found = _only(dimensions, members, seen)
            if tuple(self.key(found)[index] for index in members) not in known:
                self._group(found)

    def _passes_through(self, node: str, middle: str) -> bool:
        """Whether all that is counted looks up a node by way of another."""
        if node == middle:
            return True
        return all(
            self._joins.reaches(base, node)
            and middle in [link.end for link in self._joins.route(base, node)]
            for base in self._bases
        )


def _only(dimensions: Sequence[Dimension], members: list[int], seen: Seen) -> tuple[Value, ...]:
    return tuple(
        item.value(seen) if index in members else None for index, item in enumerate(dimensions)
    )
