"""Joins as sources declare them, and as one of their ends sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from semantic_layer.catalog import Catalog
from semantic_layer.data.record import Record
from semantic_layer.errors import (
    INVALID_MODEL,
    Origin,
    SemanticError,
    UnusableRouteError,
    close_names,
)
from semantic_layer.graph.condition import LEFT, RIGHT, JoinCondition, Window, placed
from semantic_layer.models import Relationship
from semantic_layer.syntax.tree import Node

if TYPE_CHECKING:
    from typing import Protocol

    class Joins(Protocol):
        """What an edge asks of the graph that it is part of."""

        catalog: Catalog

        def source_of(self, node: str) -> str:
            """Return the source that a node shows."""

        def condition(self, declaration: Declaration) -> JoinCondition:
            """Return the condition of a declared join."""

        def edges_of(self, join: Declaration) -> list[JoinEdge]:
            """Return a declared join as seen from its two ends."""

        def edges_from(self, node: str) -> list[JoinEdge]:
            """Return the joins that leave a node."""

        def to_one_from(self, node: str) -> list[JoinEdge]:
            """Return those that give a row at most one row."""

        def time_route(self, edge: JoinEdge) -> list[JoinEdge]:
            """Return the joins to the time that has to be in the window of a join."""


INVERSE: dict[Relationship, Relationship] = {
    "many_to_one": "one_to_many",
    "one_to_many": "many_to_one",
    "one_to_one": "one_to_one",
}
_FITTING = {
    (True, True): ["one_to_one"],
    (False, True): ["many_to_one"],
    (True, False): ["one_to_many"],
    (False, False): [],
}


class Validity(NamedTuple):
    """What a join says of the windows of its target, as it is written."""

    start: str
    end: str
    at: str | None


class Declaration(NamedTuple):
    """A join as a source declares it, and its place in the YAML."""

    source: str
    position: int
    target: str
    on: str
    relationship: Relationship
    alias: str | None
    valid: Validity | None = None

    @property
    def origin(self) -> Origin:
        """The place to name in errors about the condition."""
        label = f"join {self.position + 1} of source '{self.source}' to '{self.target}'"
        return Origin(label, self.source, ("joins", self.position, "on"))

    def lookups(self) -> list[tuple[str, str]]:
        """Return (source, source that its rows look up) for each direction that is to-one."""
        ends = [(self.source, self.target), (self.target, self.source)]
        return {"many_to_one": ends[:1], "one_to_many": ends[1:]}.get(self.relationship, ends)


class JoinEdge(Record):
    """A declared join seen from one of its ends."""

    from_source: str
    to_source: str
    relationship: Relationship
    declaration: Declaration
    inverse: bool
    graph: Joins
    contradicted_by: Declaration | None = None
    """Another declaration of the same join, which says that a row meets another number of rows."""

    @property
    def alias(self) -> str | None:
        """The alias of the join, which then is a node of its own."""
        return self.declaration.alias

    @property
    def to_one(self) -> bool:
        """Whether a row of `from_source` meets at most one row of `to_source`."""
        return self.relationship != "one_to_many"

    @property
    def from_column(self) -> str:
        """The key columns on this side, separated by commas."""
        return self._condition.columns(RIGHT if self.inverse else LEFT)

    @property
    def to_column(self) -> str:
        """The key columns on the other side, separated by commas."""
        return self._condition.columns(LEFT if self.inverse else RIGHT)

    @property
    def _condition(self) -> JoinCondition:
        return self.graph.condition(self.declaration)

    def on(self) -> Node:
        """Return the whole condition between the two nodes."""
        return self._condition.placed(*self._sides)

    def written_on(self) -> Node:
        """Return the condition without the window, which is not written in `on`."""
        return placed(self._condition.tree, *self._sides)

    @property
    def window(self) -> Window | None:
        """The window in which a row of the join's target has to hold, if there is one."""
        return self._condition.window if self.declaration.valid is not None else None

    def time_route(self) -> list[JoinEdge]:
        """Return the joins by which this side looks up the time that has to be in the window."""
        if self.declaration.valid is None or self.inverse:
            return []
        return self.graph.time_route(self)

    def key_pairs(self) -> list[tuple[Node, Node]]:
        """Return the equalities as (this side, other side)."""
        sides = self._sides
        pairs = [(placed(a, *sides), placed(b, *sides)) for a, b in self._condition.keys]
        return [(right, left) for left, right in pairs] if self.inverse else pairs

    @property
    def _sides(self) -> tuple[str, str]:
        ends = (self.from_source, self.to_source)
        return (ends[1], ends[0]) if self.inverse else ends

    def uncovered_grain(self) -> list[str]:
        """Return the grain columns of the looked-up source that the equalities leave open.

        When there are any, nothing says that a row meets at most one: the join is not proved.
        """
        target = self.graph.catalog[self.graph.source_of(self.to_source)]
        return sorted(set(target.grain) - self.fixed_columns())

    def fixed_columns(self) -> set[str]:
        """Return the columns of the looked-up source that the join gives a single value."""
        return self._condition.fixed_columns(LEFT if self.inverse else RIGHT)

    def back(self) -> JoinEdge:
        """Return the same join seen from its other end."""
        there, back = self.graph.edges_of(self.declaration)
        return there if self.inverse else back

    def same_rows(self, other: JoinEdge) -> bool:
        """Whether another edge between the same nodes joins by the same condition."""
        mine = self._condition.canonical(*self._sides)
        return mine == other._condition.canonical(*other._sides)

    def describe(self) -> str:
        """Return the join for people: `a.x = b.y AND … (relationship)`."""
        pairs = zip(self.from_column.split(","), self.to_column.split(","), strict=False)
        text = " AND ".join(
            f"{self.from_source}.{left} = {self.to_source}.{right}" for left, right in pairs
        )
        if self.window is not None:
            text = f"{text} AND {self._window_words()}"
        return f"{text} ({self.relationship})"

    def _window_words(self) -> str:
        window = self.window
        assert window is not None
        own, target = self._sides
        time = f"{window.elsewhere or own}.{window.at.column}"
        return f"{target}.{window.start.column} <= {time} < {target}.{window.end.column}"


