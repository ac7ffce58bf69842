"""The right answer, row by row: a row is in a group if one of its rows on the many side is.

It shares no code with the planner, and makes no table of groups: each group asks each row.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from statistics import median
from typing import Any

from each_once.question import Filter, Measure, Question
from each_once.world import Row, World

Group = dict[str, Any]
Rows = list[tuple[Any, ...]]
_SIDES = {
    "order_items": ("category", "size", "shipped", "quantity"),
    "payments": ("method",),
}
"""What rows of the many side of an order have."""
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    ">": operator.gt,
    "<=": operator.le,
}
_FRAMED = ("cumulative", "offset")


def month_of(day: str | None) -> str | None:
    """Return the month of a day."""
    return None if day is None else f"{day[:7]}-01"


def month_after(month: str, count: int = 1) -> str:
    """Return a later month."""
    number = int(month[:4]) * 12 + int(month[5:7]) - 1 + count
    return f"{number // 12:04}-{number % 12 + 1:02}-01"


class Evaluator:
    """Answers one question about one world."""

    def __init__(self, world: World, question: Question) -> None:
        self.world = world
        self.question = question
        self.by_id = {
            name: {row["id"]: row for row in getattr(world, name)}
            for name in ("customers", "orders", "products")
        }

    # What a row has

    def order(self, row: Row) -> Row:
        """Return an order as its dimensions have it."""
        region = self.by_id["customers"].get(row["customer_id"], {}).get("region")
        return {**row, "region": region, "month": month_of(row["ordered_on"])}

    def item(self, row: Row) -> Row:
        """Return an item as its dimensions have it."""
        category = self.by_id["products"].get(row["product_id"], {}).get("category")
        return {**row, "category": category, "shipped": month_of(row["shipped_on"])}

    def rows(self, fact: str) -> list[Row]:
        """Return the rows of a fact that pass the filters on what each has one of."""
        if fact == "orders":
            found = [self.order(row) for row in self.world.orders]
        else:
            found = [self.of_item(row) for row in self.world.order_items]
        return [row for row in found if self.counts(fact, row)]

    def of_item(self, row: Row) -> Row:
        """Return an item with what its order has."""
        nobody = {"status": None, "customer_id": None, "ordered_on": None, "id": None}
        order = self.order(self.by_id["orders"].get(row["order_id"], nobody))
        return {**self.item(row), **{key: order[key] for key in ("status", "region", "month")}}

    def many(self, row: Row, side: str) -> list[Row]:
        """Return the rows of an order on a many side that pass the filters on them."""
        found = [r for r in getattr(self.world, side) if row["id"] and r["order_id"] == row["id"]]
        found = [self.item(r) for r in found] if side == "order_items" else found
        return [r for r in found if all(self.passes(r, f) for f in self.side_filters(side))]

    # Filters

    def passes(self, row: Row, condition: Filter) -> bool:
        """Whether a row passes a filter; NULL passes none."""
        value = row[condition.column]
        return value is not None and _COMPARE[condition.operator](value, condition.value)

    def side_filters(self, side: str) -> list[Filter]:
        """Return the filters on rows of a many side."""
        return [item for item in self.question.filters if item.column in _SIDES[side]]

    def counts(self, fact: str, row: Row) -> bool:
        """Whether a row passes the filters on it, and has rows that pass those on its rows."""
        own = [item for item in self.question.filters if item.column in row]
        if not all(self.passes(row, item) for item in own):
            return False
        sides = self.sides() if fact == "orders" else []
        return all(self.many(row, side) for side in sides if self.side_filters(side))

    def sides(self) -> list[str]:
        """Return the many sides that the question is by."""
        return [side for side, names in _SIDES.items() if set(names) & set(self.question.by)]

    # Groups

    def is_in(self, fact: str, row: Row, group: Group) -> bool:
        """Whether a row is in a group, whatever its period is."""
        if any(row[name] != group[name] for name in group if name in row and name != "month"):
            return False
        sides = self.sides() if fact == "orders" else []
        return all(self.is_in_side(row, side, group) for side in sides)

    def is_in_side(self, row: Row, side: str, group: Group) -> bool:
        """Whether one of an order's rows on a many side is in a group."""
        names = [name for name in group if name in _SIDES[side]]
        many = self.many(row, side)
        if not many:  # Where they are NULL.
            return all(group[name] is None for name in names)
        return any(all(r[name] == group[name] for name in names) for r in many)

    def own_groups(self, fact: str, row: Row) -> Iterator[Group]:
        """Yield groups that a row may be in, some more than once."""
        names = self.question.by
        sides = self.sides() if fact == "orders" else []
        nothing: Row = dict.fromkeys(names)
        for found in product(*(self.many(row, side) or [nothing] for side in sides)):
            whole: dict[str, Any] = {}
            for side, part in zip(sides, found, strict=True):
                whole |= {name: part[name] for name in _SIDES[side] if name in part}
            yield {name: {**whole, **row}[name] for name in names}

    def groups(self) -> list[Group]:
        """Return every group of the question."""
        found = {}
        shown = [m for m in self.question.measures if m.kind != "total"] or self.question.measures
        for measure in shown:
            for row in self.rows(measure.fact):
                for group in self.own_groups(measure.fact, row):
                    for month in self.months(measure, row):
                        whole = {**group, "month": month} if "month" in group else group
                        found[tuple(whole.values())] = whole
        if self.question.empty:
            for group in self.empty_groups(list(found.values())):
                found[tuple(group.values())] = group
        return list(found.values())

    def months(self, measure: Measure, row: Row) -> list[str | None]:
        """Return the months in which a measure looks at a row."""
        month = row["month"]
        if measure.kind not in _FRAMED:
            return [month]
        if month is None:
            return []
        if measure.kind == "offset":
            return [month_after(month)]
        return [m for m in self.span() if m >= month]

    def span(self) -> list[str | None]:
        """Return the months from the first row of a fact to the last, whatever filters say."""
        every = [self.order(row)["month"] for row in self.world.orders]
        if self.question.facts == ["order_items"]:
            every = [self.of_item(row)["month"] for row in self.world.order_items]
        known = [month for month in every if month]
        found, month = [], min(known, default="")
        while known and month <= max(known):
            found.append(month)
            month = month_after(month)
        return [*found]

    def empty_groups(self, found: Sequence[Group]) -> Iterator[Group]:
        """Yield the values that no fact has; other dimensions of theirs are unknown."""
        for own, values in self.values():
            seen = {tuple(group[name] for name in own) for group in found}
            for value in values:
                key = tuple(value[name] for name in own)
                if len(own) == len(self.question.by) or key not in seen:
                    yield {**dict.fromkeys(self.question.by), **dict(zip(own, key, strict=True))}

    def values(self) -> Iterator[tuple[list[str], list[Row]]]:
        """Yield the rows of each source that is looked up, with the dimensions they have."""
        by, facts = self.question.by, self.question.facts
        of_items = [n for n in by if n in ("size", "shipped")] and "order_items" not in facts
        every = {
            "customers": list(self.world.customers),
            "payments": list(self.world.payments),
            "products": list(self.world.products),
            "order_items": [self.item(row) for row in self.world.order_items],
            "orders": [self.order(row) for row in self.world.orders],
        }
        names = {"customers": ["region"], "payments": ["method"], "products": ["category"]}
        if of_items:
            names = {**names, "products": [], "order_items": ["category", "size", "shipped"]}
        if "orders" not in facts and "status" in by:
            names = {**names, "customers": [], "orders": ["status", "region"]}
        for source, columns in names.items():
            own = [name for name in by if name in columns]
            if own:
                more = ["quantity"] * (source == "order_items")
                filters = [f for f in self.question.filters if f.column in [*columns, *more]]
                yield own, [r for r in every[source] if all(self.passes(r, f) for f in filters)]

    # Values

    def answer(self) -> Rows:
        """Return the rows, in any order."""
        groups = self.groups()
        values = {id(g): [self.value(m, g, groups) for m in self.question.measures] for g in groups}
        limit = self.question.having
        return [
            (*group.values(), *values[id(group)])
            for group in groups
            if limit is None or (values[id(group)][0] is not None and values[id(group)][0] > limit)
        ]

    def value(self, measure: Measure, group: Group, groups: Sequence[Group]) -> Any:
        """Return a measure in a group."""
        if measure.kind in ("plain", *_FRAMED):
            return self.aggregate(measure, self.rows_of(measure, group))
        here = self.aggregate(measure, self.rows_of(measure, group))
        if measure.kind == "rank":
            return self.rank(measure, group, groups, here)
        whole = self.total(measure, group)
        if measure.kind == "total":
            return whole
        return None if here is None or not whole else here / whole

    def rank(self, measure: Measure, group: Group, groups: Sequence[Group], here: Any) -> Any:
        """Return one more than the groups with a larger value."""
        if here is None:
            return None
        among = [g for g in groups if all(g[n] == group[n] for n in measure.dimensions)]
        values = [self.aggregate(measure, self.rows_of(measure, g)) for g in among]
        return 1 + sum(value is not None and value > here for value in values)

    def total(self, measure: Measure, group: Group) -> Any:
        """Return the measure of all rows in groups that share some dimensions, each once."""
        part = {name: group[name] for name in measure.dimensions}
        return self.aggregate(measure, self.rows_of(measure, part))

    def rows_of(self, measure: Measure, group: Group) -> list[Row]:
        """Return the rows of a fact in a group, each once."""
        return [
            row
            for row in self.rows(measure.fact)
            if self.is_in(measure.fact, row, group)
            and ("month" not in group or group["month"] in self.months(measure, row))
        ]

    def aggregate(self, measure: Measure, rows: Sequence[Row]) -> Any:
        """Return an aggregate of rows."""
        amounts = [row["amount"] for row in rows if row.get("amount") is not None]
        customers = {row["customer_id"] for row in rows if row.get("customer_id") is not None}
        pieces = [row["quantity"] for row in rows if row.get("quantity") is not None]
        found: dict[str, Callable[[], Any]] = {
            "revenue": lambda: sum(amounts) if amounts else None,
            "n": lambda: len(rows),
            "lines": lambda: len(rows),
            "buyers": lambda: len(customers),
            "mean": lambda: sum(amounts) / len(amounts) if amounts else None,
            "typical": lambda: median(amounts) if amounts else None,
            "paid": lambda: sum(row["status"] == "paid" for row in rows),
            "pieces": lambda: sum(pieces) if pieces else None,
        }
        return found[measure.name]()
