"""Random questions over time: kinds of measures, grains, filters, dimensions, several facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from metrics.bounds import bounds_of
from metrics.definitions import can_be_written
from metrics.question import (
    METRIC_TIME,
    Aggregate,
    Condition,
    Cumulative,
    Derived,
    Dimension,
    Having,
    Measure,
    NonAdditive,
    Offset,
    Question,
    walk,
)
from metrics.random_worlds import Span

_FOLDS = {
    "total": ("sum", None),
    "n": ("count", "id"),
    "people": ("count_distinct", "customer_id"),
    "mean": ("avg", None),
    "low": ("min", None),
    "high": ("max", None),
    "mid": ("median", None),
}
_COLUMNS = {"orders": "amount", "lines": "quantity", "visits": "pages", "levels": "amount"}
_WHERES = {
    "orders": (Condition("status", "=", "paid"), Condition("amount", ">", 2)),
    "lines": (Condition("quantity", "<>", 2),),
    "visits": (Condition("pages", "in", (1, 4, 16)),),
    "levels": (Condition("account", "=", "a"),),
}
_RULES = tuple(
    NonAdditive("as_of", keep, by)
    for keep in ("last", "last", "first")
    for by in ((), ("account",))
)
_ROWS = (
    Condition("orders.status", "=", "paid"),
    Condition("orders.status", "<>", "open"),
    Condition("orders.status", "is null"),
    Condition("orders.amount", ">=", 2),
    Condition("customers.region", "=", "north"),
    Condition("customers.region", "in", ("north", "south")),
    Condition("visits.pages", ">", 1),
)
_OPERATORS = ("<", "<", "<=", ">", ">=", ">=", "=", "between", "between")
_GRAINS = ("week", "month", "quarter", "year")


class Drawing:
    """Draws one question about rows of a span; inner measures get names of their own."""

    def __init__(self, rng: Random, span: Span) -> None:
        self._rng = rng
        self._span = span
        self._count = 0
        self._has_metrics = False
        self._others: tuple[str, ...] = ()

    def question(self) -> Question:
        facts = self._pick(*_FACTS)
        self._has_metrics = self._pick(True, False, False)
        self._others = facts
        count = self._pick(1, 1, 2, 3)
        measures = tuple(self._measure(self._pick(*facts)) for _ in range(count))
        sources = {part.source for item in measures for part in walk(item)}
        plain = all(isinstance(item, Aggregate) for item in measures)
        dimensions = self._dimensions(sources, plain)
        question = Question(
            measures, dimensions, self._filters(sources), has_metrics=self._has_metrics
        )
        return self._with_options(question, sources)

    def _pick(self, *values: Any) -> Any:
        return self._rng.choice(values)

    def _maybe(self, *values: Any) -> Any:
        return self._pick(*[None] * 5, *values)

    def _name(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}_{self._count}"

    # Measures

    def _measure(self, source: str) -> Measure:
        kinds = _KINDS if source != "levels" else (*_KINDS, *["aggregate"] * len(_KINDS))
        kind = self._pick(*kinds)
        if kind == "derived":
            return self._derived(source)
        if kind == "offset of cumulative":
            return self._offset(source, self._cumulative(source))
        if kind == "offset of offset":
            return self._offset(source, self._offset(source, self._aggregate(source)))
        if kind == "aggregate":
            return self._aggregate(source)
        framed = self._cumulative(source) if kind == "cumulative" else self._offset(source)
        return replace(framed, **self._rest(source))

    def _rest(self, source: str) -> dict[str, Any]:
        return {
            "where": self._maybe(*_WHERES[source]),
            "fill_nulls_with": self._maybe(0, 7),
        }

    def _aggregate(self, source: str) -> Aggregate:
        name = self._pick(*(n for n in _FOLDS if n != "people" or source != "lines"))
        fold, column = _FOLDS[name]
        found = Aggregate(
            self._name(name),
            source,
            fold=fold,
            column=column or _COLUMNS[source],
            **self._rest(source),
        )
        if source == "levels" and self._pick(True, True, True, False):
            return replace(found, non_additive=self._pick(*_RULES))
        if source == "orders" and self._pick(False, False, False, True):
            return replace(found, time="shipped_at")
        return found

    def _cumulative(self, source: str) -> Cumulative:
        of = self._aggregate(source)
        kind = self._pick("window", "window", "to_grain", "ever")
        return Cumulative(
            self._name("cumulative"),
            source,
            of=of,
            window=self._pick(*self._span.durations) if kind == "window" else None,
            to_grain=self._pick(*_GRAINS) if kind == "to_grain" else None,
            period=self._pick("last", "last", "first", "average"),
        )

    def _offset(self, source: str, of: Measure | None = None) -> Offset:
        found = Offset(self._name("offset"), source, of=of or self._aggregate(source))
        if self._pick(True, True, True, False):
            return replace(found, by=self._pick(*self._span.durations))
        return replace(found, to_grain=self._pick(*_GRAINS))

    def _derived(self, source: str) -> Derived:
        inner = [self._aggregate, self._cumulative, self._offset]
        inner += [self._derived] if self._has_metrics else []
        left = self._pick(*inner)(source)
        framed = self._pick(self._cumulative, self._offset)
        # A measure is made of those of other sources too; as a metric it belongs to none.
        right = framed(self._pick(*self._others) if self._has_metrics else source)
        if isinstance(right, Offset) and self._pick(True, False):
            same = isinstance(left, Aggregate)
            right = replace(right, of=left, source=left.source) if same else right
        if self._pick(True, False):
            right = replace(right, fill_nulls_with=0)
        operator = self._pick("/", "-", "+", "*")
        return Derived(self._name("derived"), source, left=left, operator=operator, right=right)

    # The rest of the question

    def _dimensions(self, sources: set[str], plain: bool) -> tuple[Dimension, ...]:
        found = []
        if self._rng.randrange(20) and not (plain and self._pick(True, False)):
            own = sources <= {"orders", "lines"} and self._pick(True, False, False)
            name = "orders.ordered_at" if own else METRIC_TIME
            found.append(Dimension(name, self._pick(*self._span.grains)))
        others = ["customers.region"] * self._pick(0, 1, 1)
        if sources <= {"orders", "lines"}:
            others += ["orders.status"] * self._pick(0, 0, 1)
        return (*found, *map(Dimension, others))

    def _filters(self, sources: set[str]) -> tuple[Condition, ...]:
        found = self._time_filters(sources)
        allowed = [item for item in _ROWS if _reached(item, sources)]
        if allowed and self._pick(True, False, False):
            found.append(self._pick(*allowed))
        return tuple(found)

    def _time_filters(self, sources: set[str]) -> list[Condition]:
        found = [self._time_filter(sources) for _ in range(self._pick(0, 0, 1, 1, 2))]
        # Of conditions that contradict each other nobody can say which periods they show.
        return found if bounds_of(found).is_possible else found[:1]

    def _time_filter(self, sources: set[str]) -> Condition:
        names = [METRIC_TIME, METRIC_TIME]
        names += ["orders.ordered_at"] if sources & {"orders", "lines"} else []
        operator = self._pick(*_OPERATORS)
        moments = [self._moment(">"), self._moment("<")]
        early, late = moments
        value: Any = late if operator in ("<", "<=") else early
        if operator == "between":
            value = tuple(sorted(moments))
        return Condition(self._pick(*names), operator, value)

    def _moment(self, operator: str) -> datetime:
        # Rather at the ends of the span: what a filter leaves nothing of shows nothing.
        days = self._span.days
        day: datetime = self._pick(*days, *days[-3:] if operator in ("<", "<=") else days[:3])
        return day + timedelta(days=self._pick(0, 0, 1, -1, 15))

    def _with_options(self, question: Question, sources: set[str]) -> Question:
        has_period = any(item.grain for item in question.dimensions)
        written = frozenset(
            item.name
            for item in question.measures
            if can_be_written(item) and self._pick(True, False)
        )
        options = ["", "", "having", *["fill"] * has_period]
        if "lines" not in sources:
            options.append("include_empty")
        option = self._pick(*options)
        stated = [item for item in question.measures if item.name not in written]
        if option == "having" and stated:
            limit = Having(self._pick(*stated), self._pick(">", "<="), self._pick(1, 4))
            return replace(question, ad_hoc=written, having=(limit,))
        return replace(
            question,
            ad_hoc=written,
            fill=option == "fill",
            include_empty=option == "include_empty",
        )


_KINDS = (
    *("aggregate", "aggregate", "cumulative", "cumulative", "cumulative", "offset", "offset"),
    *("derived", "derived", "offset of cumulative", "offset of offset"),
)
_FACTS = (
    ("orders",), ("orders",), ("visits",), ("levels",), ("levels",), ("lines", "orders"),
    ("orders", "visits"), ("orders", "visits"), ("levels", "orders"), ("visits", "lines"),
)  # fmt: skip


def _reached(condition: Condition, sources: set[str]) -> bool:
    source = condition.column.partition(".")[0]
    within = {"orders": {"orders", "lines"}, "visits": {"visits"}}
    return source == "customers" or bool(sources & within[source])


def random_question(rng: Random, span: Span) -> Question:
    """Return a question about rows of a span."""
    return Drawing(rng, span).question()
