"""Deciding what is aggregated where: one fact for each source that aggregates belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from semantic_layer.data.record import Frozen
from semantic_layer.errors import INVALID_QUERY, Origin, SemanticError
from semantic_layer.graph.route_search import Route
from semantic_layer.graph.routes import Routes, with_window_times
from semantic_layer.models import Location, Warning
from semantic_layer.plan.fact_times import FactTimes
from semantic_layer.plan.logical import Aggregate, Dimension, Fact, RowFilter, Spine
from semantic_layer.plan.spines import Spines
from semantic_layer.syntax.many_rows import any_of
from semantic_layer.syntax.tree import (
    METRIC_TIME,
    ColumnRef,
    Node,
    at_time,
    nodes_of,
    same_column,
)
from semantic_layer.times.calendar import Calendar

if TYPE_CHECKING:
    from semantic_layer.plan.conversions import Conversion
    from semantic_layer.plan.each_once import EachOnce, OnceGroups
    from semantic_layer.plan.frames import Frames
    from semantic_layer.plan.over_time import Kept, ReadColumn
    from semantic_layer.plan.periods import PeriodPlan


class RowPlan(Frozen):
    """Whose rows a question reads and by which routes, and what is to be known about that."""

    facts: tuple[Fact, ...]
    spines: tuple[Spine, ...]
    warnings: tuple[Warning, ...]
    periods: PeriodPlan | None = None


class FactKey(NamedTuple):
    """What the aggregates of one fact have in common."""

    base: str
    ranked: bool = False
    frames: Frames = ()
    time: ColumnRef | None = None
    kept: Kept | None = None
    conversion: Conversion | None = None


class FactBuilder:
    """Builds facts and spines from the resolved parts of a question."""

    def __init__(
        self,
        dimensions: Sequence[Dimension],
        aggregates: Sequence[Aggregate],
        row_filters: Sequence[RowFilter],
        routes: Routes,
        read_time: ReadColumn,
        calendar: Calendar | None,
        *,
        each_once: bool = False,
    ) -> None:
        self._once = _each_once(dimensions, routes) if each_once else None
        self._times = FactTimes(dimensions, row_filters, routes, read_time, calendar)
        self._dimensions = dimensions
        self._aggregates = aggregates
        self._row_filters = row_filters
        self._routes = routes
        self._warnings: list[Warning] = []

    def build(self, *, include_empty: bool, beyond: bool = True) -> RowPlan:
        """Return the facts, with the filters that each can see, and the spines for empty groups.

        `beyond` shows values of an earlier time in periods after the last that has rows.
        """
        groups = self._groups()
        bases = list(dict.fromkeys(key.base for key in groups))
        reaching = [self._reaching(row_filter, bases) for row_filter in self._row_filters]
        if all(_is_total(key) for key in groups):
            shown = [FactKey(key.base, time=key.time) for key in groups]  # whose groups are shown
            groups = {**{key: [] for key in shown}, **groups}
        elif self._dimensions:
            groups = {**groups, **_of_bases(groups)}
        facts = [self._fact(key, aggregates, reaching) for key, aggregates in groups.items()]
        self._warn_of_joins(facts)
        if any(fact.once for fact in facts):
            from semantic_layer.plan.each_once import overlapping

            self._warnings += overlapping(facts)
        spines = Spines(self._dimensions, self._row_filters, facts).all() if include_empty else []
        periods = self._times.periods(facts, beyond=beyond)
        return RowPlan(tuple(facts), tuple(spines), tuple(self._warnings), periods)

    def _groups(self) -> dict[FactKey, list[int]]:
        """Return the aggregates of each fact, by whose rows it counts and how."""
        groups: dict[FactKey, list[int]] = {}
        for index, aggregate in enumerate(self._aggregates):
            time = self._times.of(aggregate)
            frames = self._times.frames_of(aggregate, time)
            if frames and not self._dimensions:
                frames = without_total(frames)  # One group is all groups.
            if frames:
                check_named(self._dimensions, frames[0].named, aggregate.origin)
            kinds = (aggregate.kept, aggregate.conversion)
            key = FactKey(aggregate.base, aggregate.ranked, frames, time, *kinds)
            groups.setdefault(key, []).append(index)
        return groups or {FactKey(self._root()): []}

    def _fact(self, key: FactKey, aggregates: Sequence[int], reaching: Sequence[set[str]]) -> Fact:
        seen = [
            row_filter
            for row_filter, bases in zip(self._row_filters, reaching, strict=True)
            if key.base in bases
        ]
        is_total, frames = _is_total(key), without_total(key.frames)
        dimensions = [
            item.replaced(tree=at_time(item.tree, key.time)) for item in self._grouped_by(key)
        ]
        once = self._once.groups(key.base, dimensions, seen) if self._once is not None else ()
        if once and key.conversion is not None:
            raise self._converted_once(once[0], aggregates)
        elsewhere = {tree for groups in once for tree in groups.filters}
        seen = [item for item in seen if item.tree not in elsewhere]
        applied = [at_time(item.tree, key.time) for item in self._times.of_rows(seen, key)]
        beyond = {item.alias for groups in once for item in groups.dimensions}
        trees = [item.tree for item in dimensions if item.alias not in beyond] + applied
        trees += self._read_by(key, aggregates)
        routes = with_window_times(
            {node: self._route(key, node, trees) for node in nodes_of(trees)}
        )
        return Fact(
            base=key.base,
            aggregates=tuple(aggregates),
            filters=tuple(applied),
            routes=routes,
            dimensions=tuple(dimensions),
            ranked=key.ranked,
            time=key.time,
            frames=frames,
            periods=self._times.places_in(dimensions, key) if frames else (),
            kept=key.kept,
            is_total=is_total,
            bounds=self._times.bounds(key),
            conversion=key.conversion,
            conversion_routes=self._conversion_routes(key.conversion, aggregates),
            once=once,
        )

    def _conversion_routes(
        self, conversion: Conversion | None, aggregates: Sequence[int]
    ) -> dict[str, Route]:
        """Return the routes to what the rows look up that are given to rows of the base."""
        if conversion is None:
            return {}
        trees = [*conversion.of_source(), *(self._aggregates[i].aggregated for i in aggregates)]
        finder = self._routes.of(conversion.source)
        return with_window_times({node: finder.route(node, trees) for node in nodes_of(trees)})

    def _converted_once(self, groups: OnceGroups, aggregates: Sequence[int]) -> SemanticError:
        shown = groups.dimensions[0].field if groups.dimensions else groups.source
        origin = self._aggregates[aggregates[0]].origin
        return origin.unsupported(
            f"a conversion gives rows to rows of its base, and those have several of '{shown}'.",
            fix=f"Group it by what its base looks up, or ask for base rows that have such rows: "
            f"`any({groups.source}, …)`.",
        )

    def _read_by(self, key: FactKey, aggregates: Sequence[int]) -> list[Node]:
        """Return what aggregates read of their rows, and what says when and which rows count."""
        trees = [tree for index in aggregates for tree in self._aggregates[index].parts()]
        if without_total(key.frames) and key.time is not None:
            trees.append(key.time)
        if key.kept is not None:
            trees += [key.kept.column, *key.kept.by]
        if key.conversion is not None:
            trees += key.conversion.of_base()
        return trees

    def _route(self, key: FactKey, node: str, trees: Sequence[Node]) -> Route:
        finder = self._routes.of(key.base)
        try:
            return finder.route(node, trees)
        except SemanticError as error:
            is_time = key.time is not None and key.time.node == node
            is_grouped = any(item.node == node for item in self._dimensions)
            if self._once is None and is_grouped and not is_time and not finder.reaches(node):
                self._tell_of_each_once(error, key.base, node)
            raise

    def _tell_of_each_once(self, error: SemanticError, base: str, node: str) -> None:
        """Add to an error that rows could be counted once in each group, where they could."""
        try:
            side = _each_once(self._dimensions, self._routes).side_of(base, node)
        except SemanticError:
            return
        if side is not None and error.fix is not None:
            error.fix += (
                f" To count each row of '{base}' once in every group that it belongs to, ask with "
                "`each_once` (`--each-once`)."
            )

    def _grouped_by(self, key: FactKey) -> list[Dimension]:
        """Return the dimensions of a fact's groups: of a total, those that it names."""
        if not _is_total(key):
            return list(self._dimensions)
        named = key.frames[0].named
        return [item for item in self._dimensions if is_named(item, named)]

    def _warn_of_joins(self, facts: Sequence[Fact]) -> None:
        routes = [route for fact in facts for route in fact.every_route()]
        edges = {edge.describe(): edge for route in routes for edge in route}
        for text, edge in edges.items():
            missing = edge.uncovered_grain()
            origin = edge.declaration.origin
            if missing:
                self._warnings.append(
                    Warning(
                        code="join_grain",
                        message=(
                            f"The equalities of the join {text} do not cover the grain of "
                            f"'{edge.to_source}' ({', '.join(missing)}): if several of its rows "
                            f"match, rows of '{edge.from_source}' are counted more than once."
                        ),
                        location=Location(source=origin.source or "", path=list(origin.path)),
                    )
                )

    def _root(self) -> str:
        """Return the source whose rows a query without measures lists."""
        nodes = list(dict.fromkeys(dimension.node for dimension in self._dimensions))
        if METRIC_TIME in nodes:
            raise SemanticError(
                INVALID_QUERY,
                "`metric_time` is the time of a measure's rows, and the query has no measure.",
                fix="Name a measure, or the time column itself.",
            )
        for node in nodes:
            finder = self._routes.of(node)
            if all(finder.reaches(other) for other in nodes):
                return node
        trees = [dimension.tree for dimension in self._dimensions]
        for node, other in permutations(nodes, 2):
            renamed = self._routes.of(node).renamed(other, trees)
            if renamed is not None:
                raise renamed
        raise SemanticError(
            INVALID_QUERY,
            f"Without a measure nothing ties {' and '.join(nodes)} together: "
            "no source among them looks up all the others.",
            fix="Add a measure of the source that joins to them all.",
        )

    def _is_looked_up(self, base: str, tree: Node) -> bool:
        """Whether the rows of the many side that a condition names belong to rows of a source."""
        return all(
            item.source != base and self._routes.of(item.source).reaches(base)
            for item in any_of(tree)
        )

    def _check_any_of(self, row_filter: RowFilter, bases: Sequence[str]) -> None:
        for item in any_of(row_filter.tree):
            raise row_filter.origin.error(
                f"no row of '{item.source}' belongs to a row of {', '.join(bases)}.",
                fix="Name a source whose rows look up those of the measures: the many side.",
            )

    def _reaching(self, row_filter: RowFilter, bases: Sequence[str]) -> set[str]:
        """Return the bases of the facts that can see a filter's columns, or raise without any."""
        nodes = nodes_of([row_filter.tree])
        reaching = [
            base
            for base in bases
            if (
                all(self._routes.of(base).reaches(node) for node in nodes)
                and self._is_looked_up(base, row_filter.tree)
            )
            or (self._once is not None and self._once.takes(base, row_filter))
        ]
        if not reaching:
            self._check_any_of(row_filter, bases)
            for node in nodes:
                self._routes.of(bases[0]).route(node, [row_filter.tree])
        if len(reaching) < len(bases):
            missed = [base for base in bases if base not in reaching]
            self._warnings.append(
                Warning(
                    code="filter_partial",
                    message=f"The filter `{row_filter.text}` applies to "
                    f"{', '.join(reaching)} only: {', '.join(missed)} cannot look up "
                    f"{', '.join(nodes) or 'the rows that it asks for'}.",
                )
            )
        return set(reaching)


