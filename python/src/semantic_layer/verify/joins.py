"""Joins walked one row at a time: which rows of another source a row meets, and by which way.

A join is read from its declaration and its `on` evaluated as a whole, for each pair of rows that
may fit. The route to a source is the shortest along joins that give a row one row at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.compiling import Leaf
from semantic_layer.verify.model import Model, Row, placed
from semantic_layer.verify.values import TEXTS_IN_ANY_CASE, Unchecked
from semantic_layer.verify.windows import Window


class Declared(NamedTuple):
    """A join as a source declares it."""

    source: str
    position: int
    target: str
    on: str
    relationship: str
    alias: str | None
    valid: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """The join for people."""
        return f"the join {self.source} -> {self.alias or self.target} (on: {self.on})"


class Link(NamedTuple):
    """A declared join as one of its ends sees it."""

    declared: Declared
    forward: bool
    start: str
    end: str

    @property
    def to_one(self) -> bool:
        """Whether the model says that a row meets one row at most."""
        many = "one_to_many" if self.forward else "many_to_one"
        return self.declared.relationship != many


Route = tuple[Link, ...]


class Joins:
    """The joins of a model, and the routes along them."""

    def __init__(self, model: Model, join_path: Sequence[Sequence[str]] = ()) -> None:
        self.model = model
        self._join_path = join_path
        self._declared = [
            Declared(
                source,
                position,
                join["to"],
                join["on"],
                join["relationship"],
                join.get("alias"),
                tuple((join.get("valid") or {}).items()),
            )
            for source in sorted(model.catalog)
            for position, join in enumerate(model.catalog.declared(source, "joins"))
        ]
        self._links: dict[str, list[Link]] = {}
        self._routes: dict[tuple[str, str], list[Route]] = {}
        self._conditions: dict[Declared, Condition] = {}

    def condition(self, declared: Declared) -> Condition:
        """Return the condition of a join, read once."""
        if declared not in self._conditions:
            self._conditions[declared] = Condition(self.model, declared)
        return self._conditions[declared]

    def links(self, node: str) -> list[Link]:
        """Return the joins by which a row of a node meets one row at most, equal ones once."""
        if node not in self._links:
            found: list[Link] = []
            for link in self._all_links(node):
                if link.end != node and not any(self._are_one(link, known) for known in found):
                    found.append(link)
            self._links[node] = found
        return self._links[node]

    def _all_links(self, node: str) -> Iterator[Link]:
        source = self.model.source_of(node)
        for join in self._declared:
            if join.source == source:
                link = Link(join, True, node, join.alias or join.target)
                if link.to_one:
                    yield link
            if join.target == source and join.alias in (None, node):
                link = Link(join, False, node, join.source)
                if link.to_one:
                    yield link

    def _are_one(self, one: Link, other: Link) -> bool:
        """Whether a join is declared at both of its ends, or twice."""
        if one.end != other.end or one.declared.valid != other.declared.valid:
            return False
        return self.condition(one.declared).written(one) == self.condition(other.declared).written(
            other
        )

    def routes(self, start: str, end: str) -> list[Route]:
        """Return the routes of the fewest joins, or the one that the question chooses."""
        key = (start, end)
        if key not in self._routes:
            self._routes[key] = self._search(start, end)
        return self._routes[key]

    def reaches(self, start: str, end: str) -> bool:
        """Whether there is a route."""
        return bool(self.routes(start, end))

    def route(self, start: str, end: str) -> Route:
        """Return the one route; `Unchecked` where it cannot be told."""
        found = self.routes(start, end)
        if len(found) != 1:
            raise Unchecked(f"the route from {start} to {end}, of which there are {len(found)}")
        return found[0]

    def _search(self, start: str, end: str) -> list[Route]:
        if start == end:
            return [()]
        for path in self._join_path:
            if start in path and end in path and path.index(start) < path.index(end):
                return self._along(path[path.index(start) : path.index(end) + 1])
        level: list[Route] = [()]
        seen = {start}
        while level:
            level = [
                (*route, link)
                for route in level
                for link in self.links(route[-1].end if route else start)
                if link.end not in seen
            ]
            arrived = [route for route in level if route[-1].end == end]
            if arrived:
                return arrived
            seen |= {route[-1].end for route in level}
        return []

    def _along(self, path: Sequence[str]) -> list[Route]:
        route: list[Link] = []
        for here, there in pairwise(path):
            steps = [link for link in self.links(here) if link.end == there]
            if len(steps) != 1:
                return []
            route += steps
        return [tuple(route)]

    def levels(self, source: str) -> Iterator[list[str]]:
        """Yield the nodes that a source looks up: over one join, over two, …"""
        level, seen = [source], {source}
        while level:
            reached = {link.end for node in level for link in self.links(node)}
            level = sorted(reached - seen)
            seen |= reached
            yield level


class Condition:
    """The `on` of a join: whether a row of the declaring source meets one of the target."""

    def __init__(self, model: Model, declared: Declared) -> None:
        self.label = declared.label
        self._model = model
        self._declared = declared
        self._tree = model.parse(declared.on, self.label)
        self._sides = {id(part): self._side(part) for part in self._tree.find_all(exp.Column)}
        self.columns: tuple[set[str], set[str]] = (set(), set())
        """The columns of the declaring source, and of the target, that are compared."""
        try:
            self._holds = model.compiler.condition(self._tree, self._leaf)
        except Unchecked as error:
            raise placed(error, self.label) from None
        self.keys = [pair for part in _conjuncts(self._tree) if (pair := self._key(part))]
        """The equalities as values of a row of the source, and of one of the target."""
        self.window = self._window()

    def _window(self) -> Window | None:
        join = self._declared
        if not join.valid:
            return None
        return Window(self._model, join.source, join.target, dict(join.valid), self.label)

    def holds(self, left: Row, right: Row, timed: Row | None) -> bool:
        """Whether the two rows meet; `timed` is the row with the time of a window."""
        if self.window is not None and not self.window.holds(right, timed):
            return False
        return self._holds((left, right)) is True

    def plain_pairs(self) -> list[tuple[str, str]]:
        """Return the equalities of a column of the source with one of the target, as kept."""
        found = []
        for part in _conjuncts(self._tree):
            sides = (part.this, part.expression) if isinstance(part, exp.EQ) else ()
            plain = {
                self._sides[id(side)]: self._name(side, self._sides[id(side)])
                for side in sides
                if isinstance(side, exp.Column) and self._is_kept(side)
            }
            if len(plain) == 2:
                found.append((plain[0], plain[1]))
        return found

    def _is_kept(self, part: exp.Column) -> bool:
        """Whether a column is one of the table, kept as the database has it."""
        declared = self._model.catalog.column(self._source(self._sides[id(part)]), part.name)
        if declared is None:
            return True
        return declared.expr is None and declared.storage is None and declared.zone is None

    def written(self, link: Link) -> frozenset[str]:
        """Return the condition such that two ways to write it are one."""
        nodes = (link.start, link.end) if link.forward else (link.end, link.start)
        return frozenset(self._conjunct(part, nodes) for part in _conjuncts(self._tree))

    def _conjunct(self, part: Node, nodes: tuple[str, str]) -> str:
        copy = part.copy()
        for old, new in zip(part.find_all(exp.Column), copy.find_all(exp.Column), strict=True):
            side = self._sides[id(old)]
            new.set("table", exp.Identifier(this=nodes[side]))
            new.set("this", exp.Identifier(this=self._name(old, side)))
        for node in copy.walk():
            if "verbatim" in node.args:
                node.set("verbatim", None)
        if isinstance(copy, exp.EQ):
            return " = ".join(sorted(repr(side) for side in (copy.this, copy.expression)))
        return repr(copy)

    def _name(self, part: exp.Column, side: int) -> str:
        declared = self._model.catalog.column(self._source(side), part.name)
        return declared.name if declared is not None else part.name

    def _source(self, side: int) -> str:
        return self._declared.target if side else self._declared.source

    def _leaf(self, node: Node) -> Leaf | None:
        if not isinstance(node, exp.Column):
            return None
        side = self._sides[id(node)]
        source, quoted = self._source(side), bool(node.this.args.get("quoted"))
        value = self._model.value(source, node.name, quoted)
        declared = self._model.catalog.column(source, node.name, quoted)
        self.columns[side].add(declared.name if declared is not None else node.name)
        return Leaf(
            lambda rows: value(rows[side]), declared is not None and declared.type == "time"
        )

    def _side(self, part: exp.Column) -> int:
        """Return 0 for a column of the declaring source, 1 for one of the target."""
        join, table = self._declared, part.table.casefold()
        if not table:
            owners = [side for side in (0, 1) if self._has(side, part)]
            if len(owners) == 1:
                return owners[0]
            return self._opposite(part)
        if table == (join.alias or join.target).casefold():
            return 1
        if table == join.source.casefold():
            return 0
        if table == join.target.casefold():
            return 1
        owners = [side for side in (0, 1) if self._has(side, part)]
        if len(owners) == 1:
            return owners[0]
        raise Unchecked(f"the name {part.table}.{part.name} in {self.label}")

    def _opposite(self, part: exp.Column) -> int:
        """Return the side of a bare name that both have: the other one than its counterpart's."""
        around = part.parent
        if isinstance(around, exp.EQ):
            other = around.expression if around.this is part else around.this
            if isinstance(other, exp.Column) and other.table:
                return 1 - self._side(other)
            if isinstance(other, exp.Column):
                owners = [side for side in (0, 1) if self._has(side, other)]
                if len(owners) == 1:
                    return 1 - owners[0]
                return 0 if around.this is part else 1
        raise Unchecked(f"the name {part.name} in {self.label}")

    def _has(self, side: int, part: exp.Column) -> bool:
        return self._model.catalog.column(self._source(side), part.name) is not None

    def _key(self, part: Node) -> tuple[Any, Any] | None:
        if not isinstance(part, exp.EQ):
            return None
        left, right = (
            {self._sides[id(column)] for column in side.find_all(exp.Column)}
            for side in (part.this, part.expression)
        )
        if {frozenset(left), frozenset(right)} != {frozenset({0}), frozenset({1})}:
            return None
        first, second = part.this, part.expression
        if left == {1}:
            first, second = second, first
        compiler = self._model.compiler
        if any(compiler.is_time(side, self._leaf) for side in (first, second)):
            return None  # Two texts may be one time.
        if compiler.dialect in TEXTS_IN_ANY_CASE:
            return None
        one, two = compiler.compile(first, self._leaf), compiler.compile(second, self._leaf)
        return lambda row: one((row, None)), lambda row: two((None, row))


def _conjuncts(tree: Node) -> Iterator[Node]:
    inner = tree.unnest()
    if isinstance(inner, exp.And):
        yield from _conjuncts(inner.this)
        yield from _conjuncts(inner.expression)
    else:
        yield inner