class JoinPath(Record):
    """A path through the graph; `is_ambiguous` when another one is as short."""

    sources: list[str]
    edges: list[JoinEdge]
    is_ambiguous: bool = False

    def source_names(self) -> list[str]:
        """Return the nodes on the path, in order."""
        return list(self.sources)

    @property
    def has_one_to_many(self) -> bool:
        """Whether following the path multiplies rows."""
        return any(not edge.to_one for edge in self.edges)


def fitting(graph: Joins, join: Declaration) -> list[str]:
    """Return the relationship that the grains of the two sources speak for, if they do."""
    there, back = graph.edges_of(join)
    return _FITTING[(not back.uncovered_grain(), not there.uncovered_grain())]


def contradiction(edge: JoinEdge, other: Declaration) -> UnusableRouteError:
    """Build the error for a join that `other` declares with another relationship."""
    # In one order, so that either end tells it in the same words.
    both = sorted((edge.declaration, other), key=lambda join: (join.source, join.position))
    wrong = [join for join in both if fitting(edge.graph, join) != [join.relationship]]
    place = wrong[0] if wrong else both[1]
    fits = fitting(edge.graph, place)
    fix = (
        " and ".join(
            f"correct {join.origin.label} to {fitting(edge.graph, join)[0]}" for join in wrong
        )
        if fits
        else "declare it once, or as many_to_one at one end and as one_to_many at the other"
    )
    first, second = (f"{join.origin.label} is declared {join.relationship}" for join in both)
    return UnusableRouteError(
        INVALID_MODEL,
        f"{first[0].upper()}{first[1:]}, and {second}: "
        "of one and the same condition both cannot hold.",
        fix=f"{fix[0].upper()}{fix[1:]}.",
        suggestions=fits,
        source=place.source,
        path=("joins", place.position, "relationship"),
    )


def to_one_of(edges: list[JoinEdge]) -> list[JoinEdge]:
    """Return the joins between two nodes that give a row at most one row, equal ones once.

    One whose declarations disagree is kept with the other declaration.
    """
    if not any(edge.to_one for edge in edges):
        return []  # unread: where a model is checked, the conditions may be faulty
    if len(edges) == 1:
        return edges
    kept: list[list[JoinEdge]] = []
    for edge in edges:
        twins = next((same for same in kept if same[0].same_rows(edge)), None)
        if twins is None:
            kept.append([edge])
        else:
            twins.append(edge)
    return [_merged(same) for same in kept if any(edge.to_one for edge in same)]


def _merged(twins: list[JoinEdge]) -> JoinEdge:
    first = twins[0]
    for other in twins[1:]:
        if other.relationship != first.relationship:
            first.contradicted_by = other.declaration
    return first


def undefined_target(join: Declaration, catalog: Catalog) -> SemanticError:
    """Build the error for a join to a source that does not exist."""
    return SemanticError(
        INVALID_MODEL,
        f"Source '{join.source}' joins to '{join.target}', but '{join.target}' is not defined.",
        fix=f"Define '{join.target}', correct the name, or remove the join.",
        suggestions=close_names(join.target, catalog),
        source=join.source,
        path=("joins", join.position, "to"),
    )
