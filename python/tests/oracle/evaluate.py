"""What a semantic query means, computed by walking rows. No SQL, nothing shared with the planner.

The rules are those of the documentation: every measure is aggregated over the rows of its own
source, each once; other sources are looked up along the one shortest route; several facts are
merged on the dimensions with NULL equal to NULL; `include_empty` adds dimension values that no
fact shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from oracle.model import Atom, Case, Join, Lookup, Question, Row

Key = tuple[Any, ...]


class Refused(Exception):
    """The question has no single right answer, so the planner must refuse it."""


def evaluate(case: Case, question: Question) -> list[dict[str, Any]]:
    """Return the rows of the answer, in order, or raise `Refused`."""
    return Evaluation(case, question).rows()


class Evaluation:
    """One question over one model."""

    def __init__(self, case: Case, question: Question) -> None:
        self._case = case
        self._question = question
        specs = [*question.measures, *(item.measure for item in question.measure_filters)]
        self._atoms = [atom for spec in specs for atom in spec.atoms]
        homes = list(dict.fromkeys(atom.home for atom in self._atoms))
        self._homes = homes or [self._root()]
        for source in question.segments:
            if source not in homes:
                raise Refused(f"segment of {source}")
        self._check_reachable()

    def _root(self) -> str:
        sources = list(dict.fromkeys(source for source, _ in self._question.dimensions))
        for source in sources:
            if all(routes(self._case, source, other) for other in sources):
                return source
        raise Refused("no common source")

    def _check_reachable(self) -> None:
        for home in self._homes:
            for source, _ in self._question.dimensions:
                route(self._case, home, source)
        for item in self._question.filters:
            reaching = [home for home in self._homes if self._sees(home, item.sources)]
            if not reaching:
                raise Refused(item.sql)
            for home in reaching:
                for source in item.sources:
                    route(self._case, home, source)
        for atom in self._atoms:
            for source in atom.needs:
                route(self._case, atom.home, source)
                if routes(self._case, source, atom.home):
                    raise Refused(f"the rows of {source} could be meant as well")

    def _sees(self, home: str, sources: Iterable[str]) -> bool:
        return all(routes(self._case, home, source) for source in sources)

    def rows(self) -> list[dict[str, Any]]:
        """Return the answer."""
        groups: dict[Key, dict[int, list[Any]]] = {}
        if not self._question.dimensions:
            groups[()] = {}
        for home in self._homes:
            self._collect(home, groups)
        if self._question.include_empty:
            self._add_values_without_facts(groups)
        answer = [(key, self._values(found)) for key, found in groups.items()]
        answer = [item for item in answer if self._passes(item[1])]
        names = self._dimension_names()
        records = [
            {**dict(zip(names, key, strict=True)), **self._outputs(values)}
            for key, values in answer
        ]
        return self._ordered(records)[: self._question.limit]

    def _collect(self, home: str, groups: dict[Key, dict[int, list[Any]]]) -> None:
        """Put the values that every aggregate of `home` sees into its group."""
        for row in self._case.rows[home]:
            lookup = self._lookup(home, row)
            if not all(
                item.holds(lookup) is True
                for item in self._question.filters
                if self._sees(home, item.sources)
            ):
                continue
            key = tuple(cell(lookup(source), name) for source, name in self._question.dimensions)
            group = groups.setdefault(key, {})
            for index, atom in enumerate(self._atoms):
                if atom.home == home and self._counts(atom, lookup):
                    group.setdefault(index, []).append(atom.value(lookup))

    def _counts(self, atom: Atom, lookup: Lookup) -> bool:
        if atom.keep(lookup) is not True:
            return False
        return atom.home not in self._question.segments or positive(lookup(atom.home)) is True

    def _lookup(self, home: str, row: Row) -> Lookup:
        def lookup(source: str) -> Row | None:
            return follow(self._case, route(self._case, home, source), row)

        return lookup

    def _add_values_without_facts(self, groups: dict[Key, dict[int, list[Any]]]) -> None:
        dimensions = self._question.dimensions
        other = list(dict.fromkeys(s for s, _ in dimensions if s not in self._homes))
        shown = list(groups)
        for root in other:
            if any(o != root and self._through(root, o) for o in other):
                continue
            members = [index for index, (s, _) in enumerate(dimensions) if self._through(s, root)]
            members = [index for index in members if dimensions[index][0] in other]
            known = {tuple(key[index] for index in members) for key in shown}
            for row in self._case.rows[root]:
                value = self._value_of(root, row, members)
                if value is not None and value not in known:
                    key = [None] * len(dimensions)
                    for index, part in zip(members, value, strict=True):
                        key[index] = part
                    groups.setdefault(tuple(key), {})

    def _value_of(self, root: str, row: Row, members: list[int]) -> Key | None:
        def lookup(source: str) -> Row | None:
            whole = route(self._case, self._homes[0], source)
            if source == root:
                return row
            start = next(i for i, (_, node) in enumerate(whole) if node == root)
            return follow(self._case, whole[start + 1 :], row)

        for item in self._question.filters:
            if all(
                self._sees(home, item.sources) and self._through(source, root)
                for source in item.sources
                for home in self._homes
            ) and (item.holds(lookup) is not True):
                return None
        dimensions = self._question.dimensions
        return tuple(cell(lookup(dimensions[i][0]), dimensions[i][1]) for i in members)

    def _through(self, source: str, middle: str) -> bool:
        """Whether every fact looks up `source` by way of `middle`."""
        if source == middle:
            return True
        return all(
            routes(self._case, home, source)
            and middle in [node for _, node in route(self._case, home, source)]
            for home in self._homes
        )

    def _values(self, found: dict[int, list[Any]]) -> list[Any]:
        return [atom.fold(found.get(index, [])) for index, atom in enumerate(self._atoms)]

    def _passes(self, values: list[Any]) -> bool:
        position = sum(len(spec.atoms) for spec in self._question.measures)
        for item in self._question.measure_filters:
            own = values[position : position + len(item.measure.atoms)]
            position += len(item.measure.atoms)
            if item.holds(item.measure.combine(own)) is not True:
                return False
        return True

    def _outputs(self, values: list[Any]) -> dict[str, Any]:
        outputs, position = {}, 0
        for spec in self._question.measures:
            own = values[position : position + len(spec.atoms)]
            position += len(spec.atoms)
            outputs[spec.name] = spec.combine(own)
        return outputs

    def _dimension_names(self) -> list[str]:
        columns = [column for _, column in self._question.dimensions]
        return [
            column if columns.count(column) == 1 else f"{source}_{column}"
            for source, column in self._question.dimensions
        ]

    def _ordered(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = self._dimension_names()
        for name in reversed(names):
            records.sort(key=lambda record: _last_if_null(record[name]))
        if self._question.order_by_first:
            measures = self._question.measures
            first = measures[0].name if measures else names[0]
            present = [record for record in records if record[first] is not None]
            absent = [record for record in records if record[first] is None]
            descending = self._question.order_by_first == "desc"
            # A stable sort that reverses keeps equal records in their order.
            present.sort(key=lambda record: record[first], reverse=descending)
            records = present + absent
        return records


def _last_if_null(value: Any) -> tuple[bool, Any]:
    return (value is None, 0 if value is None else value)


def cell(row: Row | None, column: str) -> Any:
    """Return a column of a looked-up row: NULL when there is no row, computed columns too."""
    if row is None:
        return None
    if column == "label":
        return "none" if row["a"] is None else row["a"]
    return row[column]


def positive(row: Row | None) -> bool | None:
    """The segment `pos`: x > 0 OR a = 'p'."""
    assert row is not None
    parts = [
        None if row["x"] is None else row["x"] > 0,
        None if row["a"] is None else row["a"] == "p",
    ]
    return True if True in parts else (None if None in parts else False)


def steps(case: Case, source: str) -> list[tuple[Join, str]]:
    """Return the joins that give a row of `source` at most one row, with their other end."""
    out = [(join, join.target) for join in case.joins if join.source == source]
    return out + [
        (join, join.source) for join in case.joins if join.target == source and join.one_to_one
    ]


def routes(case: Case, home: str, source: str) -> list[list[tuple[Join, str]]]:
    """Return all routes of the fewest hops."""
    level: list[list[tuple[Join, str]]] = [[]]
    seen: set[str] = {home}
    if home == source:
        return [[]]
    while level:
        level = [
            [*path, step]
            for path in level
            for step in steps(case, path[-1][1] if path else home)
            if step[1] not in seen
        ]
        arrived = [path for path in level if path[-1][1] == source]
        if arrived:
            return arrived
        seen |= {path[-1][1] for path in level}
    return []


def route(case: Case, home: str, source: str) -> list[tuple[Join, str]]:
    """Return the one shortest route; none or several are refused."""
    found = routes(case, home, source)
    if len(found) != 1:
        raise Refused(f"{len(found)} routes from {home} to {source}")
    return found[0]


def follow(case: Case, path: list[tuple[Join, str]], row: Row) -> Row | None:
    """Return the row at the end of a path, or None when a step finds no match."""
    current: Row | None = row
    for join, node in path:
        if current is None:
            return None
        ours, theirs = ("fk_" + join.target, "id")
        if node == join.source:
            ours, theirs = theirs, ours
        matches = [
            other
            for other in case.rows[node]
            if current[ours] is not None and other[theirs] == current[ours]
        ]
        current = matches[0] if matches else None
    return current
