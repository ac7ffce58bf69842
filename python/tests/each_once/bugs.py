"""Evaluators that are wrong in one way each: a search that misses one of them is too weak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from each_once.evaluator import Evaluator, Group
from each_once.question import Filter, Measure
from each_once.world import Row


class CountedForEachItem(Evaluator):
    def rows_of(self, measure: Measure, group: Group) -> list[Row]:
        right = super().rows_of(measure, group)
        if measure.fact != "orders":
            return right
        return [row for row in right for _ in range(max(1, self.times(row, group)))]

    def times(self, row: Row, group: Group) -> int:
        """Return how many items of an order are in a group."""
        names = [name for name in group if name in ("category", "size", "shipped")]
        items = self.many(row, "order_items") if names else []
        return sum(all(item[name] == group[name] for name in names) for item in items)


class RowsWithoutItemsLost(Evaluator):
    def counts(self, fact: str, row: Row) -> bool:
        sides = self.sides() if fact == "orders" else []
        return super().counts(fact, row) and all(self.many(row, side) for side in sides)


class TotalIsTheSumOfGroups(Evaluator):
    def total(self, measure: Measure, group: Group) -> Any:
        part = {name: group[name] for name in measure.dimensions}
        groups = [g for g in self.groups() if all(g[name] == part[name] for name in part)]
        values = [self.aggregate(measure, self.rows_of(measure, g)) for g in groups]
        known = [value for value in values if value is not None]
        return sum(known) if known else super().total(measure, group)


class TotalIgnoresFilters(Evaluator):
    def total(self, measure: Measure, group: Group) -> Any:
        filters = self.question.filters
        one = self.unfiltered()
        found = one.value(
            Measure(measure.fact, measure.name, "total", measure.dimensions), group, []
        )
        return found if filters else super().total(measure, group)

    def unfiltered(self) -> Evaluator:
        """Return who answers without filters on the many side."""
        kept = tuple(f for f in self.question.filters if f.column in ("region", "status"))
        question = type(self.question)(self.question.measures, self.question.by, kept)
        return Evaluator(self.world, question)


class NullCountsTwice(Evaluator):
    def rows_of(self, measure: Measure, group: Group) -> list[Row]:
        right = super().rows_of(measure, group)
        if measure.fact != "orders" or not any(
            group[n] is None for n in ("category",) if n in group
        ):
            return right
        return right + [row for row in right if len(self.many(row, "order_items")) != 1]


class RowsWithoutMatchingItemsStay(Evaluator):
    def counts(self, fact: str, row: Row) -> bool:
        own = [item for item in self.question.filters if item.column in row]
        return all(self.passes(row, item) for item in own)


class FilterKeepsAllGroupsOfARow(Evaluator):
    def is_in_side(self, row: Row, side: str, group: Group) -> bool:
        return self.without(side).is_in_side(row, side, group)

    def own_groups(self, fact: str, row: Row) -> Iterator[Group]:
        yield from self.without("").own_groups(fact, row)

    def without(self, side: str) -> Evaluator:
        """Return who knows of no filters on the many side."""
        kept = tuple(f for f in self.question.filters if f.column in ("region", "status"))
        question = type(self.question)(self.question.measures, self.question.by, kept)
        return Evaluator(self.world, question)


class DimensionsOfOneSideApart(Evaluator):
    def is_in_side(self, row: Row, side: str, group: Group) -> bool:
        return all(
            super(DimensionsOfOneSideApart, self).is_in_side(row, side, {name: value})
            for name, value in group.items()
        )


class FirstItemAlone(Evaluator):
    def many(self, row: Row, side: str) -> list[Row]:
        return super().many(row, side)[:1]


class NullItemsLeftOut(Evaluator):
    def many(self, row: Row, side: str) -> list[Row]:
        names = [name for name in self.question.by if name in ("category", "size", "shipped")]
        found = super().many(row, side)
        return [r for r in found if side != "order_items" or all(r[n] is not None for n in names)]


class ItemsOfNobodyAreOfOrdersWithoutAny(Evaluator):
    def many(self, row: Row, side: str) -> list[Row]:
        found = super().many(row, side)
        if found or side != "order_items":
            return found
        return [self.item(r) for r in self.world.order_items if r["order_id"] is None]


class ItemsCountedByOrders(Evaluator):
    def rows_of(self, measure: Measure, group: Group) -> list[Row]:
        right = super().rows_of(measure, group)
        if measure.fact == "orders":
            return right
        return list({row["order_id"]: row for row in right}.values())


class FiltersOnItemsAreOfThatFactAlone(Evaluator):
    def side_filters(self, side: str) -> list[Filter]:
        return [] if len(self.question.facts) > 1 else super().side_filters(side)


BUGS: list[type[Evaluator]] = [
    item
    for item in list(globals().values())
    if isinstance(item, type) and item.__bases__ == (Evaluator,)
]
