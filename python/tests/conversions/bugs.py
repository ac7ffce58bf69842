"""Evaluators that are wrong in one way each: a search that misses one of them is too weak."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from conversions.evaluator import Evaluator, Key
from conversions.question import Conversion, Rank
from conversions.world import Row


class FiltersComeBefore(Evaluator):
    """Only base rows that pass the filters of the question are given anything."""

    def bases(self, measure: Conversion) -> list[Row]:
        kept = [row for _, row, _ in self.kept(measure.base)]
        return [row for row in super().bases(measure) if any(row is other for other in kept)]


class SegmentsComeBefore(Evaluator):
    """Only base rows in the segments of the question are given anything."""

    def bases(self, measure: Conversion) -> list[Row]:
        return [row for row in super().bases(measure) if self.in_segments(row)]


class FilterOfTheMeasureComesAfter(Evaluator):
    """Rows are given to base rows that the measures leave out, and are lost there."""

    def bases(self, measure: Conversion) -> list[Row]:
        return list(self.world[measure.base.source])

    def chosen(self, measure: Conversion, row: Row) -> Row | None:
        found = super().chosen(measure, row)
        return found if found is not None and self.takes_part(measure, found) else None


class FirstBaseRow(Evaluator):
    """The earliest base row in place of the latest."""

    def latest(self, measure: Conversion, found: list[Row]) -> Row:
        return min(found, key=lambda row: (self.time_of(measure.base, row), row["id"]))


class LargestKeyOfOneMoment(Evaluator):
    """Of several base rows at one moment, that with the largest key."""

    def latest(self, measure: Conversion, found: list[Row]) -> Row:
        return max(found, key=lambda row: (self.time_of(measure.base, row), row["id"]))


class EveryBaseRow(Evaluator):
    """A join: a row counts for each base row that it follows."""

    def converted(self, measure: Conversion, key: Key, names: Any) -> Any:
        every, self.world = self.world, dict(self.world)
        source = measure.conversion.source
        if source == measure.base.source:
            self.world = every
            return super().converted(measure, key, names)
        rows = [(row, self.followed(measure, row)) for row in every[source]]
        self.world[source] = tuple(dict(row) for row, found in rows for _ in found or (row,))
        try:
            return super().converted(measure, key, names)
        finally:
            self.world = every

    def followed(self, measure: Conversion, row: Row) -> list[Row]:
        """Return the base rows that a row follows."""
        return [other for other in self.bases(measure) if self.is_before(measure, other, row)]


class EachBaseRowOnce(Evaluator):
    """A base row that converts once, however many rows follow it."""

    def chosen(self, measure: Conversion, row: Row) -> Row | None:
        found = super().chosen(measure, row)
        if found is None:
            return None
        others = self.world[measure.conversion.source]
        first = next(
            other
            for other in others
            if super(EachBaseRowOnce, self).chosen(measure, other) is found
        )
        return found if first is row else None


class WindowWithItsEnd(Evaluator):
    """A window that holds the moment with which it ends."""

    def within(self, measure: Conversion, start: Any, moment: Any) -> bool:
        if start is None or moment is None:
            return False
        return super().within(measure, start, moment) or super().within(
            measure, start, moment - timedelta(seconds=1)
        )


class WindowWithoutItsStart(Evaluator):
    """A window that leaves out the base row's own moment."""

    def within(self, measure: Conversion, start: Any, moment: Any) -> bool:
        return start != moment and super().within(measure, start, moment)


class MonthsOfThirtyDays(Evaluator):
    def within(self, measure: Conversion, start: Any, moment: Any) -> bool:
        if measure.window is None or measure.window[1] not in ("month", "quarter"):
            return super().within(measure, start, moment)
        days = 30 * measure.window[0] * (3 if measure.window[1] == "quarter" else 1)
        known = start is not None and moment is not None
        return known and start <= moment < start + timedelta(days=days)


class WindowOfWholeDays(Evaluator):
    """Days that are counted from midnight, as of a cumulative measure."""

    def within(self, measure: Conversion, start: Any, moment: Any) -> bool:
        if start is None or moment is None or moment < start:
            return False
        midnight = [item.replace(hour=0, minute=0, second=0) for item in (start, moment)]
        return super().within(measure, *midnight)


class NoWindow(Evaluator):
    def within(self, measure: Conversion, start: Any, moment: Any) -> bool:
        return start is not None and moment is not None and bool(start <= moment)


class NullsAreOneEntity(Evaluator):
    def same(self, measure: Conversion, ours: str, theirs: str, base: Row, row: Row) -> bool:
        if "." not in theirs and base[ours] is None and row[theirs] is None:
            return True
        return super().same(measure, ours, theirs, base, row)


class ConstantsAreForgotten(Evaluator):
    def pairs(self, measure: Conversion) -> list[tuple[str, str]]:
        return [measure.entity]


class ConstantsAreCheckedAfter(Evaluator):
    """The latest base row is chosen first, and then it must have the same constants."""

    def pairs(self, measure: Conversion) -> list[tuple[str, str]]:
        return [measure.entity]

    def chosen(self, measure: Conversion, row: Row) -> Row | None:
        found = super().chosen(measure, row)
        if found is None or not all(
            self.same(measure, *pair, found, row) for pair in measure.constant
        ):
            return None
        return found


class FilterOfTheConversionIsForgotten(Evaluator):
    def chosen(self, measure: Conversion, row: Row) -> Row | None:
        found = [other for other in self.bases(measure) if self.is_before(measure, other, row)]
        return self.latest(measure, found) if found else None


class NoConversionIsNoGroup(Evaluator):
    """A group without conversions whose count is NULL, as of an inner join."""

    def converted(self, measure: Conversion, key: Key, names: Any) -> Any:
        found = super().converted(measure, key, names)
        return None if found == 0 and measure.conversion.column is None else found


class RateOfTheUnfiltered(Evaluator):
    """A rate whose base forgets the filter of the conversion measure."""

    def converted(self, measure: Conversion, key: Key, names: Any) -> Any:
        self.forgets = False
        if measure.calculate != "rate" or measure.where is None:
            return super().converted(measure, key, names)
        self.forgets = True
        try:
            return super().converted(measure, key, names)
        finally:
            self.forgets = False

    def bases(self, measure: Conversion) -> list[Row]:
        before, self.forgets = self.forgets, False
        found = super().bases(measure)
        self.forgets = before
        return found

    def takes_part(self, measure: Conversion, row: Row) -> bool:
        if self.forgets and measure.base.where is None:
            return True
        return super().takes_part(measure, row)


class ByTheTimeOfTheConversion(Evaluator):
    """Values that stand in the period of the conversion."""

    def converted(self, measure: Conversion, key: Key, names: Any) -> Any:
        found = [name for name in self.question.by if name.startswith("metric_time")]
        if not found or measure.calculate == "rate" or names is not None:
            return super().converted(measure, key, names)
        given = [
            row
            for row in self.world[measure.conversion.source]
            if (base := self.chosen(measure, row)) is not None
            and self.in_segments(base)
            and self.moved(measure, base, row) == key
        ]
        return self.fold(measure.conversion, given)

    def moved(self, measure: Conversion, base: Row, row: Row) -> Key:
        """Return the group of a base row at the time of the row that is given to it."""
        when = {**base, "seen_at": self.time_of(measure.conversion, row)}
        return self.key("visits", when, "seen_at")


class RankOfNothingIsLast(Evaluator):
    def rank(self, measure: Rank, key: Key) -> Any:
        found = super().rank(measure, key)
        return len(self.world["visits"]) if found is None else found


BUGS = Evaluator.__subclasses__()
