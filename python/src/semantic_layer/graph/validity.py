"""Joins to what changes over time: of the rows with one key, the one that held at a time.

A row of the target holds from its first moment up to its last, which is not part of it. Two rows of
one key never hold at once: that is what the declaration says, and what makes the join one to one
row at most where the grain of the target is its key and one end of the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from semantic_layer.catalog import Catalog
from semantic_layer.errors import Origin, SemanticError
from semantic_layer.graph.condition import ELSEWHERE, LEFT, RIGHT, JoinCondition, Window
from semantic_layer.graph.edges import Declaration, JoinEdge, Validity, contradiction
from semantic_layer.graph.route_search import Route, names, shortest_routes
from semantic_layer.parser import ExpressionParser
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import AS_MOMENTS, ColumnRef, Node, conjunction, is_not_null

if TYPE_CHECKING:
    from typing import Protocol

    class Model(Protocol):
        """What a window asks of the graph that its join is part of."""

        catalog: Catalog
        parser: ExpressionParser

        def find_node(self, name: str, quoted: bool = False) -> str | None:
            """Return the source or alias of this name, or None."""

        def source_of(self, node: str) -> str:
            """Return the source that a node shows."""


class WindowReader:
    """Reads the window of one declared join."""

    def __init__(self, model: Model, join: Declaration) -> None:
        self._model = model
        self._catalog = model.catalog
        self._join = join

    def read(self, valid: Validity, condition: JoinCondition) -> JoinCondition:
        """Return a condition with its window; raises unless it finds one row at most."""
        join = self._join
        if join.relationship != "many_to_one":
            raise self._origin().error(
                f"a join with a window is many_to_one, and this one is {join.relationship}.",
                fix="Declare it as many_to_one in the source whose rows look up what held then.",
            )
        start = self._end("from", valid.start)
        end = self._end("to", valid.end)
        if start.column == end.column:
            raise self._origin("to").error(
                f"'{end.column}' is where the window begins as well.",
                fix="Name the column that says when a row ceased to hold.",
            )
        at, elsewhere = self._time(valid.at)
        settles = self._settled(condition, start, end)
        tree = _within(start, at, end)
        window = Window(tree, start, end, at, settles, elsewhere)
        return JoinCondition(condition.tree, condition.keys, window)

    def _origin(self, *keys: str) -> Origin:
        return _origin(self._join, *keys)

    def _end(self, key: str, text: str) -> ColumnRef:
        """Return the column of the target that is one end of the window."""
        origin, join = self._origin(key), self._join
        part = self._column(text, origin)
        if part.table and part.table.casefold() not in (
            join.target.casefold(),
            (join.alias or join.target).casefold(),
        ):
            raise origin.error(
                f"`{text}` is not a column of '{join.target}', whose rows have the window.",
                fix=f"Name a time column of '{join.target}'.",
            )
        return self._ref(RIGHT, join.target, part, origin)

    def _time(self, text: str | None) -> tuple[ColumnRef, str | None]:
        """Return the column with the time of the looking rows, and its node if not theirs."""
        join = self._join
        if text is None:
            text = self._catalog[join.source].time_dimension
            if text is None:
                raise self._origin().error(
                    f"it does not say when a row of '{join.source}' happened, and neither does "
                    "the source.",
                    fix="Add `at: <a time column>` to `valid`, or `default_time_dimension: "
                    f"<a time column>` to the source '{join.source}'.",
                )
        origin = self._origin("at")
        part = self._column(text, origin)
        node = self._node(part, origin)
        if node == join.source:
            return self._ref(LEFT, join.source, part, origin), None
        return self._ref(ELSEWHERE, self._model.source_of(node), part, origin), node

    def _node(self, part: exp.Column, origin: Origin) -> str:
        """Return the node whose column the time is; without one, the declaring source."""
        join = self._join
        if not part.table:
            self._check_own(part, origin)
            return join.source
        node = self._model.find_node(part.table, bool(part.args["table"].args.get("quoted")))
        if node is None:
            message, suggestions = self._catalog.unknown_source(part.table)
            raise origin.error(message, fix="Use one of the names listed.", suggestions=suggestions)
        if node == (join.alias or join.target):
            raise origin.error(
                f"`{node}.{part.name}` is a column of the rows that are looked for.",
                fix=f"Name a time column of '{join.source}', or of what it looks up.",
            )
        return node

    def _check_own(self, part: exp.Column, origin: Origin) -> None:
        source = self._join.source
        if self._catalog.column(source, part.name) is not None:
            return
        spelled = [
            f"{owner}.{part.name}"
            for owner in self._catalog.sources_with_column(part.name)
            if owner != self._join.target
        ]
        message, suggestions = self._catalog.unknown_column(source, part.name)
        fix = f"Write {' or '.join(spelled)}." if spelled else "Use one of the names listed."
        raise origin.error(message, fix=fix, suggestions=spelled or suggestions)

    def _column(self, text: str, origin: Origin) -> exp.Column:
        tree = self._model.parser.parse(text, origin)
        if isinstance(tree, exp.Column) and not tree.is_star and len(tree.parts) < 3:
            return tree
        raise origin.error(
            f"`{text}` is not the name of a column.",
            fix="Name a time column; for anything else, a computed one (`expr`) of the source.",
        )

    def _ref(self, side: str, source: str, part: exp.Column, origin: Origin) -> ColumnRef:
        quoted = bool(part.this.args.get("quoted"))
        declared = self._catalog.column(source, part.name, quoted)
        if declared is None:
            message, suggestions = self._catalog.unknown_column(source, part.name)
            raise origin.error(
                message,
                fix="Declare the column with `type: time`, or use one of those.",
                suggestions=suggestions,
            )
        if declared.type != "time":
            raise origin.error(
                f"'{source}.{declared.name}' is a {declared.type}, and a window is of times.",
                fix="Declare the column with `type: time`; where it keeps a time as a number or "
                "a text, with `storage: unix`, `unix_ms`, `julian` or `text` too.",
            )
        return ColumnRef(node=side, name=declared.name, quoted=quoted)

    def _settled(
        self, condition: JoinCondition, start: ColumnRef, end: ColumnRef
    ) -> frozenset[str]:
        """Return the column of the grain that the window settles; raises for any other rest.

        The grain says then whose windows they are: those of one key.
        """
        grain = self._catalog[self._join.target].grain
        left_open = set(grain) - condition.fixed_columns(RIGHT)
        if not left_open or left_open in ({start.column}, {end.column}):
            return frozenset(left_open)
        raise self._unproved(condition, grain, start)

    def _unproved(
        self, condition: JoinCondition, grain: list[str], start: ColumnRef
    ) -> SemanticError:
        target = self._join.target
        keys = sorted(condition.fixed_columns(RIGHT))
        wanted = f"grain: [{', '.join([*keys, start.column])}]"
        return self._origin().error(
            f"the grain of '{target}' is [{', '.join(grain)}], which does not say whose windows "
            "they are: several rows could hold at one time.",
            fix=f"If no two rows with one {' and '.join(keys)} hold at once, declare `{wanted}` in "
            f"'{target}'; otherwise add to `on` what tells them apart.",
            suggestions=[wanted],
        )


def _within(start: ColumnRef, at: ColumnRef, end: ColumnRef) -> Node:
    """Return the condition that a time is in a window; an end that is NULL is far away."""

    def is_null(column: ColumnRef) -> Node:
        return exp.Is(this=column.copy(), expression=exp.Null())

    begun = exp.LTE(this=start.copy(), expression=at.copy())
    lasts = exp.LT(this=at.copy(), expression=end.copy())
    for comparison in (begun, lasts):
        comparison.meta[AS_MOMENTS] = True
    return conjunction(
        [
            is_not_null(at.copy()),
            exp.Or(this=is_null(start), expression=begun),
            exp.Or(this=is_null(end), expression=lasts),
        ]
    )


def _origin(join: Declaration, *keys: str) -> Origin:
    label = ".".join(("valid", *keys))
    whole = f"`{label}` of {join.origin.label}"
    return Origin(whole, join.source, ("joins", join.position, "valid", *keys))


def time_route(edge: JoinEdge) -> Route:
    """Return the joins from the looking side of a join with a window to the time of its rows."""
    window = edge.window
    if window is None or window.elsewhere is None:
        return []
    start, node, origin = edge.from_source, window.elsewhere, _origin(edge.declaration, "at")
    routes = shortest_routes(edge.graph, start, node, to_one_only=True)
    if not routes:
        raise origin.error(
            f"a row of '{start}' has no one row of '{node}'.",
            fix=f"Name a time column of '{start}', or of a source that it looks up many-to-one.",
        )
    if len(routes) > 1:
        shown = "; ".join(" -> ".join(names(route)) for route in routes[:3])
        raise origin.error(
            f"the route from '{start}' to '{node}' is ambiguous: {shown}.",
            fix="Give one of the joins an alias, and name the alias here.",
        )
    for step in routes[0]:
        if step.contradicted_by is not None:
            raise contradiction(step, step.contradicted_by)
        if step.declaration.valid is not None:
            raise origin.unsupported(
                f"'{step.to_source}' is itself looked up by a window.",
                fix="Name a time that is not looked up so.",
            )
    return routes[0]


def with_times(routes: Mapping[str, Route]) -> dict[str, Route]:
    """Return routes with those to the times in their windows.

    A source that a question reaches by another way than its windows do has two meanings then, and
    whoever joins it refuses that.
    """
    found = dict(routes)
    for route in routes.values():
        for place, edge in enumerate(route):
            steps = edge.time_route()
            if steps:
                found.setdefault(steps[-1].to_source, [*route[:place], *steps])
    return found
