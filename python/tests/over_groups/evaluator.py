"""The rows of an answer over groups: which there are, which are shown, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from over_groups.periods import moved, period_of, span
from over_groups.question import Cumulative, Earlier, Measure, Plain, Question
from over_groups.values import COMPARISONS, Group, Values
from over_groups.world import World

Rows = list[tuple[Any, ...]]


class Evaluator(Values):
    """Answers one question about one world."""

    def __init__(self, world: World, question: Question) -> None:
        super().__init__(world, question)
        self.groups = self.all_groups()

    def answer(self) -> Rows:
        """Return the rows in their order."""
        shown = self.best(self.filtered(self.groups))
        ordered = self.in_order(shown)[: self.question.limit]
        values = [self.shown(group) for group in ordered]
        return [(*group.values(), *row) for group, row in zip(ordered, values, strict=True)]

    def shown(self, group: Group) -> list[Any]:
        """Return the measures of a group."""
        return [self.value(item, group) for item in self.measures]

    # Groups

    def all_groups(self) -> list[Group]:
        """Return every group of the question, before filters on measures."""
        names = self.question.by
        found = {
            tuple(self.dimension(row, name) for name in names)
            for fact in self.grouping_facts()
            for row in self.kept[fact]
        }
        found |= self.groups_over_time()
        if not names:
            found = {()}
        missing = self.empty_groups(found) if self.question.empty else set()
        if self.question.fill:
            missing |= self.missing_periods(found)
        found |= missing
        return [dict(zip(names, values, strict=True)) for values in found]

    def grouping_facts(self) -> set[str]:
        """Return the facts whose rows make groups; those of totals where there are no others."""
        parts = [part for tree in self.trees() for part in tree.outside_totals()]
        return {part.fact for part in parts if isinstance(part, Plain)} or set(self.kept)

    def trees(self) -> list[Measure]:
        """Return the measures that are shown and those of filters."""
        return [*self.measures, *(item.measure for item in self.question.having)]

    def periods(self) -> list[str]:
        """Return the periods from the first row's to the last's, whatever filters say."""
        grain = self.question.grain
        times = [row["on"] for rows in self.every.values() for row in rows if row["on"]]
        if grain is None or not times:
            return []
        return span(period_of(min(times), grain), period_of(max(times), grain), grain)

    def groups_over_time(self) -> set[tuple[Any, ...]]:
        """Return the groups of periods that look at rows of another time."""
        parts = [
            part
            for tree in self.trees()
            for part in tree.outside_totals()
            if isinstance(part, Cumulative | Earlier)
        ]
        found = set()
        grain, names = self.question.grain, self.question.by
        for period in filter(self.in_bounds, self.periods() if parts else []):
            for part in parts:
                for fact in {p.fact for p in part.parts() if isinstance(p, Plain)}:
                    for row in self.framed_rows(fact, part, {grain or "": period}):
                        key = {name: self.dimension(row, name) for name in names}
                        found.add(tuple({**key, grain or "": period}.values()))
        return found

    def empty_groups(self, found: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
        """Return the shops' values that no fact has; other dimensions of theirs are unknown."""
        names = self.question.by
        own = [place for place, name in enumerate(names) if name in ("city", "region")]
        filters = [item for item in self.question.rows if item.column in ("city", "region")]
        seen = {tuple(group[place] for place in own) for group in found}
        return {
            tuple(shop[name] if name in ("city", "region") else None for name in names)
            for shop in self.world.shops
            if own
            and all(self.passes(shop, item) for item in filters)
            and tuple(shop[names[place]] for place in own) not in seen
        }

    def missing_periods(self, found: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
        """Return the periods that no group has, from the first to the last or to the filter's."""
        names, grain = self.question.by, self.question.grain
        assert grain is not None
        place = names.index(grain)
        seen = {group[place] for group in found} - {None}
        times = [item for item in self.question.rows if item.column == "on"]
        firsts = [item.value for item in times if item.operator == ">="]
        ends = [period_of(moved(item.value, -1), grain) for item in times if item.operator == "<"]
        if not ((firsts or seen) and (ends or seen)):
            return set()
        first, last = (max(firsts) if firsts else min(seen)), (min(ends) if ends else max(seen))
        return {
            tuple(period if name == grain else None for name in names)
            for period in span(first, last, grain)
            if period not in seen
        }

    # What is shown

    def filtered(self, groups: Iterable[Group]) -> list[Group]:
        """Return the groups that the filters on measures let pass."""
        return [
            group
            for group in groups
            if all(
                (value := self.value(item.measure, group)) is not None
                and COMPARISONS[item.operator](value, item.value)
                for item in self.question.having
            )
        ]

    def best(self, groups: list[Group]) -> list[Group]:
        """Return the best groups: each that few enough of its `per` are before."""
        if self.question.top is None:
            return groups
        place, descending = self.by_measure()
        terms: list[tuple[int | str, bool]] = [(place, descending)]
        terms += [(name, self.ties_descend) for name in self.question.by]
        found: dict[tuple[Any, ...], list[Group]] = {}
        for group in self.sorted(groups, terms):
            found.setdefault(tuple(group[name] for name in self.per()), []).append(group)
        return [group for among in found.values() for group in among[: self.question.top]]

    ties_descend = False

    def per(self) -> tuple[str, ...]:
        """Return the dimensions of whose every value so many groups are kept."""
        return self.question.per

    def by_measure(self) -> tuple[int, bool]:
        """Return the place of the measure by which groups are the best, and whether the largest."""
        for key, descending in self.question.order:
            if isinstance(key, int):
                return self.placed(key), descending
        return 0, True

    def placed(self, key: int) -> int:
        """Return the place of an asked measure among those that are shown."""
        return key * 4 if self.question.compare else key

    def in_order(self, groups: list[Group]) -> list[Group]:
        """Return the groups as they are ordered."""
        order: list[tuple[int | str, bool]] = [
            (self.placed(key) if isinstance(key, int) else key, descending)
            for key, descending in self.question.order
        ]
        if not order and self.question.top is not None:
            per = [name for name in self.question.by if name in self.question.per]
            order = [*((name, False) for name in per), (0, True)]
        return self.sorted(groups, [*order, *((name, False) for name in self.question.by)])

    def sorted(self, groups: list[Group], terms: list[tuple[int | str, bool]]) -> list[Group]:
        """Return groups ordered by terms; NULLs are the last either way."""
        found = list(groups)
        for key, descending in reversed(terms):
            values = {
                id(group): group[key]
                if isinstance(key, str)
                else self.value(self.measures[key], group)
                for group in found
            }
            known = [group for group in found if values[id(group)] is not None]
            known.sort(key=lambda group: values[id(group)], reverse=descending)
            found = self.with_nulls(known, [g for g in found if values[id(g)] is None])
        return found

    def with_nulls(self, known: list[Group], nulls: list[Group]) -> list[Group]:
        """Return both, in their order."""
        return known + nulls
