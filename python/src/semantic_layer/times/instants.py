"""Comparing times on SQLite, which keeps them as texts of several forms.

`2026-03-05T12:00:00Z` and `2026-03-05 12:00` are one time and two texts. SQLite's own JULIANDAY
reads every form and gives equal numbers for equal times, exact to the millisecond; both sides of a
comparison go through it. DATETIME would drop fractions, and STRFTIME makes longer SQL of the same.
"""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.models import SourceColumn
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import AS_MOMENTS, ColumnRef, Node, number, parts_of, refs, wrap
from semantic_layer.syntax.verbatim import show_replaced
from semantic_layer.times.calendar import Calendar
from semantic_layer.times.grain import truncated
from semantic_layer.times.rules import reads_time, unit_word
from semantic_layer.times.storage import call, cast, stored_time, text
from semantic_layer.times.types import (
    TimeTypes,
    as_in_trino,
    compared,
    is_time_cast,
    literal_of,
    type_of,
)
from semantic_layer.times.zone import UTC

GROUPED, COMPARED = "grouped", "compared"
_TYPED = frozenset({"postgres", "redshift", "duckdb", "trino", "clickhouse", "spark", "databricks"})
# Spark's TIMESTAMP has a zone. Without a type, '2026-03-05 12:00:00' beside a DATE loses its hours
# there (4.3.0).
_WITH_ZONE = {"TIMESTAMP": "TIMESTAMP_NTZ", "TIMESTAMPTZ": "TIMESTAMP"}
_WORDS = {"spark": _WITH_ZONE, "databricks": _WITH_ZONE}
_WRITTEN = _TYPED | {"sqlite", "mysql"}
_SORTED_FORM = "%Y-%m-%d %H:%M:%f"
_SORTED_LENGTH = 23


