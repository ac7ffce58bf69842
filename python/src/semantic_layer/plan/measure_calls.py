"""Calls in measures that are no function of a database: over time, over groups, over the many side.

`offset(orders.revenue, '1 year')`, `total(orders.revenue)`, `any(order_items, quantity > 2)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.syntax.aggregates import is_aggregate
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.measure_calls import is_measure_call
from semantic_layer.syntax.tree import (
    AggregateRef,
    MetricTime,
    Node,
    RankOf,
    arguments,
    parts_of,
    refs,
    rewrite,
    wrap,
)
from semantic_layer.syntax.verbatim import called_name

if TYPE_CHECKING:
    from semantic_layer.plan.logical import Aggregate
    from semantic_layer.plan.measures import MeasureResolver, Resolved
    from semantic_layer.plan.scope import Scope
    from semantic_layer.syntax.tree import ColumnRef


class MeasureCalls:
    """Resolves such calls for the resolver of the measures around them."""

    def __init__(self, resolver: MeasureResolver) -> None:
        self._resolver = resolver

    def resolved(
        self,
        tree: Node,
        scope: Scope,
        origin: Origin,
        filters: Sequence[Node],
        into: Resolved,
    ) -> Node:
        """Return an expression with its measures over time resolved.

        Their own parts are not parts of the whole.
        """

        def step(part: Node) -> Node | None:
            if self._is_over_groups(part, scope, origin):
                return self._over_groups(part, scope, origin, filters, into)
            if is_aggregate(part):
                return part
            if not is_measure_call(part):
                return None
            from semantic_layer.plan.frames import averaged, nested, read_call

            parser = self._resolver.graph.parser
            measure, frame = read_call(part, parser.parse, parser.dialect, origin)
            frames = nested(self._resolver.over_time.frames, frame, origin)
            with self._resolver.over_time.framed(frames, origin):
                inner = self._resolver.lower_tree(measure, scope, origin, filters)
            if averaged(frames):
                self._check_average(inner.tree, origin)
            into.bases |= inner.bases
            return wrap(inner.tree)

        return rewrite(tree, step)

    def _check_average(self, tree: Node, origin: Origin) -> None:
        """Raise unless a tree is the number that one aggregate gives: others add up elsewhere."""
        part = tree.unnest()
        if not isinstance(part, AggregateRef):
            raise origin.unsupported(
                "an average of a period's values is one of a measure that aggregates, and this one "
                "is made of others, or is filled where it is NULL.",
                fix="Take the average of each measure that it is made of, and let "
                "`fill_nulls_with` stand on the cumulative measure.",
            )
        aggregate = self._resolver.aggregates[part.position]
        if not is_number(aggregate, self._resolver.graph.type_of):
            raise origin.error(
                "its values are no numbers, so there is no average of them.",
                fix="Leave out `average`: the value at the period's end is shown.",
            )

    def _is_over_groups(self, part: Node, scope: Scope, origin: Origin) -> bool:
        """Whether a call is our `total` or `rank`: SQLite has an aggregate `total` of columns."""
        name = called_name(part)
        if name not in ("total", "rank"):
            return False
        if name == "rank" or not is_aggregate(part):
            return True
        given = arguments(part)
        return not given or self.is_of_measures(given[0], scope, origin)

    def is_of_measures(self, tree: object, scope: Scope, origin: Origin) -> bool:
        """Whether an expression has a measure or an aggregate in it, and not columns of rows."""
        if not isinstance(tree, Node):
            return False
        return any(
            is_aggregate(part)
            or is_measure_call(part)
            or (
                isinstance(part, exp.Column)
                and self._resolver.find_measure(part, scope, origin) is not None
            )
            for part in parts_of(tree)
        )

    def _over_groups(
        self,
        call: Node,
        scope: Scope,
        origin: Origin,
        filters: Sequence[Node],
        into: Resolved,
    ) -> Node:
        from semantic_layer.plan.frames import Total, nested, read_dimensions

        parser = self._resolver.graph.parser
        measure, *names = read_dimensions(call, parser.dialect, parser.parse, origin)
        trees = tuple(
            MetricTime()
            if self._resolver.graph.is_metric_time(name.name)
            else scope.resolve(name, origin)
            for name in names
            if isinstance(name, exp.Column)
        )
        if called_name(call) == "rank":
            if self._resolver.over_time.frames:
                raise _rank_inside(origin)
            inner = self._resolver.lower_tree(measure, scope, origin, filters)
            if inner.tree.find(RankOf):
                raise _rank_inside(origin)
            ranked: Node = RankOf(this=inner.tree, expressions=list(trees))
        else:
            frames = nested(self._resolver.over_time.frames, Total(trees), origin)
            with self._resolver.over_time.framed(frames, origin):
                inner = self._resolver.lower_tree(measure, scope, origin, filters)
            ranked = wrap(inner.tree)
        into.bases |= inner.bases
        return ranked


def is_number(aggregate: Aggregate, type_of: Callable[[ColumnRef], str | None]) -> bool:
    """Whether an aggregate certainly is a number, by what it is and by its columns."""
    if aggregate.is_count or aggregate.fraction is not None:
        return True
    if isinstance(aggregate.call, (exp.Min, exp.Max)):
        return all(type_of(ref) == "number" for ref in refs(aggregate.call))
    return isinstance(aggregate.call, _NUMBERS)


_NUMBERS = (
    *(exp.Sum, exp.Avg, exp.Median, exp.ApproxDistinct),
    *(exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop),
)


def _rank_inside(origin: Origin) -> SemanticError:
    return origin.unsupported(
        "a rank is of the groups as they are shown, and cannot stand inside of another measure "
        "over time or over groups.",
        fix="Rank the other measure instead: `rank(cumulative(…))`, `rank(total(…, …))`.",
    )