def _each_once(dimensions: Sequence[Dimension], routes: Routes) -> EachOnce:
    from semantic_layer.plan.each_once import EachOnce

    return EachOnce(dimensions, routes)


def is_named(dimension: Dimension, trees: Sequence[Node]) -> bool:
    """Whether a total or a rank is by a dimension."""
    return any(same_column(dimension.tree, tree) for tree in trees)


def check_named(dimensions: Sequence[Dimension], trees: Sequence[Node], origin: Origin) -> None:
    """Raise unless each dimension that a total or a rank is by is one of the question's."""
    for tree in trees:
        found = [item for item in dimensions if same_column(item.tree, tree)]
        shown = f"{tree.node}.{tree.column}" if isinstance(tree, ColumnRef) else METRIC_TIME
        if not found:
            raise origin.error(
                f"it is by '{shown}', and the question is not.",
                fix=f"Add the dimension {shown}.",
            )
        if len(found) > 1:
            raise origin.error(
                f"it is by '{shown}', of which the question has several grains.",
                fix="Ask by one of them.",
            )


def without_total(frames: Frames) -> Frames:
    """Return frames without a total around them."""
    return frames[1:] if frames and frames[0].is_total else frames


def _is_total(key: FactKey) -> bool:
    """Whether the aggregates of a fact are of more than one group of the question."""
    return bool(key.frames) and key.frames[0].is_total


def _of_bases(groups: Iterable[FactKey]) -> dict[FactKey, list[int]]:
    """Return the bases of conversions whose rows no other fact has: groups without a conversion
    are shown too."""
    plain = {(key.base, key.time) for key in groups if not key.frames and key.conversion is None}
    return {
        FactKey(key.base, time=key.time): []
        for key in groups
        if key.conversion is not None and (key.base, key.time) not in plain
    }