class Instants:
    """Writes times for one statement, and notes which columns it reads as times.

    `used` has the columns by node and name, with the gravest use of each: one that is COMPARED
    gives wrong numbers where a value is no time, one that is GROUPED puts these into a group.
    """

    def __init__(self, graph: JoinGraph, zone: str = UTC, calendar: Calendar | None = None) -> None:
        self._graph = graph
        self._dialect = graph.parser.dialect
        self._types = TimeTypes(graph)
        self.zone = zone
        self._calendar = calendar
        self.used: dict[tuple[str, str], str] = {}

    def stored(self, value: Node, source: str, declared: SourceColumn) -> Node:
        """Return a column's value as a time, when it is one that is kept in another way."""
        if declared.zone is not None:
            from semantic_layer.times.column_zone import zoned

            origin = self._column_origin(source, declared)
            return zoned(value, declared.zone, self._dialect, self.zone, origin)
        if declared.storage is None:
            return value
        return stored_time(value, declared.storage, self._dialect, self.zone)

    def _column_origin(self, source: str, declared: SourceColumn) -> Origin:
        names = [item.name for item in self._graph.catalog[source].columns]
        label = f"column '{declared.name}' of source '{source}'"
        return Origin(label, source, ("columns", names.index(declared.name), "zone"))

    def cut(self, value: Node, granularity: str) -> Node:
        """Return a time truncated to the start of its second, …, year, as the calendar has them."""
        if self._calendar is not None:
            from semantic_layer.times.calendar_sql import start_of

            return start_of(value, granularity, self._dialect, self.zone, self._calendar)
        return truncated(value, granularity, self._dialect, self.zone)

    def note(self, tree: Node, use: str) -> None:
        """Note the columns of an expression as read in a certain way."""
        for ref in refs(tree):
            key = (ref.node, ref.column)
            if self.used.get(key) != COMPARED:
                self.used[key] = use

    def comparing(self, tree: Node, types: TimeTypes | None = None) -> Node:
        """Return an expression that compares times as times; its columns are still references."""
        types = types or self._types
        if self._dialect not in _WRITTEN:
            return tree
        for node in parts_of(tree):
            for group in compared(node):
                if any(types.is_time(part) for part in group):
                    self._compare(group)
                    if self._dialect == "clickhouse" and node.meta.get(AS_MOMENTS):
                        self._make_moments(group)
                    if self._dialect == "clickhouse" and isinstance(node, exp.In):
                        tree = _one_by_one(node, tree)
            if self._dialect == "sqlite":
                self._note_readers(node)
        return tree

    def note_condition(self, tree: Node) -> None:
        """Note what a condition reads as times: whether it holds depends on that."""
        if self._dialect in ("sqlite", "mysql"):
            for node in parts_of(tree):
                if reads_time(node) and unit_word(node) is None:
                    for ref in filter(self._types.is_time, refs(node)):
                        self.note(ref, COMPARED)

    def _compare(self, group: list[Node]) -> None:
        for part in group:
            if self._dialect in _TYPED:
                if self._dialect == "clickhouse":
                    self.note(part, COMPARED)
                self._give_type(part)
                continue
            self.note(part, COMPARED)
            if self._dialect == "sqlite":
                _replace(part, _julian_day(part))

    def _make_moments(self, group: list[Node]) -> None:
        """Make days moments of the stated zone: ClickHouse takes the zone of the other column.

        Seen with 26.9, whatever zone the session is in.
        """
        for part in group:
            moment = call("toDateTime64", part.copy(), number(6), text(self.zone))
            _replace(part, moment)

    def _give_type(self, part: Node) -> None:
        """Make a literal a time, so that the database refuses to compare it with a text column.

        Without a type it takes that of the column: a text, or a date that drops the hours.
        """
        typed = self._moment(part) if self._dialect == "clickhouse" else self._typed(part)
        if typed is not None:
            _replace(part, typed)

    def _typed(self, part: Node) -> Node | None:
        """Return a literal with the type that its text shows; None for what is no text."""
        literal = part.unnest()
        if not isinstance(literal, exp.Literal) or not literal.is_string:
            return None
        if self._dialect == "trino":
            known = as_in_trino(literal.name)
            return cast(text(known[1]), known[0], self._dialect) if known is not None else None
        type_ = type_of(literal.name)
        if type_ is None:
            return None
        word = _WORDS.get(self._dialect, {}).get(type_, type_)
        return cast(literal.copy(), word, self._dialect)

    def _moment(self, part: Node) -> Node | None:
        """Return a literal as a moment of the stated zone, for ClickHouse.

        Seen with 26.9: a text takes the type of the column, so that a Date refuses one with hours,
        and is read in the session's zone, and so is a DATE that is compared with a moment.
        """
        literal = literal_of(part)
        inner = part.unnest()
        if literal is None or (isinstance(inner, exp.Cast) and inner.to.expressions):
            return None  # A type with a zone, or a precision, says all by itself.
        type_ = type_of(literal)
        if type_ is None:
            return None
        name = "toDateTime64" if type_ == "DATE" else "parseDateTime64BestEffort"
        return call(name, text(literal), number(6), text(self.zone))

    def _note_readers(self, node: Node) -> None:
        if reads_time(node) and unit_word(node) is None:
            for ref in refs(node):
                if self._types.is_time(ref):
                    self.note(ref, GROUPED)
        elif isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
            for part in node.this.expressions:
                if self._types.is_time(part):
                    self._compare([part])

    def is_extreme(self, call_: Node) -> bool:
        """Whether a call is the first or last of times, which SQLite would find by their text."""
        return (
            self._dialect == "sqlite"
            and isinstance(call_, (exp.Min, exp.Max))
            and not call_.expressions
            and self._types.is_time(call_.this)
        )

    def extreme(self, call_: Node) -> Node:
        """Return the text of the first or last time: found by a form that sorts, then cut off."""
        value = call_.this
        sorted_form = call("STRFTIME", text(_SORTED_FORM), value.copy())
        call_.set("this", exp.DPipe(this=sorted_form, expression=wrap(value)))
        return call("SUBSTR", call_, number(_SORTED_LENGTH + 1))


def _julian_day(part: Node) -> Node:
    inner = part.unnest()
    literal = literal_of(inner)
    if literal is not None and is_time_cast(inner):
        return call("JULIANDAY", text(literal))
    return call("JULIANDAY", inner.copy())


def _one_by_one(node: exp.In, tree: Node) -> Node:
    """Put `(x = a OR x = b)` into the place of `x IN (a, b)`, whose types must be one there.

    Returns the whole expression, which may be the IN itself.
    """
    equal: list[Node] = [
        exp.EQ(this=wrap(node.this.copy()), expression=item) for item in node.expressions
    ]
    while len(equal) > 1:  # In halves: a long chain would be too deep.
        rest = [equal.pop()] if len(equal) % 2 else []
        pairs = zip(equal[::2], equal[1::2], strict=True)
        equal = [exp.Paren(this=exp.Or(this=one, expression=two)) for one, two in pairs] + rest
    if node is tree:
        return equal[0]
    _replace(node, wrap(equal[0]))
    return tree


def _replace(part: Node, by: Node) -> None:
    """Put a node into the place of another; the part has a parent, for it is compared there."""
    part.replace(by)
    show_replaced(by)


def column_ref(node: str, column: str) -> ColumnRef:
    """Return the reference to a column that was noted."""
    return ColumnRef(node=node, name=column, quoted=False)
