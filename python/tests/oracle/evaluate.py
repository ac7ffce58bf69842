"""What a semantic query means, computed by walking rows. No SQL, nothing shared with the planner.

The rules are those of the documentation: every measure is aggregated over the rows of its own
source, each once; other sources are looked up along the one shortest route; several facts are
merged on the dimensions with NULL equal to NULL; `include_empty` adds dimension values that no
fact shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from oracle.joins import is_proved
from oracle.model import Atom, Case, Condition, Dimension, Lookup, MeasureSpec, Question, Row
from oracle.routes import Refused, Routes
from oracle.values import SEGMENTS, cell, truncated

Key = tuple[Any, ...]
Groups = dict[Key, dict[int, list[Any]]]


@dataclass(frozen=True)
class Answer:
    """What is right: the rows in order, by the names of dimensions and measures.

    A refusal may be right as well, and one by the database where something `may_be_unknown`. A
    join that is not `proved` has to be warned of, and when it `multiplied` rows they are nobody's
    right answer. What is `unreadable` has to be noticed.
    """

    rows: list[dict[str, Any]]
    may_refuse: bool
    may_be_unknown: bool
    proved: bool
    multiplied: bool
    unreadable: bool


def evaluate(case: Case, question: Question) -> Answer:
    """Return the answer, or raise `Refused`."""
    return Evaluation(case, question).answer()


def shown(spec: MeasureSpec) -> list[tuple[str, MeasureSpec]]:
    """Return a measure and the parts that may be shown with it, by their keys in the rows."""
    return [(spec.name, spec), *((f"{spec.name}/{i}", p) for i, p in enumerate(spec.parts))]


class Evaluation:
    """One question over one model."""

    def __init__(self, case: Case, question: Question) -> None:
        self._case = case
        self._question = question
        self._routes = Routes(case, question.join_path)
        self._specs = [part for spec in question.measures for part in shown(spec)]
        specs = [spec for _, spec in self._specs]
        specs += [item.measure for item in question.measure_filters]
        self._atoms = [atom for spec in specs for atom in spec.atoms]
        self._refuse_by_verdict()
        homes = list(dict.fromkeys(atom.home for atom in self._atoms))
        self._homes = homes or [self._root()]
        for source, _ in question.whole_segments():
            if source not in homes:
                raise Refused(f"segment of {source}")
        self._check_reachable()
        self._check_joins()

    def _parts(self) -> list[Any]:
        asked = self._question
        return [*asked.measures, *asked.dimensions, *asked.filters, *asked.measure_filters]

    def _refuse_by_verdict(self) -> None:
        for part in self._parts():
            if part.verdict == "refused":
                text = part.text if hasattr(part, "text") else part.sql
                raise Refused(f"{part.kind}: {text}")

    def _check_joins(self) -> None:
        """Refuse what a contradiction or a placeholder in the model makes unanswerable."""
        for join, forward in self._routes.used:
            # That a row of the source meets one row at most, one-to-one and many-to-one agree on.
            if join.contradiction and not (forward and join.contradiction == "one_to_one"):
                raise Refused("the two ends contradict each other")
        ends = {node for join, _ in self._routes.used for node in (join.source, join.target)}
        sources = {self._case.source_of(home) for home in self._homes} | ends
        if sources & set(self._case.unfilled):
            raise Refused("the text of a source has a placeholder")

    def answer(self) -> Answer:
        """Return what is right."""
        rows, verdicts = self.rows(), {part.verdict for part in self._parts()}
        used = self._routes.used
        unclear = len(self._case.nodes) > 1 and any(j.contradiction for j in self._case.joins)
        return Answer(
            rows,
            bool(verdicts & {"right or refused", "right or unknown", "noticed"}) or unclear,
            "right or unknown" in verdicts,
            all(is_proved(self._case, *step) for step in used),
            self._routes.multiplied,
            "noticed" in verdicts and self._has_unreadable(),
        )

    def _has_unreadable(self) -> bool:
        nodes = [item.node for item in self._question.dimensions if item.verdict == "noticed"]
        nodes += [n for c in self._question.filters if c.verdict == "noticed" for n in c.nodes]
        sources = {self._case.source_of(node) for node in nodes}
        return any(
            row["stamp"] is not None for source in sources for row in self._case.rows[source]
        )

    def _root(self) -> str:
        nodes = list(dict.fromkeys(item.node for item in self._question.dimensions))
        for node in nodes:
            if all(self._routes.all(node, other) for other in nodes):
                return node
        raise Refused("no common source")

    def _check_reachable(self) -> None:
        for home in self._homes:
            for item in self._question.dimensions:
                self._routes.one(home, item.node)
        for condition in self._question.filters:
            reaching = [home for home in self._homes if self._sees(home, condition)]
            if not reaching:
                raise Refused(condition.sql)
            for home in reaching:
                for node in condition.nodes:
                    self._routes.one(home, node)
        for atom in self._atoms:
            for node in atom.needs:
                self._routes.one(atom.home, node)
                if not atom.stated and self._routes.all(node, atom.home):
                    raise Refused(f"the rows of {node} could be meant as well")

    def _sees(self, home: str, condition: Condition) -> bool:
        return all(self._routes.all(home, node) for node in condition.nodes)

    def rows(self) -> list[dict[str, Any]]:
        """Return the answer."""
        groups: Groups = {}
        if not self._question.dimensions:
            groups[()] = {}
        for home in self._homes:
            self._collect(home, groups)
        if self._question.include_empty:
            self._add_values_without_facts(groups)
        answer = [(key, self._values(found)) for key, found in groups.items()]
        answer = [item for item in answer if self._passes(item[1])]
        names = self._question.names()
        records = [
            {**dict(zip(names, key, strict=True)), **self._outputs(values)}
            for key, values in answer
        ]
        return self._ordered(records)[: self._question.limit]

    def _collect(self, home: str, groups: Groups) -> None:
        """Put the values that every aggregate of `home` sees into its group."""
        filters = [item for item in self._question.filters if self._sees(home, item)]
        nodes = {item.node for item in self._question.dimensions}
        nodes |= {node for item in filters for node in item.nodes}
        nodes |= {node for atom in self._atoms if atom.home == home for node in atom.needs}
        for row in self._case.rows[self._case.source_of(home)]:
            lookup = self._lookup(home, row)
            for node in nodes:
                lookup(node)  # Joins meet what they meet, whatever becomes of the row.
            if not all(item.holds(lookup) is True for item in filters):
                continue
            key = self._key(self._question.dimensions, lookup)
            group = groups.setdefault(key, {})
            for index, atom in enumerate(self._atoms):
                if atom.home == home and self._counts(atom, lookup):
                    group.setdefault(index, []).append(atom.value(lookup))

    def _key(self, dimensions: Iterable[Dimension], lookup: Lookup) -> Key:
        return tuple(
            truncated(cell(lookup(item.node), item.column), item.grain) for item in dimensions
        )

    def _counts(self, atom: Atom, lookup: Lookup) -> bool:
        if atom.keep(lookup) is not True:
            return False
        return all(
            SEGMENTS[name](lookup(source)) is True
            for source, name in self._question.whole_segments()
            if source == atom.home
        )

    def _lookup(self, home: str, row: Row) -> Lookup:
        return lambda node: self._routes.follow(self._routes.one(home, node), row)

    def _add_values_without_facts(self, groups: Groups) -> None:
        dimensions = self._question.dimensions
        other = list(dict.fromkeys(d.node for d in dimensions if d.node not in self._homes))
        shown = list(groups)
        for root in other:
            if any(node != root and self._through(root, node) for node in other):
                continue
            members = [
                index
                for index, item in enumerate(dimensions)
                if item.node in other and self._through(item.node, root)
            ]
            known = {tuple(key[index] for index in members) for key in shown}
            for row in self._case.rows[self._case.source_of(root)]:
                value = self._value_of(root, row, members)
                if value is not None and value not in known:
                    key = [None] * len(dimensions)
                    for index, part in zip(members, value, strict=True):
                        key[index] = part
                    groups.setdefault(tuple(key), {})

    def _value_of(self, root: str, row: Row, members: list[int]) -> Key | None:
        def lookup(node: str) -> Row | None:
            if node == root:
                return row
            whole = self._routes.one(self._homes[0], node)
            start = next(i for i, step in enumerate(whole) if step[2] == root)
            return self._routes.follow(whole[start + 1 :], row)

        for item in self._question.filters:
            applies = all(self._through(node, root) for node in item.nodes)
            if applies and item.holds(lookup) is not True:
                return None
        return self._key((self._question.dimensions[index] for index in members), lookup)

    def _through(self, node: str, middle: str) -> bool:
        """Whether every fact looks up `node` by way of `middle`."""
        if node == middle:
            return True
        return all(
            self._routes.all(home, node)
            and middle in [step[2] for step in self._routes.one(home, node)]
            for home in self._homes
        )

    def _values(self, found: dict[int, list[Any]]) -> list[Any]:
        return [atom.fold(found.get(index, [])) for index, atom in enumerate(self._atoms)]

    def _passes(self, values: list[Any]) -> bool:
        position = sum(len(spec.atoms) for _, spec in self._specs)
        for item in self._question.measure_filters:
            own = values[position : position + len(item.measure.atoms)]
            position += len(item.measure.atoms)
            if item.holds(item.measure.combine(own)) is not True:
                return False
        return True

    def _outputs(self, values: list[Any]) -> dict[str, Any]:
        outputs, position = {}, 0
        for key, spec in self._specs:
            own = values[position : position + len(spec.atoms)]
            position += len(spec.atoms)
            outputs[key] = spec.combine(own)
        return outputs

    def _ordered(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        terms = [*self._question.order, *((name, False) for name in self._question.names())]
        # Sorting is stable, so the term that counts most comes last.
        for name, descends in reversed(terms):
            present = [record for record in records if record[name] is not None]
            absent = [record for record in records if record[name] is None]
            present.sort(key=lambda record: _sort_value(record[name]), reverse=descends)
            records = present + absent
        return records


def _sort_value(value: Any) -> Any:
    # Two ways of computing one number may differ in the last digit.
    return round(value, 9) if isinstance(value, float) else value
