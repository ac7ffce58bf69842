"""Evaluators that are wrong in one way each: a search that misses one of them is too weak."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from over_groups.evaluator import Evaluator
from over_groups.periods import next_period
from over_groups.question import Measure, Plain, Rank, RowFilter, Total
from over_groups.values import Group


class SumOfTheGroups(Evaluator):
    """A total that adds up what each group has."""

    def total(self, measure: Total, group: Group) -> Any:
        values = [self.value(measure.of, other) for other in _sharing(self, measure, group)]
        known = [value for value in values if value is not None]
        return sum(known) if known else super().total(measure, group)


class MeanOfTheGroups(Evaluator):
    def total(self, measure: Total, group: Group) -> Any:
        values = [self.value(measure.of, other) for other in _sharing(self, measure, group)]
        known = [value for value in values if value is not None]
        is_mean = any(isinstance(p, Plain) and p.name == "mean" for p in measure.parts())
        return sum(known) / len(known) if is_mean and known else super().total(measure, group)


class TotalIgnoresRowFilters(Evaluator):
    def total(self, measure: Total, group: Group) -> Any:
        before, self.kept = self.kept, self.every
        found = super().total(measure, group)
        self.kept = before
        return found


class TotalOfShownGroupsOnly(Evaluator):
    """A total of the rows of the groups that a filter on measures lets pass."""

    def filtered(self, groups: Iterable[Group]) -> list[Group]:
        shown = super().filtered(groups)
        for fact, rows in self.kept.items():
            keys = [tuple(group.values()) for group in shown]
            names = self.question.by
            self.kept[fact] = [
                r for r in rows if tuple(self.dimension(r, n) for n in names) in keys
            ]
        return shown


class TotalOfEverything(Evaluator):
    """A total that forgets its dimensions."""

    def total(self, measure: Total, group: Group) -> Any:
        over_time = {
            name: group[name] for name in measure.dimensions if name == self.question.grain
        }
        return self.value(measure.of, over_time)


class NullsShareNoTotal(Evaluator):
    """NULL equal to nothing when a total is looked up."""

    def total(self, measure: Total, group: Group) -> Any:
        if any(group[name] is None for name in measure.dimensions):
            return None
        return super().total(measure, group)


class EmptyTotalIsNull(Evaluator):
    """A count of groups without rows that is not 0."""

    def total(self, measure: Total, group: Group) -> Any:
        found = super().total(measure, group)
        return found or None


class RankAfterTheFilter(Evaluator):
    def filtered(self, groups: Iterable[Group]) -> list[Group]:
        self.groups = super().filtered(groups)
        return self.groups


class RankAfterTheCut(Evaluator):
    """Places among the best groups only."""

    def best(self, groups: list[Group]) -> list[Group]:
        self.groups = super().best(groups)
        return self.groups


class DenseRank(Evaluator):
    def rivals(self, measure: Rank, group: Group) -> list[Any]:
        return list(set(super().rivals(measure, group)))


class TiesHaveTheLastPlace(Evaluator):
    def rank(self, measure: Rank, group: Group) -> int | None:
        mine = self.value(measure.of, group)
        if mine is None:
            return None
        values = self.rivals(measure, group)
        return len([value for value in values if value is not None and value >= mine])


class NullHasAPlace(Evaluator):
    def rank(self, measure: Rank, group: Group) -> int | None:
        found = super().rank(measure, group)
        known = [value for value in self.rivals(measure, group) if value is not None]
        return 1 + len(known) if found is None else found


class NullIsTheBest(Evaluator):
    """NULL before all values in a place."""

    def rank(self, measure: Rank, group: Group) -> int | None:
        found = super().rank(measure, group)
        return None if found is None else found + self.rivals(measure, group).count(None)


class SmallestFirst(Evaluator):
    def rank(self, measure: Rank, group: Group) -> int | None:
        mine = self.value(measure.of, group)
        if mine is None:
            return None
        values = self.rivals(measure, group)
        return 1 + len([value for value in values if value is not None and value < mine])


class RankAmongAll(Evaluator):
    """A place that forgets its dimensions."""

    def rivals(self, measure: Rank, group: Group) -> list[Any]:
        return super().rivals(Rank(measure.of), group)


class EmptyGroupsHaveNoPlace(Evaluator):
    """Places for the groups of rows only."""

    def rank(self, measure: Rank, group: Group) -> int | None:
        has_rows = any(self.rows_of(fact, group) for fact in self.kept)
        return super().rank(measure, group) if has_rows else None


class NullsFirst(Evaluator):
    def with_nulls(self, known: list[Group], nulls: list[Group]) -> list[Group]:
        return nulls + known


class NullsAreCutLast(Evaluator):
    """Only in the choice of the best, NULL is better than any value."""

    _chooses = False

    def best(self, groups: list[Group]) -> list[Group]:
        self._chooses = True
        found = super().best(groups)
        self._chooses = False
        return found

    def with_nulls(self, known: list[Group], nulls: list[Group]) -> list[Group]:
        return nulls + known if self._chooses else known + nulls


class TiesCutFromTheOtherEnd(Evaluator):
    ties_descend = True


class TiesAreKept(Evaluator):
    """As many groups as are as good as the last that is kept."""

    def best(self, groups: list[Group]) -> list[Group]:
        kept = super().best(groups)
        measure = self.measures[self.by_measure()[0]]

        def ends(group: Group) -> tuple[Any, ...]:
            return (*(group[name] for name in self.per()), self.value(measure, group))

        among = {ends(group) for group in kept}
        return [group for group in groups if ends(group) in among]


class PerIsForgotten(Evaluator):
    def per(self) -> tuple[str, ...]:
        return ()


class CutBeforeTheFilter(Evaluator):
    def filtered(self, groups: Iterable[Group]) -> list[Group]:
        return super().filtered(super().best(list(groups)))


class BestByTheFirstMeasure(Evaluator):
    """Whatever the question orders by."""

    def by_measure(self) -> tuple[int, bool]:
        return 0, True


class ShownByDimensions(Evaluator):
    """The best groups, without an order of their own."""

    def in_order(self, groups: list[Group]) -> list[Group]:
        if self.question.order:
            return super().in_order(groups)
        return self.sorted(groups, [(name, False) for name in self.question.by])


class PercentOfNow(Evaluator):
    def base(self, now: Measure, earlier: Measure) -> Measure:
        return now


class EarlierWithinTheFilter(Evaluator):
    """An earlier period that a filter on the time hides."""

    def framed_rows(self, fact: str, measure: Any, group: Group) -> list[dict[str, Any]]:
        found = super().framed_rows(fact, measure, group)
        times = [item for item in self.question.rows if item.column == "on"]
        return [row for row in found if all(self.passes(row, item) for item in times)]


class PeriodsThatHaveNotCome(Evaluator):
    """A comparison that goes on after the last period that has rows."""

    def periods(self) -> list[str]:
        found = super().periods()
        grain = self.question.grain
        return [*found, next_period(found[-1], grain)] if found and grain else found


class OnlyPeriodsWithRows(Evaluator):
    """A comparison that shows no period of which there are earlier values alone."""

    def groups_over_time(self) -> set[tuple[Any, ...]]:
        if self.question.compare:
            return set()
        return super().groups_over_time()


class PreviousIsAYear(Evaluator):
    def months_before(self) -> int:
        return 12 if self.question.compare == "previous" else super().months_before()


class FilterOnNull(Evaluator):
    """`<>` that lets NULL pass."""

    def passes(self, row: Group, item: RowFilter) -> bool:
        if item.operator == "<>" and item.column in row and row[item.column] is None:
            return True
        return super().passes(row, item)


def _sharing(evaluator: Evaluator, measure: Total, group: Group) -> list[Group]:
    return [
        other
        for other in evaluator.groups
        if all(other[name] == group[name] for name in measure.dimensions)
    ]


BUGS = Evaluator.__subclasses__()
