"""Evaluators that are wrong in one way each, as a planner could be."""

from __future__ import annotations

from collections.abc import Iterable

from validity.evaluator import Evaluator
from validity.world import Item, Moment, Order, Version


class InclusiveEnd(Evaluator):
    """The last moment of a window is part of it, where no later window begins."""

    def within(self, since: Moment, until: Moment, at: Moment) -> bool:
        return super().within(since, until, at) or (at is not None and at == until)

    def version(self, rows: Iterable[Version], key: int | None, at: Moment) -> Version | None:
        found = self.versions(rows, key, at)
        return found[-1] if found else None


class ExclusiveStart(Evaluator):
    """The first moment of a window is not part of it."""

    def within(self, since: Moment, until: Moment, at: Moment) -> bool:
        return super().within(since, until, at) and at != since


class NoOpenEnd(Evaluator):
    """A window whose end is NULL holds at no time."""

    def within(self, since: Moment, until: Moment, at: Moment) -> bool:
        return until is not None and super().within(since, until, at)


class NoOpenStart(Evaluator):
    """A window whose start is NULL holds at no time."""

    def within(self, since: Moment, until: Moment, at: Moment) -> bool:
        return since is not None and super().within(since, until, at)


class NoTimeIsAnyTime(Evaluator):
    """A row without a time finds the window that has no ends."""

    def within(self, since: Moment, until: Moment, at: Moment) -> bool:
        return super().within(since, until, at) or (at is since is until is None)


class Latest(Evaluator):
    """What holds now stands for what held then."""

    def version(self, rows: Iterable[Version], key: int | None, at: Moment) -> Version | None:
        found = [row for row in rows if key is not None and row.key == key]
        return next((row for row in found if row.until is None), None)


class NoEnd(Evaluator):
    """The last window that had begun is taken, although it was over."""

    def version(self, rows: Iterable[Version], key: int | None, at: Moment) -> Version | None:
        begun = [
            row
            for row in rows
            if key is not None and row.key == key and super().within(row.since, None, at)
        ]
        return max(begun, key=lambda row: str(row.since or ""), default=None)


class FirstRepeats(Evaluator):
    """What was before the first window is taken from it."""

    def version(self, rows: Iterable[Version], key: int | None, at: Moment) -> Version | None:
        kept = list(rows)
        found = super().version(kept, key, at)
        if found is not None or at is None or key is None:
            return found
        later = [row for row in kept if row.key == key and row.since and row.since > at]
        return min(later, key=lambda row: str(row.since), default=None)


class OneTime(Evaluator):
    """Both joins to one history use one time."""

    def time_of_shipping(self, order: Order) -> Moment:
        return order.ordered_at


class ShippedTime(Evaluator):
    """A line finds its price at the time of shipping."""

    def time_of_item(self, item: Item, order: Order | None) -> Moment:
        return None if order is None else order.shipped_at


class NullKeys(Evaluator):
    """NULL is a key like any other."""

    def versions(self, rows: Iterable[Version], key: int | None, at: Moment) -> list[Version]:
        kept = list(rows)
        return [row for row in kept if row.key == key and self.within(row.since, row.until, at)][:1]


class AnyKey(Evaluator):
    """Of the windows that hold, the first is taken, whoever's it is."""

    def versions(self, rows: Iterable[Version], key: int | None, at: Moment) -> list[Version]:
        return [row for row in rows if self.within(row.since, row.until, at)][:1]


BUGS: tuple[type[Evaluator], ...] = (
    *(InclusiveEnd, ExclusiveStart, NoOpenEnd, NoOpenStart, NoTimeIsAnyTime, Latest, NoEnd),
    *(FirstRepeats, OneTime, ShippedTime, NullKeys, AnyKey),
)
