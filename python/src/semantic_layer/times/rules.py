"""What a model or a question may say about times, refused in words where it could mislead."""

from __future__ import annotations

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    METRIC_TIME,
    AggregateRef,
    ColumnRef,
    MetricTime,
    Node,
    parts_of,
    refs,
    rewrite,
)
from semantic_layer.syntax.verbatim import written
from semantic_layer.times.types import TimeTypes, compared, fault_of, is_time_cast, literal_of

READERS = frozenset({"DATE", "DATETIME", "TIME", "JULIANDAY", "STRFTIME", "UNIXEPOCH", "TIMEDIFF"})
_READER_CLASSES = (exp.Date, exp.TsOrDsToDate, exp.TimeToStr)
UNIT_WORDS = frozenset({"unixepoch", "auto", "julianday"})
_EXAMPLE = "Write a time as '2026-03-01' or '2026-03-01 12:00:00'"
_NOT_OF_TIMES = (
    *(exp.Sum, exp.Avg, exp.Stddev, exp.StddevPop, exp.StddevSamp),
    *(exp.Variance, exp.VariancePop),
)
# What makes a number of a text, which of a time is its year.
_RECKONS = (
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Cast),
    *(exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseLeftShift, exp.BitwiseRightShift, exp.BitwiseNot),
    *(exp.Abs, exp.Round, exp.Ceil, exp.Floor, exp.Sign),
)
_NUMBER_FUNCTIONS = frozenset({"abs", "round", "ceil", "ceiling", "floor", "sign", "trunc", "mod"})


class TimeRules:
    """Refuses what a dialect would take and mean otherwise."""

    def __init__(self, types: TimeTypes, dialect: str) -> None:
        self._types = types
        self._dialect = dialect

    def check(self, tree: Node, origin: Origin) -> None:
        """Raise when an expression, whose columns are resolved, misuses times."""
        allowed: set[int] = set()
        for node in parts_of(tree):
            for group in compared(node):
                if any(self._types.is_time(part) for part in group):
                    self._check_compared(group, origin)
                    allowed.update(id(part.unnest()) for part in group if literal_of(part))
            if self._dialect == "sqlite":
                self._check_sqlite(node, allowed, origin)

    def check_aggregate(self, call: Node, argument: Node | None, origin: Origin) -> None:
        """Raise for an aggregate that does not exist for times: an average, a median, …"""
        if argument is None and isinstance(call, _NOT_OF_TIMES):
            argument = call.this
        if argument is None or not self._types.is_time(argument):
            return
        number = (
            "julianday(…)" if self._dialect == "sqlite" else "EXTRACT(EPOCH FROM …) or the like"
        )
        raise origin.unsupported(
            f"`{self._text(argument)}` is a time: "
            "times have no sum, average, median or percentile.",
            fix=f"Use min, max or count, or aggregate a number: {number}.",
        )

    def _check_compared(self, group: list[Node], origin: Origin) -> None:
        for part in group:
            literal = literal_of(part)
            fault = fault_of(literal, self._dialect) if literal is not None else None
            if fault is not None:
                raise origin.error(
                    f"'{literal}' is compared with a time and is none: {fault}.",
                    fix=f"{_EXAMPLE}.",
                )
            if self._dialect == "sqlite" and not self._may_be_compared(part):
                raise origin.error(
                    f"`{self._text(part)}` is compared with a time, and may be none.",
                    fix="Compare with a text, or with date(…), datetime(…) or a time column; "
                    "for numbers, compare unixepoch(x) or julianday(x).",
                )
            if self._types.is_number(part) and self._takes_no_number(group):
                raise origin.error(
                    f"`{self._text(part)}` is a number and is compared with a time.",
                    fix=f"{_EXAMPLE}; a column of numbers that are times says "
                    "`storage: unix`, `unix_ms` or `julian`.",
                )

    def _may_be_compared(self, part: Node) -> bool:
        """Whether SQLite reads a time in a value; those of columns are looked at when it runs."""
        inner = part.unnest()
        if isinstance(inner, (ColumnRef, MetricTime, exp.Null)) or self._types.is_time(inner):
            return True
        return literal_of(inner) is not None or self._types.is_number(inner)

    def _takes_no_number(self, group: list[Node]) -> bool:
        columns = [ref for part in group for ref in refs(part)]
        declared = [self._types.declared(ref) for ref in columns]
        return self._dialect == "sqlite" or any(item and item.storage for item in declared)

    def _check_sqlite(self, node: Node, allowed: set[int], origin: Origin) -> None:
        if isinstance(node, _RECKONS) or _is_number_function(node):
            self._check_arithmetic(node, origin)
        if is_time_cast(node) and id(node) not in allowed:
            raise origin.unsupported(
                "SQLite has no type for times, so no cast and no DATE '…' makes one.",
                fix="Write date(x) or datetime(x), or julianday(x) for a number of days.",
            )
        if isinstance(node, (exp.Nullif, exp.Greatest, exp.Least)) and self._types.is_time(node):
            raise origin.unsupported(
                f"`{self._text(node)}` would compare texts, and not times.",
                fix="Write CASE WHEN a > b THEN a ELSE b END.",
            )
        unit = unit_word(node)
        if unit is not None and any(self._storage(ref) for ref in refs(node)):
            raise origin.error(
                f"`{self._text(node)}`: the column's `storage` says already how it keeps times.",
                fix=f"Leave '{unit}' out.",
            )

    def _storage(self, ref: ColumnRef) -> bool:
        declared = self._types.declared(ref)
        return declared is not None and declared.storage is not None

    def _check_arithmetic(self, node: Node, origin: Origin) -> None:
        if isinstance(node, exp.Cast) and node.to.this not in exp.DataType.NUMERIC_TYPES:
            return
        sides = (
            node.expressions if isinstance(node, exp.Anonymous) else [node.this, node.expression]
        )
        if any(isinstance(side, Node) and self._types.is_time(side) for side in sides):
            raise self._no_arithmetic(node, origin)

    def _no_arithmetic(self, node: Node, origin: Origin) -> SemanticError:
        return origin.unsupported(
            f"`{self._text(node)}`: SQLite keeps times as texts, and would take their years.",
            fix="Write julianday(a) - julianday(b) for days between, date(a, '+1 day') to shift.",
        )

    def _text(self, tree: Node) -> str:
        def step(part: Node) -> Node | None:
            if isinstance(part, AggregateRef):
                return rewrite(self._types.aggregate(part).copy(), step)
            if isinstance(part, MetricTime):
                return exp.column(METRIC_TIME)
            return exp.column(part.column, part.node) if isinstance(part, ColumnRef) else None

        return written(rewrite(tree.copy(), step), self._dialect)


def check_times(tree: Node, graph: JoinGraph, origin: Origin) -> None:
    """Raise when an expression, whose columns are resolved, misuses times."""
    TimeRules(TimeTypes(graph), graph.parser.dialect).check(tree, origin)


def _is_number_function(node: Node) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() in _NUMBER_FUNCTIONS


def reads_time(node: Node) -> bool:
    """Whether a node is one of SQLite's functions that read a text as a time."""
    if isinstance(node, exp.Anonymous):
        return node.name.upper() in READERS
    return isinstance(node, _READER_CLASSES)


def unit_word(node: Node) -> str | None:
    """Return the modifier by which one of SQLite's functions takes a number, or None."""
    if not reads_time(node):
        return None
    literals = [item.name for item in node.find_all(exp.Literal) if item.is_string]
    return next((item for item in literals if item.lower() in UNIT_WORDS), None)
