"""SQL that finds a value which cannot be read as the time that its column should be.

SQLite and MySQL turn such a value into NULL, or into some other time, without a word. ClickHouse
compares numbers with times as numbers. Every other database refuses it by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from semantic_layer.models import SourceColumn, TimeCheck
from semantic_layer.plan.logical import LogicalPlan
from semantic_layer.sql.rows import LookupRows
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.names import finished
from semantic_layer.syntax.tree import (
    ColumnRef,
    Node,
    conjunction,
    identifier,
    is_not_null,
    number,
    select,
)
from semantic_layer.syntax.verbatim import written
from semantic_layer.times.instants import COMPARED, column_ref
from semantic_layer.times.rules import UNIT_WORDS
from semantic_layer.times.storage import call, cast, stored_time, text

CHECKED_DIALECTS = ("sqlite", "mysql", "clickhouse")
_ISO_LIKE = ("____-__-__", "____-__-__ __:__:__", "____-__-__ __:__:__.%")
_WITH_ZONE = ("%Z", "%z", "%+__:__", "%:%-__:__")


def time_checks(plan: LogicalPlan, time_uses: Mapping[tuple[str, str], str]) -> list[TimeCheck]:
    """Return a check of each column that the plan's SQL reads as a time."""
    if plan.dialect not in CHECKED_DIALECTS:
        return []
    uses: dict[tuple[str, str], str] = {}
    for (node, name), use in time_uses.items():
        for source, column in _columns(plan, plan.graph.source_of(node), name):
            if uses.get((source, column)) != COMPARED:
                uses[source, column] = use
    checks = {(*key, use): _Check(plan, *key) for key, use in uses.items()}
    return [check.build(use) for (_, _, use), check in checks.items() if check.is_needed(use)]


def _columns(plan: LogicalPlan, source: str, name: str) -> list[tuple[str, str]]:
    """Return a column, and of a computed one the times that it is computed from as well."""
    declared = plan.graph.catalog.column(source, name)
    if declared is None:
        return [(source, name)]
    found = {declared.name: None}
    pending = [declared]
    while pending:
        item = pending.pop()
        if item.storage is not None or any(word in (item.expr or "") for word in UNIT_WORDS):
            continue  # it says itself how what it is computed from is read
        tree = plan.graph.parser.parse(item.expr) if item.expr is not None else None
        for part in tree.find_all(exp.Column) if tree is not None else ():
            inner = plan.graph.catalog.column(source, part.name)
            if inner is not None and inner.type == "time" and inner.name not in found:
                found[inner.name] = None
                pending.append(inner)
    return [(source, column) for column in found]


class _Check:
    """The check of one column of one source."""

    def __init__(self, plan: LogicalPlan, source: str, column: str) -> None:
        self._plan = plan
        self._source = source
        self._column = column
        self._declared: SourceColumn | None = plan.graph.catalog.column(source, column)
        self._tables = Tables(plan.graph, [source])
        self._rows = LookupRows(plan.graph, source, [], self._tables)

    def is_needed(self, use: str) -> bool:
        """Whether the database does not refuse such a value by itself."""
        return self._plan.dialect != "clickhouse" or (use == COMPARED and self._storage is None)

    def build(self, use: str) -> TimeCheck:
        """Return the statement that gives one such value, and what decides whether to ask."""
        value = self._value()
        missing = conjunction([is_not_null(value.copy()), exp.Paren(this=self._unreadable(value))])
        found = self._select(value).where(missing, copy=False).limit(1, copy=False)
        is_mysql = self._plan.dialect == "mysql"
        probe = self._sql(self._select(value).limit(0, copy=False)) if is_mysql else None
        return TimeCheck.model_validate(
            {
                "source": self._source,
                "column": self._column,
                "storage": self._storage,
                "use": use,
                "sql": self._sql(found),
                "probe": probe,
            }
        )

    @property
    def _storage(self) -> str | None:
        return self._declared.storage if self._declared is not None else None

    def _value(self) -> Node:
        """Return what the table holds: the time as it is kept, or what it is computed from."""
        ref: ColumnRef = column_ref(self._source, self._column)
        return self._rows.kept(ref)

    def _unreadable(self, value: Node) -> Node:
        dialect = self._plan.dialect
        storage = self._storage
        if dialect == "clickhouse":
            type_ = call(
                "toTypeName", value
            )  # A constant: nothing is read where it is one of times.
            return exp.Not(this=call("match", type_, text("Date")))
        if storage is not None and (storage != "text" or dialect != "sqlite"):
            return _is_null(stored_time(value.copy(), storage, dialect))
        return _no_sqlite_time(value) if dialect == "sqlite" else _no_mysql_time(value)

    def _select(self, value: Node) -> exp.Select:
        hidden = self._declared is not None and self._declared.visibility == "hidden"
        shown = text("(hidden)") if hidden else value.copy()
        return self._rows.attach(select([exp.alias_(shown, "value")]))

    def _sql(self, query: exp.Select) -> str:
        for name, body in self._tables.ctes():
            query.with_(identifier(name), as_=body.copy(), copy=False)
        return written(finished(query, self._plan.dialect), self._plan.dialect, comments=False)


def _is_null(tree: Node) -> Node:
    return exp.Is(this=tree, expression=exp.Null())


def _no_sqlite_time(value: Node) -> Node:
    """Return the condition that SQLite reads no time of the calendar in a value.

    Numbers are Julian days to it, `12:00` is a time in the year 2000, and 30 February one in March,
    which a shift by no days shows.
    """
    is_text = exp.EQ(this=call("TYPEOF", value.copy()), expression=text("text"))
    day = call("SUBSTR", value.copy(), number(1), number(10))
    same_day = exp.NullSafeEQ(this=call("DATE", day, text("+0 days")), expression=day.copy())
    read = exp.Not(this=_is_null(call("JULIANDAY", value.copy())))
    return exp.Not(this=exp.Paren(this=conjunction([is_text, read, same_day])))


def _no_mysql_time(value: Node) -> Node:
    """Return the condition that a text or number is no time in the form that MySQL has itself.

    Other forms are compared as texts, and an offset is dropped without a word.
    """
    shown = cast(value.copy(), "CHAR", "mysql")

    def like(patterns: tuple[str, ...]) -> Node:
        parts: list[Node] = [
            exp.Like(this=shown.copy(), expression=text(pattern)) for pattern in patterns
        ]
        either = parts[0]
        for part in parts[1:]:
            either = exp.Or(this=either, expression=part)
        return exp.Paren(this=either)

    read = exp.Not(this=_is_null(cast(value.copy(), "DATETIME", "mysql")))
    plain = exp.Not(this=like(_WITH_ZONE))
    return exp.Not(this=exp.Paren(this=conjunction([like(_ISO_LIKE), plain, read])))
